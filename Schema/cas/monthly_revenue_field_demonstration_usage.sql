-- Use of a month by AWS's own people for demonstrations.
-- A data set of the Commerce Analytics Service.

create table if not exists cas.monthly_revenue_field_demonstration_usage (
    seller_id        integer not null,
    version_id       bigint  not null,
    line             bigint  not null,
    product_title    text,
    product_code     text,
    instance_type    text,
    usage_units      numeric,
    usage_unit_types text,
    extra            jsonb,
    constraint monthly_revenue_field_demonstration_usage_pkey
        primary key (seller_id, version_id, line)
);

comment on table cas.monthly_revenue_field_demonstration_usage is
    'One row is what people of AWS used of one product and instance type in demonstrations, from '
    'the CAS data set monthly_revenue_field_demonstration_usage. It is not paid for, and so in '
    'no other set. The file is made on the 15th and covers the calendar month before. Rows have '
    'no key: two equal rows are two facts. A file asked for again replaces its earlier rows as a '
    'whole. Any column may be missing from a file.';

comment on column cas.monthly_revenue_field_demonstration_usage.seller_id is
    'Seller whose bucket held the file (ingest.seller).';
comment on column cas.monthly_revenue_field_demonstration_usage.version_id is
    'Version of the file from which the row was first read; leads to bucket, key and ETag.';
comment on column cas.monthly_revenue_field_demonstration_usage.line is
    'Number of the record in that version; 1 is the first after the header.';
comment on column cas.monthly_revenue_field_demonstration_usage.product_title is
    'Title of the product.';
comment on column cas.monthly_revenue_field_demonstration_usage.product_code is
    'Product code (sdds.product.product_code).';
comment on column cas.monthly_revenue_field_demonstration_usage.instance_type is
    'EC2 instance type, or the metered dimension.';
comment on column cas.monthly_revenue_field_demonstration_usage.usage_units is
    'Quantity used, in usage_unit_types.';
comment on column cas.monthly_revenue_field_demonstration_usage.usage_unit_types is
    'Unit of usage_units, such as hours.';
comment on column cas.monthly_revenue_field_demonstration_usage.extra is
    'Columns of the file that this table does not have, as a JSON object of header to text; null '
    'when there are none.';

insert into ingest.feed (
    feed, table_schema, table_name, kind, title, key_pattern, business_key, totals, cadence
)
values (
    'cas.monthly_revenue_field_demonstration_usage',
    'cas', 'monthly_revenue_field_demonstration_usage', 'snapshot',
    'CAS: monthly field demonstration usage',
    '^(.+/)?monthly_revenue_field_demonstration_usage_[0-9]{4}-[0-9]{2}-[0-9]{2}[.]csv([.]gz)?$',
    '{}',
    '{}',
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
