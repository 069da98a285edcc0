-- One row per version of the link between an offer's revision and a product that it sells.

create table if not exists sdds.offer_product (
    seller_id      integer     not null,
    version_id     bigint      not null,
    line           bigint      not null,
    offer_id       text        not null,
    offer_revision bigint      not null,
    product_id     text        not null,
    valid_from     timestamptz not null,
    insert_date    timestamptz,
    update_date    timestamptz not null,
    delete_date    timestamptz,
    extra          jsonb,
    constraint offer_product_pkey primary key (seller_id, version_id, line)
);

comment on table sdds.offer_product is
    'One row is one version of a product''s place in an offer revision, as delivered by the '
    'seller data feed OfferProductFeed_V1. An offer can sell several products, so the key is '
    'taken to be (offer_id, offer_revision, product_id); AWS names none. The newest update_date '
    'per key and valid_from replaces older rows. Loaded by append: rows that a later file lacks '
    'stay.';

comment on column sdds.offer_product.seller_id is
    'Seller whose bucket held the file (ingest.seller).';
comment on column sdds.offer_product.version_id is
    'Version of the file from which the row was first read; leads to bucket, key and ETag.';
comment on column sdds.offer_product.line is
    'Number of the record in that version; 1 is the first after the header.';
comment on column sdds.offer_product.offer_id is
    'Offer (sdds.offer).';
comment on column sdds.offer_product.offer_revision is
    'Revision of the offer; with offer_id it joins sdds.offer.';
comment on column sdds.offer_product.product_id is
    'Product that the offer revision sells (sdds.product).';
comment on column sdds.offer_product.valid_from is
    'Instant (UTC) from which this version holds. A later instant is a real change and leaves '
    'earlier versions true.';
comment on column sdds.offer_product.insert_date is
    'Instant (UTC) at which the row first appeared in the feed. Breaks ties of update_date.';
comment on column sdds.offer_product.update_date is
    'Instant (UTC) at which this row was written. The newest one replaces the others of the same '
    'key and valid_from.';
comment on column sdds.offer_product.delete_date is
    'Instant (UTC) of a soft delete; null while the row stands. Rows that have it no longer '
    'count.';
comment on column sdds.offer_product.extra is
    'Columns of the file that this table does not have, as a JSON object of header to text; null '
    'when there are none.';

insert into ingest.feed (
    feed, table_schema, table_name, kind, title, key_pattern, business_key, totals, cadence
)
values (
    'sdds.offer_product', 'sdds', 'offer_product', 'log',
    'Offer products',
    '(?i)^(.+/)?OfferProductFeed_V1/year=[0-9]{4}/month=[0-9]{2}/data[.]csv([.]gz)?$',
    array['offer_id', 'offer_revision', 'product_id', 'valid_from', 'update_date'],
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
