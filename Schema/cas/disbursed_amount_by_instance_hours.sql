-- What one disbursement was for, in hours by product and kind of use.
-- A data set of the Commerce Analytics Service.

create table if not exists cas.disbursed_amount_by_instance_hours (
    seller_id              integer not null,
    version_id             bigint  not null,
    line                   bigint  not null,
    product                text,
    product_code           text,
    usage_type_description text,
    rate                   numeric,
    user_count             bigint,
    instance_hours         numeric,
    solution_title         text,
    solution_id            text,
    extra                  jsonb,
    constraint disbursed_amount_by_instance_hours_pkey primary key (seller_id, version_id, line)
);

comment on table cas.disbursed_amount_by_instance_hours is
    'One row is the hours of one product, kind of use and rate that a disbursement was for, from '
    'the CAS data set disbursed_amount_by_instance_hours; it covers the time since the '
    'disbursement before. Rows have no key: two equal rows are two facts. A file asked for again '
    'replaces its earlier rows as a whole; files of different dates within 31 days can be the '
    'same disbursement (compare the coverage in the metadata file). The rate has no currency '
    'column. Any column may be missing from a file.';

comment on column cas.disbursed_amount_by_instance_hours.seller_id is
    'Seller whose bucket held the file (ingest.seller).';
comment on column cas.disbursed_amount_by_instance_hours.version_id is
    'Version of the file from which the row was first read; leads to bucket, key and ETag.';
comment on column cas.disbursed_amount_by_instance_hours.line is
    'Number of the record in that version; 1 is the first after the header.';
comment on column cas.disbursed_amount_by_instance_hours.product is
    'Title of the product.';
comment on column cas.disbursed_amount_by_instance_hours.product_code is
    'Product code (sdds.product.product_code).';
comment on column cas.disbursed_amount_by_instance_hours.usage_type_description is
    'Way of selling, Region and instance type in one text; for display.';
comment on column cas.disbursed_amount_by_instance_hours.rate is
    'Price of one hour; currency not stated.';
comment on column cas.disbursed_amount_by_instance_hours.user_count is
    'How many different customers used it; do not add over rows.';
comment on column cas.disbursed_amount_by_instance_hours.instance_hours is
    'Hours used.';
comment on column cas.disbursed_amount_by_instance_hours.solution_title is
    'Name of the solution that the product was sold in, if any.';
comment on column cas.disbursed_amount_by_instance_hours.solution_id is
    'Id of that solution.';
comment on column cas.disbursed_amount_by_instance_hours.extra is
    'Columns of the file that this table does not have, as a JSON object of header to text; null '
    'when there are none.';

insert into ingest.feed (
    feed, table_schema, table_name, kind, title, key_pattern, business_key, totals, cadence
)
values (
    'cas.disbursed_amount_by_instance_hours',
    'cas', 'disbursed_amount_by_instance_hours', 'snapshot',
    'CAS: disbursed amount by instance hours',
    '^(.+/)?disbursed_amount_by_instance_hours_[0-9]{4}-[0-9]{2}-[0-9]{2}[.]csv([.]gz)?$',
    '{}',
    '{}',
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
