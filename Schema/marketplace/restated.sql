-- What AWS said differently later: the rows of a feed as known on two dates, compared.

create or replace function resolved.restated(
    feed resolved.feed, known_from timestamptz, known_to timestamptz
) returns table (
    seller_id integer, key jsonb, change text, column_name text, old_value text, new_value text,
    old_version_id bigint, old_line bigint, new_version_id bigint, new_line bigint
)
    language plpgsql stable
    set timezone = 'UTC'
as $$
begin
    return query execute format(
        'with touched as (
            select distinct %1$s from %2$s where update_date > $1 and update_date <= $2
        ), older as (
            select distinct on (%3$s) r.* from %2$s r join touched t on %4$s
            where r.update_date <= $1 order by %3$s, %5$s
        ), newer as (
            select distinct on (%3$s) r.* from %2$s r join touched t on %4$s
            where r.update_date <= $2 order by %3$s, %5$s
        ), pair as (
            select n.seller_id, jsonb_build_object(%6$s) as key,
                case when o.delete_date is null and o.seller_id is not null
                    then to_jsonb(o) - %7$L::text[] end as old,
                case when n.delete_date is null then to_jsonb(n) - %7$L::text[] end as new,
                o.version_id as old_version_id, o.line as old_line,
                n.version_id as new_version_id, n.line as new_line
            from newer n left join older o on %8$s
        ), differing as (
            select *, case when old is null then ''added'' when new is null then ''removed''
                else ''changed'' end as change
            from pair where old is distinct from new
        )
        select d.seller_id, d.key, d.change, c.name,
            case when d.change = ''changed'' then d.old ->> c.name else d.old::text end,
            case when d.change = ''changed'' then d.new ->> c.name else d.new::text end,
            case when d.old is not null then d.old_version_id end,
            case when d.old is not null then d.old_line end, d.new_version_id, d.new_line
        from differing d
        cross join lateral (
            select null where d.change <> ''changed''
            union all
            select k from jsonb_object_keys(d.new) as k
            where d.change = ''changed'' and d.old -> k is distinct from d.new -> k
        ) as c (name)',
        resolved.listed(array_prepend('seller_id', feed.version_key)), feed.feed,
        resolved.listed(array_prepend('seller_id', feed.version_key), 'r.'),
        resolved.same(feed.version_key, 'r', 't'), resolved.newest_first('r.'),
        (select string_agg(format('%L, n.%I', c, c), ', ') from unnest(feed.version_key) as c),
        array['seller_id', 'version_id', 'line', 'insert_date', 'update_date', 'delete_date']
            || feed.version_key,
        resolved.same(feed.version_key, 'n', 'o'))
    using known_from, known_to;
end
$$;

comment on function resolved.restated(resolved.feed, timestamptz, timestamptz) is
    'What became known of one feed between two instants.';

create or replace function marketplace.restated(
    known_from timestamptz, known_to timestamptz, only_feed text default null
) returns table (
    feed text, seller_id integer, key jsonb, change text, column_name text, old_value text,
    new_value text, old_version_id bigint, old_line bigint, new_version_id bigint,
    new_line bigint
)
    -- Reads what was delivered, for those too who may read marketplace only.
    language sql stable security definer
    set search_path = pg_catalog, pg_temp
as $$
    select f.feed, r.*
    from resolved.feed f
    cross join lateral resolved.restated(f, known_from, known_to) as r
    where only_feed is null or f.feed = only_feed
        or f.feed = 'sdds.' || only_feed
$$;

comment on function marketplace.restated(timestamptz, timestamptz, text) is
    'What is known at the second instant and was not at the first, or differently: one row per changed column of a fact (change is changed), or per fact that came or was taken back (added, removed; the whole fact as JSON). With version_id and line of the rows of the feed''s table. Name a feed, such as billing_event, to look at that one only.';
