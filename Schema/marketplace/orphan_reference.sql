-- Entries that refer to something that no feed has.

create or replace view marketplace.orphan_reference as
select
    o.seller_id,
    o.kind,
    o.id as missing_id,
    count(*) as entries,
    min(o.invoice_date) as first_seen_at,
    max(o.invoice_date) as last_seen_at,
    min(o.billing_event_id) as example_billing_event_id
from (
    select e.seller_id, 'product' as kind, e.product_id as id, e.invoice_date, e.billing_event_id
    from resolved.entry e
    where e.product_id is not null and not exists (
        select from resolved.product p
        where p.seller_id = e.seller_id and p.product_id = e.product_id
            and p.valid_to > p.valid_from)
    union all
    select e.seller_id, 'agreement', e.agreement_id, e.invoice_date, e.billing_event_id
    from resolved.entry e
    where e.agreement_id is not null and not exists (
        select from resolved.agreement a
        where a.seller_id = e.seller_id and a.agreement_id = e.agreement_id
            and a.valid_to > a.valid_from)
    union all
    select e.seller_id, 'offer', e.offer_id, e.invoice_date, e.billing_event_id
    from resolved.entry e
    where e.offer_id is not null and not exists (
        select from resolved.offer o
        where o.seller_id = e.seller_id and o.offer_id = e.offer_id
            and o.valid_to > o.valid_from)
    union all
    -- Of a wholesale purchase and of AWS's own entries nobody pays an invoice.
    select e.seller_id, 'payer', e.from_account_id, e.invoice_date, e.billing_event_id
    from resolved.entry e
    where e.from_account_id is not null and e.invoice_id is not null
        and e.bucket in ('gross_revenue', 'gross_refund')
        and not exists (
            select from resolved.account a
            where a.seller_id = e.seller_id and a.account_id = e.from_account_id
                and a.valid_to > a.valid_from)
    union all
    select e.seller_id, 'end user', e.end_user_account_id, e.invoice_date, e.billing_event_id
    from resolved.entry e
    where e.end_user_account_id is not null and not exists (
        select from resolved.account a
        where a.seller_id = e.seller_id and a.account_id = e.end_user_account_id
            and a.valid_to > a.valid_from)
    union all
    select e.seller_id, 'payout', e.disbursement_billing_event_id, e.invoice_date,
        e.billing_event_id
    from resolved.entry e
    where e.disbursement_billing_event_id is not null and not exists (
        select from resolved.entry d
        where d.seller_id = e.seller_id and d.billing_event_id = e.disbursement_billing_event_id)
    union all
    select e.seller_id, 'parent', e.parent_billing_event_id, e.invoice_date, e.billing_event_id
    from resolved.entry e
    where e.parent_billing_event_id is not null and not exists (
        select from resolved.entry d
        where d.seller_id = e.seller_id and d.billing_event_id = e.parent_billing_event_id)
) as o
group by o.seller_id, o.kind, o.id;

comment on view marketplace.orphan_reference is
    'Ids that accounting entries, not usage records, refer to and no feed has, or only as deleted, so that reports show gaps or leave entries out (an unknown agreement). What to do: look with sluice status whether a file is missing; otherwise ask AWS to send the feed''s row again.';
comment on column marketplace.orphan_reference.seller_id is
    'The seller (ingest.seller).';
comment on column marketplace.orphan_reference.kind is
    'What is missing: product, agreement, offer, payer, end user, payout or parent.';
comment on column marketplace.orphan_reference.missing_id is
    'The id that nothing has.';
comment on column marketplace.orphan_reference.entries is
    'Accounting entries that refer to it.';
comment on column marketplace.orphan_reference.first_seen_at is
    'Instant (UTC) of the first of them, by invoice_date; null: none of them has a date.';
comment on column marketplace.orphan_reference.last_seen_at is
    'Instant (UTC) of the last of them, by invoice_date; null: none of them has a date.';
comment on column marketplace.orphan_reference.example_billing_event_id is
    'One of them.';
