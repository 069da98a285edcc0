-- Revenue billed in a month by transaction, for paying sales people.
-- A data set of the Commerce Analytics Service.

create table if not exists cas.sales_compensation_billed_revenue (
    seller_id                   integer not null,
    version_id                  bigint  not null,
    line                        bigint  not null,
    customer_aws_account_number text,
    country                     text,
    state                       text,
    city                        text,
    zip_code                    text,
    email_domain                text,
    product_code                text,
    product_title               text,
    gross_revenue               numeric,
    aws_revenue_share           numeric,
    gross_refunds               numeric,
    aws_refunds_share           numeric,
    net_revenue                 numeric,
    currency                    text,
    ar_period                   text,
    transaction_reference_id    text,
    opportunity_name            text,
    opportunity_description     text,
    solution_title              text,
    solution_id                 text,
    payer_reference_id          text,
    payer_address_id            text,
    extra                       jsonb,
    constraint sales_compensation_billed_revenue_pkey primary key (seller_id, version_id, line)
);

comment on table cas.sales_compensation_billed_revenue is
    'One row is what one transaction billed a customer for a product, usage and up-front charges '
    'alike, from the CAS data set sales_compensation_billed_revenue. The file is made on the '
    '15th and covers the calendar month before. Rows have no key: two equal rows are two facts. '
    'A file asked for again replaces its earlier rows as a whole. AWS announced its end for '
    '2024-08-30 and still offers it to requests; sdds.billing_event tells of the same sales: '
    'compare, never add. Any column may be missing from a file.';

comment on column cas.sales_compensation_billed_revenue.seller_id is
    'Seller whose bucket held the file (ingest.seller).';
comment on column cas.sales_compensation_billed_revenue.version_id is
    'Version of the file from which the row was first read; leads to bucket, key and ETag.';
comment on column cas.sales_compensation_billed_revenue.line is
    'Number of the record in that version; 1 is the first after the header.';
comment on column cas.sales_compensation_billed_revenue.customer_aws_account_number is
    'AWS account number that is billed, 12 digits as text; pad lost leading zeros on the left.';
comment on column cas.sales_compensation_billed_revenue.country is
    'ISO country of the billed account.';
comment on column cas.sales_compensation_billed_revenue.state is
    'State or region of the billed account.';
comment on column cas.sales_compensation_billed_revenue.city is
    'City of the billed account.';
comment on column cas.sales_compensation_billed_revenue.zip_code is
    'Postal code of the billed account, as text.';
comment on column cas.sales_compensation_billed_revenue.email_domain is
    'Domain of the billed account''s e-mail address; left out of the file by default.';
comment on column cas.sales_compensation_billed_revenue.product_code is
    'Product code (sdds.product.product_code).';
comment on column cas.sales_compensation_billed_revenue.product_title is
    'Title of the product.';
comment on column cas.sales_compensation_billed_revenue.gross_revenue is
    'Amount billed, in currency.';
comment on column cas.sales_compensation_billed_revenue.aws_revenue_share is
    'Listing fee that AWS keeps, in currency.';
comment on column cas.sales_compensation_billed_revenue.gross_refunds is
    'Price given back, in currency.';
comment on column cas.sales_compensation_billed_revenue.aws_refunds_share is
    'Listing fee given back to the seller, in currency.';
comment on column cas.sales_compensation_billed_revenue.net_revenue is
    'What is left to the seller after fees, refunds and tax, in currency.';
comment on column cas.sales_compensation_billed_revenue.currency is
    'Currency code of the amounts.';
comment on column cas.sales_compensation_billed_revenue.ar_period is
    'Month of the transaction, YYYY-MM.';
comment on column cas.sales_compensation_billed_revenue.transaction_reference_id is
    'Reference of the transaction (sdds.billing_event.transaction_reference_id).';
comment on column cas.sales_compensation_billed_revenue.opportunity_name is
    'Id or name of the opportunity that was registered with AWS, if any.';
comment on column cas.sales_compensation_billed_revenue.opportunity_description is
    'What the seller wrote of that opportunity.';
comment on column cas.sales_compensation_billed_revenue.solution_title is
    'Name of the solution that the product was sold in, if any.';
comment on column cas.sales_compensation_billed_revenue.solution_id is
    'Id of that solution.';
comment on column cas.sales_compensation_billed_revenue.payer_reference_id is
    'Opaque id of the payer, the same in all CAS financial sets.';
comment on column cas.sales_compensation_billed_revenue.payer_address_id is
    'Address of the payer (sdds.address).';
comment on column cas.sales_compensation_billed_revenue.extra is
    'Columns of the file that this table does not have, as a JSON object of header to text; null '
    'when there are none.';

insert into ingest.feed (
    feed, table_schema, table_name, kind, title, key_pattern, business_key, totals, cadence
)
values (
    'cas.sales_compensation_billed_revenue', 'cas', 'sales_compensation_billed_revenue', 'snapshot',
    'CAS: sales compensation',
    '^(.+/)?sales_compensation_billed_revenue_[0-9]{4}-[0-9]{2}-[0-9]{2}[.]csv([.]gz)?$',
    '{}',
    array['gross_revenue/currency', 'net_revenue/currency'],
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
