-- One row per version of an address, from the feed that AddressFeed_V1 replaced.

create table if not exists sdds.pii_feed_legacy (
    seller_id       integer     not null,
    version_id      bigint      not null,
    line            bigint      not null,
    address_id      text        not null,
    aws_account_id  text,
    email_domain    text,
    company_name    text,
    country_code    text,
    state_or_region text,
    city            text,
    postal_code     text,
    address_line_1  text,
    address_line_2  text,
    address_line_3  text,
    valid_to        timestamptz,
    valid_from      timestamptz not null,
    insert_date     timestamptz,
    update_date     timestamptz not null,
    delete_date     timestamptz,
    extra           jsonb,
    constraint pii_feed_legacy_pkey primary key (seller_id, version_id, line)
);

comment on table sdds.pii_feed_legacy is
    'One row is one version of a postal address, as once delivered by the seller data feed '
    'PIIFeed, which AWS retired at the end of 2023 in favour of AddressFeed_V1 (sdds.address). '
    'For buckets that still hold its files. Unlike its successor it has the AWS account number. '
    'The business key is address_id; the newest update_date per key and valid_from replaces '
    'older rows. Loaded by append: rows that a later file lacks stay.';

comment on column sdds.pii_feed_legacy.seller_id is
    'Seller whose bucket held the file (ingest.seller).';
comment on column sdds.pii_feed_legacy.version_id is
    'Version of the file from which the row was first read; leads to bucket, key and ETag.';
comment on column sdds.pii_feed_legacy.line is
    'Number of the record in that version; 1 is the first after the header.';
comment on column sdds.pii_feed_legacy.address_id is
    'Key of the address; accounts and billing events refer to it.';
comment on column sdds.pii_feed_legacy.aws_account_id is
    'AWS account number of the address, 12 digits as text; pad lost leading zeros on the left.';
comment on column sdds.pii_feed_legacy.email_domain is
    'Domain of the account''s e-mail address.';
comment on column sdds.pii_feed_legacy.company_name is
    'Company that the address is of.';
comment on column sdds.pii_feed_legacy.country_code is
    'Country, two letters of ISO 3166-1; named country in the file.';
comment on column sdds.pii_feed_legacy.state_or_region is
    'State, province or region.';
comment on column sdds.pii_feed_legacy.city is
    'City.';
comment on column sdds.pii_feed_legacy.postal_code is
    'Postal code, as text; letters and leading zeros are real.';
comment on column sdds.pii_feed_legacy.address_line_1 is
    'First line of the street address.';
comment on column sdds.pii_feed_legacy.address_line_2 is
    'Second line of the street address.';
comment on column sdds.pii_feed_legacy.address_line_3 is
    'Third line of the street address.';
comment on column sdds.pii_feed_legacy.valid_to is
    'End of validity; always empty. Use the next valid_from of the same address instead.';
comment on column sdds.pii_feed_legacy.valid_from is
    'Instant (UTC) from which this version holds. A later instant is a real change and leaves '
    'earlier versions true.';
comment on column sdds.pii_feed_legacy.insert_date is
    'Instant (UTC) at which the row first appeared in the feed. Breaks ties of update_date.';
comment on column sdds.pii_feed_legacy.update_date is
    'Instant (UTC) at which this row was written. The newest one replaces the others of the same '
    'key and valid_from.';
comment on column sdds.pii_feed_legacy.delete_date is
    'Instant (UTC) of a soft delete; null while the row stands. Rows that have it no longer '
    'count.';
comment on column sdds.pii_feed_legacy.extra is
    'Columns of the file that this table does not have, as a JSON object of header to text; null '
    'when there are none.';

insert into ingest.feed (
    feed, table_schema, table_name, kind, title, key_pattern, business_key, totals, cadence
)
values (
    'sdds.pii_feed_legacy', 'sdds', 'pii_feed_legacy', 'log',
    'Addresses (PIIFeed, retired)',
    '(?i)^(.+/)?PIIFeed(_V1)?/year=[0-9]{4}/month=[0-9]{2}/data[.]csv([.]gz)?$',
    array['address_id', 'valid_from', 'update_date'],
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

insert into ingest.alias (feed, header, column_name)
values
    ('sdds.pii_feed_legacy', 'country', 'country_code')
on conflict (feed, header) do update set column_name = excluded.column_name;
