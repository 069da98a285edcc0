-- Entries are settled and added up per item in one go, and found by month.

drop function if exists resolved.settle_entries(), resolved.add_up_receivables();
drop index if exists resolved.settled_entry_payout_id_idx, resolved.billing_event_invoice_date_idx;
