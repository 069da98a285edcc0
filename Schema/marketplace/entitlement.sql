-- What customers may use, and since when.

create or replace view marketplace.entitlement as
select
    e.seller_id,
    e.product_code,
    p.product_id,
    p.title as product_title,
    e.customer_identifier,
    coalesce(e.customer_aws_account_id, c.aws_account_id) as customer_aws_account_id,
    c.company_name as customer_company,
    e.dimension,
    coalesce(e.integer_value, e.double_value::numeric, e.boolean_value::integer) as quantity,
    e.string_value as choice,
    e.expiration_date as expires_at,
    e.valid_from as held_from,
    nullif(e.valid_to, 'infinity') as held_to,
    e.valid_to = 'infinity' and coalesce(e.expiration_date > now(), true) as is_held,
    e.license_arn,
    l.agreement_id,
    e.entitlement_id
from event.entitlement e
left join lateral (
    select p.product_id, p.title
    from resolved.product p
    where p.seller_id = e.seller_id and p.product_code = e.product_code
        and p.valid_to > p.valid_from
    order by p.valid_to desc, p.product_id
    limit 1
) as p on true
left join lateral (
    select c.company_name, c.aws_account_id
    from resolved.party c
    where c.seller_id = e.seller_id
        and (c.encrypted_account_id = e.customer_identifier
            or c.aws_account_id = e.customer_aws_account_id)
    order by c.valid_to desc, c.account_id
    limit 1
) as c on true
left join lateral (
    select agreement_id
    from (
        select l.agreement_id, 1 as place
        from event.license l
        where l.seller_id = e.seller_id and l.license_id = e.license_id
            and l.agreement_id is not null
        union all
        select a.agreement_id, 2
        from resolved.current_agreement a
        where a.seller_id = e.seller_id and a.license_ids @> to_jsonb(e.license_arn)
    ) as told
    order by place, agreement_id
    limit 1
) as l on true;

comment on view marketplace.entitlement is
    'Entitlements: one row per right of a customer to a dimension of a product, for the time in which its value and expiration were the same, as GetEntitlements answered.';
comment on column marketplace.entitlement.seller_id is
    'The seller (ingest.seller).';
comment on column marketplace.entitlement.product_code is
    'Code of the product.';
comment on column marketplace.entitlement.product_id is
    'Product.';
comment on column marketplace.entitlement.product_title is
    'Product title now.';
comment on column marketplace.entitlement.customer_identifier is
    'Customer as metering and entitlement services name it.';
comment on column marketplace.entitlement.customer_aws_account_id is
    'AWS account of the customer, 12 digits.';
comment on column marketplace.entitlement.customer_company is
    'Company of the customer.';
comment on column marketplace.entitlement.dimension is
    'What it is a right to.';
comment on column marketplace.entitlement.quantity is
    'How much; 1 or 0 where the dimension is a feature; null where it is a choice.';
comment on column marketplace.entitlement.choice is
    'Which, where the dimension is a choice.';
comment on column marketplace.entitlement.expires_at is
    'Instant (UTC) until which it is good at least.';
comment on column marketplace.entitlement.held_from is
    'Instant (UTC) from which it is known to be held.';
comment on column marketplace.entitlement.held_to is
    'Instant (UTC) at which it was known to be held no more; null while it is held.';
comment on column marketplace.entitlement.is_held is
    'Whether the customer has it now.';
comment on column marketplace.entitlement.license_arn is
    'Licence that grants it.';
comment on column marketplace.entitlement.agreement_id is
    'Agreement of the licence, where an event or the agreement feed told it.';
comment on column marketplace.entitlement.entitlement_id is
    'Row of event.entitlement.';
