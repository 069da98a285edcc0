-- after: usage
-- Usage that no invoice names.

create or replace view marketplace.unbilled_usage as
select
    u.seller_id,
    u.month,
    u.agreement_id,
    u.product_id,
    u.buyer_company,
    u.estimated_revenue,
    u.currency,
    u.records
from (
    select seller_id, month, agreement_id, product_id, min(buyer_company) as buyer_company,
        sum(estimated_revenue) as estimated_revenue, currency, count(*) as records
    from marketplace.usage
    group by seller_id, month, agreement_id, product_id, currency
) as u
where u.estimated_revenue > 0 and u.month + interval '1 month 10 days' < now() at time zone 'UTC'
    and not exists (
        select from resolved.entry e
        where e.seller_id = u.seller_id and e.agreement_id = u.agreement_id
            and e.product_id is not distinct from u.product_id
            and e.action = 'INVOICED' and e.transaction_type = 'SELLER_REV_SHARE'
            and e.usage_period_start_date < (u.month + interval '1 month') at time zone 'UTC'
            and e.usage_period_end_date >= u.month::timestamp at time zone 'UTC');

comment on view marketplace.unbilled_usage is
    'Usage of a month that no invoice of its agreement and product covers, ten days after the month''s end. What to do: look whether the agreement''s price is zero or a free trial; otherwise ask AWS Marketplace seller operations why it was not billed, with agreement and month.';
comment on column marketplace.unbilled_usage.seller_id is
    'The seller (ingest.seller).';
comment on column marketplace.unbilled_usage.month is
    'Month of the usage, as its first day.';
comment on column marketplace.unbilled_usage.agreement_id is
    'Agreement.';
comment on column marketplace.unbilled_usage.product_id is
    'Product.';
comment on column marketplace.unbilled_usage.buyer_company is
    'Buyer.';
comment on column marketplace.unbilled_usage.estimated_revenue is
    'What it should come to, before fees and taxes.';
comment on column marketplace.unbilled_usage.currency is
    'Currency code of it.';
comment on column marketplace.unbilled_usage.records is
    'Usage records.';
