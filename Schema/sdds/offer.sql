-- One row per version of an offer: the price and terms under which products are sold.

create table if not exists sdds.offer (
    seller_id               integer     not null,
    version_id              bigint      not null,
    line                    bigint      not null,
    offer_id                text        not null,
    offer_revision          bigint      not null,
    name                    text,
    expiration_date         timestamptz,
    opportunity_id          text,
    opportunity_name        text,
    opportunity_description text,
    seller_account_id       text,
    recipient_account_id    text,
    catalog                 text,
    valid_from              timestamptz not null,
    insert_date             timestamptz,
    update_date             timestamptz not null,
    delete_date             timestamptz,
    extra                   jsonb,
    constraint offer_pkey primary key (seller_id, version_id, line)
);

comment on table sdds.offer is
    'One row is one version of an offer, as delivered by the seller data feed OfferFeed_V1. The '
    'business key is (offer_id, offer_revision); the newest update_date per (offer_id, '
    'valid_from) replaces older rows, and each revision is expected to have a valid_from of its '
    'own. Offers of resellers for the seller''s products are among them: seller_account_id then '
    'differs from recipient_account_id. Loaded by append: rows that a later file lacks stay.';

comment on column sdds.offer.seller_id is
    'Seller whose bucket held the file (ingest.seller).';
comment on column sdds.offer.version_id is
    'Version of the file from which the row was first read; leads to bucket, key and ETag.';
comment on column sdds.offer.line is
    'Number of the record in that version; 1 is the first after the header.';
comment on column sdds.offer.offer_id is
    'Key of the offer, offer- and letters.';
comment on column sdds.offer.offer_revision is
    'Number of the revision; counts up from 1.';
comment on column sdds.offer.name is
    'Name that the seller gave the offer.';
comment on column sdds.offer.expiration_date is
    'Instant (UTC) until which the offer can be accepted; 9999-01-01 means for ever.';
comment on column sdds.offer.opportunity_id is
    'Resale authorisation behind the offer, where a reseller sells the product.';
comment on column sdds.offer.opportunity_name is
    'Name of that authorisation, or of the opportunity registered with AWS.';
comment on column sdds.offer.opportunity_description is
    'Free text of that authorisation.';
comment on column sdds.offer.seller_account_id is
    'Account key (GUID) of the offer''s seller of record; null on some rows. Join sdds.account.';
comment on column sdds.offer.recipient_account_id is
    'Account key (GUID) of the seller whose copy of the feed this is; reseller and manufacturer '
    'hold different rows of one sale.';
comment on column sdds.offer.catalog is
    'Marketplace catalogue of the record, mostly AWSMarketplace. Ids are unique within one '
    'catalogue only. Not in AWS''s published column list.';
comment on column sdds.offer.valid_from is
    'Instant (UTC) from which this version holds. A later instant is a real change and leaves '
    'earlier versions true.';
comment on column sdds.offer.insert_date is
    'Instant (UTC) at which the row first appeared in the feed. Breaks ties of update_date.';
comment on column sdds.offer.update_date is
    'Instant (UTC) at which this row was written. The newest one replaces the others of the same '
    'key and valid_from.';
comment on column sdds.offer.delete_date is
    'Instant (UTC) of a soft delete; null while the row stands. Rows that have it no longer '
    'count.';
comment on column sdds.offer.extra is
    'Columns of the file that this table does not have, as a JSON object of header to text; null '
    'when there are none.';

insert into ingest.feed (
    feed, table_schema, table_name, kind, title, key_pattern, business_key, totals, cadence
)
values (
    'sdds.offer', 'sdds', 'offer', 'log',
    'Offers',
    '(?i)^(.+/)?OfferFeed_V1/year=[0-9]{4}/month=[0-9]{2}/data[.]csv([.]gz)?$',
    array['offer_id', 'offer_revision', 'valid_from', 'update_date'],
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
