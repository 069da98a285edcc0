-- Metered usage with who used what.

create or replace view marketplace.usage as
select
    u.seller_id,
    u.usage_date,
    date_trunc('month', u.usage_date::timestamp)::date as month,
    c.product_id,
    c.product_title,
    u.dimension_key,
    u.charge_item_description as dimension,
    u.region,
    u.usage_quantity as quantity,
    u.usage_unit as unit,
    u.rate,
    u.estimated_revenue,
    u.currency,
    c.agreement_id,
    c.offer_id,
    c.offer_name,
    c.subscriber_company_name as buyer_company,
    c.subscriber_aws_account_id as buyer_aws_account_id,
    c.subscriber_country as buyer_country,
    c.subscriber_email_domain as buyer_email_domain,
    c.payer_company_name as payer_company,
    c.payer_aws_account_id,
    c.end_user_company_name as user_company,
    c.end_user_aws_account_id as user_aws_account_id,
    u.update_date as reported_at,
    u.usage_feed_id,
    u.version_id,
    u.line,
    resolved.is_use(u.usage_quantity, u.estimated_revenue) as is_use
from resolved.usage_line u
-- Alternatives are for the usage report, which repeats records as AWS's does. A record is not lost
-- with what is shown beside it.
left join resolved.usage_context c on c.range_id = u.range_id and c.alternative = 1;

comment on view marketplace.usage is
    'Usage: one row per current usage record, that is per day, agreement, user, Region and dimension, with buyer, payer, product and offer as of that day.';
comment on column marketplace.usage.seller_id is
    'The seller (ingest.seller).';
comment on column marketplace.usage.usage_date is
    'Day of the usage (UTC); null: the record has none.';
comment on column marketplace.usage.month is
    'Month of it, as its first day; null: month unknown.';
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
comment on column marketplace.usage.is_use is
    'Whether something was used: false of a record of quantity 0, which metered products may send every hour.';
