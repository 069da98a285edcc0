-- One row per tax line: a tax of one authority on one invoice line.

create table if not exists sdds.tax_item (
    seller_id                                integer     not null,
    version_id                               bigint      not null,
    line                                     bigint      not null,
    tax_item_id                              text        not null,
    invoice_id                               text,
    line_item_id                             text,
    customer_bill_id                         text,
    tax_liable_party                         text,
    transaction_type_code                    text,
    product_id                               text,
    product_tax_code                         text,
    invoice_date                             timestamptz,
    taxed_customer_account_id                text,
    taxed_customer_country                   text,
    taxed_customer_state_or_region           text,
    taxed_customer_city                      text,
    taxed_customer_postal_code               text,
    tax_location_code_taxed_jurisdiction     text,
    tax_type_code                            text,
    jurisdiction_level                       text,
    taxed_jurisdiction                       text,
    display_price_taxability_type            text,
    taxable_amount                           numeric,
    nontaxable_amount                        numeric,
    tax_jurisdiction_rate                    numeric,
    tax_amount                               numeric,
    tax_currency                             text,
    tax_calculation_reason_code              text,
    date_used_for_tax_calculation            timestamptz,
    customer_exemption_certificate_id        text,
    customer_exemption_certificate_id_domain text,
    customer_exemption_certificate_level     text,
    customer_exemption_code                  text,
    customer_exemption_domain                text,
    transaction_reference_id                 text,
    legal_amount                             numeric,
    legal_currency                           text,
    tax_invoice_id                           text,
    tax_invoice_date                         timestamptz,
    valid_from                               timestamptz not null,
    insert_date                              timestamptz,
    update_date                              timestamptz not null,
    delete_date                              timestamptz,
    extra                                    jsonb,
    constraint tax_item_pkey primary key (seller_id, version_id, line)
);

comment on table sdds.tax_item is
    'One row is the tax of one authority on one invoice line, as delivered by the seller data '
    'feed TaxItemFeed_V1. The business key is tax_item_id; AWS says that lines do not change, '
    'but a correction can come as a second row with a newer update_date. '
    'transaction_reference_id leads to the tax shares in sdds.billing_event, whose sum they '
    'explain; foreign taxes before August 2021 may have no lines. A line of the same sale '
    'appears once per authority. Loaded by append: rows that a later file lacks stay.';

comment on column sdds.tax_item.seller_id is
    'Seller whose bucket held the file (ingest.seller).';
comment on column sdds.tax_item.version_id is
    'Version of the file from which the row was first read; leads to bucket, key and ETag.';
comment on column sdds.tax_item.line is
    'Number of the record in that version; 1 is the first after the header.';
comment on column sdds.tax_item.tax_item_id is
    'Key of the tax line.';
comment on column sdds.tax_item.invoice_id is
    'AWS invoice number, kept as text; with product_id it leads to sdds.billing_event.';
comment on column sdds.tax_item.line_item_id is
    'Line of the bill, 20 digits and more, so text; a refund has that of its original.';
comment on column sdds.tax_item.customer_bill_id is
    'Bill that a buyer can quote; 19 digits and more, so text.';
comment on column sdds.tax_item.tax_liable_party is
    'Who has to remit the tax: AWS or Seller; null when none was collected.';
comment on column sdds.tax_item.transaction_type_code is
    'AWS (a sale), REFUND, or TAXONLYREFUND (tax given back and the price not). New values are '
    'possible.';
comment on column sdds.tax_item.product_id is
    'Product that is taxed (sdds.product).';
comment on column sdds.tax_item.product_tax_code is
    'Tax code that the seller chose for the product.';
comment on column sdds.tax_item.invoice_date is
    'Instant (UTC) at which the invoice was made.';
comment on column sdds.tax_item.taxed_customer_account_id is
    'Account key (GUID) of the taxed party. Join sdds.account.';
comment on column sdds.tax_item.taxed_customer_country is
    'ISO country that the tax was worked out for.';
comment on column sdds.tax_item.taxed_customer_state_or_region is
    'State or region that the tax was worked out for.';
comment on column sdds.tax_item.taxed_customer_city is
    'City that the tax was worked out for.';
comment on column sdds.tax_item.taxed_customer_postal_code is
    'Postal code that the tax was worked out for, as text.';
comment on column sdds.tax_item.tax_location_code_taxed_jurisdiction is
    'Vertex geocode of the place that is taxed, as text.';
comment on column sdds.tax_item.tax_type_code is
    'Kind of tax; the published values None, Sales and SellerUse are those of the US, others '
    'come from abroad.';
comment on column sdds.tax_item.jurisdiction_level is
    'Level of the taxing authority: State, County, City or District in the US, others abroad.';
comment on column sdds.tax_item.taxed_jurisdiction is
    'Name of the area of that authority.';
comment on column sdds.tax_item.display_price_taxability_type is
    'Whether shown prices include the tax; Exclusive on the Marketplace.';
comment on column sdds.tax_item.taxable_amount is
    'Part of the price that this authority taxes, in tax_currency; negative on refunds.';
comment on column sdds.tax_item.nontaxable_amount is
    'Part of the price that it does not tax, in tax_currency.';
comment on column sdds.tax_item.tax_jurisdiction_rate is
    'Rate of this authority as a fraction: 0.065 is 6.5 percent.';
comment on column sdds.tax_item.tax_amount is
    'Tax of this authority in tax_currency; negative on refunds.';
comment on column sdds.tax_item.tax_currency is
    'Currency code of the amounts.';
comment on column sdds.tax_item.tax_calculation_reason_code is
    'Why the line is taxed or not: Taxable, NonTaxable, Exempt, or zero-rated in an unpublished '
    'spelling.';
comment on column sdds.tax_item.date_used_for_tax_calculation is
    'Instant (UTC) whose tax rules apply.';
comment on column sdds.tax_item.customer_exemption_certificate_id is
    'Certificate that exempts the customer from the tax.';
comment on column sdds.tax_item.customer_exemption_certificate_id_domain is
    'Where Amazon keeps that certificate.';
comment on column sdds.tax_item.customer_exemption_certificate_level is
    'Level that granted the exemption.';
comment on column sdds.tax_item.customer_exemption_code is
    'Reason of the exemption, such as RESALE.';
comment on column sdds.tax_item.customer_exemption_domain is
    'System of Amazon that holds the exemption.';
comment on column sdds.tax_item.transaction_reference_id is
    'Common to the related lines of a sale (sdds.billing_event.transaction_reference_id).';
comment on column sdds.tax_item.legal_amount is
    'Tax in the currency that the law asks for, legal_currency.';
comment on column sdds.tax_item.legal_currency is
    'Currency code of legal_amount.';
comment on column sdds.tax_item.tax_invoice_id is
    'Tax invoice of its own where price and tax are invoiced apart; null elsewhere.';
comment on column sdds.tax_item.tax_invoice_date is
    'Instant (UTC) of that tax invoice; null elsewhere.';
comment on column sdds.tax_item.valid_from is
    'Instant (UTC) from which this version holds. A later instant is a real change and leaves '
    'earlier versions true.';
comment on column sdds.tax_item.insert_date is
    'Instant (UTC) at which the row first appeared in the feed. Breaks ties of update_date.';
comment on column sdds.tax_item.update_date is
    'Instant (UTC) at which this row was written. The newest one replaces the others of the same '
    'key and valid_from.';
comment on column sdds.tax_item.delete_date is
    'Instant (UTC) of a soft delete; null while the row stands. Rows that have it no longer '
    'count.';
comment on column sdds.tax_item.extra is
    'Columns of the file that this table does not have, as a JSON object of header to text; null '
    'when there are none.';

insert into ingest.feed (
    feed, table_schema, table_name, kind, title, key_pattern, business_key, totals, cadence
)
values (
    'sdds.tax_item', 'sdds', 'tax_item', 'log',
    'Tax items',
    '(?i)^(.+/)?TaxItemFeed_V1/year=[0-9]{4}/month=[0-9]{2}/data[.]csv([.]gz)?$',
    array['tax_item_id', 'valid_from', 'update_date'],
    array['tax_amount/tax_currency', 'legal_amount/legal_currency'],
    'daily'
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
    ('sdds.tax_item', 'tax_jurisdication_rate', 'tax_jurisdiction_rate')
on conflict (feed, header) do update set column_name = excluded.column_name;
