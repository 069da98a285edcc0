-- What one disbursement paid, by the place where customers are taxed.
-- A data set of the Commerce Analytics Service.

create table if not exists cas.disbursed_amount_by_customer_geo (
    seller_id                    integer     not null,
    version_id                   bigint      not null,
    line                         bigint      not null,
    settlement_id                text,
    settlement_period_start_date timestamptz,
    settlement_period_end_date   timestamptz,
    deposit_date                 timestamptz,
    disbursed_amount             numeric,
    country_code                 text,
    state_or_region              text,
    city                         text,
    postal_code                  text,
    net_amount_by_tax_location   numeric,
    gross_amount_by_tax_location numeric,
    seller_us_sales_tax          numeric,
    seller_us_sales_tax_refund   numeric,
    extra                        jsonb,
    constraint disbursed_amount_by_customer_geo_pkey primary key (seller_id, version_id, line)
);

comment on table cas.disbursed_amount_by_customer_geo is
    'One row is what a disbursement paid for customers of one place, from the CAS data set '
    'disbursed_amount_by_customer_geo; it covers the time since the disbursement before. '
    'disbursed_amount is the whole payout, repeated on every row: never sum it. Rows have no '
    'key: two equal rows are two facts. A file asked for again replaces its earlier rows as a '
    'whole; files of different dates within 31 days can be the same disbursement (compare the '
    'coverage in the metadata file). There is no currency column: do not sum over sellers or '
    'disbursements of different currency. A check on sdds.billing_event, never to be added to '
    'it. Any column may be missing from a file.';

comment on column cas.disbursed_amount_by_customer_geo.seller_id is
    'Seller whose bucket held the file (ingest.seller).';
comment on column cas.disbursed_amount_by_customer_geo.version_id is
    'Version of the file from which the row was first read; leads to bucket, key and ETag.';
comment on column cas.disbursed_amount_by_customer_geo.line is
    'Number of the record in that version; 1 is the first after the header.';
comment on column cas.disbursed_amount_by_customer_geo.settlement_id is
    'Id of the disbursement.';
comment on column cas.disbursed_amount_by_customer_geo.settlement_period_start_date is
    'Instant (UTC) from which the payout counts.';
comment on column cas.disbursed_amount_by_customer_geo.settlement_period_end_date is
    'Instant (UTC) up to which the payout counts.';
comment on column cas.disbursed_amount_by_customer_geo.deposit_date is
    'Instant (UTC) of the payout.';
comment on column cas.disbursed_amount_by_customer_geo.disbursed_amount is
    'Amount of the whole disbursement, the same on every row; currency not stated.';
comment on column cas.disbursed_amount_by_customer_geo.country_code is
    'ISO country of the place.';
comment on column cas.disbursed_amount_by_customer_geo.state_or_region is
    'State or region of the place.';
comment on column cas.disbursed_amount_by_customer_geo.city is
    'City of the place.';
comment on column cas.disbursed_amount_by_customer_geo.postal_code is
    'Postal code of the place, as text.';
comment on column cas.disbursed_amount_by_customer_geo.net_amount_by_tax_location is
    'What was paid for the place after fees, refunds and tax; currency not stated.';
comment on column cas.disbursed_amount_by_customer_geo.gross_amount_by_tax_location is
    'What was paid for the place before them; currency not stated.';
comment on column cas.disbursed_amount_by_customer_geo.seller_us_sales_tax is
    'US sales and use tax billed for the seller; currency not stated, US dollars expected.';
comment on column cas.disbursed_amount_by_customer_geo.seller_us_sales_tax_refund is
    'US sales and use tax given back for the seller; currency not stated, US dollars expected.';
comment on column cas.disbursed_amount_by_customer_geo.extra is
    'Columns of the file that this table does not have, as a JSON object of header to text; null '
    'when there are none.';

insert into ingest.feed (
    feed, table_schema, table_name, kind, title, key_pattern, business_key, totals, cadence
)
values (
    'cas.disbursed_amount_by_customer_geo', 'cas', 'disbursed_amount_by_customer_geo', 'snapshot',
    'CAS: disbursed amount by customer geography',
    '^(.+/)?disbursed_amount_by_customer_geo_[0-9]{4}-[0-9]{2}-[0-9]{2}[.]csv([.]gz)?$',
    '{}',
    array['net_amount_by_tax_location/', 'gross_amount_by_tax_location/'],
    'disbursement'
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
    ('cas.disbursed_amount_by_customer_geo', 'seller_u_s_sales_tax', 'seller_us_sales_tax'),
    (
        'cas.disbursed_amount_by_customer_geo',
        'seller_u_s_sales_tax_refund', 'seller_us_sales_tax_refund'
    )
on conflict (feed, header) do update set column_name = excluded.column_name;
