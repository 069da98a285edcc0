-- Usage that no invoice names.

create or replace view marketplace.unbilled_usage as
select
    u.seller_id,
    u.month,
    u.agreement_id,
    u.product_id,
    (
        select p.company_name from resolved.agreement a
        join resolved.party p on p.seller_id = a.seller_id and p.account_id = a.acceptor_account_id
        where a.seller_id = u.seller_id and a.agreement_id = u.agreement_id
            and u.last_day::timestamp at time zone 'UTC' >= a.holds_from
            and u.last_day::timestamp at time zone 'UTC' < a.valid_to
            and u.last_day::timestamp at time zone 'UTC' >= p.holds_from
            and u.last_day::timestamp at time zone 'UTC' < p.valid_to
        limit 1
    ) as buyer_company,
    u.estimated_revenue,
    u.currency,
    u.records,
    (
        select p.title from resolved.product p
        where p.seller_id = u.seller_id and p.product_id = u.product_id
            and u.last_day::timestamp at time zone 'UTC' >= p.holds_from
            and u.last_day::timestamp at time zone 'UTC' < p.valid_to
        limit 1
    ) as product_title
from (
    -- The month as its index has it.
    select seller_id, date_trunc('month', usage_date::timestamp)::date as month, agreement_id,
        product_id, max(usage_date) as last_day,
        sum(estimated_revenue_in_pricing_currency) as estimated_revenue,
        pricing_currency as currency, count(*) as records
    from resolved.daily_usage
    where delete_date is null
    group by seller_id, date_trunc('month', usage_date::timestamp)::date, agreement_id, product_id,
        pricing_currency
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
comment on column marketplace.unbilled_usage.product_title is
    'Product title at the end of the month.';
