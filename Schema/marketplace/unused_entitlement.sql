-- after: entitlement
-- Entitlements that nobody uses.

create or replace view marketplace.unused_entitlement as
with used as (
    select u.seller_id, c.product_id, c.end_user_account_id, c.payer_account_id,
        max(u.usage_date) filter (where resolved.is_use(u.usage_quantity, u.estimated_revenue))
            as last_usage_date
    from resolved.usage_line u
    join resolved.usage_context c on c.range_id = u.range_id and c.alternative = 1
    group by u.seller_id, c.product_id, c.end_user_account_id, c.payer_account_id
), aws_account as (
    select distinct seller_id, account_id, resolved.aws_account(aws_account_id) as aws_account_id
    from resolved.account
), customer as (
    select u.seller_id, u.product_id, a.aws_account_id,
        max(u.last_usage_date) as last_usage_date
    from used u
    cross join lateral (
        values (u.end_user_account_id), (u.payer_account_id)
    ) as party (account_id)
    join aws_account a on a.seller_id = u.seller_id and a.account_id = party.account_id
    group by u.seller_id, u.product_id, a.aws_account_id
)
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
    c.last_usage_date
from marketplace.entitlement e
left join customer c
    on c.seller_id = e.seller_id and c.product_id = e.product_id
    and c.aws_account_id = e.customer_aws_account_id
where e.is_held and e.held_from < now() - interval '30 days'
    and coalesce(c.last_usage_date < (now() at time zone 'UTC')::date - 30, true)
    and exists (
        select from used m
        where m.seller_id = e.seller_id and m.product_id = e.product_id);

comment on view marketplace.unused_entitlement is
    'Entitlements held for 30 days or more without metered usage in the last 30, of products that are metered at all; those of a code that no product has cannot be told and are in entitlement alone. What to do: customer success calls before the renewal is lost.';
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
    'Last day of usage of the product by the customer, records of quantity 0 left out; null: never.';
