-- US sales and use tax of a month, by transaction and authority.
-- A data set of the Commerce Analytics Service.

create table if not exists cas.us_sales_and_use_tax_records (
    seller_id                                integer not null,
    version_id                               bigint  not null,
    line                                     bigint  not null,
    line_item_id                             text,
    customer_bill_id                         text,
    product_name                             text,
    product_code                             text,
    product_tax_code                         text,
    seller_of_record_id                      text,
    seller_name                              text,
    transaction_date                         date,
    total_adjusted_price                     numeric,
    total_tax                                numeric,
    base_currency_code                       text,
    bill_to_city                             text,
    bill_to_state                            text,
    bill_to_postal_code                      text,
    bill_to_country                          text,
    transaction_type_code                    text,
    display_price_taxability_type            text,
    tax_location_code_taxed_jurisdiction     text,
    tax_type_code                            text,
    jurisdiction_level                       text,
    taxed_jurisdiction                       text,
    taxable_sale_amount                      numeric,
    nontaxable_sale_amount                   numeric,
    tax_amount                               numeric,
    tax_jurisdiction_tax_rate                numeric,
    tax_calculation_reason_code              text,
    date_used_for_tax_calculation            date,
    customer_exemption_certificate_id        text,
    customer_exemption_certificate_id_domain text,
    customer_exemption_certificate_level     text,
    customer_exemption_code                  text,
    customer_exemption_domain                text,
    customer_reference_id                    text,
    transaction_reference_id                 text,
    payer_reference_id                       text,
    tax_liable_party                         text,
    extra                                    jsonb,
    constraint us_sales_and_use_tax_records_pkey primary key (seller_id, version_id, line)
);

comment on table cas.us_sales_and_use_tax_records is
    'One row is the tax of one US authority on one transaction, from the CAS data set '
    'us_sales_and_use_tax_records. The file is made on the 15th and covers the calendar month '
    'before. Price and total tax of the transaction repeat on the row of each authority: sum '
    'tax_amount, never total_tax. Its page is gone from AWS''s guide; sdds.tax_item is the '
    'successor: compare, never add. Rows have no key: two equal rows are two facts. A file asked '
    'for again replaces its earlier rows as a whole. Any column may be missing from a file.';

comment on column cas.us_sales_and_use_tax_records.seller_id is
    'Seller whose bucket held the file (ingest.seller).';
comment on column cas.us_sales_and_use_tax_records.version_id is
    'Version of the file from which the row was first read; leads to bucket, key and ETag.';
comment on column cas.us_sales_and_use_tax_records.line is
    'Number of the record in that version; 1 is the first after the header.';
comment on column cas.us_sales_and_use_tax_records.line_item_id is
    'Line of the bill, 20 digits and more, so text; a refund has that of its original.';
comment on column cas.us_sales_and_use_tax_records.customer_bill_id is
    'Bill that a buyer can quote; 19 digits and more, so text.';
comment on column cas.us_sales_and_use_tax_records.product_name is
    'Title of the product.';
comment on column cas.us_sales_and_use_tax_records.product_code is
    'Product code (sdds.product.product_code).';
comment on column cas.us_sales_and_use_tax_records.product_tax_code is
    'Tax code that the seller chose for the product.';
comment on column cas.us_sales_and_use_tax_records.seller_of_record_id is
    'Id of the seller of record, as delivered under the title Seller ID; seller_id is ours.';
comment on column cas.us_sales_and_use_tax_records.seller_name is
    'Legal name of the seller of record.';
comment on column cas.us_sales_and_use_tax_records.transaction_date is
    'Day of the transaction.';
comment on column cas.us_sales_and_use_tax_records.total_adjusted_price is
    'Final price of the transaction in base_currency_code; repeats on the row of each authority.';
comment on column cas.us_sales_and_use_tax_records.total_tax is
    'Tax of the whole transaction in base_currency_code; repeats on the row of each authority.';
comment on column cas.us_sales_and_use_tax_records.base_currency_code is
    'Currency code of the amounts; USD.';
comment on column cas.us_sales_and_use_tax_records.bill_to_city is
    'City of the payer.';
comment on column cas.us_sales_and_use_tax_records.bill_to_state is
    'State of the payer.';
comment on column cas.us_sales_and_use_tax_records.bill_to_postal_code is
    'Postal code of the payer, as text.';
comment on column cas.us_sales_and_use_tax_records.bill_to_country is
    'ISO country of the payer.';
comment on column cas.us_sales_and_use_tax_records.transaction_type_code is
    'AWS (a sale), REFUND, or TAXONLYREFUND (tax given back and the price not). New values are '
    'possible.';
comment on column cas.us_sales_and_use_tax_records.display_price_taxability_type is
    'Whether shown prices include the tax; Exclusive on the Marketplace.';
comment on column cas.us_sales_and_use_tax_records.tax_location_code_taxed_jurisdiction is
    'Vertex geocode of the place that is taxed, as text.';
comment on column cas.us_sales_and_use_tax_records.tax_type_code is
    'Kind of tax; the published values None, Sales and SellerUse are those of the US, others '
    'come from abroad.';
comment on column cas.us_sales_and_use_tax_records.jurisdiction_level is
    'Level of the taxing authority: State, County, City or District in the US, others abroad.';
comment on column cas.us_sales_and_use_tax_records.taxed_jurisdiction is
    'Name of the area of that authority.';
comment on column cas.us_sales_and_use_tax_records.taxable_sale_amount is
    'Part of the price that this authority taxes, in base_currency_code.';
comment on column cas.us_sales_and_use_tax_records.nontaxable_sale_amount is
    'Part of the price that it does not tax, in base_currency_code.';
comment on column cas.us_sales_and_use_tax_records.tax_amount is
    'Tax of this authority in base_currency_code.';
comment on column cas.us_sales_and_use_tax_records.tax_jurisdiction_tax_rate is
    'Rate of this authority as a fraction: 0.065 is 6.5 percent.';
comment on column cas.us_sales_and_use_tax_records.tax_calculation_reason_code is
    'Why the line is taxed or not: Taxable, NonTaxable, Exempt, or zero-rated in an unpublished '
    'spelling.';
comment on column cas.us_sales_and_use_tax_records.date_used_for_tax_calculation is
    'Day whose tax rules apply.';
comment on column cas.us_sales_and_use_tax_records.customer_exemption_certificate_id is
    'Certificate that exempts the customer from the tax.';
comment on column cas.us_sales_and_use_tax_records.customer_exemption_certificate_id_domain is
    'Where Amazon keeps that certificate.';
comment on column cas.us_sales_and_use_tax_records.customer_exemption_certificate_level is
    'Level that granted the exemption.';
comment on column cas.us_sales_and_use_tax_records.customer_exemption_code is
    'Reason of the exemption, such as RESALE.';
comment on column cas.us_sales_and_use_tax_records.customer_exemption_domain is
    'System of Amazon that holds the exemption.';
comment on column cas.us_sales_and_use_tax_records.customer_reference_id is
    'Opaque id of the subscriber, common to the CAS sets; AWS withdraws it on 2027-03-31.';
comment on column cas.us_sales_and_use_tax_records.transaction_reference_id is
    'Reference of the transaction (sdds.billing_event.transaction_reference_id).';
comment on column cas.us_sales_and_use_tax_records.payer_reference_id is
    'Opaque id of the payer, the same in all CAS financial sets.';
comment on column cas.us_sales_and_use_tax_records.tax_liable_party is
    'Who has to remit the tax: AWS or Seller; null when none was collected.';
comment on column cas.us_sales_and_use_tax_records.extra is
    'Columns of the file that this table does not have, as a JSON object of header to text; null '
    'when there are none.';

insert into ingest.feed (
    feed, table_schema, table_name, kind, title, key_pattern, business_key, totals, cadence
)
values (
    'cas.us_sales_and_use_tax_records', 'cas', 'us_sales_and_use_tax_records', 'snapshot',
    'CAS: US sales and use tax',
    '^(.+/)?us_sales_and_use_tax_records_[0-9]{4}-[0-9]{2}-[0-9]{2}[.]csv([.]gz)?$',
    '{}',
    array['tax_amount/base_currency_code', 'taxable_sale_amount/base_currency_code'],
    'monthly'
)
on conflict (feed) do update set
    table_schema = excluded.table_schema,
    table_name   = excluded.table_name,
    kind         = excluded.kind,
    title        = excluded.title,
    key_pattern  = excluded.key_pattern,
    business_key = excluded.business_key,
    totals       = excluded.totals,
    cadence      = excluded.cadence;

insert into ingest.alias (feed, header, column_name)
values
    ('cas.us_sales_and_use_tax_records', 'seller_id', 'seller_of_record_id')
on conflict (feed, header) do update set column_name = excluded.column_name;
