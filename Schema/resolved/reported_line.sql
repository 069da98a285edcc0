-- after: billing_line, lookup, describe
-- A billing line with everything that is shown beside its amounts, the same for both sides.

-- Everything shown is as of the buyer's invoice. Ranges are half open but for the manufacturer's
-- company, where a revision that ends at that very instant counts too, and gives a second row if its
-- company is another one.
create or replace view resolved.reported_line as
with line as (
    select l.*,
        resolved.aws_account(pa.aws_account_id) as payer_aws_account_id,
        pa.encrypted_account_id as payer_encrypted_account_id,
        pa.tax_legal_name as payer_tax_legal_name,
        pa.tax_address_id as payer_tax_address_id,
        pa.mailing_address_id as payer_mailing_address_id,
        coalesce(pa.tax_address_id, l.billing_address_id, pa.mailing_address_id)
            as payer_address_id,
        resolved.aws_account(sa.aws_account_id) as subscriber_aws_account_id,
        sa.encrypted_account_id as subscriber_encrypted_account_id,
        sa.tax_legal_name as subscriber_tax_legal_name,
        sa.tax_address_id as subscriber_tax_address_id,
        sa.mailing_address_id as subscriber_mailing_address_id,
        coalesce(sa.tax_address_id, sa.mailing_address_id) as subscriber_address_id,
        a.valid_from as agreement_valid_from,
        a.offer_set_id,
        a.start_time, a.acceptance_time, a.end_time,
        o.offer_id as found_offer_id,
        o.offer_revision,
        coalesce(o.offer_id like 'aiqoffer-%', false) as is_placeholder_offer,
        o.name as found_offer_name,
        o.opportunity_id, o.opportunity_name, o.opportunity_description,
        coalesce(o.seller_account_id <> o.recipient_account_id, false) as is_resold_offer,
        p.title, p.manufacturer_account_id,
        ma.account_id is not null as has_manufacturer,
        resolved.aws_account(ma.aws_account_id) as isv_account_id,
        ma.mailing_address_id as isv_mailing_address_id,
        ma.tax_legal_name as isv_tax_legal_name,
        case when l.proposer_account_id is distinct from l.recipient_account_id
            then resolved.aws_account(ra.aws_account_id) end as reseller_aws_account_id,
        case when l.proposer_account_id is distinct from l.recipient_account_id
            then ra.mailing_address_id end as reseller_mailing_address_id,
        case when l.proposer_account_id is distinct from l.recipient_account_id
            then ra.tax_legal_name end as reseller_tax_legal_name
    from resolved.billing_line l
    left join resolved.agreement a
        on a.seller_id = l.seller_id and a.agreement_id = l.agreement_id
        and l.purchase_invoice_date >= a.holds_from and l.purchase_invoice_date < a.valid_to
    left join resolved.offer o
        on o.seller_id = l.seller_id and o.offer_id = l.offer_id
        and l.purchase_invoice_date >= o.valid_from and l.purchase_invoice_date < o.valid_to
    left join resolved.product p
        on p.seller_id = l.seller_id and p.product_id = l.product_id
        and l.purchase_invoice_date >= p.holds_from and l.purchase_invoice_date < p.valid_to
    left join resolved.account pa
        on pa.seller_id = l.seller_id and pa.account_id = l.payer_account_id
        and l.purchase_invoice_date >= pa.holds_from and l.purchase_invoice_date < pa.valid_to
    left join resolved.account sa
        on sa.seller_id = l.seller_id and sa.account_id = l.acceptor_account_id
        and l.purchase_invoice_date >= sa.holds_from and l.purchase_invoice_date < sa.valid_to
    left join resolved.account ra
        on ra.seller_id = l.seller_id and ra.account_id = l.proposer_account_id
        and l.purchase_invoice_date >= ra.holds_from and l.purchase_invoice_date < ra.valid_to
    left join resolved.account ma
        on ma.seller_id = p.seller_id and ma.account_id = p.manufacturer_account_id
        and l.purchase_invoice_date >= ma.holds_from and l.purchase_invoice_date < ma.valid_to
)
select l.seller_id, l.line_key, l.line, l.side, l.recipient_account_id,
    l.purchase_invoice_date as invoice_date,
    l.payment_due_date,
    'Net ' || case when t.days > 180 then '180+' else t.days::text end || ' days' as payment_term,
    l.purchase_invoice_id as invoice_id,
    coalesce(l.listing_fee_invoice_ids, 'Not applicable') as listing_fee_invoice_id,
    coalesce(l.wholesale_invoice_ids, 'Not applicable') as wholesale_invoice_id,
    coalesce(l.seller_issued_invoice_ids, 'Not applicable') as seller_issued_invoice_id,
    coalesce(l.seller_issued_invoice_variants, 'Not applicable') as seller_issued_invoice_variant,
    case when l.agreement_id is null then 'Not available'
        else coalesce(l.subscriber_tax_legal_name, sx.company_name, sm.company_name,
            'Not provided') end as subscriber_company_name,
    case when l.agreement_id is null then 'Not available'
        else l.subscriber_aws_account_id end as subscriber_aws_account_id,
    case when l.agreement_id is null then 'Not available'
        else l.subscriber_encrypted_account_id end as subscriber_encrypted_account_id,
    case when l.agreement_id is null then 'Not available'
        else coalesce(ss.email_domain, 'Not provided') end as subscriber_email_domain,
    case when l.agreement_id is null then 'Not available'
        else coalesce(ss.city, 'Not provided') end as subscriber_city,
    case when l.agreement_id is null then 'Not available'
        else coalesce(ss.state_or_region, 'Not provided') end as subscriber_state_or_region,
    case when l.agreement_id is null then 'Not available'
        else coalesce(ss.country_code, 'Not provided') end as subscriber_country,
    case when l.agreement_id is null then 'Not available'
        else coalesce(ss.postal_code, 'Not provided') end as subscriber_postal_code,
    case when l.agreement_id is null then 'Not available'
        else coalesce(l.subscriber_address_id, 'Not provided') end as subscriber_address_id,
    coalesce(l.title, 'Not provided') as product_title,
    case when l.found_offer_id is null then 'Not available'
        when l.found_offer_name is null and v.visibility = 'Public' then 'Not applicable'
        else l.found_offer_name end as offer_name,
    coalesce(l.found_offer_id, 'Not available') as offer_id,
    case when l.agreement_id is null then 'Not available'
        else coalesce(l.offer_set_id, 'Not applicable') end as offer_set_id,
    case when l.agreement_id is not null then coalesce(v.visibility, 'Public')
        else v.visibility end as offer_visibility,
    coalesce(l.agreement_id, 'Not available') as agreement_id,
    case when l.agreement_id is not null and not l.is_placeholder_offer
        then l.start_time end as agreement_start_date,
    case when l.agreement_id is not null and not l.is_placeholder_offer
        then l.acceptance_time end as agreement_acceptance_date,
    case when l.agreement_id is not null and not l.is_placeholder_offer
        then l.end_time end as agreement_end_date,
    k.term_types as accepted_term_types,
    l.catalog,
    case when not l.is_placeholder_offer then l.usage_period_start_date end
        as usage_period_start_date,
    case when not l.is_placeholder_offer then l.usage_period_end_date end
        as usage_period_end_date,
    l.disbursement_status,
    l.reference_id as transaction_reference_id,
    l.broker_id as aws_seller_of_record,
    coalesce(l.opportunity_id, g.text) as resale_authorization_id,
    coalesce(l.opportunity_name, g.text) as resale_authorization_name,
    coalesce(l.opportunity_description, g.text) as resale_authorization_description,
    case
        when l.reseller_aws_account_id is not null then
            coalesce(rm.company_name, l.reseller_tax_legal_name, 'Not available')
        when l.opportunity_id is null or l.recipient_account_id <> l.manufacturer_account_id
            then 'Not applicable'
        else coalesce(rm.company_name, l.reseller_tax_legal_name)
    end as reseller_company_name,
    case
        when l.reseller_aws_account_id is not null then l.reseller_aws_account_id
        when l.opportunity_id is null or l.recipient_account_id <> l.manufacturer_account_id
            then 'Not applicable'
    end as reseller_aws_account_id,
    coalesce(l.payer_tax_legal_name, px.company_name, pb.company_name, pm.company_name,
        'Not available') as payer_company_name,
    coalesce(l.payer_aws_account_id, 'Not available') as payer_aws_account_id,
    l.payer_encrypted_account_id,
    coalesce(ps.email_domain, 'Not available') as payer_email_domain,
    coalesce(ps.city, 'Not available') as payer_city,
    coalesce(ps.state_or_region, 'Not available') as payer_state,
    coalesce(ps.country_code, 'Not available') as payer_country,
    coalesce(ps.postal_code, 'Not available') as payer_postal_code,
    coalesce(l.payer_address_id, 'Not available') as payer_address_id,
    l.isv_account_id,
    coalesce(
        case when n.row = 1 and (l.has_manufacturer or mc.account_id is null) then c.company
            else c.ending_company end,
        'Not available') as isv_company_name,
    coalesce(h.legacy_id, l.product_id, 'Not provided') as product_id,
    l.disbursement_date,
    l.bank_trace_ids,
    l.disbursement_reference_numbers,
    l.last_disbursement_id,
    l.last_collection_date,
    l.currency,
    l.is_isv_wholesale,
    l.gross_revenue, l.gross_refund, l.listing_fee, l.listing_fee_refund,
    l.seller_tax_share, l.seller_tax_share_refund, l.aws_tax_share, l.aws_tax_share_refund,
    l.aws_tax_share_listing_fee, l.aws_tax_share_refund_listing_fee, l.wholesale_cost,
    l.wholesale_cost_refund, l.wholesale_seller_tax_share, l.wholesale_seller_tax_share_refund,
    l.wholesale_other_seller_tax_share, l.wholesale_other_seller_tax_share_refund,
    l.wholesale_aws_tax_share, l.wholesale_aws_tax_share_refund,
    l.net, l.collected, l.disbursed, l.undisbursed
from line l
left join resolved.offer_audience r
    on r.seller_id = l.seller_id and r.offer_id = l.found_offer_id
    and r.offer_revision = l.offer_revision and l.side = 'disbursed'
-- The invoiced side does not look at the revision.
left join (
    select seller_id, offer_id, min(audience collate "C") as audience
    from resolved.offer_audience group by seller_id, offer_id
) as w on w.seller_id = l.seller_id and w.offer_id = l.found_offer_id and l.side = 'invoiced'
cross join lateral (
    select case when l.found_offer_id is not null then
        case when l.is_resold_offer then 'Private'
            else coalesce(r.audience, w.audience, 'Public') end end
) as v (visibility)
cross join lateral (
    select case when v.visibility = 'Public'
            or (v.visibility is null and l.agreement_id is not null) then 'Not applicable' end
) as g (text)
cross join lateral (
    select abs(trunc(extract(epoch from l.payment_due_date - l.purchase_invoice_date) / 86400))
        ::integer
) as t (days)
left join resolved.accepted_terms k
    on k.seller_id = l.seller_id and k.agreement_id = l.agreement_id
    and k.valid_from = l.agreement_valid_from and l.side = 'invoiced'
left join resolved.legacy_product h
    on h.seller_id = l.seller_id and h.product_id = l.product_id
left join resolved.address im
    on im.seller_id = l.seller_id and im.address_id = l.isv_mailing_address_id and im.is_newest
    and (l.side = 'invoiced' or im.delete_date is null)
left join (
    resolved.account mc
    left join resolved.address mm
        on mm.seller_id = mc.seller_id and mm.address_id = mc.mailing_address_id and mm.is_newest
) on mc.seller_id = l.seller_id and mc.account_id = l.manufacturer_account_id
    and mc.valid_to = l.purchase_invoice_date and mc.valid_to > mc.valid_from
cross join lateral (
    select coalesce(im.company_name, l.isv_tax_legal_name),
        coalesce(case when l.side = 'invoiced' or mm.delete_date is null then mm.company_name end,
            mc.tax_legal_name)
) as c (company, ending_company)
join (values (1), (2)) as n (row)
    on n.row = 1 or (l.has_manufacturer and mc.account_id is not null
        and c.ending_company is distinct from c.company)
-- Of addresses the row that was written last stands; on the disbursed side only while it is not
-- deleted.
left join resolved.address sx
    on sx.seller_id = l.seller_id and sx.address_id = l.subscriber_tax_address_id and sx.is_newest
    and (l.side = 'invoiced' or sx.delete_date is null)
left join resolved.address sm
    on sm.seller_id = l.seller_id and sm.address_id = l.subscriber_mailing_address_id
    and sm.is_newest and (l.side = 'invoiced' or sm.delete_date is null)
left join resolved.address ss
    on ss.seller_id = l.seller_id and ss.address_id = l.subscriber_address_id and ss.is_newest
    and (l.side = 'invoiced' or ss.delete_date is null)
left join resolved.address px
    on px.seller_id = l.seller_id and px.address_id = l.payer_tax_address_id and px.is_newest
    and (l.side = 'invoiced' or px.delete_date is null)
left join resolved.address pb
    on pb.seller_id = l.seller_id and pb.address_id = l.billing_address_id and pb.is_newest
    and (l.side = 'invoiced' or pb.delete_date is null)
left join resolved.address pm
    on pm.seller_id = l.seller_id and pm.address_id = l.payer_mailing_address_id and pm.is_newest
    and (l.side = 'invoiced' or pm.delete_date is null)
left join resolved.address ps
    on ps.seller_id = l.seller_id and ps.address_id = l.payer_address_id and ps.is_newest
    and (l.side = 'invoiced' or ps.delete_date is null)
left join resolved.address rm
    on rm.seller_id = l.seller_id and rm.address_id = l.reseller_mailing_address_id
    and rm.is_newest and (l.side = 'invoiced' or rm.delete_date is null);

comment on view resolved.reported_line is
    'resolved.billing_line with buyer, payer, product, offer, agreement, reseller and manufacturer as of the buyer''s invoice, in the words of the seller reports.';

select resolved.describe_like('resolved.reported_line', array['resolved.billing_line'::regclass]);
comment on column resolved.reported_line.invoice_date is
    'Instant (UTC) of the buyer''s invoice.';
comment on column resolved.reported_line.payment_due_date is
    'Instant (UTC) by which the buyer should pay.';
comment on column resolved.reported_line.payment_term is
    'Whole days from invoice to payment_due_date: Net N days, 180+ above 180.';
comment on column resolved.reported_line.invoice_id is
    'Buyer''s invoice.';
comment on column resolved.reported_line.listing_fee_invoice_id is
    'Invoices of the listing fee, a comma list; Not applicable where there are none.';
comment on column resolved.reported_line.wholesale_invoice_id is
    'Wholesale invoices between reseller and manufacturer, a comma list; Not applicable where there are none.';
comment on column resolved.reported_line.seller_issued_invoice_id is
    'VAT invoices that the seller issued to AWS, a comma list; Not applicable where there are none.';
comment on column resolved.reported_line.seller_issued_invoice_variant is
    'Kinds of those invoices, a comma list; Not applicable where there are none.';
comment on column resolved.reported_line.subscriber_company_name is
    'Company that accepted the agreement.';
comment on column resolved.reported_line.subscriber_aws_account_id is
    'AWS account that accepted the agreement, 12 digits.';
comment on column resolved.reported_line.subscriber_encrypted_account_id is
    'The same as metering and entitlement services name it.';
comment on column resolved.reported_line.subscriber_email_domain is
    'Domain of the subscriber''s e-mail address.';
comment on column resolved.reported_line.subscriber_city is
    'Subscriber''s city.';
comment on column resolved.reported_line.subscriber_state_or_region is
    'Subscriber''s state or region.';
comment on column resolved.reported_line.subscriber_country is
    'Subscriber''s country, two letters.';
comment on column resolved.reported_line.subscriber_postal_code is
    'Subscriber''s postal code, as text.';
comment on column resolved.reported_line.subscriber_address_id is
    'Address that the subscriber''s columns are from (marketplace.address).';
comment on column resolved.reported_line.product_title is
    'Product title at that time.';
comment on column resolved.reported_line.offer_name is
    'Name of the offer at that time.';
comment on column resolved.reported_line.offer_id is
    'Offer.';
comment on column resolved.reported_line.offer_set_id is
    'Offer set that the offer came in.';
comment on column resolved.reported_line.offer_visibility is
    'Whom the offer is for: Public, Private, Program: and a name, GeoTargeted or Other Targeting.';
comment on column resolved.reported_line.agreement_id is
    'Agreement.';
comment on column resolved.reported_line.agreement_start_date is
    'Instant (UTC) from which the agreement runs; null for placeholder offers.';
comment on column resolved.reported_line.agreement_acceptance_date is
    'Instant (UTC) at which it was accepted; null for placeholder offers.';
comment on column resolved.reported_line.agreement_end_date is
    'Instant (UTC) at which it ends; null for placeholder offers.';
comment on column resolved.reported_line.accepted_term_types is
    'Types of the terms of the agreement''s revision, a comma list.';
comment on column resolved.reported_line.usage_period_start_date is
    'First instant (UTC) of the billed period.';
comment on column resolved.reported_line.usage_period_end_date is
    'Last second (UTC) of the billed period.';
comment on column resolved.reported_line.disbursement_status is
    'Not disbursed, Disbursed, Partially disbursed, Disbursement reversed or Failed.';
comment on column resolved.reported_line.transaction_reference_id is
    'Common to the invoices of one sale.';
comment on column resolved.reported_line.aws_seller_of_record is
    'AWS entity that ran the sale.';
comment on column resolved.reported_line.resale_authorization_id is
    'Resale authorisation (opportunity) of the offer.';
comment on column resolved.reported_line.resale_authorization_name is
    'Its name.';
comment on column resolved.reported_line.resale_authorization_description is
    'Its description.';
comment on column resolved.reported_line.reseller_company_name is
    'Reseller, where the recipient of the data is not the seller of record.';
comment on column resolved.reported_line.reseller_aws_account_id is
    'Reseller''s AWS account, 12 digits.';
comment on column resolved.reported_line.payer_company_name is
    'Company that pays.';
comment on column resolved.reported_line.payer_aws_account_id is
    'AWS account that pays, 12 digits.';
comment on column resolved.reported_line.payer_encrypted_account_id is
    'The same as metering and entitlement services name it.';
comment on column resolved.reported_line.payer_email_domain is
    'Domain of the payer''s e-mail address.';
comment on column resolved.reported_line.payer_city is
    'Payer''s city.';
comment on column resolved.reported_line.payer_state is
    'Payer''s state or region.';
comment on column resolved.reported_line.payer_country is
    'Payer''s country, two letters.';
comment on column resolved.reported_line.payer_postal_code is
    'Payer''s postal code, as text.';
comment on column resolved.reported_line.payer_address_id is
    'Address that the payer''s columns are from (marketplace.address).';
comment on column resolved.reported_line.isv_account_id is
    'Manufacturer''s AWS account, 12 digits.';
comment on column resolved.reported_line.isv_company_name is
    'Manufacturer.';
comment on column resolved.reported_line.product_id is
    'Product: its legacy id if it has one.';
