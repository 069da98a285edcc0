-- after: file
-- The history of loads, each with counts that reconcile and totals to check against.

create table if not exists ingest.load (
    load_id        bigint       generated always as identity primary key,
    file_id        bigint       not null references ingest.file,
    version_id     bigint       not null references ingest.version,
    outcome        text         not null default 'running',
    rows_read      bigint       not null default 0,
    rows_loaded    bigint       not null default 0,
    rows_rejected  bigint       not null default 0,
    rows_standing  bigint       not null default 0,
    rows_removed   bigint       not null default 0,
    rows_vanished  bigint       not null default 0,
    bytes_read     bigint       not null default 0,
    worker         text         not null,
    started_at     timestamptz  not null default now(),
    finished_at    timestamptz,
    failure        text,
    constraint every_row_is_accounted_for check
        (rows_read = rows_loaded + rows_rejected + rows_standing),
    constraint only_a_rewrite_leaves_rows_standing check
        (rows_standing = 0 or outcome in ('rewritten', 'running'))
);

alter table ingest.load drop constraint if exists outcome_is_known;
alter table ingest.load
    add constraint outcome_is_known check (outcome in
        ('running', 'interrupted', 'failed', 'loaded', 'extended', 'rewritten', 'replaced',
         'unchanged', 'replayed', 'reloaded', 'aside'));

create index if not exists load_file_id_idx on ingest.load (file_id, load_id);
create index if not exists load_running_idx on ingest.load (file_id) where outcome = 'running';

comment on table ingest.load is
    'One reading of one version of a file, or of its rejects. Its counts move in the same transaction as the rows that they count, so that rows_loaded less rows_removed, added up over all loads of a table, is its number of rows, but for those that sluice accept removed.';
comment on column ingest.load.load_id is 'Key of the load.';
comment on column ingest.load.file_id is 'The file.';
comment on column ingest.load.version_id is 'The version that was read.';
comment on column ingest.load.outcome is 'loaded: first time. extended: only what was new at the end. rewritten: compared row by row because the part already loaded had changed. replaced: snapshot exchanged. unchanged: same content under a new ETag. aside: not read, because another file is the same delivery and counts. reloaded: read again from the start, into the table that the feed has now; its rows, rejects and totals take the place of what the loads before it counted. replayed: rejects of the version that their table takes by now; they were counted as rejected by the load before. failed, interrupted: see failure; what had been committed stands.';
comment on column ingest.load.rows_read is 'Records parsed in this load; those before the checkpoint are not parsed. Always loaded + rejected + standing. Of a replay: the records that were moved.';
comment on column ingest.load.rows_loaded is 'Records put into the feed''s table.';
comment on column ingest.load.rows_rejected is 'Records put into ingest.reject. A replay that moves some of them later does not take them off.';
comment on column ingest.load.rows_standing is 'Records of a rewritten file that were in the table, or among the rejects, already.';
comment on column ingest.load.rows_removed is 'Rows that the load removed from the table: those of the older snapshot; of a change log also those that newer operations have overtaken; those of a copy that counted until then.';
comment on column ingest.load.rows_vanished is 'Rows in the table that a rewritten file no longer has; listed in ingest.vanished.';
comment on column ingest.load.bytes_read is 'Decompressed bytes that were parsed.';
comment on column ingest.load.worker is 'Host and process id that ran the load.';
comment on column ingest.load.started_at is 'When the first transaction of the load began.';
comment on column ingest.load.finished_at is 'When the outcome was known.';
comment on column ingest.load.failure is 'Where, what and what to do, as the operator saw it.';

create table if not exists ingest.load_total (
    load_id      bigint   not null references ingest.load on delete cascade,
    column_name  text     not null,
    currency     text     not null,
    amount       numeric  not null,
    rows         bigint   not null,
    primary key (load_id, column_name, currency)
);

comment on table ingest.load_total is
    'Control totals: what a load added up to, per money column and currency. Sums of loads are comparable with sums over the rows themselves.';
comment on column ingest.load_total.load_id is 'The load.';
comment on column ingest.load_total.column_name is 'The money column that was added up.';
comment on column ingest.load_total.currency is 'Currency code found beside the amount; empty where the row or the feed has none, ? where the text there is no code.';
comment on column ingest.load_total.amount is 'Exact sum over the rows that the load put into the table.';
comment on column ingest.load_total.rows is 'How many of those rows had an amount.';
