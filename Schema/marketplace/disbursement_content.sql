-- What each payout paid.

create or replace view marketplace.disbursement_content as
select
    c.seller_id,
    c.disbursement_billing_event_id as disbursement_id,
    c.booked_at as paid_at,
    d.bank_trace_id,
    c.is_failed,
    c.invoice_id,
    c.bucket as kind,
    -c.amount as amount,
    c.currency,
    c.product_id,
    c.agreement_id,
    c.parent_billing_event_id as invoiced_billing_event_id,
    c.billing_event_id,
    c.version_id,
    c.line,
    -c.paid_amount as paid_amount,
    c.paid_currency
from resolved.settled_entry c
left join resolved.entry d
    on d.seller_id = c.seller_id and d.billing_event_id = c.disbursement_billing_event_id
    and d.is_transfer
where c.is_paid or c.is_failed;

comment on view marketplace.disbursement_content is
    'Content of the payouts: one row per entry that a payout paid, a failed one''s too, and one''s that the feed does not have.';
comment on column marketplace.disbursement_content.seller_id is
    'The seller (ingest.seller).';
comment on column marketplace.disbursement_content.disbursement_id is
    'The payout (marketplace.disbursement).';
comment on column marketplace.disbursement_content.paid_at is
    'Instant (UTC) of the payout; where the feed does not have it, action_date of the entry; null: no date is known.';
comment on column marketplace.disbursement_content.bank_trace_id is
    'Bank''s trace number of the payout.';
comment on column marketplace.disbursement_content.is_failed is
    'Whether the payout failed, so that this paid nothing.';
comment on column marketplace.disbursement_content.invoice_id is
    'Buyer''s invoice that it paid.';
comment on column marketplace.disbursement_content.kind is
    'What it paid: gross_revenue, listing_fee and so on.';
comment on column marketplace.disbursement_content.amount is
    'What the seller got for it; a fee is negative.';
comment on column marketplace.disbursement_content.currency is
    'Currency code of amount, that of the price.';
comment on column marketplace.disbursement_content.product_id is
    'Product.';
comment on column marketplace.disbursement_content.agreement_id is
    'Agreement.';
comment on column marketplace.disbursement_content.invoiced_billing_event_id is
    'The invoiced entry that it paid.';
comment on column marketplace.disbursement_content.billing_event_id is
    'The entry.';
comment on column marketplace.disbursement_content.version_id is
    'With line: the row of the feed''s table, and so file and line (ingest.version, ingest.file).';
comment on column marketplace.disbursement_content.line is
    'Record of that version.';
comment on column marketplace.disbursement_content.paid_amount is
    'What the payout has of it, in paid_currency: over its lines it comes to disbursement.amount.';
comment on column marketplace.disbursement_content.paid_currency is
    'Currency code of the payout.';
