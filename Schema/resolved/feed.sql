-- after: schema
-- Which feeds are resolved, and what identifies a fact and its versions.

create table if not exists resolved.feed (
    feed              text         primary key references ingest.feed,
    entity            text[]       not null,
    version_key       text[]       not null,
    first_holds_from  text,
    refreshed_at      timestamptz,
    changed_at        timestamptz
);

comment on table resolved.feed is
    'A feed whose rows are resolved to one row per fact and version, in the table of resolved and the view of marketplace that have the feed''s name.';
comment on column resolved.feed.feed is 'The feed (ingest.feed).';
comment on column resolved.feed.entity is 'Columns that identify what the versions are of; with seller_id the range of a version ends where the next one of the same begins.';
comment on column resolved.feed.version_key is 'Columns that identify a version: rows that agree in them correct each other, and the newest one stands.';
comment on column resolved.feed.first_holds_from is 'SQL of the instant from which the first version is taken to hold, made of valid_from. Null: from valid_from.';
comment on column resolved.feed.refreshed_at is 'When marketplace.refresh last brought in everything that had been loaded by then.';
comment on column resolved.feed.changed_at is 'When that last changed a row.';

-- A feed that somebody has added may lack what tells its versions apart and whether one was deleted:
-- it has no history to resolve.
-- The first version of a thing is mostly recorded later than facts that refer to it, so it is
-- extended backwards. Instants are made without the session's time zone: days have 24 hours here.
create or replace function resolved.register_feeds() returns void
    language sql
begin atomic
    insert into resolved.feed (feed, entity, version_key, first_holds_from)
    select f.feed,
        case f.table_name
            when 'offer' then array['offer_id']
            else array_remove(array_remove(f.business_key, 'update_date'), 'valid_from')
        end,
        case f.table_name
            -- An entry has no history of its own: whatever its valid_from, the newest row stands.
            when 'billing_event' then array['billing_event_id']
            else array_remove(f.business_key, 'update_date')
        end,
        case f.table_name
            when 'account' then $$timestamptz '1970-01-01 00:00:00+00'$$
            when 'agreement' then $$timestamptz '1969-12-31 23:00:00+00'$$
            when 'product' then
                $$case when valid_from < timestamptz '2021-04-01 00:00:00+00'
                    then valid_from - interval '92568 hours'
                    else valid_from - interval '52560 hours' end$$
            when 'offer' then
                $$case when valid_from < timestamptz '2021-04-01 00:00:00+00'
                    then valid_from - interval '92568 hours'
                    else valid_from - interval '40800 hours' end$$
        end
    from ingest.feed f
    where f.table_schema = 'sdds' and f.kind = 'log'
        and f.business_key @> array['valid_from', 'update_date']
        and (
            select count(*) from pg_attribute a
            where a.attrelid = to_regclass(f.feed) and not a.attisdropped
                and a.attname in ('valid_from', 'update_date', 'insert_date', 'delete_date')) = 4
    on conflict (feed) do update set
        entity           = excluded.entity,
        version_key      = excluded.version_key,
        first_holds_from = excluded.first_holds_from;
end;

comment on function resolved.register_feeds() is
    'Enters every seller data feed whose table has valid_from, update_date, insert_date and delete_date into resolved.feed.';
