-- One row per version of a postal address of an account.

create table if not exists sdds.address (
    seller_id       integer     not null,
    version_id      bigint      not null,
    line            bigint      not null,
    address_id      text        not null,
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
    constraint address_pkey primary key (seller_id, version_id, line)
);

comment on table sdds.address is
    'One row is one version of a postal address, as delivered by the seller data feed '
    'AddressFeed_V1. The business key is address_id; AWS says that addresses do not change, but '
    'a correction can come as a second row with a newer update_date. On channel sales a '
    'manufacturer does not learn the payer''s address. The successor of sdds.pii_feed_legacy. '
    'Loaded by append: rows that a later file lacks stay.';

comment on column sdds.address.seller_id is
    'Seller whose bucket held the file (ingest.seller).';
comment on column sdds.address.version_id is
    'Version of the file from which the row was first read; leads to bucket, key and ETag.';
comment on column sdds.address.line is
    'Number of the record in that version; 1 is the first after the header.';
comment on column sdds.address.address_id is
    'Key of the address; accounts and billing events refer to it.';
comment on column sdds.address.email_domain is
    'Domain of the account''s e-mail address.';
comment on column sdds.address.company_name is
    'Company that the address is of.';
comment on column sdds.address.country_code is
    'Country, two letters of ISO 3166-1. Older files call the column country.';
comment on column sdds.address.state_or_region is
    'State, province or region.';
comment on column sdds.address.city is
    'City.';
comment on column sdds.address.postal_code is
    'Postal code, as text; letters and leading zeros are real.';
comment on column sdds.address.address_line_1 is
    'First line of the street address.';
comment on column sdds.address.address_line_2 is
    'Second line of the street address.';
comment on column sdds.address.address_line_3 is
    'Third line of the street address.';
comment on column sdds.address.valid_to is
    'End of validity; always empty. Use the next valid_from of the same address instead.';
comment on column sdds.address.valid_from is
    'Instant (UTC) from which this version holds. A later instant is a real change and leaves '
    'earlier versions true.';
comment on column sdds.address.insert_date is
    'Instant (UTC) at which the row first appeared in the feed. Breaks ties of update_date.';
comment on column sdds.address.update_date is
    'Instant (UTC) at which this row was written. The newest one replaces the others of the same '
    'key and valid_from.';
comment on column sdds.address.delete_date is
    'Instant (UTC) of a soft delete; null while the row stands. Rows that have it no longer '
    'count.';
comment on column sdds.address.extra is
    'Columns of the file that this table does not have, as a JSON object of header to text; null '
    'when there are none.';

insert into ingest.feed (
    feed, table_schema, table_name, kind, title, key_pattern, business_key, totals, cadence
)
values (
    'sdds.address', 'sdds', 'address', 'log',
    'Addresses',
    '(?i)^(.+/)?AddressFeed_V1/year=[0-9]{4}/month=[0-9]{2}/data[.]csv([.]gz)?$',
    array['address_id', 'valid_from', 'update_date'],
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

insert into ingest.alias (feed, header, column_name)
values
    ('sdds.address', 'country', 'country_code')
on conflict (feed, header) do update set column_name = excluded.column_name;
