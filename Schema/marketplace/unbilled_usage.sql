-- after: usage
-- Usage that no invoice names.

create or replace view marketplace.unbilled_usage as
with told as materialized (
    -- How far the billing events go: what is not delivered yet is not missing.
    select s.seller_id, (
        select max(invoice_date) from resolved.billing_event b where b.seller_id = s.seller_id
    ) as told_until
    from ingest.seller s
), used as (
    select u.seller_id, u.month, u.agreement_id, u.product_id, u.currency,
        sum(u.estimated_revenue) as estimated_revenue, count(*) filter (where u.is_use) as records
    from marketplace.usage u
    join told t using (seller_id)
    -- Invoices of a month come on the 2nd or 3rd of the next. Of usage without a day nobody can say
    -- that its invoice is still to come.
    where t.told_until is not null and (u.usage_date is null or u.usage_date
        < date_trunc('month', t.told_until at time zone 'UTC' - interval '10 days'))
    group by u.seller_id, u.month, u.agreement_id, u.product_id, u.currency
    -- Worth something, or nobody knows what.
    having sum(u.estimated_revenue) > 0
        or bool_or(u.estimated_revenue is null and u.is_use)
), billed as (
    select distinct e.seller_id, e.agreement_id, e.product_id,
        generate_series(date_trunc('month', e.usage_period_start_date at time zone 'UTC'),
            e.usage_period_end_date at time zone 'UTC', interval '1 month')::date as month
    from resolved.entry e
    where e.action = 'INVOICED' and e.bucket = 'gross_revenue'
        and e.usage_period_start_date is not null
)
select
    u.seller_id,
    u.month,
    u.agreement_id,
    u.product_id,
    p.company_name as buyer_company,
    u.estimated_revenue,
    u.currency,
    u.records,
    o.title as product_title
from used u
left join resolved.current_agreement a
    on a.seller_id = u.seller_id and a.agreement_id = u.agreement_id
left join resolved.party p
    on p.seller_id = u.seller_id and p.account_id = a.acceptor_account_id
    and p.valid_to = timestamptz '2999-01-01 00:00:00+00'
left join resolved.product o
    on o.seller_id = u.seller_id and o.product_id = u.product_id
    and o.valid_to = timestamptz '2999-01-01 00:00:00+00'
-- Older usage and older invoices do not name the agreement.
where not exists (
        select from billed b
        where b.seller_id = u.seller_id and b.agreement_id = u.agreement_id
            and b.product_id = u.product_id and b.month = u.month)
    and not exists (
        select from billed b
        where b.seller_id = u.seller_id and b.agreement_id is null
            and b.product_id = u.product_id and b.month = u.month);

comment on view marketplace.unbilled_usage is
    'Usage of a month that no invoice of its agreement and product covers, ten days after the month''s end. What to do: look whether the agreement''s price is zero or a free trial; otherwise ask AWS Marketplace seller operations why it was not billed, with agreement and month.';
comment on column marketplace.unbilled_usage.seller_id is
    'The seller (ingest.seller).';
comment on column marketplace.unbilled_usage.month is
    'Month of the usage, as its first day; null: the records have no day, so that no invoice can be said to cover them.';
comment on column marketplace.unbilled_usage.agreement_id is
    'Agreement; null: the records name none.';
comment on column marketplace.unbilled_usage.product_id is
    'Product; null: the records name none, so that no invoice covers them.';
comment on column marketplace.unbilled_usage.buyer_company is
    'Buyer.';
comment on column marketplace.unbilled_usage.estimated_revenue is
    'What it should come to, before fees and taxes; null: AWS gives no estimate.';
comment on column marketplace.unbilled_usage.currency is
    'Currency code of it.';
comment on column marketplace.unbilled_usage.records is
    'Usage records.';
comment on column marketplace.unbilled_usage.product_title is
    'Product title as it is now.';
