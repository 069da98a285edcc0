-- after: tables, current_agreement
-- The relations of marketplace that every feed has: its history, what holds now, and what was known
-- on a date.

-- Key and range stand first, so that a column which a feed gets later is added at the end.
create or replace function resolved.shown_columns(feed resolved.feed) returns text[]
    language sql stable
    return (
        select array['seller_id'] || feed.entity || array['valid_from', 'valid_to', 'holds_from']
            || array_agg(c order by n)
        from unnest(resolved.delivered_columns(feed.feed)) with ordinality as d (c, n)
        where c <> 'seller_id' and c <> 'valid_from' and c <> 'delete_date'
            and c <> all(feed.entity));

comment on function resolved.shown_columns(resolved.feed) is
    'Columns of the relations of marketplace that are made of a feed, in order.';

create or replace function resolved.describe_relation(
    feed resolved.feed, relation text, description text
) returns void
    language plpgsql
as $$
declare
    described record;
begin
    execute format('comment on view %s is %L', relation, description);
    for described in
        select h.attname, col_description(s.attrelid, s.attnum) as text
        from pg_attribute h
        join pg_attribute s on s.attname = h.attname
        where h.attrelid = relation::regclass and h.attnum > 0
            and s.attrelid = format('resolved.%I', split_part(feed.feed, '.', 2))::regclass
    loop
        execute format(
            'comment on column %s.%I is %L', relation, described.attname, described.text);
    end loop;
end
$$;

comment on function resolved.describe_relation(resolved.feed, text, text) is
    'Writes the comments of a relation of marketplace that is made of a feed.';

create or replace function resolved.define_relations(feed resolved.feed) returns void
    language plpgsql
as $$
declare
    name text := split_part(feed.feed, '.', 2);
    title text := (select f.title from ingest.feed f where f.table_name = name
        and f.table_schema = 'sdds');
    history text := format('marketplace.%I', name);
    current text := format('marketplace.%I', name || '_current');
    columns text := resolved.listed(resolved.shown_columns(feed));
begin
    execute format(
        'create or replace view %s as select %s from resolved.%I where valid_to > valid_from',
        history, columns, name);
    perform resolved.describe_relation(feed, history, format(
        '%s, all versions that count: corrections have replaced what they correct, deleted ones '
            'are gone. Join facts with holds_from <= instant and instant < valid_to. '
            'version_id and line lead to the row of %s and its file.',
        title, feed.feed));
    if to_regclass(format('resolved.%I', 'current_' || name)) is null then
        execute format(
            'create or replace view %s as select %s from %s
                where valid_to = timestamptz ''2999-01-01 00:00:00+00''',
            current, columns, history);
    else
        execute format(
            'create or replace view %1$s as select %2$s from %3$s v
                where exists (select from resolved.%4$I c where %5$s)',
            current, columns, history, 'current_' || name,
            resolved.same(feed.version_key, 'c', 'v'));
    end if;
    perform resolved.describe_relation(
        feed, current,
        format('%s as they are now: the newest version of each that counts.', title));
end
$$;

comment on function resolved.define_relations(resolved.feed) is
    'Makes marketplace''s views of a feed: the history and what holds now.';

create or replace function resolved.define_as_of(feed resolved.feed) returns void
    language plpgsql
as $$
declare
    name text := split_part(feed.feed, '.', 2);
    entity text := resolved.listed(array_prepend('seller_id', feed.entity));
begin
    execute format(
        'create or replace function marketplace.%1$I(known_at timestamptz)
            returns setof marketplace.%2$I
            language sql stable security definer
            set search_path = pg_catalog, pg_temp
            set timezone = ''UTC''
        as $as_of$
            with newest as (
                select distinct on (%3$s) *
                from %4$s
                where update_date <= known_at
                order by %3$s, %5$s
            ), version as (
                select *, delete_date is null and row_number() over (
                    partition by %6$s, valid_from order by %5$s) = 1 as counts
                from newest
            ), range as (
                select %7$s,
                    coalesce(lead(valid_from) over versions, ''2999-01-01 00:00:00+00'')
                        as valid_to,
                    case when row_number() over versions = 1 then %8$s else valid_from end
                        as holds_from
                from version
                where counts
                window versions as (partition by %6$s order by valid_from)
            )
            select %9$s from range
        $as_of$',
        name || '_as_of', name, resolved.listed(array_prepend('seller_id', feed.version_key)),
        feed.feed, resolved.newest_first(), entity,
        resolved.listed(resolved.delivered_columns(feed.feed)),
        coalesce(feed.first_holds_from, 'valid_from'),
        resolved.listed(resolved.shown_columns(feed)));
    execute format(
        'comment on function marketplace.%I(timestamptz) is %L', name || '_as_of',
        format('marketplace.%s as it was known at an instant: made only of rows whose update_date '
            'is not later. Reads all of %s.', name, feed.feed));
    -- A refresh may make it long before anybody migrates again. When the schema itself is being
    -- made, what keeps functions comes after.
    if to_regprocedure('resolved.keep_function(regprocedure)') is not null then
        perform resolved.keep_function(
            format('marketplace.%I(timestamptz)', name || '_as_of')::regprocedure);
    end if;
end
$$;

comment on function resolved.define_as_of(resolved.feed) is
    'Makes marketplace''s function that tells what was known of a feed on a date.';

select resolved.define_relations(f), resolved.define_as_of(f) from resolved.feed f;
