-- Entries are settled and added up per item in one go, and found by month. What a payout's line says of
-- its payout is booked_at and disbursement_billing_event_id; nothing reads what only informs.

drop function if exists resolved.settle_entries(), resolved.add_up_receivables();
drop index if exists resolved.settled_entry_payout_id_idx, resolved.billing_event_invoice_date_idx;
drop view if exists marketplace.disbursement_content, resolved.settlement;

alter table if exists resolved.settled_entry
    drop column if exists payout_id,
    drop column if exists payout_date;
alter table if exists resolved.receivable drop column if exists informed;
