-- Rows of feeds that have no table of their own yet: what AWS invents lands here.

create table if not exists sdds.unclassified (
    seller_id  integer not null,
    version_id bigint  not null,
    line       bigint  not null,
    extra      jsonb,
    constraint unclassified_pkey primary key (seller_id, version_id, line)
);

comment on table sdds.unclassified is
    'One row is one row of a seller data feed that has no table of its own, whatever the feed: '
    'ingest.version and ingest.file lead to the key, whose folder is the feed''s name. Nothing is '
    'typed. A file about the feed in Schema/sdds, sluice migrate and sluice reload move the rows to '
    'a table of their own; sluice status lists the feeds that wait for that. Loaded by append: rows '
    'that a later file lacks stay.';

comment on column sdds.unclassified.seller_id is
    'Seller whose bucket held the file (ingest.seller).';
comment on column sdds.unclassified.version_id is
    'Version of the file from which the row was first read; leads to bucket, key and ETag.';
comment on column sdds.unclassified.line is
    'Number of the record in that version; 1 is the first after the header.';
comment on column sdds.unclassified.extra is
    'All fields of the row, as a JSON object of header to text; null when all are empty.';

insert into ingest.feed (
    feed, table_schema, table_name, kind, title, key_pattern, business_key, totals, cadence,
    is_fallback
)
values (
    'sdds.unclassified', 'sdds', 'unclassified', 'log',
    'Feeds without a table of their own',
    '(?i)^(.+/)?[^/]+/year=[0-9]{4}/month=[0-9]{2}/data[.]csv([.]gz)?$',
    '{}',
    '{}',
    -- Nothing is known of when they come, so nothing is missed.
    'on_request',
    true
)
on conflict (feed) do update set
    table_schema = excluded.table_schema,
    table_name   = excluded.table_name,
    kind         = excluded.kind,
    title        = excluded.title,
    key_pattern  = excluded.key_pattern,
    business_key = excluded.business_key,
    totals       = excluded.totals,
    cadence      = excluded.cadence,
    is_fallback  = excluded.is_fallback;
