-- Tax per invoice line and authority.

create or replace view marketplace.taxation_report as
select
    t.invoice_id,
    t.line_item_id,
    t.customer_bill_id,
    t.tax_liable_party,
    t.transaction_type_code,
    t.product_id,
    p.title as product_title,
    t.product_tax_code,
    t.invoice_date,
    resolved.aws_account(a.aws_account_id) as taxed_customer_account_id,
    t.taxed_customer_country,
    t.taxed_customer_state_or_region,
    t.taxed_customer_city,
    t.taxed_customer_postal_code,
    t.tax_type_code as tax_type,
    t.jurisdiction_level,
    t.taxed_jurisdiction,
    t.display_price_taxability_type,
    t.tax_jurisdiction_rate,
    t.tax_amount,
    t.tax_currency,
    t.tax_calculation_reason_code,
    to_char(t.date_used_for_tax_calculation at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')
        as date_used_for_tax_calculation,
    coalesce(t.customer_exemption_certificate_id, 'Not exempt')
        as customer_exemption_certificate_id,
    coalesce(t.customer_exemption_certificate_id_domain, 'Not exempt')
        as customer_exemption_certificate_id_domain,
    coalesce(t.customer_exemption_certificate_level, 'Not exempt')
        as customer_exemption_certificate_level,
    coalesce(t.customer_exemption_code, 'Not exempt') as customer_exemption_code,
    t.transaction_reference_id,
    t.seller_id
from resolved.tax_item t
left join resolved.product p
    on p.seller_id = t.seller_id and p.product_id = t.product_id
    and t.invoice_date >= p.holds_from and t.invoice_date < p.valid_to
left join resolved.account a
    on a.seller_id = t.seller_id and a.account_id = t.taxed_customer_account_id
    and t.invoice_date >= a.holds_from and t.invoice_date < a.valid_to
where t.delete_date is null;

comment on view marketplace.taxation_report is
    'The taxation report as AWS Marketplace defines it: one row per tax of one authority on one invoice line. AWS shows invoice_date of the last 90 days. Two versions of an item with another valid_from are two rows.';
comment on column marketplace.taxation_report.invoice_id is
    'AWS invoice.';
comment on column marketplace.taxation_report.line_item_id is
    'Line of the bill; a refund has that of its original.';
comment on column marketplace.taxation_report.customer_bill_id is
    'Bill that a buyer can quote.';
comment on column marketplace.taxation_report.tax_liable_party is
    'Who remits the tax: AWS or Seller; null when none was collected.';
comment on column marketplace.taxation_report.transaction_type_code is
    'AWS (a sale), REFUND or TAXONLYREFUND.';
comment on column marketplace.taxation_report.product_id is
    'Product.';
comment on column marketplace.taxation_report.product_title is
    'Product title at invoice_date.';
comment on column marketplace.taxation_report.product_tax_code is
    'Tax code that the seller chose.';
comment on column marketplace.taxation_report.invoice_date is
    'Instant (UTC) of the invoice.';
comment on column marketplace.taxation_report.taxed_customer_account_id is
    'AWS account of the taxed customer, 12 digits.';
comment on column marketplace.taxation_report.taxed_customer_country is
    'Country that the tax was worked out for.';
comment on column marketplace.taxation_report.taxed_customer_state_or_region is
    'State or region that the tax was worked out for.';
comment on column marketplace.taxation_report.taxed_customer_city is
    'City that the tax was worked out for.';
comment on column marketplace.taxation_report.taxed_customer_postal_code is
    'Postal code that the tax was worked out for.';
comment on column marketplace.taxation_report.tax_type is
    'Kind of tax.';
comment on column marketplace.taxation_report.jurisdiction_level is
    'Level of the authority: State, County, City or District in the US.';
comment on column marketplace.taxation_report.taxed_jurisdiction is
    'Area of the authority.';
comment on column marketplace.taxation_report.display_price_taxability_type is
    'Whether shown prices include the tax.';
comment on column marketplace.taxation_report.tax_jurisdiction_rate is
    'Rate as a fraction.';
comment on column marketplace.taxation_report.tax_amount is
    'Tax of this authority; negative on refunds.';
comment on column marketplace.taxation_report.tax_currency is
    'Currency code of tax_amount. Never sum over several.';
comment on column marketplace.taxation_report.tax_calculation_reason_code is
    'Why it is taxed or not.';
comment on column marketplace.taxation_report.date_used_for_tax_calculation is
    'Instant (UTC) whose tax rules apply, as text in the feed''s form.';
comment on column marketplace.taxation_report.customer_exemption_certificate_id is
    'Certificate that exempts the customer; Not exempt without one.';
comment on column marketplace.taxation_report.customer_exemption_certificate_id_domain is
    'Where Amazon keeps it; Not exempt without one.';
comment on column marketplace.taxation_report.customer_exemption_certificate_level is
    'Level that granted it; Not exempt without one.';
comment on column marketplace.taxation_report.customer_exemption_code is
    'Reason of the exemption; Not exempt without one.';
comment on column marketplace.taxation_report.transaction_reference_id is
    'Common to the related lines of a sale.';
comment on column marketplace.taxation_report.seller_id is
    'The seller (ingest.seller).';
