-- Every line that customers had not yet paid at a disbursement.
-- A data set of the Commerce Analytics Service.

create table if not exists cas.disbursed_amount_by_uncollected_funds_breakdown (
    seller_id                integer not null,
    version_id               bigint  not null,
    line                     bigint  not null,
    payer_aws_account_number text,
    product_code             text,
    gross_revenue            numeric,
    aws_revenue_share        numeric,
    gross_refunds            numeric,
    aws_refunds_share        numeric,
    net_revenue              numeric,
    currency                 text,
    ar_period                text,
    transaction_reference_id text,
    opportunity_name         text,
    opportunity_description  text,
    solution_title           text,
    solution_id              text,
    payer_reference_id       text,
    payer_address_id         text,
    payment_due_date         date,
    extra                    jsonb,
    constraint disbursed_amount_by_uncollected_funds_breakdown_pkey
        primary key (seller_id, version_id, line)
);

comment on table cas.disbursed_amount_by_uncollected_funds_breakdown is
    'One row is one transaction of a product that was billed and not yet collected at the time '
    'of a disbursement, from the CAS data set disbursed_amount_by_uncollected_funds_breakdown. A '
    'level at one moment: never sum over files. Rows have no key: two equal rows are two facts. '
    'A file asked for again replaces its earlier rows as a whole; files of different dates '
    'within 31 days can be the same disbursement (compare the coverage in the metadata file). '
    'Any column may be missing from a file.';

comment on column cas.disbursed_amount_by_uncollected_funds_breakdown.seller_id is
    'Seller whose bucket held the file (ingest.seller).';
comment on column cas.disbursed_amount_by_uncollected_funds_breakdown.version_id is
    'Version of the file from which the row was first read; leads to bucket, key and ETag.';
comment on column cas.disbursed_amount_by_uncollected_funds_breakdown.line is
    'Number of the record in that version; 1 is the first after the header.';
comment on column cas.disbursed_amount_by_uncollected_funds_breakdown.payer_aws_account_number is
    'AWS account number of the payer, 12 digits as text; pad lost leading zeros on the left.';
comment on column cas.disbursed_amount_by_uncollected_funds_breakdown.product_code is
    'Product code (sdds.product.product_code).';
comment on column cas.disbursed_amount_by_uncollected_funds_breakdown.gross_revenue is
    'Amount billed, in currency.';
comment on column cas.disbursed_amount_by_uncollected_funds_breakdown.aws_revenue_share is
    'Listing fee that AWS keeps, in currency.';
comment on column cas.disbursed_amount_by_uncollected_funds_breakdown.gross_refunds is
    'Price given back, in currency.';
comment on column cas.disbursed_amount_by_uncollected_funds_breakdown.aws_refunds_share is
    'Listing fee given back to the seller, in currency.';
comment on column cas.disbursed_amount_by_uncollected_funds_breakdown.net_revenue is
    'What is left to the seller after fees, refunds and tax, in currency.';
comment on column cas.disbursed_amount_by_uncollected_funds_breakdown.currency is
    'Currency code of the amounts.';
comment on column cas.disbursed_amount_by_uncollected_funds_breakdown.ar_period is
    'Month of the transaction, YYYY-MM.';
comment on column cas.disbursed_amount_by_uncollected_funds_breakdown.transaction_reference_id is
    'Reference of the transaction (sdds.billing_event.transaction_reference_id).';
comment on column cas.disbursed_amount_by_uncollected_funds_breakdown.opportunity_name is
    'Id or name of the opportunity that was registered with AWS, if any.';
comment on column cas.disbursed_amount_by_uncollected_funds_breakdown.opportunity_description is
    'What the seller wrote of that opportunity.';
comment on column cas.disbursed_amount_by_uncollected_funds_breakdown.solution_title is
    'Name of the solution that the product was sold in, if any.';
comment on column cas.disbursed_amount_by_uncollected_funds_breakdown.solution_id is
    'Id of that solution.';
comment on column cas.disbursed_amount_by_uncollected_funds_breakdown.payer_reference_id is
    'Opaque id of the payer, the same in all CAS financial sets.';
comment on column cas.disbursed_amount_by_uncollected_funds_breakdown.payer_address_id is
    'Address of the payer (sdds.address).';
comment on column cas.disbursed_amount_by_uncollected_funds_breakdown.payment_due_date is
    'Day by which the buyer should pay.';
comment on column cas.disbursed_amount_by_uncollected_funds_breakdown.extra is
    'Columns of the file that this table does not have, as a JSON object of header to text; null '
    'when there are none.';

insert into ingest.feed (
    feed, table_schema, table_name, kind, title, key_pattern, business_key, totals, cadence
)
values (
    'cas.disbursed_amount_by_uncollected_funds_breakdown',
    'cas', 'disbursed_amount_by_uncollected_funds_breakdown', 'snapshot',
    'CAS: uncollected funds breakdown',
    '^(.+/)?disbursed_amount_by_uncollected_funds_breakdown'
    '_[0-9]{4}-[0-9]{2}-[0-9]{2}[.]csv([.]gz)?$',
    '{}',
    array['gross_revenue/currency', 'net_revenue/currency'],
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
