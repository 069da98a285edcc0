-- after: version
-- Brings what was loaded or removed into the resolved tables. All steps work on a few temporary
-- tables of marketplace.refresh: resolved_taken (what of pending is being applied) and, per feed,
-- resolved_arrived (the newest row of each version that may have changed) and resolved_lost (versions
-- whose row was removed).

-- "a.x = b.x and a.y = b.y" for seller_id and the columns given.
create or replace function resolved.same(columns text[], one text, other text) returns text
    language sql immutable
    return (
        select string_agg(format('%s.%I = %s.%I', one, c, other, c), ' and ' order by n)
        from unnest(array_prepend('seller_id', columns)) with ordinality as u (c, n));

comment on function resolved.same(text[], text, text) is
    'SQL of the condition that two tables agree in seller_id and the columns given.';

create or replace function resolved.listed(columns text[], prefix text default '') returns text
    language sql immutable
    return (
        select string_agg(prefix || quote_ident(c), ', ' order by n)
        from unnest(columns) with ordinality as u (c, n));

comment on function resolved.listed(text[], text) is
    'SQL of a list of columns, each with the prefix.';

-- The newest row first. Two rows that were written at the same instant are told apart by when they
-- first appeared, and at last by where they stand.
create or replace function resolved.newest_first(prefix text default '') returns text
    language sql immutable
    return format(
        '%1$supdate_date desc, %1$sinsert_date desc nulls last, %1$sversion_id desc, %1$sline desc',
        prefix);

comment on function resolved.newest_first(text) is
    'SQL of the order in which the first row of a version stands and the others are overtaken.';

-- Step 1: which versions are touched, and what their newest row is. A row that was removed and is
-- there again counts as one that arrived. A row that lacks a part of its key, where an operator has
-- let the feed's table take such rows, is of no version and stays out; so does a row that an older
-- version loaded with an id that fits into no index. sluice reload makes a reject of it.
create or replace function resolved.collect(feed resolved.feed, is_full boolean) returns void
    language plpgsql
as $$
declare
    source text := format('sdds.%I', split_part(feed.feed, '.', 2));
    target text := format('resolved.%I', split_part(feed.feed, '.', 2));
    key text := resolved.listed(array_prepend('seller_id', feed.version_key));
    columns text[] := resolved.delivered_columns(feed.feed);
    has_key text := format('num_nulls(%s) = 0', resolved.listed(
        feed.version_key || array['valid_from', 'update_date'], 'r.')) || coalesce((
            select string_agg(format(
                ' and (r.%1$I is null or octet_length(r.%1$I) <= %2$s)',
                attname, ingest.bytes_max(attname)), '')
            from pg_attribute
            where attrelid = source::regclass and attnum > 0 and not attisdropped
                and atttypid = 'text'::regtype and ingest.bytes_max(attname) is not null), '');
begin
    drop table if exists pg_temp.resolved_arrived, pg_temp.resolved_lost;
    execute format(
        'create temporary table resolved_lost on commit drop as
            select %s from %s v
            where exists (
                select from pg_temp.resolved_taken t
                where t.is_removed and t.feed = %L
                    and t.seller_id = v.seller_id and t.version_id = v.version_id
                    and v.line <@ t.lines)',
        key, target, feed.feed);
    if is_full then
        execute format(
            'create temporary table resolved_arrived on commit drop as
                select distinct on (%1$s) %2$s from %3$s r where %5$s order by %1$s, %4$s',
            key, resolved.listed(columns, 'r.'), source, resolved.newest_first(), has_key);
        execute format(
            'with stored as (
                delete from pg_temp.resolved_arrived a using %2$s v
                where %3$s and (%4$s) is not distinct from (%5$s)
                returning %6$s
            )
            insert into pg_temp.resolved_lost
            select %1$s from %2$s v
            where not exists (select from stored a where %3$s)',
            resolved.listed(array_prepend('seller_id', feed.version_key), 'v.'), target,
            resolved.same(feed.version_key, 'a', 'v'), resolved.listed(columns, 'a.'),
            resolved.listed(columns, 'v.'),
            resolved.listed(array_prepend('seller_id', feed.version_key), 'a.'));
    else
        execute format(
            'create temporary table resolved_arrived on commit drop as
                select distinct on (%1$s) r.*
                from (
                    select %2$s
                    from pg_temp.resolved_taken t
                    join %3$s r on r.seller_id = t.seller_id and r.version_id = t.version_id
                        and r.line >= lower(t.lines) and r.line <@ t.lines
                    where t.feed = %4$L
                    union all
                    select %2$s from %3$s r join pg_temp.resolved_lost l on %5$s
                    where exists (select from pg_temp.resolved_lost)
                ) as r
                where %7$s
                order by %1$s, %6$s',
            key, resolved.listed(columns, 'r.'), source, feed.feed,
            resolved.same(feed.version_key, 'r', 'l'),
            resolved.newest_first(), has_key);
    end if;
    analyze pg_temp.resolved_arrived;
    analyze pg_temp.resolved_lost;
end
$$;

comment on function resolved.collect(resolved.feed, boolean) is
    'First step of bringing a feed in: collects the touched versions in temporary tables.';

-- Step 2: the rows themselves. What is lost goes first, so that an older row can take its place. In
-- the order of delivery the rows of one month lie side by side, whatever their keys.
create or replace function resolved.store(feed resolved.feed) returns bigint
    language plpgsql
as $$
declare
    target text := format('resolved.%I', split_part(feed.feed, '.', 2));
    columns text[] := resolved.delivered_columns(feed.feed);
    changed bigint;
    removed bigint;
begin
    execute format('delete from %s v using pg_temp.resolved_lost l where %s',
        target, resolved.same(feed.version_key, 'v', 'l'));
    get diagnostics removed = row_count;
    execute format(
        'insert into %1$s as v (%2$s, holds_from)
         select %2$s, %3$s from pg_temp.resolved_arrived order by version_id, line
         on conflict (%4$s) do update set %5$s
         where (excluded.update_date, coalesce(excluded.insert_date, ''-infinity''),
                excluded.version_id, excluded.line)
             > (v.update_date, coalesce(v.insert_date, ''-infinity''), v.version_id, v.line)',
        target, resolved.listed(columns), coalesce(feed.first_holds_from, 'valid_from'),
        resolved.listed(array_prepend('seller_id', feed.version_key)),
        (select string_agg(format('%1$I = excluded.%1$I', c), ', ')
         from unnest(columns) as c
         where c <> 'seller_id' and c <> all(feed.version_key)));
    get diagnostics changed = row_count;
    return changed + removed;
end
$$;

comment on function resolved.store(resolved.feed) is
    'Second step: puts the newest rows into the resolved table; returns how many rows changed.';

-- Step 3: from when to when each version of the touched things holds. Of several versions with one
-- valid_from (an offer can have two revisions) the newest row counts, and if that one is deleted,
-- none does.
create or replace function resolved.set_ranges(feed resolved.feed, is_full boolean) returns void
    language plpgsql
as $$
declare
    target text := format('resolved.%I', split_part(feed.feed, '.', 2));
    entity text := resolved.listed(array_prepend('seller_id', feed.entity));
begin
    if 'valid_from' <> all(feed.version_key) then
        execute format(
            'update %1$s v set valid_to = %2$s, holds_from = valid_from
             where (v.valid_to, v.holds_from) is distinct from (%2$s, v.valid_from)%3$s',
            target, v.valid_to,
            case when not is_full then
                ' and exists (select from pg_temp.resolved_arrived a where '
                    || resolved.same(feed.version_key, 'v', 'a') || ')' end)
        from (values (
            'case when v.delete_date is null then timestamptz ''2999-01-01 00:00:00+00''
                else v.valid_from end')) as v (valid_to);
        return;
    end if;
    execute format(
        'with entity as (
            select %1$s from pg_temp.resolved_arrived union select %1$s from pg_temp.resolved_lost
        ), version as (
            select v.ctid as row, %2$s, v.valid_from,
                v.delete_date is null and row_number() over (
                    partition by %2$s, v.valid_from order by %3$s) = 1 as counts,
                row_number() over (partition by %2$s order by %3$s) = 1 as is_newest
            from %4$s v%5$s
        ), range as (
            select row, valid_from, counts, is_newest,
                case when counts then coalesce(
                        lead(valid_from) over versions, ''2999-01-01 00:00:00+00'')
                    else valid_from end as valid_to,
                counts and row_number() over versions = 1 as is_first
            from version
            window versions as (partition by %1$s, counts order by valid_from)
        ), extended as (
            select row, valid_to, is_first, is_newest,
                case when is_first then %6$s else valid_from end as holds_from
            from range
        )
        update %4$s v
        set valid_to = x.valid_to, is_first = x.is_first, is_newest = x.is_newest,
            holds_from = x.holds_from
        from extended x
        where v.ctid = x.row
            and (v.valid_to, v.is_first, v.is_newest, v.holds_from)
                is distinct from (x.valid_to, x.is_first, x.is_newest, x.holds_from)',
        entity, resolved.listed(array_prepend('seller_id', feed.entity), 'v.'),
        resolved.newest_first('v.'),
        target, case when not is_full
            then ' join entity e on ' || resolved.same(feed.entity, 'v', 'e') end,
        coalesce(feed.first_holds_from, 'valid_from'));
end
$$;

comment on function resolved.set_ranges(resolved.feed, boolean) is
    'Third step: works out from when to when the versions of everything that was touched hold.';
