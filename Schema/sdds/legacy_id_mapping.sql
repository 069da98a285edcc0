-- One row per pair of an older id and the id that replaced it.

create table if not exists sdds.legacy_id_mapping (
    seller_id    integer     not null,
    version_id   bigint      not null,
    line         bigint      not null,
    mapping_type text        not null,
    legacy_id    text        not null,
    new_id       text        not null,
    catalog      text,
    valid_from   timestamptz not null,
    insert_date  timestamptz,
    update_date  timestamptz not null,
    delete_date  timestamptz,
    extra        jsonb,
    constraint legacy_id_mapping_pkey primary key (seller_id, version_id, line)
);

comment on table sdds.legacy_id_mapping is
    'One row is one version of a pair of an offer''s or product''s older GUID and its present '
    'id, as delivered by the seller data feed LegacyIdMappingFeed_V1. The key is taken to be '
    '(mapping_type, legacy_id, new_id), for AWS names none, nor says whether an older id can '
    'lead to several new ones: check before joining. The newest update_date per key and '
    'valid_from replaces older rows. Loaded by append: rows that a later file lacks stay.';

comment on column sdds.legacy_id_mapping.seller_id is
    'Seller whose bucket held the file (ingest.seller).';
comment on column sdds.legacy_id_mapping.version_id is
    'Version of the file from which the row was first read; leads to bucket, key and ETag.';
comment on column sdds.legacy_id_mapping.line is
    'Number of the record in that version; 1 is the first after the header.';
comment on column sdds.legacy_id_mapping.mapping_type is
    'OFFER or PRODUCT. New values are possible.';
comment on column sdds.legacy_id_mapping.legacy_id is
    'The older id, a GUID, as older reports and data sets show it.';
comment on column sdds.legacy_id_mapping.new_id is
    'The id that feeds and services use today (sdds.offer, sdds.product).';
comment on column sdds.legacy_id_mapping.catalog is
    'Marketplace catalogue of the record, mostly AWSMarketplace. Ids are unique within one '
    'catalogue only. Not in AWS''s published column list.';
comment on column sdds.legacy_id_mapping.valid_from is
    'Instant (UTC) from which this version holds. A later instant is a real change and leaves '
    'earlier versions true.';
comment on column sdds.legacy_id_mapping.insert_date is
    'Instant (UTC) at which the row first appeared in the feed. Breaks ties of update_date.';
comment on column sdds.legacy_id_mapping.update_date is
    'Instant (UTC) at which this row was written. The newest one replaces the others of the same '
    'key and valid_from.';
comment on column sdds.legacy_id_mapping.delete_date is
    'Instant (UTC) of a soft delete; null while the row stands. Rows that have it no longer '
    'count.';
comment on column sdds.legacy_id_mapping.extra is
    'Columns of the file that this table does not have, as a JSON object of header to text; null '
    'when there are none.';

insert into ingest.feed (
    feed, table_schema, table_name, kind, title, key_pattern, business_key, totals, cadence
)
values (
    'sdds.legacy_id_mapping', 'sdds', 'legacy_id_mapping', 'log',
    'Legacy id mapping',
    '(?i)^(.+/)?LegacyIdMappingFeed_V1/year=[0-9]{4}/month=[0-9]{2}/data[.]csv([.]gz)?$',
    array['mapping_type', 'legacy_id', 'new_id', 'valid_from', 'update_date'],
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
