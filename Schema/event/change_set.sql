-- after: kind
-- Change sets of the seller's catalogue.

create table if not exists event.change_set (
    seller_id        integer      not null references ingest.seller,
    event_key        text         not null,
    event_type       text         not null,
    event_time       timestamptz,
    change_set_id    text,
    change_set_name  text,
    start_time       timestamptz,
    end_time         timestamptz,
    failure_code     text,
    catalog          text,
    request_id       text,
    outcome          text         generated always as (substring(event.folded(event_type) from '^change set (.*)$')) stored,
    received_at      timestamptz  not null default now(),
    topic_arn        text,
    sqs_message_id   text         not null,
    malformed        text[],
    body             text         not null,
    primary key (seller_id, event_key)
);

comment on table event.change_set is
    'A change set, the unit in which a seller edits products and offers, has ended.';
comment on column event.change_set.seller_id is 'The seller whose queue delivered it (ingest.seller).';
comment on column event.change_set.event_key is 'What a repeated delivery of the same event keeps: id of the EventBridge event, else MessageId of SNS, else MessageId of SQS. Unique per seller: an event with the same id and other content has a tilde and a digest after it.';
comment on column event.change_set.event_type is 'detail-type of the EventBridge event, as sent: dashes and hyphens both occur. Compare with event.folded(event_type).';
comment on column event.change_set.event_time is 'When it happened: time of the EventBridge event, else Timestamp of the SNS envelope; null where neither is there.';
comment on column event.change_set.change_set_id is 'Id of the change set.';
comment on column event.change_set.change_set_name is 'Name that its author gave it.';
comment on column event.change_set.start_time is 'Instant (UTC) at which it was begun.';
comment on column event.change_set.end_time is 'Instant (UTC) at which it ended.';
comment on column event.change_set.failure_code is 'CLIENT_ERROR or SERVER_FAULT of one that failed.';
comment on column event.change_set.catalog is 'Marketplace catalogue, mostly AWSMarketplace.';
comment on column event.change_set.request_id is 'Id that AWS Support asks for.';
comment on column event.change_set.outcome is 'succeeded, failed or cancelled.';
comment on column event.change_set.received_at is 'When it was first recorded here.';
comment on column event.change_set.topic_arn is 'SNS topic that it came through; null for raw delivery and EventBridge.';
comment on column event.change_set.sqs_message_id is 'MessageId that SQS gave its first delivery.';
comment on column event.change_set.malformed is 'Parts of the event that do not fit their column, which is null then: where, and why. The body has them. Null: all is well.';
comment on column event.change_set.body is 'The message as received, envelope included. event.content(body) is the event in it as JSON.';

insert into event.kind (event_table, source, pattern, title)
values ('change_set', 'aws.marketplacecatalog', '^change set ', 'Change sets of the catalogue')
on conflict (event_table) do update set
    source = excluded.source, pattern = excluded.pattern, title = excluded.title;

insert into event.field (event_table, column_name, paths) values
    ('change_set', 'change_set_id',   '{detail.ChangeSetId,detail.changeSetId}'),
    ('change_set', 'change_set_name', '{detail.ChangeSetName,detail.changeSetName}'),
    ('change_set', 'start_time',      '{detail.StartTime,detail.startTime}'),
    ('change_set', 'end_time',        '{detail.EndTime,detail.endTime}'),
    ('change_set', 'failure_code',    '{detail.FailureCode,detail.failureCode}'),
    ('change_set', 'catalog',         '{detail.catalog,detail.Catalog}'),
    ('change_set', 'request_id',      '{detail.requestId}')
on conflict (event_table, column_name) do update set paths = excluded.paths;
