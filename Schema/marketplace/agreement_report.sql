-- Agreements as they stand, with each product of their offer.

-- Offer, product and accounts are looked up as of the acceptance. The first version of an offer is
-- taken to hold 1460 days earlier here than it says, or 3857 if it is of before April 2021.
create or replace view marketplace.agreement_report as
select
    coalesce(p.title, 'Not provided') as product_title,
    coalesce(h.legacy_id, c.product_id, 'Not provided') as product_id,
    coalesce(p.product_code, 'Not provided') as product_code,
    h.legacy_id as legacy_product_id,
    null::text as product_type,
    case when o.name is null and v.visibility = 'Public' then 'Not applicable'
        else o.name end as offer_name,
    a.offer_id,
    coalesce(v.visibility, 'Public') as offer_visibility,
    o.offer_revision::text as offer_revision,
    a.agreement_id,
    a.status,
    a.status_reason_code,
    a.start_time as agreement_start_date,
    a.acceptance_time as agreement_acceptance_date,
    a.end_time as agreement_end_date,
    a.valid_from as agreement_updated_date,
    a.intent as agreement_intent,
    coalesce(a.preceding_agreement_id, na.text) as previous_agreement_id,
    coalesce(n.agreement_ids, na.text) as next_agreement_id,
    coalesce(b.offer_id, na.text) as previous_offer_id,
    coalesce(n.offer_ids, na.text) as next_offer_id,
    coalesce(n.acceptance_dates, na.text) as next_agreement_acceptance_date,
    'PurchaseAgreement' as agreement_type,
    pr.aws_account_id as proposer_aws_account_id,
    pr.encrypted_account_id as proposer_encrypted_account_id,
    coalesce(pr.company_name, 'Not available') as proposer_company_name,
    resolved.aws_account(sa.aws_account_id) as subscriber_aws_account_id,
    sa.encrypted_account_id as subscriber_encrypted_account_id,
    coalesce(sm.company_name, sa.tax_legal_name, 'Not provided') as subscriber_company_name,
    coalesce(ss.email_domain, 'Not provided') as subscriber_email_domain,
    coalesce(ss.city, 'Not provided') as subscriber_city,
    coalesce(ss.state_or_region, 'Not provided') as subscriber_state_or_region,
    coalesce(ss.country_code, 'Not provided') as subscriber_country,
    coalesce(ss.postal_code, 'Not provided') as subscriber_postal_code,
    coalesce(o.opportunity_id, g.text) as resale_authorization_id,
    coalesce(o.opportunity_name, g.text) as resale_authorization_name,
    coalesce(o.opportunity_description, g.text) as resale_authorization_description,
    case
        when not x.is_resold or pr.aws_account_id is null then 'Not applicable'
        else coalesce(pr.company_name, 'Not available')
    end as reseller_company_name,
    coalesce(case when x.is_resold then pr.aws_account_id end, 'Not applicable')
        as reseller_aws_account_id,
    case when x.is_resold then pr.encrypted_account_id end as reseller_encrypted_account_id,
    coalesce(im.company_name, ic.tax_legal_name, 'Not available') as isv_company_name,
    resolved.aws_account(ia.aws_account_id) as isv_aws_account_id,
    null::text as isv_encrypted_account_id,
    case
        when o.opportunity_id is not null
            or resolved.aws_account(ia.aws_account_id) <> pr.aws_account_id then 'Y'
        else 'N'
    end as cppo_flag,
    a.estimated_agreement_value::double precision as total_contract_value,
    a.currency_code,
    a.seller_id
from resolved.current_agreement a
left join resolved.current_agreement b
    on b.seller_id = a.seller_id and b.agreement_id = a.preceding_agreement_id
left join lateral (
    select string_agg(n.agreement_id, ',' order by n.acceptance_time, n.agreement_id collate "C")
            as agreement_ids,
        string_agg(n.offer_id, ',' order by n.acceptance_time, n.agreement_id collate "C")
            as offer_ids,
        string_agg(
            to_char(n.acceptance_time at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS.MS" UTC"'), ','
            order by n.acceptance_time, n.agreement_id collate "C") as acceptance_dates
    from resolved.current_agreement n
    where n.seller_id = a.seller_id and n.preceding_agreement_id = a.agreement_id
) as n on true
left join resolved.offer o
    on o.seller_id = a.seller_id and o.offer_id = a.offer_id
    and a.acceptance_time < o.valid_to
    and a.acceptance_time >= case
        when not o.is_first then o.valid_from
        when o.valid_from < timestamptz '2021-04-01 00:00:00+00'
            then o.valid_from - interval '92568 hours'
        else o.valid_from - interval '35040 hours'
    end
left join resolved.offer_audience w
    on w.seller_id = o.seller_id and w.offer_id = o.offer_id
    and w.offer_revision = o.offer_revision
left join resolved.offered_product c
    on c.seller_id = a.seller_id and c.offer_id = a.offer_id
    and c.offer_revision = o.offer_revision
left join resolved.legacy_product h
    on h.seller_id = a.seller_id and h.product_id = c.product_id
left join resolved.product p
    on p.seller_id = a.seller_id and p.product_id = c.product_id
    and a.acceptance_time >= p.holds_from and a.acceptance_time < p.valid_to
left join resolved.account sa
    on sa.seller_id = a.seller_id and sa.account_id = a.acceptor_account_id
    and a.acceptance_time >= sa.holds_from and a.acceptance_time < sa.valid_to
left join resolved.address sm
    on sm.seller_id = a.seller_id and sm.address_id = sa.mailing_address_id
    and sm.valid_to = timestamptz '2999-01-01 00:00:00+00'
left join resolved.address ss
    on ss.seller_id = a.seller_id
    and ss.address_id = coalesce(sa.tax_address_id, sa.mailing_address_id)
    and ss.valid_to = timestamptz '2999-01-01 00:00:00+00'
left join resolved.account pa
    on pa.seller_id = a.seller_id and pa.account_id = a.proposer_account_id
    and a.acceptance_time >= pa.holds_from and a.acceptance_time < pa.valid_to
left join resolved.address pm
    on pm.seller_id = a.seller_id and pm.address_id = pa.mailing_address_id
    and pm.valid_to = timestamptz '2999-01-01 00:00:00+00'
left join resolved.account ia
    on ia.seller_id = a.seller_id and ia.account_id = p.manufacturer_account_id
    and a.acceptance_time >= ia.holds_from and a.acceptance_time < ia.valid_to
left join resolved.account ic
    on ic.seller_id = a.seller_id
    and resolved.aws_account(ic.aws_account_id) = resolved.aws_account(ia.aws_account_id)
    and a.acceptance_time >= ic.holds_from and a.acceptance_time < ic.valid_to
left join resolved.address im
    on im.seller_id = a.seller_id and im.address_id = ic.mailing_address_id
    and im.valid_to = timestamptz '2999-01-01 00:00:00+00'
cross join lateral (
    select resolved.aws_account(pa.aws_account_id), pa.encrypted_account_id,
        coalesce(pm.company_name, pa.tax_legal_name)
) as pr (aws_account_id, encrypted_account_id, company_name)
cross join lateral (
    select coalesce(p.manufacturer_account_id <> a.proposer_account_id, false)
) as x (is_resold)
cross join lateral (
    select case when x.is_resold then 'Private'
        when o.offer_id is not null then coalesce(w.audience, 'Public') end
) as v (visibility)
cross join lateral (
    select case when coalesce(v.visibility, 'Public') = 'Public' then 'Not applicable' end
) as g (text)
cross join lateral (
    select case when coalesce(a.intent, 'NEW') = 'NEW' then 'Not applicable'
        else 'Not available' end
) as na (text);

comment on view marketplace.agreement_report is
    'The agreement report as AWS Marketplace defines it: one row per agreement, as it stands, and product of its offer. AWS shows agreement_start_date of the last 90 days.';
comment on column marketplace.agreement_report.product_title is
    'Product title when the agreement was accepted.';
comment on column marketplace.agreement_report.product_id is
    'Product: its legacy id if it has one.';
comment on column marketplace.agreement_report.product_code is
    'Code by which metering and entitlement services know the product.';
comment on column marketplace.agreement_report.legacy_product_id is
    'Legacy id of the product.';
comment on column marketplace.agreement_report.product_type is
    'Always null.';
comment on column marketplace.agreement_report.offer_name is
    'Name of the offer when the agreement was accepted.';
comment on column marketplace.agreement_report.offer_id is
    'Offer that was accepted.';
comment on column marketplace.agreement_report.offer_visibility is
    'Whom the offer is for: Public, Private, Program: and a name, GeoTargeted or Other Targeting.';
comment on column marketplace.agreement_report.offer_revision is
    'Revision of the offer that held when the agreement was accepted.';
comment on column marketplace.agreement_report.agreement_id is
    'Agreement.';
comment on column marketplace.agreement_report.status is
    'State of the current revision; it can lag behind the clock.';
comment on column marketplace.agreement_report.status_reason_code is
    'Reason of the state.';
comment on column marketplace.agreement_report.agreement_start_date is
    'Instant (UTC) from which the agreement runs.';
comment on column marketplace.agreement_report.agreement_acceptance_date is
    'Instant (UTC) at which it was accepted.';
comment on column marketplace.agreement_report.agreement_end_date is
    'Instant (UTC) at which it ends; null and 9999-01-01 mean no end.';
comment on column marketplace.agreement_report.agreement_updated_date is
    'Instant (UTC) from which the current revision holds.';
comment on column marketplace.agreement_report.agreement_intent is
    'NEW, AMEND, REPLACE or RENEW.';
comment on column marketplace.agreement_report.previous_agreement_id is
    'Agreement that this one continues.';
comment on column marketplace.agreement_report.next_agreement_id is
    'Agreements that continue this one, a comma list.';
comment on column marketplace.agreement_report.previous_offer_id is
    'Offer of the agreement that this one continues.';
comment on column marketplace.agreement_report.next_offer_id is
    'Offers of the agreements that continue this one, a comma list.';
comment on column marketplace.agreement_report.next_agreement_acceptance_date is
    'When those were accepted, a comma list.';
comment on column marketplace.agreement_report.agreement_type is
    'Always PurchaseAgreement.';
comment on column marketplace.agreement_report.proposer_aws_account_id is
    'AWS account of the seller of record, 12 digits.';
comment on column marketplace.agreement_report.proposer_encrypted_account_id is
    'The same as metering and entitlement services name it.';
comment on column marketplace.agreement_report.proposer_company_name is
    'Seller of record.';
comment on column marketplace.agreement_report.subscriber_aws_account_id is
    'AWS account that accepted the agreement, 12 digits.';
comment on column marketplace.agreement_report.subscriber_encrypted_account_id is
    'The same as metering and entitlement services name it.';
comment on column marketplace.agreement_report.subscriber_company_name is
    'Company that accepted the agreement.';
comment on column marketplace.agreement_report.subscriber_email_domain is
    'Domain of the subscriber''s e-mail address.';
comment on column marketplace.agreement_report.subscriber_city is
    'Subscriber''s city.';
comment on column marketplace.agreement_report.subscriber_state_or_region is
    'Subscriber''s state or region.';
comment on column marketplace.agreement_report.subscriber_country is
    'Subscriber''s country, two letters.';
comment on column marketplace.agreement_report.subscriber_postal_code is
    'Subscriber''s postal code, as text.';
comment on column marketplace.agreement_report.resale_authorization_id is
    'Resale authorisation (opportunity) of the offer.';
comment on column marketplace.agreement_report.resale_authorization_name is
    'Its name.';
comment on column marketplace.agreement_report.resale_authorization_description is
    'Its description.';
comment on column marketplace.agreement_report.reseller_company_name is
    'Reseller, where the product is another''s.';
comment on column marketplace.agreement_report.reseller_aws_account_id is
    'Reseller''s AWS account, 12 digits.';
comment on column marketplace.agreement_report.reseller_encrypted_account_id is
    'The same as metering and entitlement services name it.';
comment on column marketplace.agreement_report.isv_company_name is
    'Manufacturer.';
comment on column marketplace.agreement_report.isv_aws_account_id is
    'Manufacturer''s AWS account, 12 digits.';
comment on column marketplace.agreement_report.isv_encrypted_account_id is
    'Always null.';
comment on column marketplace.agreement_report.cppo_flag is
    'Y: sold by a reseller. N: not.';
comment on column marketplace.agreement_report.total_contract_value is
    'What the buyer is expected to pay in all: a plan, and no exact decimal. Use marketplace.agreement_current for sums.';
comment on column marketplace.agreement_report.currency_code is
    'Currency code of total_contract_value.';
comment on column marketplace.agreement_report.seller_id is
    'The seller (ingest.seller).';
