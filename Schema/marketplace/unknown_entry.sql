-- after: sales
-- Accounting entries of an action or a type that nobody knows.

create or replace view marketplace.unknown_entry as
select
    e.seller_id,
    e.action,
    e.transaction_type,
    e.amount,
    e.currency,
    e.counts,
    e.invoice_date as invoiced_at,
    e.action_date as acted_at,
    coalesce(e.buyer_invoice_id, e.invoice_id) as invoice_id,
    e.product_id,
    e.agreement_id,
    e.recipient_account_id,
    e.disbursement_billing_event_id as disbursement_id,
    e.billing_event_id,
    e.version_id,
    e.line
from resolved.entry e
where not (e.is_payout or e.is_payout_failure)
    and (not e.is_known_action or e.bucket is null);

comment on view marketplace.unknown_entry is
    'Current accounting entries whose action or type Sluice does not know, each under its own name. They count in sums where AWS says that they do. What to do: look them up in AWS''s documentation of the billing events, and tell the makers of Sluice.';
comment on column marketplace.unknown_entry.seller_id is
    'The seller (ingest.seller).';
comment on column marketplace.unknown_entry.action is
    'Action as AWS names it; null: it names none.';
comment on column marketplace.unknown_entry.transaction_type is
    'Type as AWS names it; null: it names none.';
comment on column marketplace.unknown_entry.amount is
    'Amount as booked; of money that leaves the balance negative.';
comment on column marketplace.unknown_entry.currency is
    'Currency code of amount. Never sum over several.';
comment on column marketplace.unknown_entry.counts is
    'Whether it changes what AWS owes the seller, as AWS says.';
comment on column marketplace.unknown_entry.invoiced_at is
    'Instant (UTC) of the invoice.';
comment on column marketplace.unknown_entry.acted_at is
    'Instant (UTC) of the action.';
comment on column marketplace.unknown_entry.invoice_id is
    'Invoice: the buyer''s where there is one.';
comment on column marketplace.unknown_entry.product_id is
    'Product (resolved.product).';
comment on column marketplace.unknown_entry.agreement_id is
    'Agreement.';
comment on column marketplace.unknown_entry.recipient_account_id is
    'Account key of the seller whose entry it is.';
comment on column marketplace.unknown_entry.disbursement_id is
    'The payout that it names.';
comment on column marketplace.unknown_entry.billing_event_id is
    'The entry.';
comment on column marketplace.unknown_entry.version_id is
    'With line: the row of the feed''s table, and so file and line (ingest.version, ingest.file).';
comment on column marketplace.unknown_entry.line is
    'Record of that version.';
