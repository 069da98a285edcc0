-- after: seller
-- Messages that were more than a pointer to a file, and those that could not be followed.

create table if not exists ingest.message (
    message_id       bigint       generated always as identity primary key,
    seller_id        integer      not null references ingest.seller,
    sqs_message_id   text         not null,
    kind             text         not null,
    outcome          text         not null,
    summary          text         not null,
    reason           text,
    body             text         not null,
    received_at      timestamptz  not null default now(),
    last_received_at timestamptz  not null default now(),
    times_received   integer      not null default 1,
    unique (seller_id, sqs_message_id)
);

alter table ingest.message
    add column if not exists decided_at timestamptz,
    add column if not exists decided_by text,
    drop constraint if exists outcome_is_known;
alter table ingest.message
    add constraint outcome_is_known check (outcome in (
        'recorded', 'ignored', 'refused', 'failed', 'unknown', 'done', 'redriven', 'dismissed'));

create index if not exists message_trouble_idx on ingest.message (last_received_at)
    where outcome in ('refused', 'failed', 'unknown');

comment on table ingest.message is
    'A message from a seller''s queue that did not simply lead to a load: recorded events, refused pointers, failures on their way to the dead-letter queue, and bodies that nobody understood.';
comment on column ingest.message.message_id is 'Key of the message.';
comment on column ingest.message.seller_id is 'The seller whose queue delivered it.';
comment on column ingest.message.sqs_message_id is 'Message id that SQS gave.';
comment on column ingest.message.kind is 'Which of the known shapes the body has; unknown where it has none.';
comment on column ingest.message.outcome is 'recorded: an event, kept here. ignored: points at nothing that is loaded. refused: points outside the seller''s locations. failed: the load failed, the message goes back to the queue and at last to its dead-letter queue. unknown: not understood. done: failed before, loaded since. redriven: an operator sent it to the queue again, under a new id. dismissed: an operator saw to it.';
comment on column ingest.message.summary is 'What it says, in one line.';
comment on column ingest.message.reason is 'Why it was refused, failed or not understood, and what to do.';
comment on column ingest.message.body is 'The body as received.';
comment on column ingest.message.received_at is 'When it was first received.';
comment on column ingest.message.last_received_at is 'When it was last received.';
comment on column ingest.message.decided_at is 'When an operator redrove or dismissed it.';
comment on column ingest.message.decided_by is 'Who did: operating system user and host.';
comment on column ingest.message.times_received is 'How often it was received, as SQS counts.';

-- SQS gives a message that is sent again another id, and what a message says of itself proves nothing.
create table if not exists ingest.redriven (
    redriven_id           bigint       generated always as identity primary key,
    seller_id             integer      not null references ingest.seller,
    first_sqs_message_id  text         not null,
    body_digest           bytea        not null,
    redriven_at           timestamptz  not null default now(),
    sqs_message_id        text
);

create index if not exists redriven_body_idx on ingest.redriven (seller_id, body_digest);

comment on table ingest.redriven is
    'Messages that an operator sent to their queue again (sluice dlq redrive), so that an event that comes back under another id is known to be the same.';
comment on column ingest.redriven.redriven_id is 'Key of the row.';
comment on column ingest.redriven.seller_id is 'The seller whose queue it is.';
comment on column ingest.redriven.first_sqs_message_id is 'Id under which the message first came.';
comment on column ingest.redriven.body_digest is 'SHA-256 of its body.';
comment on column ingest.redriven.redriven_at is 'When it was sent again.';
comment on column ingest.redriven.sqs_message_id is 'Id under which it came again; null before it has.';

create table if not exists ingest.sweep (
    seller_id    integer      not null references ingest.seller,
    location     text         not null,
    finished_at  timestamptz  not null default now(),
    listed       bigint       not null,
    found        bigint       not null,
    primary key (seller_id, location)
);

comment on table ingest.sweep is
    'The last listing of each location: the safety net for notifications that never came.';
comment on column ingest.sweep.seller_id is 'Whose location it is.';
comment on column ingest.sweep.location is 'Bucket, or bucket and prefix.';
comment on column ingest.sweep.finished_at is 'When the listing was done.';
comment on column ingest.sweep.listed is 'Objects that were listed.';
comment on column ingest.sweep.found is 'Objects among them that had to be looked at because their version was not the one last read.';
