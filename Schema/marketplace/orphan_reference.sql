-- Entries that refer to something that no feed has.

create or replace view marketplace.orphan_reference as
select
    e.seller_id,
    r.kind,
    r.id as missing_id,
    count(*) as entries,
    min(e.invoice_date) as first_seen_at,
    max(e.invoice_date) as last_seen_at,
    min(e.billing_event_id) as example_billing_event_id
from resolved.entry e
cross join lateral (
    select 'product', e.product_id where e.product_id is not null and not exists (
        select from resolved.product p
        where p.seller_id = e.seller_id and p.product_id = e.product_id)
    union all
    select 'agreement', e.agreement_id where e.agreement_id is not null and not exists (
        select from resolved.agreement a
        where a.seller_id = e.seller_id and a.agreement_id = e.agreement_id)
    union all
    select 'offer', e.offer_id where e.offer_id is not null and not exists (
        select from resolved.offer o
        where o.seller_id = e.seller_id and o.offer_id = e.offer_id)
    union all
    select 'end user', e.end_user_account_id where e.end_user_account_id is not null
        and not exists (
            select from resolved.account a
            where a.seller_id = e.seller_id and a.account_id = e.end_user_account_id)
    union all
    select 'payout', e.disbursement_billing_event_id
    where e.disbursement_billing_event_id is not null and not exists (
        select from resolved.entry d
        where d.seller_id = e.seller_id and d.billing_event_id = e.disbursement_billing_event_id)
    union all
    select 'parent', e.parent_billing_event_id
    where e.parent_billing_event_id is not null and not exists (
        select from resolved.entry d
        where d.seller_id = e.seller_id and d.billing_event_id = e.parent_billing_event_id)
) as r (kind, id)
group by e.seller_id, r.kind, r.id;

comment on view marketplace.orphan_reference is
    'Ids that accounting entries refer to and no feed has, so that reports show gaps or leave entries out (an unknown agreement). What to do: look with sluice status whether a file is missing; otherwise ask AWS to send the feed''s row again.';
comment on column marketplace.orphan_reference.seller_id is
    'The seller (ingest.seller).';
comment on column marketplace.orphan_reference.kind is
    'What is missing: product, agreement, offer, payer, end user, payout or parent.';
comment on column marketplace.orphan_reference.missing_id is
    'The id that nothing has.';
comment on column marketplace.orphan_reference.entries is
    'Accounting entries that refer to it.';
comment on column marketplace.orphan_reference.first_seen_at is
    'Instant (UTC) of the first of them.';
comment on column marketplace.orphan_reference.last_seen_at is
    'Instant (UTC) of the last of them.';
comment on column marketplace.orphan_reference.example_billing_event_id is
    'One of them.';
