-- after: entitlement
-- Entitlements that nobody uses.

create or replace view marketplace.unused_entitlement as
select
    e.seller_id,
    e.product_code,
    e.product_title,
    e.customer_company,
    e.customer_aws_account_id,
    e.dimension,
    e.quantity,
    e.expires_at,
    e.held_from,
    u.last_usage_date
from marketplace.entitlement e
left join lateral (
    select max(d.usage_date) as last_usage_date
    from resolved.daily_usage d
    join resolved.account a
        on a.seller_id = d.seller_id and a.account_id in (d.end_user_account_id, d.payer_account_id)
    where d.seller_id = e.seller_id and d.product_id = e.product_id and d.delete_date is null
        and resolved.aws_account(a.aws_account_id) = e.customer_aws_account_id
) as u on true
where e.is_held and e.held_from < now() - interval '30 days'
    and coalesce(u.last_usage_date < (now() at time zone 'UTC')::date - 30, true)
    and exists (
        select from resolved.daily_usage m
        where m.seller_id = e.seller_id and m.product_id = e.product_id);

comment on view marketplace.unused_entitlement is
    'Entitlements held for 30 days or more without metered usage in the last 30, of products that are metered at all. What to do: customer success calls before the renewal is lost.';
comment on column marketplace.unused_entitlement.seller_id is
    'The seller (ingest.seller).';
comment on column marketplace.unused_entitlement.product_code is
    'Code of the product.';
comment on column marketplace.unused_entitlement.product_title is
    'Product.';
comment on column marketplace.unused_entitlement.customer_company is
    'Customer.';
comment on column marketplace.unused_entitlement.customer_aws_account_id is
    'AWS account of the customer, 12 digits.';
comment on column marketplace.unused_entitlement.dimension is
    'What it is a right to.';
comment on column marketplace.unused_entitlement.quantity is
    'How much.';
comment on column marketplace.unused_entitlement.expires_at is
    'Instant (UTC) until which it is good.';
comment on column marketplace.unused_entitlement.held_from is
    'Instant (UTC) since when it is known to be held.';
comment on column marketplace.unused_entitlement.last_usage_date is
    'Last day of usage of the product by the customer; null: never.';
