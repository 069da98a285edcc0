-- after: kind
-- AWS does not pay out: bank details are invalid.

create table if not exists event.disbursement_paused (
    seller_id               integer      not null references ingest.seller,
    event_key               text         not null,
    event_type              text         not null,
    event_time              timestamptz,
    payment_instrument_arn  text,
    catalog                 text,
    request_id              text,
    received_at             timestamptz  not null default now(),
    topic_arn               text,
    sqs_message_id          text         not null,
    malformed               text[],
    body                    text         not null,
    primary key (seller_id, event_key)
);

comment on table event.disbursement_paused is
    'A disbursement failed because the seller''s bank details are not valid. No payout comes until they are mended in AWS Partner Central. sluice status shows it until somebody says sluice acknowledge.';
comment on column event.disbursement_paused.seller_id is 'The seller whose queue delivered it (ingest.seller).';
comment on column event.disbursement_paused.event_key is 'What a repeated delivery of the same event keeps: id of the EventBridge event, else MessageId of SNS, else MessageId of SQS. Unique per seller: an event with the same id and other content has a tilde and a digest after it.';
comment on column event.disbursement_paused.event_type is 'detail-type of the EventBridge event, as sent: dashes and hyphens both occur. Compare with event.folded(event_type).';
comment on column event.disbursement_paused.event_time is 'When it happened: time of the EventBridge event, else Timestamp of the SNS envelope; null where neither is there.';
comment on column event.disbursement_paused.payment_instrument_arn is 'ARN of the bank account that AWS could not pay to.';
comment on column event.disbursement_paused.catalog is 'Marketplace catalogue, mostly AWSMarketplace.';
comment on column event.disbursement_paused.request_id is 'Id that AWS Support asks for.';
comment on column event.disbursement_paused.received_at is 'When it was first recorded here.';
comment on column event.disbursement_paused.topic_arn is 'SNS topic that it came through; null for raw delivery and EventBridge.';
comment on column event.disbursement_paused.sqs_message_id is 'MessageId that SQS gave its first delivery.';
comment on column event.disbursement_paused.malformed is 'Parts of the event that do not fit their column, which is null then: where, and why. The body has them. Null: all is well.';
comment on column event.disbursement_paused.body is 'The message as received, envelope included. event.content(body) is the event in it as JSON.';

insert into event.kind (event_table, source, pattern, title)
values ('disbursement_paused', 'aws.marketplace', '^disbursement paused', 'Paused disbursements')
on conflict (event_table) do update set
    source = excluded.source, pattern = excluded.pattern, title = excluded.title;

insert into event.field (event_table, column_name, paths) values
    ('disbursement_paused', 'payment_instrument_arn', '{resources.0}'),
    ('disbursement_paused', 'catalog',                '{detail.catalog,detail.Catalog}'),
    ('disbursement_paused', 'request_id',             '{detail.requestId}')
on conflict (event_table, column_name) do update set paths = excluded.paths;

alter table event.disbursement_paused add column if not exists acknowledged_at timestamptz;

comment on column event.disbursement_paused.acknowledged_at is
    'When a person saw to it (sluice acknowledge); null until then.';
