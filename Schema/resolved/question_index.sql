-- after: tables, usage_line
-- Indexes by which the relations of marketplace are asked, beside those that they are made by.

create index if not exists billing_event_collected_idx
    on resolved.billing_event (action_date, seller_id) where action = 'COLLECTED';
create index if not exists billing_event_bank_trace_id_idx
    on resolved.billing_event (bank_trace_id, seller_id)
    where bank_trace_id is not null;
create index if not exists billing_event_payout_idx
    on resolved.billing_event (invoice_date, seller_id) where transaction_type = 'DISBURSEMENT';
create index if not exists usage_line_month_idx
    on resolved.usage_line ((date_trunc('month', usage_date::timestamp)::date), seller_id);
