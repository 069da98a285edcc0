-- after: kind
-- EventBridge events of no known kind.

create table if not exists event.other (
    seller_id       integer      not null references ingest.seller,
    event_key       text         not null,
    event_type      text         not null,
    event_time      timestamptz,
    source          text,
    account_id      text,
    received_at     timestamptz  not null default now(),
    topic_arn       text,
    sqs_message_id  text         not null,
    malformed       text[],
    body            text         not null,
    primary key (seller_id, event_key)
);

comment on table event.other is
    'An EventBridge event that no pattern of event.kind takes. A kind that matters gets a table by an SQL file in Schema/event.';
comment on column event.other.seller_id is 'The seller whose queue delivered it (ingest.seller).';
comment on column event.other.event_key is 'What a repeated delivery of the same event keeps: id of the EventBridge event, else MessageId of SNS, else MessageId of SQS. Unique per seller: an event with the same id and other content has a tilde and a digest after it.';
comment on column event.other.event_type is 'detail-type of the event, as sent.';
comment on column event.other.event_time is 'When it happened: time of the EventBridge event, else Timestamp of the SNS envelope; null where neither is there.';
comment on column event.other.source is 'Who sent it, such as aws.health.';
comment on column event.other.account_id is 'AWS account that it is about.';
comment on column event.other.received_at is 'When it was first recorded here.';
comment on column event.other.topic_arn is 'SNS topic that it came through; null for raw delivery and EventBridge.';
comment on column event.other.sqs_message_id is 'MessageId that SQS gave its first delivery.';
comment on column event.other.malformed is 'Parts of the event that do not fit their column, which is null then: where, and why. The body has them. Null: all is well.';
comment on column event.other.body is 'The message as received, envelope included. event.content(body) is the event in it as JSON.';

insert into event.kind (event_table, source, pattern, title)
values ('other', '', '^$', 'Events of no known kind')
on conflict (event_table) do update set
    source = excluded.source, pattern = excluded.pattern, title = excluded.title;

insert into event.field (event_table, column_name, paths) values
    ('other', 'source',     '{source}'),
    ('other', 'account_id', '{account}')
on conflict (event_table, column_name) do update set paths = excluded.paths;
