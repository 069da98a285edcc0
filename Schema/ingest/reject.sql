-- after: file
-- What could not be put into a typed table, and what vanished or changed its shape.

create table if not exists ingest.reject (
    reject_id    bigint       generated always as identity primary key,
    seller_id    integer      not null references ingest.seller,
    feed         text         not null references ingest.feed,
    version_id   bigint       not null references ingest.version,
    line         bigint       not null,
    file_line    bigint       not null,
    byte_offset  bigint       not null,
    column_name  text,
    reason       text         not null,
    raw          bytea        not null,
    noticed_at   timestamptz  not null default now(),
    unique (version_id, line)
);

alter table ingest.reject
    add column if not exists cause text,
    add column if not exists state text not null default 'waiting',
    add column if not exists settled_at timestamptz,
    add column if not exists settled_by text,
    add column if not exists note text;

-- Rejects of a time when the cause was not kept: the reason without the value that it begins with.
update ingest.reject
set cause = case
    when reason like 'has % fields where the header has %'
        then 'has not as many fields as the header'
    else regexp_replace(reason, '^".*" ', '') end
where cause is null;

alter table ingest.reject
    alter column cause set not null,
    drop constraint if exists state_is_known,
    drop constraint if exists settled_reject_has_a_time;
alter table ingest.reject
    add constraint state_is_known check
        (state in ('waiting', 'replayed', 'dismissed', 'superseded')),
    add constraint settled_reject_has_a_time check ((state = 'waiting') = (settled_at is null));

create index if not exists reject_waiting_idx on ingest.reject (seller_id, feed)
    where state = 'waiting';

comment on table ingest.reject is
    'A record that its table would not take, whole, with the reason. The rest of its file was loaded. It waits until somebody acts: sluice rejects replay after a fix, or sluice rejects dismiss.';
comment on column ingest.reject.reject_id is 'Key of the reject.';
comment on column ingest.reject.seller_id is 'Whose record it is.';
comment on column ingest.reject.feed is 'The feed.';
comment on column ingest.reject.version_id is 'Version of the file in which the record was first read.';
comment on column ingest.reject.line is 'Which record of that version, as in the data tables: 1 is the first after the header.';
comment on column ingest.reject.file_line is 'Line of the file on which the record begins, as an editor counts: the header is on line 1.';
comment on column ingest.reject.byte_offset is 'Decompressed bytes before the record.';
comment on column ingest.reject.column_name is 'First column whose value was refused; null when the record as a whole was.';
comment on column ingest.reject.reason is 'What was wrong, in words, with the value that was refused.';
comment on column ingest.reject.cause is 'What was wrong, without the value: equal for records that one fix will mend.';
comment on column ingest.reject.state is 'waiting: for a fix or a decision. replayed: in its table since, under the same version_id and line. dismissed: an operator said that it need not be loaded. superseded: a later version of the file no longer has the record, or the table takes it by now and got it with that version; of support contacts also: the customer was deleted.';
comment on column ingest.reject.settled_at is 'When it ceased to wait. Null: it waits.';
comment on column ingest.reject.settled_by is 'Who settled it: operating system user and host. Null where a later version did.';
comment on column ingest.reject.note is 'Why it was dismissed, in the operator''s words.';
comment on column ingest.reject.raw is 'The record exactly as delivered, without its line end. convert_from(raw, ''UTF8'') shows it unless it is not valid UTF-8. Empty where the record held personal data and its customer was deleted, or the reject no longer waits.';
comment on column ingest.reject.noticed_at is 'When it was rejected.';

create table if not exists ingest.drift (
    seller_id    integer      not null references ingest.seller,
    feed         text         not null references ingest.feed,
    kind         text         not null,
    name         text         not null,
    version_id   bigint       not null references ingest.version,
    noticed_at   timestamptz  not null default now(),
    primary key (seller_id, feed, kind, name),
    constraint kind_is_known check (kind in ('unknown column', 'missing column'))
);

comment on table ingest.drift is
    'A difference between a feed''s file header and its table, recorded once per seller, feed and column.';
comment on column ingest.drift.seller_id is 'Whose files showed it.';
comment on column ingest.drift.feed is 'The feed.';
comment on column ingest.drift.kind is 'unknown column: in the header only, or a second title of a column, its values are kept in extra. missing column: in the table only, loaded as null.';
comment on column ingest.drift.name is 'The header title as delivered, its beginning where it has more than 128 bytes (ingest.version.header has it whole), or the column of the table.';
comment on column ingest.drift.version_id is 'First version in which it was noticed.';
comment on column ingest.drift.noticed_at is 'When that was.';

create table if not exists ingest.vanished (
    version_id    bigint       not null references ingest.version,
    line          bigint       not null,
    seller_id     integer      not null references ingest.seller,
    feed          text         not null references ingest.feed,
    file_id       bigint       not null references ingest.file,
    missing_from  bigint       not null references ingest.version,
    noticed_at    timestamptz  not null default now(),
    decision      text,
    decided_at    timestamptz,
    decided_by    text,
    primary key (version_id, line),
    constraint decision_is_known check (decision in ('accepted', 'kept', 'returned')),
    constraint decision_has_a_time check ((decision is null) = (decided_at is null))
);

drop index if exists ingest.vanished_open_idx;
create index if not exists vanished_held_idx on ingest.vanished (file_id)
    where decision is null or decision = 'kept';

comment on table ingest.vanished is
    'A row of a log feed that a later version of its file no longer has. It stays in its table until an operator says: sluice accept (remove it) or sluice keep.';
comment on column ingest.vanished.version_id is 'With line: the row, by its key in the feed''s table.';
comment on column ingest.vanished.line is 'With version_id: the row.';
comment on column ingest.vanished.seller_id is 'Whose row it is.';
comment on column ingest.vanished.feed is 'The feed.';
comment on column ingest.vanished.file_id is 'The file that had it.';
comment on column ingest.vanished.missing_from is 'First version that lacked it.';
comment on column ingest.vanished.noticed_at is 'When that was noticed.';
comment on column ingest.vanished.decision is 'accepted: removed from its table. kept: stays for good. returned: a later version has it again. Null: waiting for the operator.';
comment on column ingest.vanished.decided_at is 'When the decision was made.';
comment on column ingest.vanished.decided_by is 'Who made it: operating system user and host; null for returned.';
