-- monthly_totals gets columns between those that it had.

drop view if exists marketplace.monthly_totals;
