-- after: feed, pending, line_key
-- One table per feed with one row per version of a fact: the newest that was delivered.

-- Columns of a feed's table that its resolved table has too. The feed's own valid_to is always
-- empty and gives way to the one that is worked out.
create or replace function resolved.delivered_columns(feed text) returns text[]
    language sql stable
    return (
        select array_agg(attname::text order by attnum)
        from pg_attribute
        where attrelid = feed::regclass and attnum > 0 and not attisdropped
            and attname <> 'valid_to');

comment on function resolved.delivered_columns(text) is
    'Columns of a feed''s table that its resolved table repeats, in order.';

-- Makes the table of a feed, or adds what it lacks: a column that the feed's table got meanwhile.
create or replace function resolved.define_table(feed_name text) returns void
    language plpgsql
as $$
declare
    feed resolved.feed := (select f from resolved.feed f where f.feed = feed_name);
    name text := split_part(feed_name, '.', 2);
    target text := format('resolved.%I', name);
    missing record;
begin
    if to_regclass(target) is null then
        execute format(
            'create table %1$s (seller_id integer not null, %2$s, primary key (seller_id, %3$s))',
            target,
            (select string_agg(
                format('%I %s not null', attname, format_type(atttypid, atttypmod)), ', '
                order by attnum)
             from pg_attribute
             where attrelid = feed_name::regclass and attname = any(feed.version_key)),
            (select string_agg(quote_ident(c), ', ' order by array_position(feed.entity, c), n)
             from unnest(feed.version_key) with ordinality as k (c, n)));
    end if;
    for missing in
        select a.attname, format_type(a.atttypid, a.atttypmod) as type, a.attnotnull,
            col_description(a.attrelid, a.attnum) as description
        from pg_attribute a
        where a.attrelid = feed_name::regclass
            and a.attname = any(resolved.delivered_columns(feed_name))
            and not exists (
                select from pg_attribute h
                where h.attrelid = target::regclass and h.attname = a.attname)
        order by a.attnum
    loop
        execute format(
            'alter table %s add column %I %s %s', target, missing.attname, missing.type,
            case when missing.attname in ('version_id', 'line', 'valid_from', 'update_date')
                then 'not null' end);
    end loop;
    execute format(
        'alter table %s
            add column if not exists holds_from timestamptz not null,
            add column if not exists valid_to timestamptz not null
                default ''2999-01-01 00:00:00+00'',
            add column if not exists is_first boolean not null default true,
            add column if not exists is_newest boolean not null default true',
        target);
end
$$;

comment on function resolved.define_table(text) is
    'Makes the resolved table of a feed, or adds the columns that the feed''s table has got since.';

-- Comments are those of the feed's table: a column means the same in both.
create or replace function resolved.describe_table(feed_name text) returns void
    language plpgsql
as $$
declare
    target text := format('resolved.%I', split_part(feed_name, '.', 2));
    described record;
begin
    execute format(
        'comment on table %s is %L', target,
        format('%s as resolved: one row per version, the newest row of %s that was delivered. '
            'Soft-deleted versions are still here.',
            (select title from ingest.feed where feed = feed_name), feed_name));
    for described in
        select attname, col_description(attrelid, attnum) as description
        from pg_attribute
        where attrelid = feed_name::regclass
            and attname = any(resolved.delivered_columns(feed_name))
    loop
        execute format('comment on column %s.%I is %L', target, described.attname,
            described.description);
    end loop;
    execute format(
        'comment on column %1$s.holds_from is %2$L;
         comment on column %1$s.valid_to is %3$L;
         comment on column %1$s.is_first is %4$L;
         comment on column %1$s.is_newest is %5$L',
        target,
        'Instant (UTC) from which the version is taken to hold: valid_from, and earlier for the '
            'first one, which is recorded later than facts that refer to it.',
        'Instant (UTC) at which the next version begins; 2999-01-01 while there is none. Equal to '
            'valid_from for a version that does not count.',
        'Whether it is the first version that counts.',
        'Whether no version of the same was written later, deleted ones included.');
end
$$;

comment on function resolved.describe_table(text) is
    'Copies the comments of a feed''s table to its resolved table.';

-- Entered again whenever it is found lacking: a feed, or a column, that was added since.
create or replace function resolved.prepare() returns setof text
    language plpgsql
as $$
declare
    lacking record;
begin
    perform resolved.register_feeds();
    for lacking in
        select f.feed
        from resolved.feed f
        cross join lateral (
            select to_regclass(format('resolved.%I', split_part(f.feed, '.', 2))) as target) as t
        where t.target is null
            or exists (
                select from unnest(resolved.delivered_columns(f.feed)) as c
                where not exists (
                    select from pg_attribute
                    where attrelid = t.target and attname = c and not attisdropped))
            or not exists (
                select from pg_trigger
                where tgrelid = f.feed::regclass and tgname = 'note_removal')
    loop
        perform resolved.define_table(lacking.feed);
        perform resolved.describe_table(lacking.feed);
        execute format(
            'create or replace trigger note_removal after delete on %s
                referencing old table as removed
                for each statement execute function resolved.note_removal()', lacking.feed);
        return next lacking.feed;
    end loop;
end
$$;

comment on function resolved.prepare() is
    'Makes the resolved tables that are not there yet, and adds the columns that they lack; returns the feeds of which that was so.';
