-- What came in from buyers.

create or replace view marketplace.collection as
select
    e.seller_id,
    e.action_date as collected_at,
    coalesce(e.buyer_invoice_id, e.invoice_id) as invoice_id,
    e.invoice_date as invoiced_at,
    e.payment_due_date as due_at,
    coalesce(e.bucket, e.transaction_type, 'unknown') as kind,
    e.amount,
    e.currency,
    e.product_id,
    p.title as product_title,
    e.agreement_id,
    e.recipient_account_id,
    e.billing_event_id,
    e.version_id,
    e.line
from resolved.entry e
left join resolved.product p
    on p.seller_id = e.seller_id and p.product_id = e.product_id
    and e.action_date >= p.holds_from and e.action_date < p.valid_to
where e.action = 'COLLECTED' and not e.is_transfer;

comment on view marketplace.collection is
    'Collections: one row per accounting entry of which the money came in from the buyer, of what is for the seller. AWS tells since January 2026.';
comment on column marketplace.collection.seller_id is
    'The seller (ingest.seller).';
comment on column marketplace.collection.collected_at is
    'Instant (UTC) at which the money came in; null: AWS gives no date.';
comment on column marketplace.collection.invoice_id is
    'Buyer''s invoice that was paid.';
comment on column marketplace.collection.invoiced_at is
    'Instant (UTC) of the invoice.';
comment on column marketplace.collection.due_at is
    'Instant (UTC) by which the buyer should pay.';
comment on column marketplace.collection.kind is
    'What was paid: gross_revenue, seller_tax_share; listing_fee and wholesale_cost are what is kept of it, and negative.';
comment on column marketplace.collection.amount is
    'Signed amount: positive is for the seller.';
comment on column marketplace.collection.currency is
    'Currency code of amount. Never sum over several.';
comment on column marketplace.collection.product_id is
    'Product.';
comment on column marketplace.collection.product_title is
    'Product title at that time.';
comment on column marketplace.collection.agreement_id is
    'Agreement.';
comment on column marketplace.collection.recipient_account_id is
    'Account key of the seller whose copy of the feed it is.';
comment on column marketplace.collection.billing_event_id is
    'The entry.';
comment on column marketplace.collection.version_id is
    'With line: the row of the feed''s table, and so file and line (ingest.version, ingest.file).';
comment on column marketplace.collection.line is
    'Record of that version.';
