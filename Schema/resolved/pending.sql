-- after: feed
-- What was loaded or removed and is not yet in the resolved tables. Loads only ever insert here, so
-- none waits for another or for a refresh.

create table if not exists resolved.pending (
    pending_id  bigint          generated always as identity primary key,
    seller_id   integer         not null,
    feed        text            not null,
    version_id  bigint          not null,
    lines       int8multirange  not null,
    is_removed  boolean         not null,
    noticed_at  timestamptz     not null default now()
);

comment on table resolved.pending is
    'Rows of the seller data feeds that a load added or an operator removed, and that marketplace.refresh has still to bring in. Written in the transaction that moved the rows.';
comment on column resolved.pending.pending_id is 'Order of arrival.';
comment on column resolved.pending.seller_id is 'Whose rows they are.';
comment on column resolved.pending.feed is 'The feed whose table had the rows that were removed; of rows that were added, the feed of the file when that was noticed.';
comment on column resolved.pending.version_id is 'Version of the file from which the rows were first read.';
comment on column resolved.pending.lines is 'Records of that version; a range without end means all from there.';
comment on column resolved.pending.is_removed is 'Whether the rows were removed from the table.';
comment on column resolved.pending.noticed_at is 'When the transaction that moved them began.';

-- A load that reads on from the checkpoint adds the records that the checkpoint has just passed; a
-- rewrite or a replay adds some among all of its version, and a reload may write rows of every older
-- version of its file anew.
-- It runs with the rights of whoever moved the rows: the page of roles lets those insert here. With
-- its owner's rights it would run a stranger's casts, were it put on a stranger's table.
create or replace function resolved.note_load() returns trigger
    language plpgsql
    set search_path = pg_catalog, pg_temp
as $$
begin
    insert into resolved.pending (seller_id, feed, version_id, lines, is_removed)
    select f.seller_id, f.feed, v.version_id,
        int8multirange(int8range(
            case when new.outcome in ('running', 'loaded', 'extended', 'interrupted', 'failed')
                then greatest(f.rows - (new.rows_read - coalesce(old.rows_read, 0)), 0)
                else 0
            end, null, '()')),
        false
    from ingest.file f
    join ingest.feed d using (feed)
    join ingest.version v using (file_id)
    where f.file_id = new.file_id and d.kind = 'log'
        and (v.version_id = new.version_id or new.outcome = 'reloaded');
    return null;
end
$$;

comment on function resolved.note_load() is
    'Trigger: notes the rows that a load has added to its feed''s table.';

create or replace trigger note_load_begun after insert on ingest.load
    for each row when (new.rows_loaded > 0)
    execute function resolved.note_load();

create or replace trigger note_load_advanced after update of rows_loaded on ingest.load
    for each row when (new.rows_loaded > old.rows_loaded)
    execute function resolved.note_load();

-- Rows leave a log's table only when an operator says so, so this may cost something.
create or replace function resolved.note_removal() returns trigger
    language plpgsql
    set search_path = pg_catalog, pg_temp
as $$
begin
    insert into resolved.pending (seller_id, feed, version_id, lines, is_removed)
    select seller_id, tg_table_schema || '.' || tg_table_name, version_id,
        range_agg(int8range(line, line, '[]')), true
    from removed
    group by seller_id, version_id;
    return null;
end
$$;

comment on function resolved.note_removal() is
    'Trigger: notes the rows that were deleted from a feed''s table.';
