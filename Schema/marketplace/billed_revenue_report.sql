-- What was invoiced for each line of a buyer's invoice, and what became of it.

create or replace view marketplace.billed_revenue_report as
select
    invoice_date,
    payment_due_date,
    payment_term,
    invoice_id,
    listing_fee_invoice_id,
    wholesale_invoice_id,
    seller_issued_invoice_id,
    seller_issued_invoice_variant,
    subscriber_company_name,
    subscriber_aws_account_id,
    subscriber_encrypted_account_id,
    subscriber_email_domain,
    subscriber_city,
    subscriber_state_or_region,
    subscriber_country,
    subscriber_postal_code,
    subscriber_address_id,
    product_title,
    offer_name,
    offer_id,
    offer_set_id,
    offer_visibility,
    agreement_id,
    agreement_start_date,
    agreement_acceptance_date,
    agreement_end_date,
    accepted_term_types,
    catalog,
    usage_period_start_date,
    usage_period_end_date,
    disbursement_status,
    disbursement_date,
    case when last_disbursement_id is null then 'Not applicable'
        else coalesce(bank_trace_ids, 'Not available') end as disburse_bank_trace_id,
    case when last_disbursement_id is null then 'Not applicable'
        else coalesce(nullif(disbursement_reference_numbers, ''), 'Not available') end
            as disbursement_reference_number,
    round(gross_revenue, 2) as gross_revenue,
    round(gross_refund, 2) as gross_refund,
    round(listing_fee, 2) as listing_fee,
    round(listing_fee_refund, 2) as listing_fee_refund,
    coalesce(
        trunc(round(abs((listing_fee + listing_fee_refund)
            / nullif(gross_revenue + gross_refund, 0)), 6), 4),
        0) as listing_fee_percentage,
    round(seller_tax_share, 2) as seller_tax_share,
    round(seller_tax_share_refund, 2) as seller_tax_share_refund,
    round(aws_tax_share, 2) as aws_tax_share,
    round(aws_tax_share_refund, 2) as aws_tax_share_refund,
    round(aws_tax_share_listing_fee, 2) as aws_tax_share_listing_fee,
    round(aws_tax_share_refund_listing_fee, 2) as aws_tax_share_refund_listing_fee,
    round(wholesale_cost, 2) as wholesale_cost,
    round(wholesale_cost_refund, 2) as wholesale_cost_refund,
    round(wholesale_seller_tax_share, 2) as wholesale_seller_tax_share,
    round(wholesale_seller_tax_share_refund, 2) as wholesale_seller_tax_share_refund,
    round(wholesale_other_seller_tax_share, 2) as wholesale_other_seller_tax_share,
    round(wholesale_other_seller_tax_share_refund, 2) as wholesale_other_seller_tax_share_refund,
    round(wholesale_aws_tax_share, 2) as wholesale_aws_tax_share,
    round(wholesale_aws_tax_share_refund, 2) as wholesale_aws_tax_share_refund,
    round(net, 2) as seller_net_revenue,
    round(collected, 2) as collected_net_revenue,
    round(net - collected, 2) as uncollected_net_revenue,
    last_collection_date,
    currency,
    transaction_reference_id,
    aws_seller_of_record,
    resale_authorization_id,
    resale_authorization_name,
    resale_authorization_description,
    reseller_company_name,
    reseller_aws_account_id,
    payer_company_name,
    payer_aws_account_id,
    payer_encrypted_account_id,
    payer_email_domain,
    payer_city,
    payer_state,
    payer_country,
    payer_postal_code,
    payer_address_id,
    isv_account_id,
    isv_company_name,
    product_id,
    round(disbursed, 2) as disbursed_net_revenue,
    round(undisbursed, 2) as undisbursed_net_revenue,
    line as silent_internal_report_transaction,
    seller_id
from resolved.reported_line
where side = 'invoiced';

comment on view marketplace.billed_revenue_report is
    'The billed revenue report as AWS Marketplace defines it: one row per line of a buyer''s invoice and currency, with the totals that were invoiced, in pricing currency, from the seller''s side (costs and fees negative). AWS shows invoice_date of the last 90 days. Where entries of one line disagree in agreement, product or period there are several rows, each with the line''s totals: sum over distinct silent_internal_report_transaction then.';
comment on column marketplace.billed_revenue_report.invoice_date is
    'Instant (UTC) of the buyer''s invoice.';
comment on column marketplace.billed_revenue_report.payment_due_date is
    'Instant (UTC) by which the buyer should pay.';
comment on column marketplace.billed_revenue_report.payment_term is
    'Whole days from invoice to payment_due_date: Net N days, 180+ above 180.';
comment on column marketplace.billed_revenue_report.invoice_id is
    'Buyer''s invoice.';
comment on column marketplace.billed_revenue_report.listing_fee_invoice_id is
    'Invoices of the listing fee, a comma list; Not applicable where there are none.';
comment on column marketplace.billed_revenue_report.wholesale_invoice_id is
    'Wholesale invoices between reseller and manufacturer, a comma list; Not applicable where there are none.';
comment on column marketplace.billed_revenue_report.seller_issued_invoice_id is
    'VAT invoices that the seller issued to AWS, a comma list; Not applicable where there are none.';
comment on column marketplace.billed_revenue_report.seller_issued_invoice_variant is
    'Kinds of those invoices, a comma list; Not applicable where there are none.';
comment on column marketplace.billed_revenue_report.subscriber_company_name is
    'Company that accepted the agreement.';
comment on column marketplace.billed_revenue_report.subscriber_aws_account_id is
    'AWS account that accepted the agreement, 12 digits.';
comment on column marketplace.billed_revenue_report.subscriber_encrypted_account_id is
    'The same as metering and entitlement services name it.';
comment on column marketplace.billed_revenue_report.subscriber_email_domain is
    'Domain of the subscriber''s e-mail address.';
comment on column marketplace.billed_revenue_report.subscriber_city is
    'Subscriber''s city.';
comment on column marketplace.billed_revenue_report.subscriber_state_or_region is
    'Subscriber''s state or region.';
comment on column marketplace.billed_revenue_report.subscriber_country is
    'Subscriber''s country, two letters.';
comment on column marketplace.billed_revenue_report.subscriber_postal_code is
    'Subscriber''s postal code, as text.';
comment on column marketplace.billed_revenue_report.subscriber_address_id is
    'Address that the subscriber''s columns are from (marketplace.address).';
comment on column marketplace.billed_revenue_report.product_title is
    'Product title at that time.';
comment on column marketplace.billed_revenue_report.offer_name is
    'Name of the offer at that time.';
comment on column marketplace.billed_revenue_report.offer_id is
    'Offer.';
comment on column marketplace.billed_revenue_report.offer_set_id is
    'Offer set that the offer came in.';
comment on column marketplace.billed_revenue_report.offer_visibility is
    'Whom the offer is for: Public, Private, Program: and a name, GeoTargeted or Other Targeting.';
comment on column marketplace.billed_revenue_report.agreement_id is
    'Agreement.';
comment on column marketplace.billed_revenue_report.agreement_start_date is
    'Instant (UTC) from which the agreement runs; null for placeholder offers.';
comment on column marketplace.billed_revenue_report.agreement_acceptance_date is
    'Instant (UTC) at which it was accepted; null for placeholder offers.';
comment on column marketplace.billed_revenue_report.agreement_end_date is
    'Instant (UTC) at which it ends; null for placeholder offers.';
comment on column marketplace.billed_revenue_report.accepted_term_types is
    'Types of the terms of the agreement''s revision, a comma list.';
comment on column marketplace.billed_revenue_report.catalog is
    'Marketplace catalogue.';
comment on column marketplace.billed_revenue_report.usage_period_start_date is
    'First instant (UTC) of the billed period.';
comment on column marketplace.billed_revenue_report.usage_period_end_date is
    'Last second (UTC) of the billed period.';
comment on column marketplace.billed_revenue_report.disbursement_status is
    'Not disbursed, Disbursed, Partially disbursed, Disbursement reversed or Failed.';
comment on column marketplace.billed_revenue_report.disbursement_date is
    'Instant (UTC) of the line''s last payout.';
comment on column marketplace.billed_revenue_report.disburse_bank_trace_id is
    'Bank''s trace numbers of the line''s payouts, a comma list; Not applicable before the first.';
comment on column marketplace.billed_revenue_report.disbursement_reference_number is
    'AWS''s reference numbers of those payouts, a comma list; Not applicable before the first.';
comment on column marketplace.billed_revenue_report.gross_revenue is
    'Price of the sale.';
comment on column marketplace.billed_revenue_report.gross_refund is
    'Refunds and credits of it.';
comment on column marketplace.billed_revenue_report.listing_fee is
    'AWS''s listing fee.';
comment on column marketplace.billed_revenue_report.listing_fee_refund is
    'Refunds and credits of it.';
comment on column marketplace.billed_revenue_report.listing_fee_percentage is
    'Listing fee as a fraction of revenue, both after refunds: 0.03 is 3 percent.';
comment on column marketplace.billed_revenue_report.seller_tax_share is
    'Tax on the sale that the seller remits.';
comment on column marketplace.billed_revenue_report.seller_tax_share_refund is
    'Refunds of it.';
comment on column marketplace.billed_revenue_report.aws_tax_share is
    'Tax on the sale that AWS remits.';
comment on column marketplace.billed_revenue_report.aws_tax_share_refund is
    'Refunds of it.';
comment on column marketplace.billed_revenue_report.aws_tax_share_listing_fee is
    'Tax on the listing fee that AWS remits.';
comment on column marketplace.billed_revenue_report.aws_tax_share_refund_listing_fee is
    'Refunds of it.';
comment on column marketplace.billed_revenue_report.wholesale_cost is
    'What a reseller owes the manufacturer.';
comment on column marketplace.billed_revenue_report.wholesale_cost_refund is
    'Refunds and credits of it.';
comment on column marketplace.billed_revenue_report.wholesale_seller_tax_share is
    'Tax on the wholesale invoice that the seller remits.';
comment on column marketplace.billed_revenue_report.wholesale_seller_tax_share_refund is
    'Refunds of it.';
comment on column marketplace.billed_revenue_report.wholesale_other_seller_tax_share is
    'Tax on the wholesale invoice that the other seller remits.';
comment on column marketplace.billed_revenue_report.wholesale_other_seller_tax_share_refund is
    'Refunds of it.';
comment on column marketplace.billed_revenue_report.wholesale_aws_tax_share is
    'Tax on the wholesale invoice that AWS remits.';
comment on column marketplace.billed_revenue_report.wholesale_aws_tax_share_refund is
    'Refunds of it.';
comment on column marketplace.billed_revenue_report.seller_net_revenue is
    'What comes to the seller, taxes that count included.';
comment on column marketplace.billed_revenue_report.collected_net_revenue is
    'What of it came in from the buyer.';
comment on column marketplace.billed_revenue_report.uncollected_net_revenue is
    'What of it is still to come in.';
comment on column marketplace.billed_revenue_report.last_collection_date is
    'Instant (UTC) at which money last came in from the buyer.';
comment on column marketplace.billed_revenue_report.currency is
    'Currency code of all amounts of the row. Never sum over several.';
comment on column marketplace.billed_revenue_report.transaction_reference_id is
    'Common to the invoices of one sale.';
comment on column marketplace.billed_revenue_report.aws_seller_of_record is
    'AWS entity that ran the sale.';
comment on column marketplace.billed_revenue_report.resale_authorization_id is
    'Resale authorisation (opportunity) of the offer.';
comment on column marketplace.billed_revenue_report.resale_authorization_name is
    'Its name.';
comment on column marketplace.billed_revenue_report.resale_authorization_description is
    'Its description.';
comment on column marketplace.billed_revenue_report.reseller_company_name is
    'Reseller, where the recipient of the data is not the seller of record.';
comment on column marketplace.billed_revenue_report.reseller_aws_account_id is
    'Reseller''s AWS account, 12 digits.';
comment on column marketplace.billed_revenue_report.payer_company_name is
    'Company that pays.';
comment on column marketplace.billed_revenue_report.payer_aws_account_id is
    'AWS account that pays, 12 digits.';
comment on column marketplace.billed_revenue_report.payer_encrypted_account_id is
    'The same as metering and entitlement services name it.';
comment on column marketplace.billed_revenue_report.payer_email_domain is
    'Domain of the payer''s e-mail address.';
comment on column marketplace.billed_revenue_report.payer_city is
    'Payer''s city.';
comment on column marketplace.billed_revenue_report.payer_state is
    'Payer''s state or region.';
comment on column marketplace.billed_revenue_report.payer_country is
    'Payer''s country, two letters.';
comment on column marketplace.billed_revenue_report.payer_postal_code is
    'Payer''s postal code, as text.';
comment on column marketplace.billed_revenue_report.payer_address_id is
    'Address that the payer''s columns are from (marketplace.address).';
comment on column marketplace.billed_revenue_report.isv_account_id is
    'Manufacturer''s AWS account, 12 digits.';
comment on column marketplace.billed_revenue_report.isv_company_name is
    'Manufacturer.';
comment on column marketplace.billed_revenue_report.product_id is
    'Product: its legacy id if it has one.';
comment on column marketplace.billed_revenue_report.disbursed_net_revenue is
    'What was paid out.';
comment on column marketplace.billed_revenue_report.undisbursed_net_revenue is
    'What is still to be paid out.';
comment on column marketplace.billed_revenue_report.silent_internal_report_transaction is
    'The buyer invoice''s line with its currencies.';
comment on column marketplace.billed_revenue_report.seller_id is
    'The seller (ingest.seller).';
