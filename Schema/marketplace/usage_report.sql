-- Usage records with buyer, payer, user, product, offer and agreement as of their day.

-- Ranges are half open but for proposer and manufacturer's company, where a revision that ends on
-- that very midnight counts too, and gives a second row.
create or replace view marketplace.usage_report as
with record as (
    select *, usage_date::timestamp at time zone 'UTC' as usage_instant
    from resolved.daily_usage
    where delete_date is null
), used as (
    select u.*,
        resolved.aws_account(ea.aws_account_id) as end_user_aws_account_id,
        ea.encrypted_account_id as end_user_encrypted_account_id,
        ea.tax_legal_name as end_user_tax_legal_name,
        ea.tax_address_id as end_user_tax_address_id,
        ea.mailing_address_id as end_user_mailing_address_id,
        coalesce(ea.tax_address_id, ea.mailing_address_id) as end_user_address_id,
        resolved.aws_account(pa.aws_account_id) as payer_aws_account_id,
        pa.encrypted_account_id as payer_encrypted_account_id,
        pa.tax_legal_name as payer_tax_legal_name,
        pa.tax_address_id as payer_tax_address_id,
        pa.mailing_address_id as payer_mailing_address_id,
        coalesce(pa.tax_address_id, pa.mailing_address_id) as payer_address_id,
        resolved.aws_account(sa.aws_account_id) as subscriber_aws_account_id,
        sa.encrypted_account_id as subscriber_encrypted_account_id,
        sa.tax_legal_name as subscriber_tax_legal_name,
        sa.tax_address_id as subscriber_tax_address_id,
        sa.mailing_address_id as subscriber_mailing_address_id,
        coalesce(sa.tax_address_id, sa.mailing_address_id) as subscriber_address_id,
        a.valid_from as agreement_valid_from,
        a.proposer_account_id,
        a.offer_set_id,
        case when not coalesce(a.offer_id like 'aiqoffer-%', false) then a.acceptance_time end
            as acceptance_time,
        case when not coalesce(a.offer_id like 'aiqoffer-%', false) then a.start_time end
            as start_time,
        case when not coalesce(a.offer_id like 'aiqoffer-%', false) then a.end_time end
            as end_time,
        coalesce(a.offer_id, u.offer_id) as used_offer_id,
        o.offer_id as found_offer_id,
        o.offer_revision,
        o.name as offer_name,
        o.opportunity_id, o.opportunity_name, o.opportunity_description,
        coalesce(o.seller_account_id <> o.recipient_account_id, false) as is_resold_offer,
        case when o.offer_id is not null then
            case when o.seller_account_id <> o.recipient_account_id then 'Y' else 'N' end
        end as cppo_flag,
        p.title, p.product_code, p.manufacturer_account_id,
        resolved.aws_account(ma.aws_account_id) as isv_aws_account_id
    from record u
    left join resolved.agreement a
        on a.seller_id = u.seller_id and a.agreement_id = u.agreement_id
        and u.usage_instant >= a.holds_from and u.usage_instant < a.valid_to
    left join resolved.offer o
        on o.seller_id = u.seller_id and o.offer_id = coalesce(a.offer_id, u.offer_id)
        and u.usage_instant >= o.holds_from and u.usage_instant < o.valid_to
    left join resolved.product p
        on p.seller_id = u.seller_id and p.product_id = u.product_id
        and u.usage_instant >= p.holds_from and u.usage_instant < p.valid_to
    left join resolved.account ea
        on ea.seller_id = u.seller_id and ea.account_id = u.end_user_account_id
        and u.usage_instant >= ea.holds_from and u.usage_instant < ea.valid_to
    left join resolved.account pa
        on pa.seller_id = u.seller_id and pa.account_id = u.payer_account_id
        and u.usage_instant >= pa.holds_from and u.usage_instant < pa.valid_to
    left join resolved.account sa
        on sa.seller_id = u.seller_id and sa.account_id = a.acceptor_account_id
        and u.usage_instant >= sa.holds_from and u.usage_instant < sa.valid_to
    left join resolved.account ma
        on ma.seller_id = u.seller_id and ma.account_id = p.manufacturer_account_id
        and u.usage_instant >= ma.holds_from and u.usage_instant < ma.valid_to
)
select
    u.usage_feed_id as internal_usage_line_item_id,
    u.usage_instant as usage_date,
    u.update_date as usage_reported_date,
    coalesce(u.end_user_tax_legal_name, ex.company_name, em.company_name,
        'Not available') as end_user_company_name,
    u.end_user_aws_account_id,
    u.end_user_encrypted_account_id,
    es.email_domain as end_user_email_domain,
    es.city as end_user_city,
    es.state_or_region as end_user_state_or_region,
    es.country_code as end_user_country,
    es.postal_code as end_user_postal_code,
    coalesce(u.title, 'Not provided') as product_title,
    coalesce(h.legacy_id, u.product_id, 'Not provided') as product_id,
    coalesce(u.product_code, 'Not provided') as product_code,
    coalesce(u.used_offer_id, 'Not available') as offer_id,
    case when u.agreement_id is null then 'Not available'
        else coalesce(u.offer_set_id, 'Not applicable') end as offer_set_id,
    case when u.used_offer_id is null then 'Not available'
        when u.offer_name is null and v.visibility = 'Public' then 'Not applicable'
        else u.offer_name end as offer_name,
    case when u.used_offer_id is null then 'Not available' else v.visibility end as offer_visibility,
    coalesce(u.agreement_id, 'Not available') as agreement_id,
    u.acceptance_time as agreement_acceptance_date,
    u.start_time as agreement_start_date,
    u.end_time as agreement_end_date,
    k.term_types as accepted_term_types,
    u.catalog,
    u.dimension_key,
    u.region,
    u.usage_quantity::text as estimated_usage_units,
    u.usage_unit as usage_unit_types,
    u.charge_item_description,
    u.usage_rate_per_unit_in_pricing_currency::text as usage_rate_per_unit,
    u.estimated_revenue_in_pricing_currency::double precision as estimated_revenue,
    u.pricing_currency as currency,
    case when u.agreement_id is null then 'Not available'
        else coalesce(u.subscriber_tax_legal_name, sx.company_name, sm.company_name,
            'Not provided') end as subscriber_company_name,
    case when u.agreement_id is null then 'Not available'
        else u.subscriber_aws_account_id end as subscriber_aws_account_id,
    case when u.agreement_id is null then 'Not available'
        else u.subscriber_encrypted_account_id end as subscriber_encrypted_account_id,
    case when u.agreement_id is null then 'Not available'
        else coalesce(ss.email_domain, 'Not provided') end as subscriber_email_domain,
    case when u.agreement_id is null then 'Not available'
        else coalesce(ss.city, 'Not provided') end as subscriber_city,
    case when u.agreement_id is null then 'Not available'
        else coalesce(ss.state_or_region, 'Not provided') end as subscriber_state_or_region,
    case when u.agreement_id is null then 'Not available'
        else coalesce(ss.country_code, 'Not provided') end as subscriber_country,
    case when u.agreement_id is null then 'Not available'
        else coalesce(ss.postal_code, 'Not provided') end as subscriber_postal_code,
    coalesce(u.payer_tax_legal_name, px.company_name, pm.company_name,
        'Not available') as payer_company_name,
    u.payer_aws_account_id,
    u.payer_encrypted_account_id,
    ps.email_domain as payer_email_domain,
    ps.city as payer_city,
    ps.state_or_region as payer_state_or_region,
    ps.country_code as payer_country,
    ps.postal_code as payer_postal_code,
    case
        when r.aws_account_id is not null then coalesce(r.company_name, 'Not available')
        when u.opportunity_id is null or u.recipient_account_id <> u.manufacturer_account_id
            then 'Not applicable'
        else r.company_name
    end as reseller_company_name,
    case
        when r.aws_account_id is not null then r.aws_account_id
        when u.opportunity_id is null or u.recipient_account_id <> u.manufacturer_account_id
            then 'Not applicable'
    end as reseller_aws_account_id,
    coalesce(u.opportunity_id, g.text) as resale_authorization_id,
    coalesce(u.opportunity_name, g.text) as resale_authorization_name,
    u.opportunity_description as resale_authorization_description,
    u.cppo_flag,
    u.isv_aws_account_id,
    coalesce(mm.company_name, ia.tax_legal_name, 'Not available') as isv_company_name,
    u.seller_id
from used u
left join resolved.offer_audience w
    on w.seller_id = u.seller_id and w.offer_id = u.found_offer_id
    and w.offer_revision = u.offer_revision
cross join lateral (
    select case when u.found_offer_id is not null then
        case when u.is_resold_offer then 'Private' else coalesce(w.audience, 'Public') end end
) as v (visibility)
cross join lateral (
    select case when v.visibility = 'Public'
            or (v.visibility is null and u.agreement_id is not null) then 'Not applicable' end
) as g (text)
left join resolved.accepted_terms k
    on k.seller_id = u.seller_id and k.agreement_id = u.agreement_id
    and k.valid_from = u.agreement_valid_from
left join resolved.legacy_product h
    on h.seller_id = u.seller_id and h.product_id = u.product_id
left join resolved.account ra
    on ra.seller_id = u.seller_id and ra.account_id = u.proposer_account_id
    and ra.valid_to > ra.valid_from
    and u.usage_instant >= ra.holds_from and u.usage_instant <= ra.valid_to
left join resolved.address rm
    on rm.seller_id = ra.seller_id and rm.address_id = ra.mailing_address_id
    and rm.is_newest and rm.delete_date is null
cross join lateral (
    select case when u.proposer_account_id is distinct from u.recipient_account_id
            then resolved.aws_account(ra.aws_account_id) end,
        case when u.proposer_account_id is distinct from u.recipient_account_id
            then coalesce(rm.company_name, ra.tax_legal_name) end
) as r (aws_account_id, company_name)
left join resolved.account ia
    on ia.seller_id = u.seller_id and ia.account_id = u.manufacturer_account_id
    and ia.valid_to > ia.valid_from
    and u.usage_instant >= ia.holds_from and u.usage_instant <= ia.valid_to
left join resolved.address mm
    on mm.seller_id = ia.seller_id and mm.address_id = ia.mailing_address_id
    and mm.is_newest and mm.delete_date is null
left join resolved.address ex
    on ex.seller_id = u.seller_id and ex.address_id = u.end_user_tax_address_id
    and ex.is_newest and ex.delete_date is null
left join resolved.address em
    on em.seller_id = u.seller_id and em.address_id = u.end_user_mailing_address_id
    and em.is_newest and em.delete_date is null
left join resolved.address es
    on es.seller_id = u.seller_id and es.address_id = u.end_user_address_id
    and es.is_newest and es.delete_date is null
left join resolved.address sx
    on sx.seller_id = u.seller_id and sx.address_id = u.subscriber_tax_address_id
    and sx.is_newest and sx.delete_date is null
left join resolved.address sm
    on sm.seller_id = u.seller_id and sm.address_id = u.subscriber_mailing_address_id
    and sm.is_newest and sm.delete_date is null
left join resolved.address ss
    on ss.seller_id = u.seller_id and ss.address_id = u.subscriber_address_id
    and ss.is_newest and ss.delete_date is null
left join resolved.address px
    on px.seller_id = u.seller_id and px.address_id = u.payer_tax_address_id
    and px.is_newest and px.delete_date is null
left join resolved.address pm
    on pm.seller_id = u.seller_id and pm.address_id = u.payer_mailing_address_id
    and pm.is_newest and pm.delete_date is null
left join resolved.address ps
    on ps.seller_id = u.seller_id and ps.address_id = u.payer_address_id
    and ps.is_newest and ps.delete_date is null;

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
