-- Metered usage with who used what.

create or replace view marketplace.usage as
select
    d.seller_id,
    d.usage_date,
    date_trunc('month', d.usage_date::timestamp)::date as month,
    d.product_id,
    p.title as product_title,
    d.dimension_key,
    d.charge_item_description as dimension,
    d.region,
    d.usage_quantity as quantity,
    d.usage_unit as unit,
    d.usage_rate_per_unit_in_pricing_currency as rate,
    d.estimated_revenue_in_pricing_currency as estimated_revenue,
    d.pricing_currency as currency,
    d.agreement_id,
    coalesce(a.offer_id, d.offer_id) as offer_id,
    o.name as offer_name,
    b.company_name as buyer_company,
    b.aws_account_id as buyer_aws_account_id,
    b.country_code as buyer_country,
    b.email_domain as buyer_email_domain,
    y.company_name as payer_company,
    y.aws_account_id as payer_aws_account_id,
    u.company_name as user_company,
    u.aws_account_id as user_aws_account_id,
    d.update_date as reported_at,
    d.usage_feed_id,
    d.version_id,
    d.line
from (
    select *, usage_date::timestamp at time zone 'UTC' as instant
    from resolved.daily_usage
    where delete_date is null
) as d
left join resolved.agreement a
    on a.seller_id = d.seller_id and a.agreement_id = d.agreement_id
    and d.instant >= a.holds_from and d.instant < a.valid_to
left join resolved.offer o
    on o.seller_id = d.seller_id and o.offer_id = coalesce(a.offer_id, d.offer_id)
    and d.instant >= o.holds_from and d.instant < o.valid_to
left join resolved.product p
    on p.seller_id = d.seller_id and p.product_id = d.product_id
    and d.instant >= p.holds_from and d.instant < p.valid_to
left join resolved.party b
    on b.seller_id = d.seller_id and b.account_id = a.acceptor_account_id
    and d.instant >= b.holds_from and d.instant < b.valid_to
left join resolved.party y
    on y.seller_id = d.seller_id and y.account_id = d.payer_account_id
    and d.instant >= y.holds_from and d.instant < y.valid_to
left join resolved.party u
    on u.seller_id = d.seller_id and u.account_id = d.end_user_account_id
    and d.instant >= u.holds_from and d.instant < u.valid_to;

comment on view marketplace.usage is
    'Usage: one row per current usage record, that is per day, agreement, user, Region and dimension, with buyer, payer, product and offer as of that day.';
comment on column marketplace.usage.seller_id is
    'The seller (ingest.seller).';
comment on column marketplace.usage.usage_date is
    'Day of the usage (UTC).';
comment on column marketplace.usage.month is
    'Month of it, as its first day.';
comment on column marketplace.usage.product_id is
    'Product.';
comment on column marketplace.usage.product_title is
    'Product title on that day.';
comment on column marketplace.usage.dimension_key is
    'Dimension that was metered; may begin with a Region.';
comment on column marketplace.usage.dimension is
    'Dimension in words.';
comment on column marketplace.usage.region is
    'AWS Region.';
comment on column marketplace.usage.quantity is
    'How much.';
comment on column marketplace.usage.unit is
    'What quantity counts.';
comment on column marketplace.usage.rate is
    'Price of a unit.';
comment on column marketplace.usage.estimated_revenue is
    'Rate times quantity before fees, taxes and refunds: an estimate, never billing. At the buyer''s price, also for a manufacturer whose product a reseller sold.';
comment on column marketplace.usage.currency is
    'Currency code of it. Never sum over several.';
comment on column marketplace.usage.agreement_id is
    'Agreement.';
comment on column marketplace.usage.offer_id is
    'Offer.';
comment on column marketplace.usage.offer_name is
    'Name of the offer on that day.';
comment on column marketplace.usage.buyer_company is
    'Buyer, who accepted the agreement: company.';
comment on column marketplace.usage.buyer_aws_account_id is
    'Buyer, who accepted the agreement: AWS account, 12 digits.';
comment on column marketplace.usage.buyer_country is
    'Buyer, who accepted the agreement: country, two letters.';
comment on column marketplace.usage.buyer_email_domain is
    'Buyer, who accepted the agreement: domain of the e-mail address.';
comment on column marketplace.usage.payer_company is
    'Payer, who gets the bill: company.';
comment on column marketplace.usage.payer_aws_account_id is
    'Payer, who gets the bill: AWS account, 12 digits.';
comment on column marketplace.usage.user_company is
    'User of the product: company.';
comment on column marketplace.usage.user_aws_account_id is
    'User of the product: AWS account, 12 digits.';
comment on column marketplace.usage.reported_at is
    'Instant (UTC) at which the record was written.';
comment on column marketplace.usage.usage_feed_id is
    'Key of the record.';
comment on column marketplace.usage.version_id is
    'With line: the row of the feed''s table, and so file and line (ingest.version, ingest.file).';
comment on column marketplace.usage.line is
    'Record of that version.';
