-- after: kind
-- Summaries of security issues found in the seller's products.

create table if not exists event.security_report (
    seller_id                    integer      not null references ingest.seller,
    event_key                    text         not null,
    event_type                   text         not null,
    event_time                   timestamptz,
    products_with_issues         integer,
    versions_with_issues         integer,
    latest_versions_with_issues  integer,
    new_issues_found             boolean,
    resolution_due_date          timestamptz,
    request_id                   text,
    received_at                  timestamptz  not null default now(),
    topic_arn                    text,
    sqs_message_id               text         not null,
    malformed                    text[],
    body                         text         not null,
    primary key (seller_id, event_key)
);

comment on table event.security_report is
    'AWS found, or reminds of, vulnerabilities in the seller''s products. Not mended by the due date they may be restricted.';
comment on column event.security_report.seller_id is 'The seller whose queue delivered it (ingest.seller).';
comment on column event.security_report.event_key is 'What a repeated delivery of the same event keeps: id of the EventBridge event, else MessageId of SNS, else MessageId of SQS. Unique per seller: an event with the same id and other content has a tilde and a digest after it.';
comment on column event.security_report.event_type is 'detail-type of the EventBridge event, as sent: dashes and hyphens both occur. Compare with event.folded(event_type).';
comment on column event.security_report.event_time is 'When it happened: time of the EventBridge event, else Timestamp of the SNS envelope; null where neither is there.';
comment on column event.security_report.products_with_issues is 'Products with issues.';
comment on column event.security_report.versions_with_issues is 'Versions with issues.';
comment on column event.security_report.latest_versions_with_issues is 'Newest versions among them.';
comment on column event.security_report.new_issues_found is 'Whether any of them is new; false for a reminder.';
comment on column event.security_report.resolution_due_date is 'Instant (UTC) by which they must be mended.';
comment on column event.security_report.request_id is 'Id that AWS Support asks for.';
comment on column event.security_report.received_at is 'When it was first recorded here.';
comment on column event.security_report.topic_arn is 'SNS topic that it came through; null for raw delivery and EventBridge.';
comment on column event.security_report.sqs_message_id is 'MessageId that SQS gave its first delivery.';
comment on column event.security_report.malformed is 'Parts of the event that do not fit their column, which is null then: where, and why. The body has them. Null: all is well.';
comment on column event.security_report.body is 'The message as received, envelope included. event.content(body) is the event in it as JSON.';

insert into event.kind (event_table, source, pattern, title)
values ('security_report', 'aws.marketplacecatalog', '^products security report created', 'Security reports')
on conflict (event_table) do update set
    source = excluded.source, pattern = excluded.pattern, title = excluded.title;

insert into event.field (event_table, column_name, paths) values
    ('security_report', 'products_with_issues',        '{detail.numberOfProductsWithIssues}'),
    ('security_report', 'versions_with_issues',        '{detail.numberOfVersionsWithIssues}'),
    ('security_report', 'latest_versions_with_issues', '{detail.numberOfLatestVersionsWithIssues}'),
    ('security_report', 'new_issues_found',            '{detail.newIssuesFound}'),
    ('security_report', 'resolution_due_date',         '{detail.upcomingResolutionDueDate}'),
    ('security_report', 'request_id',                  '{detail.requestId}')
on conflict (event_table, column_name) do update set paths = excluded.paths;
