-- One row per version of a product that the seller owns or may resell.

create table if not exists sdds.product (
    seller_id               integer     not null,
    version_id              bigint      not null,
    line                    bigint      not null,
    product_id              text        not null,
    manufacturer_account_id text,
    product_code            text,
    title                   text,
    catalog                 text,
    valid_from              timestamptz not null,
    insert_date             timestamptz,
    update_date             timestamptz not null,
    delete_date             timestamptz,
    extra                   jsonb,
    constraint product_pkey primary key (seller_id, version_id, line)
);

comment on table sdds.product is
    'One row is one version of a product, as delivered by the seller data feed ProductFeed_V1. '
    'The business key is product_id; the newest update_date per (product_id, valid_from) replaces '
    'older rows, and the newest valid_from is the product today. It changes rarely: most months '
    'are a header only, the data sits in the backfill file 2010/01. Extend the first valid_from '
    'backward in joins. Loaded by append: rows that a later file lacks stay.';

comment on column sdds.product.seller_id is
    'Seller whose bucket held the file (ingest.seller).';
comment on column sdds.product.version_id is
    'Version of the file from which the row was first read; leads to bucket, key and ETag.';
comment on column sdds.product.line is
    'Number of the record in that version; 1 is the first after the header.';
comment on column sdds.product.product_id is
    'Key of the product, prod- and letters. Older ids translate through sdds.legacy_id_mapping.';
comment on column sdds.product.manufacturer_account_id is
    'Account key (GUID) of the owner of the product. Join sdds.account.';
comment on column sdds.product.product_code is
    'Code by which metering, entitlements, notifications and CAS sets know the product.';
comment on column sdds.product.title is
    'Title at that time; a new title is a new version.';
comment on column sdds.product.catalog is
    'Marketplace catalogue of the record, mostly AWSMarketplace. Ids are unique within one '
    'catalogue only. Not in AWS''s published column list.';
comment on column sdds.product.valid_from is
    'Instant (UTC) from which this version holds. A later instant is a real change and leaves '
    'earlier versions true.';
comment on column sdds.product.insert_date is
    'Instant (UTC) at which the row first appeared in the feed. Breaks ties of update_date.';
comment on column sdds.product.update_date is
    'Instant (UTC) at which this row was written. The newest one replaces the others of the same '
    'key and valid_from.';
comment on column sdds.product.delete_date is
    'Instant (UTC) of a soft delete; null while the row stands. Rows that have it no longer '
    'count.';
comment on column sdds.product.extra is
    'Columns of the file that this table does not have, as a JSON object of header to text; null '
    'when there are none.';

insert into ingest.feed (
    feed, table_schema, table_name, kind, title, key_pattern, business_key, totals, cadence
)
values (
    'sdds.product', 'sdds', 'product', 'log',
    'Products',
    '(?i)^(.+/)?ProductFeed_V1/year=[0-9]{4}/month=[0-9]{2}/data[.]csv([.]gz)?$',
    array['product_id', 'valid_from', 'update_date'],
    '{}',
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
