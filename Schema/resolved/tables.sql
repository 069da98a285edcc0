-- after: merge, aws_account, month_of
-- The resolved tables themselves, with the indexes that the layers above look things up by.

select resolved.prepare();

alter table resolved.billing_event
    add column if not exists line_key text not null generated always as (
        resolved.line_key(transaction_type, recipient_account_id, invoice_date, buyer_invoice_id,
            buyer_line_item_id, invoice_id, line_item_id)) stored;

comment on column resolved.billing_event.line_key is
    'The buyer invoice''s line that the entry belongs to (resolved.line_key).';

create index if not exists billing_event_line_key_idx
    on resolved.billing_event (seller_id, line_key);
create index if not exists billing_event_disbursement_idx
    on resolved.billing_event (seller_id, disbursement_billing_event_id)
    where disbursement_billing_event_id is not null;
create index if not exists billing_event_agreement_id_idx
    on resolved.billing_event (seller_id, agreement_id) where agreement_id is not null;
create index if not exists billing_event_failure_idx
    on resolved.billing_event (seller_id, parent_billing_event_id)
    where transaction_type = 'DISBURSEMENT_FAILURE';
create index if not exists billing_event_month_idx
    on resolved.billing_event (resolved.month_of(invoice_date), seller_id);

create index if not exists account_aws_account_id_idx
    on resolved.account (seller_id, resolved.aws_account(aws_account_id));
create index if not exists agreement_start_time_idx
    on resolved.agreement (start_time, seller_id);
create index if not exists agreement_preceding_agreement_id_idx
    on resolved.agreement (seller_id, preceding_agreement_id)
    where preceding_agreement_id is not null;
create index if not exists legacy_id_mapping_new_id_idx
    on resolved.legacy_id_mapping (seller_id, new_id);
create index if not exists offer_target_offer_id_idx
    on resolved.offer_target (seller_id, offer_id, offer_revision);
create index if not exists tax_item_invoice_date_idx
    on resolved.tax_item (invoice_date, seller_id);
