-- Customers by revenue: a data set that ended in 2017.
-- A data set of the Commerce Analytics Service.

create table if not exists cas.customer_profile_by_revenue (
    seller_id  integer not null,
    version_id bigint  not null,
    line       bigint  not null,
    extra      jsonb,
    constraint customer_profile_by_revenue_pkey primary key (seller_id, version_id, line)
);

comment on table cas.customer_profile_by_revenue is
    'One row is one row of the CAS data set customer_profile_by_revenue, published from '
    '2015-10-01 to 2017-06-29. Its columns were never published, so none is typed: each field is '
    'in extra under the title that the file gives it. Rows have no key: two equal rows are two '
    'facts. A file asked for again replaces its earlier rows as a whole.';

comment on column cas.customer_profile_by_revenue.seller_id is
    'Seller whose bucket held the file (ingest.seller).';
comment on column cas.customer_profile_by_revenue.version_id is
    'Version of the file from which the row was first read; leads to bucket, key and ETag.';
comment on column cas.customer_profile_by_revenue.line is
    'Number of the record in that version; 1 is the first after the header.';
comment on column cas.customer_profile_by_revenue.extra is
    'All fields of the row, as a JSON object of header to text; null when all are empty.';

insert into ingest.feed (
    feed, table_schema, table_name, kind, title, key_pattern, business_key, totals, cadence
)
values (
    'cas.customer_profile_by_revenue', 'cas', 'customer_profile_by_revenue', 'snapshot',
    'CAS: customer profile by revenue (ended)',
    '^(.+/)?customer_profile_by_revenue_[0-9]{4}-[0-9]{2}-[0-9]{2}[.]csv([.]gz)?$',
    '{}',
    '{}',
    'ended'
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
