-- after: kind
-- Offers and offer sets that became available.

create table if not exists event.offer_released (
    seller_id                    integer      not null references ingest.seller,
    event_key                    text         not null,
    event_type                   text         not null,
    event_time                   timestamptz,
    offer_id                     text,
    offer_name                   text,
    expiration_date              timestamptz,
    offer_set_id                 text,
    associated_offer_ids         text[],
    product_id                   text,
    product_title                text,
    manufacturer_account_id      text,
    seller_of_record_account_id  text,
    targeted_buyer_account_ids   text[],
    catalog                      text,
    request_id                   text,
    received_at                  timestamptz  not null default now(),
    topic_arn                    text,
    sqs_message_id               text         not null,
    malformed                    text[],
    body                         text         not null,
    primary key (seller_id, event_key)
);

comment on table event.offer_released is
    'An offer or a set of offers of the seller, or for the seller''s product, became available to buyers.';
comment on column event.offer_released.seller_id is 'The seller whose queue delivered it (ingest.seller).';
comment on column event.offer_released.event_key is 'What a repeated delivery of the same event keeps: id of the EventBridge event, else MessageId of SNS, else MessageId of SQS. Unique per seller: an event with the same id and other content has a tilde and a digest after it.';
comment on column event.offer_released.event_type is 'detail-type of the EventBridge event, as sent: dashes and hyphens both occur. Compare with event.folded(event_type).';
comment on column event.offer_released.event_time is 'When it happened: time of the EventBridge event, else Timestamp of the SNS envelope; null where neither is there.';
comment on column event.offer_released.offer_id is 'Id of the offer; null for an offer set. Join sdds.offer.';
comment on column event.offer_released.offer_name is 'Name of the offer or offer set.';
comment on column event.offer_released.expiration_date is 'Instant (UTC) until which it can be accepted.';
comment on column event.offer_released.offer_set_id is 'Id of the offer set; null for a single offer.';
comment on column event.offer_released.associated_offer_ids is 'Offers of the set.';
comment on column event.offer_released.product_id is 'Id of the product; older ones are no prod- ids. Join sdds.product.';
comment on column event.offer_released.product_title is 'Title of the product at that time.';
comment on column event.offer_released.manufacturer_account_id is 'AWS account number of the owner of the product.';
comment on column event.offer_released.seller_of_record_account_id is 'AWS account number of whoever made the offer.';
comment on column event.offer_released.targeted_buyer_account_ids is 'AWS account numbers that may accept a private offer; null for everybody.';
comment on column event.offer_released.catalog is 'Marketplace catalogue, mostly AWSMarketplace.';
comment on column event.offer_released.request_id is 'Id that AWS Support asks for.';
comment on column event.offer_released.received_at is 'When it was first recorded here.';
comment on column event.offer_released.topic_arn is 'SNS topic that it came through; null for raw delivery and EventBridge.';
comment on column event.offer_released.sqs_message_id is 'MessageId that SQS gave its first delivery.';
comment on column event.offer_released.malformed is 'Parts of the event that do not fit their column, which is null then: where, and why. The body has them. Null: all is well.';
comment on column event.offer_released.body is 'The message as received, envelope included. event.content(body) is the event in it as JSON.';

insert into event.kind (event_table, source, pattern, title)
values ('offer_released', 'aws.marketplacecatalog', '^(offer|offerset) released', 'Offers and offer sets')
on conflict (event_table) do update set
    source = excluded.source, pattern = excluded.pattern, title = excluded.title;

insert into event.field (event_table, column_name, paths) values
    ('offer_released', 'offer_id',                    '{detail.offer.id}'),
    ('offer_released', 'offer_name',                  '{detail.offer.name,detail.offerSet.name}'),
    ('offer_released', 'expiration_date',             '{detail.offer.expirationDate}'),
    ('offer_released', 'offer_set_id',                '{detail.offerSet.id}'),
    ('offer_released', 'associated_offer_ids',        '{detail.associatedOffers.*.offer.id}'),
    ('offer_released', 'product_id',                  '{detail.product.id}'),
    ('offer_released', 'product_title',               '{detail.product.title}'),
    ('offer_released', 'manufacturer_account_id',     '{detail.manufacturer.accountId}'),
    ('offer_released', 'seller_of_record_account_id', '{detail.sellerOfRecord.accountId}'),
    ('offer_released', 'targeted_buyer_account_ids',  '{detail.targetedBuyerAccountIds}'),
    ('offer_released', 'catalog',                     '{detail.catalog,detail.Catalog}'),
    ('offer_released', 'request_id',                  '{detail.requestId}')
on conflict (event_table, column_name) do update set paths = excluded.paths;
