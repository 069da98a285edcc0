-- Usage records with buyer, payer, user, product, offer and agreement as of their day.

create or replace view marketplace.usage_report as
select
    u.usage_feed_id as internal_usage_line_item_id,
    u.reported_date as usage_date,
    u.update_date as usage_reported_date,
    coalesce(c.end_user_company_name, 'Not available') as end_user_company_name,
    c.end_user_aws_account_id,
    c.end_user_encrypted_account_id,
    c.end_user_email_domain,
    c.end_user_city,
    c.end_user_state_or_region,
    c.end_user_country,
    c.end_user_postal_code,
    coalesce(c.product_title, 'Not provided') as product_title,
    coalesce(c.reported_product_id, 'Not provided') as product_id,
    coalesce(c.product_code, 'Not provided') as product_code,
    coalesce(c.offer_id, 'Not available') as offer_id,
    case when c.agreement_id is null then 'Not available'
        else coalesce(c.offer_set_id, 'Not applicable') end as offer_set_id,
    case when c.offer_id is null then 'Not available'
        when c.offer_name is null and c.offer_visibility = 'Public' then 'Not applicable'
        else c.offer_name end as offer_name,
    case when c.offer_id is null then 'Not available' else c.offer_visibility end
        as offer_visibility,
    coalesce(c.agreement_id, 'Not available') as agreement_id,
    c.agreement_acceptance_date,
    c.agreement_start_date,
    c.agreement_end_date,
    c.accepted_term_types,
    u.catalog,
    u.dimension_key,
    u.region,
    u.reported_quantity as estimated_usage_units,
    u.usage_unit as usage_unit_types,
    u.charge_item_description,
    u.reported_rate as usage_rate_per_unit,
    coalesce(u.reported_revenue, u.estimated_revenue::double precision) as estimated_revenue,
    u.currency,
    case when c.agreement_id is null then 'Not available'
        else coalesce(c.subscriber_company_name, 'Not provided') end as subscriber_company_name,
    case when c.agreement_id is null then 'Not available'
        else c.subscriber_aws_account_id end as subscriber_aws_account_id,
    case when c.agreement_id is null then 'Not available'
        else c.subscriber_encrypted_account_id end as subscriber_encrypted_account_id,
    case when c.agreement_id is null then 'Not available'
        else coalesce(c.subscriber_email_domain, 'Not provided') end as subscriber_email_domain,
    case when c.agreement_id is null then 'Not available'
        else coalesce(c.subscriber_city, 'Not provided') end as subscriber_city,
    case when c.agreement_id is null then 'Not available'
        else coalesce(c.subscriber_state_or_region, 'Not provided') end
        as subscriber_state_or_region,
    case when c.agreement_id is null then 'Not available'
        else coalesce(c.subscriber_country, 'Not provided') end as subscriber_country,
    case when c.agreement_id is null then 'Not available'
        else coalesce(c.subscriber_postal_code, 'Not provided') end as subscriber_postal_code,
    coalesce(c.payer_company_name, 'Not available') as payer_company_name,
    c.payer_aws_account_id,
    c.payer_encrypted_account_id,
    c.payer_email_domain,
    c.payer_city,
    c.payer_state_or_region,
    c.payer_country,
    c.payer_postal_code,
    c.reseller_company_name,
    c.reseller_aws_account_id,
    c.resale_authorization_id,
    c.resale_authorization_name,
    c.resale_authorization_description,
    c.cppo_flag,
    c.isv_aws_account_id,
    coalesce(c.isv_company_name, 'Not available') as isv_company_name,
    u.seller_id
from resolved.usage_line u
join resolved.usage_context c using (range_id);

comment on view marketplace.usage_report is
    'The usage report as AWS Marketplace defines it: one row per current usage record, with the parties as of that day. Its revenue is an estimate and never billing. AWS shows usage_date of the last 90 days.';
comment on column marketplace.usage_report.internal_usage_line_item_id is
    'Key of the usage record.';
comment on column marketplace.usage_report.usage_date is
    'Day of the usage (UTC), as its first instant.';
comment on column marketplace.usage_report.usage_reported_date is
    'Instant (UTC) at which the record was written.';
comment on column marketplace.usage_report.end_user_company_name is
    'Company that used the product.';
comment on column marketplace.usage_report.end_user_aws_account_id is
    'AWS account that used the product, 12 digits.';
comment on column marketplace.usage_report.end_user_encrypted_account_id is
    'The same as metering and entitlement services name it.';
comment on column marketplace.usage_report.end_user_email_domain is
    'Domain of the user''s e-mail address.';
comment on column marketplace.usage_report.end_user_city is
    'User''s city.';
comment on column marketplace.usage_report.end_user_state_or_region is
    'User''s state or region.';
comment on column marketplace.usage_report.end_user_country is
    'User''s country, two letters.';
comment on column marketplace.usage_report.end_user_postal_code is
    'User''s postal code, as text.';
comment on column marketplace.usage_report.product_title is
    'Product title at that time.';
comment on column marketplace.usage_report.product_id is
    'Product: its legacy id if it has one.';
comment on column marketplace.usage_report.product_code is
    'Code by which metering and entitlement services know the product.';
comment on column marketplace.usage_report.offer_id is
    'Offer of the agreement, else of the usage record.';
comment on column marketplace.usage_report.offer_set_id is
    'Offer set that the offer came in.';
comment on column marketplace.usage_report.offer_name is
    'Name of the offer at that time.';
comment on column marketplace.usage_report.offer_visibility is
    'Whom the offer is for: Public, Private, Program: and a name, GeoTargeted or Other Targeting.';
comment on column marketplace.usage_report.agreement_id is
    'Agreement.';
comment on column marketplace.usage_report.agreement_acceptance_date is
    'Instant (UTC) at which it was accepted; null for placeholder offers.';
comment on column marketplace.usage_report.agreement_start_date is
    'Instant (UTC) from which the agreement runs; null for placeholder offers.';
comment on column marketplace.usage_report.agreement_end_date is
    'Instant (UTC) at which it ends; null for placeholder offers.';
comment on column marketplace.usage_report.accepted_term_types is
    'Types of the terms of the agreement''s revision, a comma list.';
comment on column marketplace.usage_report.catalog is
    'Marketplace catalogue.';
comment on column marketplace.usage_report.dimension_key is
    'Dimension that was metered.';
comment on column marketplace.usage_report.region is
    'AWS Region of the usage.';
comment on column marketplace.usage_report.estimated_usage_units is
    'Quantity, as text.';
comment on column marketplace.usage_report.usage_unit_types is
    'What the quantity counts.';
comment on column marketplace.usage_report.charge_item_description is
    'Dimension in words.';
comment on column marketplace.usage_report.usage_rate_per_unit is
    'Price of a unit, as text.';
comment on column marketplace.usage_report.estimated_revenue is
    'Rate times quantity: an estimate before fees, taxes and refunds, and no exact decimal. Use marketplace.usage for sums.';
comment on column marketplace.usage_report.currency is
    'Currency code of the estimate. Never sum over several.';
comment on column marketplace.usage_report.subscriber_company_name is
    'Company that accepted the agreement.';
comment on column marketplace.usage_report.subscriber_aws_account_id is
    'AWS account that accepted the agreement, 12 digits.';
comment on column marketplace.usage_report.subscriber_encrypted_account_id is
    'The same as metering and entitlement services name it.';
comment on column marketplace.usage_report.subscriber_email_domain is
    'Domain of the subscriber''s e-mail address.';
comment on column marketplace.usage_report.subscriber_city is
    'Subscriber''s city.';
comment on column marketplace.usage_report.subscriber_state_or_region is
    'Subscriber''s state or region.';
comment on column marketplace.usage_report.subscriber_country is
    'Subscriber''s country, two letters.';
comment on column marketplace.usage_report.subscriber_postal_code is
    'Subscriber''s postal code, as text.';
comment on column marketplace.usage_report.payer_company_name is
    'Company that pays.';
comment on column marketplace.usage_report.payer_aws_account_id is
    'AWS account that pays, 12 digits.';
comment on column marketplace.usage_report.payer_encrypted_account_id is
    'The same as metering and entitlement services name it.';
comment on column marketplace.usage_report.payer_email_domain is
    'Domain of the payer''s e-mail address.';
comment on column marketplace.usage_report.payer_city is
    'Payer''s city.';
comment on column marketplace.usage_report.payer_state_or_region is
    'Payer''s state or region.';
comment on column marketplace.usage_report.payer_country is
    'Payer''s country, two letters.';
comment on column marketplace.usage_report.payer_postal_code is
    'Payer''s postal code, as text.';
comment on column marketplace.usage_report.reseller_company_name is
    'Reseller, where the recipient of the data is not the seller of record.';
comment on column marketplace.usage_report.reseller_aws_account_id is
    'Reseller''s AWS account, 12 digits.';
comment on column marketplace.usage_report.resale_authorization_id is
    'Resale authorisation (opportunity) of the offer.';
comment on column marketplace.usage_report.resale_authorization_name is
    'Its name.';
comment on column marketplace.usage_report.resale_authorization_description is
    'Its description.';
comment on column marketplace.usage_report.cppo_flag is
    'Y: sold by a reseller. N: not. Null where the offer is not known.';
comment on column marketplace.usage_report.isv_aws_account_id is
    'Manufacturer''s AWS account, 12 digits.';
comment on column marketplace.usage_report.isv_company_name is
    'Manufacturer.';
comment on column marketplace.usage_report.seller_id is
    'The seller (ingest.seller).';
