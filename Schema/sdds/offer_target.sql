-- One row per version of an audience that an offer is meant for, or kept from.

create table if not exists sdds.offer_target (
    seller_id       integer     not null,
    version_id      bigint      not null,
    line            bigint      not null,
    offer_target_id text        not null,
    offer_id        text,
    offer_revision  bigint,
    target_type     text,
    polarity        text,
    value           text,
    catalog         text,
    valid_from      timestamptz not null,
    insert_date     timestamptz,
    update_date     timestamptz not null,
    delete_date     timestamptz,
    extra           jsonb,
    constraint offer_target_pkey primary key (seller_id, version_id, line)
);

-- Few rows if any, so that what is empty against the guide's word is found at once.
create index if not exists offer_target_empty_idx on sdds.offer_target (seller_id, version_id)
    where offer_id is null or offer_revision is null;

comment on table sdds.offer_target is
    'One row is one version of an audience of an offer revision, as delivered by the seller data '
    'feed OfferTargetFeed_V1. The business key is offer_target_id. An offer with target_type '
    'BuyerAccounts is private, with ParticipatingPrograms it belongs to a programme, with '
    'CountryCodes it is for some countries; without any row here it is public, unless a reseller '
    'made it. The newest update_date per key and valid_from replaces older rows. Loaded by '
    'append: rows that a later file lacks stay.';

comment on column sdds.offer_target.seller_id is
    'Seller whose bucket held the file (ingest.seller).';
comment on column sdds.offer_target.version_id is
    'Version of the file from which the row was first read; leads to bucket, key and ETag.';
comment on column sdds.offer_target.line is
    'Number of the record in that version; 1 is the first after the header.';
comment on column sdds.offer_target.offer_target_id is
    'Key of the target.';
comment on column sdds.offer_target.offer_id is
    'Offer that is targeted (sdds.offer).';
comment on column sdds.offer_target.offer_revision is
    'Revision of the offer; with offer_id it joins sdds.offer.';
comment on column sdds.offer_target.target_type is
    'What value names: BuyerAccounts, ParticipatingPrograms or CountryCodes. New values are '
    'possible.';
comment on column sdds.offer_target.polarity is
    'PositiveTargeting: for these. NegativeTargeting: for all but these.';
comment on column sdds.offer_target.value is
    'AWS account number (text, may start with zero), programme such as EnterpriseContract, or '
    'country, by target_type.';
comment on column sdds.offer_target.catalog is
    'Marketplace catalogue of the record, mostly AWSMarketplace. Ids are unique within one '
    'catalogue only. Not in AWS''s published column list.';
comment on column sdds.offer_target.valid_from is
    'Instant (UTC) from which this version holds. A later instant is a real change and leaves '
    'earlier versions true.';
comment on column sdds.offer_target.insert_date is
    'Instant (UTC) at which the row first appeared in the feed. Breaks ties of update_date.';
comment on column sdds.offer_target.update_date is
    'Instant (UTC) at which this row was written. The newest one replaces the others of the same '
    'key and valid_from.';
comment on column sdds.offer_target.delete_date is
    'Instant (UTC) of a soft delete; null while the row stands. Rows that have it no longer '
    'count.';
comment on column sdds.offer_target.extra is
    'Columns of the file that this table does not have, as a JSON object of header to text; null '
    'when there are none.';

insert into ingest.feed (
    feed, table_schema, table_name, kind, title, key_pattern, business_key, totals, cadence,
    never_empty
)
values (
    'sdds.offer_target', 'sdds', 'offer_target', 'log',
    'Offer targets',
    '(?i)^(.+/)?OfferTargetFeed_V1/year=[0-9]{4}/month=[0-9]{2}/data[.]csv([.]gz)?$',
    array['offer_target_id', 'valid_from', 'update_date'],
    '{}',
    'daily',
    array['offer_id', 'offer_revision']
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
    never_empty  = excluded.never_empty;
