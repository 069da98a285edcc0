-- after: usage_lookup, usage_line
-- Which usage contexts a refresh looks up again, and how they are kept.

create or replace function resolved.note_new_contexts() returns void
    language plpgsql
as $$
begin
    insert into pg_temp.resolved_new_context
    select n.*
    from (
        select distinct seller_id,
            resolved.usage_context_id(agreement_id, offer_id, product_id,
                end_user_account_id, payer_account_id, recipient_account_id) as context_id,
            agreement_id, offer_id, product_id, end_user_account_id, payer_account_id,
            recipient_account_id
        from pg_temp.resolved_arrived
    ) as n
    where not exists (
        select from resolved.usage_context c
        where c.seller_id = n.seller_id and c.context_id = n.context_id);
end
$$;

comment on function resolved.note_new_contexts() is
    'Notes what the usage records that are being brought in are the first to refer to.';

create or replace function resolved.touch_contexts(feed resolved.feed) returns void
    language plpgsql
as $$
declare
    target text := format('resolved.%I', split_part(feed.feed, '.', 2));
    same text := resolved.same(feed.version_key, 'v', 'c');
    key text := resolved.listed(array_prepend('seller_id', feed.version_key));
    kind text;
    id text;
begin
    select m.kind, m.id into kind, id
    from (values
        ('sdds.agreement', 'agreement', 'agreement_id'),
        ('sdds.agreement_term', 'agreement', 'agreement_id'),
        ('sdds.offer', 'offer', 'offer_id'),
        ('sdds.offer_target', 'offer', 'offer_id'),
        ('sdds.product', 'product', 'product_id'),
        ('sdds.legacy_id_mapping', 'product', 'new_id'),
        ('sdds.account', 'account', 'account_id'),
        ('sdds.address', 'address', 'address_id')
    ) as m (feed, kind, id)
    where m.feed = touch_contexts.feed.feed;
    if kind is null then return; end if;
    execute format(
        'insert into pg_temp.resolved_touched_context
            select distinct s.seller_id, s.context_id
            from (
                select %1$s from pg_temp.resolved_arrived
                union all
                select %1$s from pg_temp.resolved_lost
            ) as c
            join %2$s v on %3$s
            join resolved.usage_context_source s
                on s.seller_id = v.seller_id and s.kind = %4$L and s.id = v.%5$I',
        key, target, same, kind, id);
end
$$;

comment on function resolved.touch_contexts(resolved.feed) is
    'Notes the usage contexts that the rows which are being brought in belong to.';

-- Most versions change nothing that is shown: ranges that meet and show the same become one. All
-- alternatives of a range begin and end together, because a usage line refers to them as one.
create or replace function resolved.merge_contexts() returns setof resolved.usage_context
    language plpgsql
as $$
#variable_conflict use_column
begin
    return query
    with looked_up as (
        select seller_id, context_id, from_date, until_date,
            to_jsonb(c) - array['range_id', 'from_date', 'until_date', 'alternative'] as shown
        from pg_temp.resolved_looked_up c
    ), range as (
        select seller_id, context_id, from_date, until_date,
            jsonb_agg(shown order by shown::text) as shown
        from looked_up
        group by seller_id, context_id, from_date, until_date
    ), run as (
        select *, row_number() over (partition by seller_id, context_id order by from_date)
            - row_number() over (partition by seller_id, context_id, shown order by from_date)
            as run
        from range
    ), merged as (
        select seller_id, context_id, min(from_date) as from_date, max(until_date) as until_date,
            shown
        from run
        group by seller_id, context_id, shown, run
    )
    select c.*
    from merged m
    cross join lateral jsonb_array_elements(m.shown) with ordinality as s (shown, alternative)
    cross join lateral jsonb_populate_record(null::resolved.usage_context,
        s.shown || jsonb_build_object(
            'range_id', resolved.usage_range_id(m.seller_id, m.context_id, m.from_date),
            'from_date', m.from_date, 'until_date', m.until_date,
            'alternative', s.alternative)) as c;
end
$$;

comment on function resolved.merge_contexts() is
    'Usage contexts as they were looked up, with ranges that show the same as one.';

create or replace function resolved.refresh_contexts(is_full boolean) returns bigint
    language plpgsql
as $$
declare
    changed bigint;
begin
    if is_full then
        insert into pg_temp.resolved_touched_context
        select distinct seller_id, context_id from resolved.usage_context;
        insert into pg_temp.resolved_new_context
        select distinct seller_id, context_id, agreement_id, offer_id, product_id,
            end_user_account_id, payer_account_id, recipient_account_id
        from resolved.daily_usage;
    end if;
    drop table if exists pg_temp.resolved_context_key, pg_temp.resolved_context_range,
        pg_temp.resolved_context_was, pg_temp.resolved_looked_up;
    create temporary table resolved_context_key on commit drop as
        select * from pg_temp.resolved_new_context
        union
        select c.seller_id, c.context_id, c.agreement_id, c.record_offer_id, c.product_id,
            c.end_user_account_id, c.payer_account_id, c.recipient_account_id
        from pg_temp.resolved_touched_context t
        join resolved.usage_context c
            on c.seller_id = t.seller_id and c.context_id = t.context_id;
    analyze pg_temp.resolved_context_key;
    delete from resolved.usage_context_source s using pg_temp.resolved_context_key k
    where s.seller_id = k.seller_id and s.context_id = k.context_id;
    insert into resolved.usage_context_source select * from resolved.find_context_sources();
    create temporary table resolved_context_range on commit drop as
        select * from resolved.find_context_ranges();
    analyze pg_temp.resolved_context_range;
    create temporary table resolved_context_was on commit drop as
        select c.seller_id, c.context_id, c.range_id, c.from_date, c.until_date
        from pg_temp.resolved_context_key k
        join resolved.usage_context c
            on c.seller_id = k.seller_id and c.context_id = k.context_id and c.alternative = 1;
    analyze pg_temp.resolved_context_was;
    delete from resolved.usage_context c using pg_temp.resolved_context_key k
    where c.seller_id = k.seller_id and c.context_id = k.context_id;
    create temporary table resolved_looked_up on commit drop as
        select * from resolved.look_up_contexts();
    insert into resolved.usage_context select * from resolved.merge_contexts();
    get diagnostics changed = row_count;
    perform resolved.keep_statistics('resolved.usage_context', changed);
    perform resolved.keep_statistics('resolved.usage_context_source', changed);
    perform resolved.touch_moved_usage();
    return changed;
end
$$;

comment on function resolved.refresh_contexts(boolean) is
    'Looks up the usage contexts that were touched; returns how many rows they have.';
