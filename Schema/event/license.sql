-- after: kind
-- Licences: updated, deprovisioned.

create table if not exists event.license (
    seller_id            integer      not null references ingest.seller,
    event_key            text         not null,
    event_type           text         not null,
    event_time           timestamptz,
    product_code         text,
    product_id           text,
    license_arn          text,
    agreement_id         text,
    acceptor_account_id  text,
    proposer_account_id  text,
    offer_id             text,
    catalog              text,
    request_id           text,
    license_id           text         generated always as (event.license_id(license_arn)) stored,
    change               text         generated always as (regexp_replace(event.folded(event_type), '^license | (proposer|manufacturer|acceptor)$', '', 'g')) stored,
    party                text         generated always as (event.party(event_type)) stored,
    received_at          timestamptz  not null default now(),
    topic_arn            text,
    sqs_message_id       text         not null,
    malformed            text[],
    body                 text         not null,
    primary key (seller_id, event_key)
);

create index if not exists license_history_idx on event.license using hash (license_id);

comment on table event.license is
    'A customer''s licence for a product changed. License Updated leads to GetEntitlements, whose answer is in event.entitlement; License Deprovisioned ends the licence''s entitlements there, and opens one last hour for metering.';
comment on column event.license.seller_id is 'The seller whose queue delivered it (ingest.seller).';
comment on column event.license.event_key is 'What a repeated delivery of the same event keeps: id of the EventBridge event, else MessageId of SNS, else MessageId of SQS. Unique per seller: an event with the same id and other content has a tilde and a digest after it.';
comment on column event.license.event_type is 'detail-type of the EventBridge event, as sent: dashes and hyphens both occur. Compare with event.folded(event_type).';
comment on column event.license.event_time is 'When it happened: time of the EventBridge event, else Timestamp of the SNS envelope; null where neither is there.';
comment on column event.license.product_code is 'Code of the product. Join sdds.product.product_code.';
comment on column event.license.product_id is 'Id of the product. Join sdds.product.';
comment on column event.license.license_arn is 'ARN of the licence, as sent; its beginning may be missing.';
comment on column event.license.agreement_id is 'Id of the agreement, agmt- and letters. Join sdds.agreement.';
comment on column event.license.acceptor_account_id is 'AWS account number of the buyer, with leading zeros; not a key of sdds.account, whose aws_account_id it is.';
comment on column event.license.proposer_account_id is 'AWS account number of whoever made the offer: the seller, or a channel partner.';
comment on column event.license.offer_id is 'Id of the offer that was accepted. Join sdds.offer.';
comment on column event.license.catalog is 'Marketplace catalogue, mostly AWSMarketplace.';
comment on column event.license.request_id is 'Id that AWS Support asks for.';
comment on column event.license.license_id is 'The part of the ARN by which licences compare, l- and what follows.';
comment on column event.license.change is 'updated or deprovisioned.';
comment on column event.license.party is 'In which role the seller got it: proposer, manufacturer, or acceptor where the seller itself is the buyer. Where proposer and manufacturer are one account AWS sends the proposer form only.';
comment on column event.license.received_at is 'When it was first recorded here.';
comment on column event.license.topic_arn is 'SNS topic that it came through; null for raw delivery and EventBridge.';
comment on column event.license.sqs_message_id is 'MessageId that SQS gave its first delivery.';
comment on column event.license.malformed is 'Parts of the event that do not fit their column, which is null then: where, and why. The body has them. Null: all is well.';
comment on column event.license.body is 'The message as received, envelope included. event.content(body) is the event in it as JSON.';

insert into event.kind (event_table, source, pattern, title)
values ('license', 'aws.agreement-marketplace', '^license ', 'Licences')
on conflict (event_table) do update set
    source = excluded.source, pattern = excluded.pattern, title = excluded.title;

insert into event.field (event_table, column_name, paths) values
    ('license', 'product_code',        '{detail.product.code}'),
    ('license', 'product_id',          '{detail.product.id}'),
    ('license', 'license_arn',         '{detail.license.arn}'),
    ('license', 'agreement_id',        '{detail.agreement.id}'),
    ('license', 'acceptor_account_id', '{detail.acceptor.accountId,detail.agreement.acceptorId}'),
    ('license', 'proposer_account_id', '{detail.proposer.accountId}'),
    ('license', 'offer_id',            '{detail.offer.id,detail.agreement.offerId}'),
    ('license', 'catalog',             '{detail.catalog,detail.Catalog}'),
    ('license', 'request_id',          '{detail.requestId}')
on conflict (event_table, column_name) do update set paths = excluded.paths;
