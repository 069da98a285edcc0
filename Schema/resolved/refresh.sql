-- after: billing_line, settled_entry, receivable, difference_billed, difference_disbursed, usage_refresh, relation, definition
-- Brings everything that is pending into the resolved tables, in one transaction.

create or replace function resolved.touch_lines_of_entries() returns void
    language plpgsql
as $$
begin
    with entry as (
        select b.seller_id, b.billing_event_id, b.parent_billing_event_id, b.transaction_type,
            b.line_key
        from (
            select seller_id, billing_event_id from pg_temp.resolved_arrived
            union
            select seller_id, billing_event_id from pg_temp.resolved_lost
        ) as e
        join resolved.billing_event b
            on b.seller_id = e.seller_id and b.billing_event_id = e.billing_event_id
    )
    insert into pg_temp.resolved_touched_line
    select seller_id, line_key
    from entry
    union
    -- What a payout tells of itself shows on the lines that it paid.
    select b.seller_id, b.line_key
    from entry e
    join resolved.billing_event b
        on b.seller_id = e.seller_id and b.disbursement_billing_event_id = e.billing_event_id
    where e.transaction_type like 'DISBURSEMENT%'
    union
    -- A failure shows on the lines of the payout that failed, that payout on the failure's lines.
    select b.seller_id, b.line_key
    from entry e
    join resolved.billing_event b
        on b.seller_id = e.seller_id and b.disbursement_billing_event_id = e.parent_billing_event_id
    where e.transaction_type = 'DISBURSEMENT_FAILURE'
    union
    select b.seller_id, b.line_key
    from entry e
    join resolved.billing_event f
        on f.seller_id = e.seller_id and f.parent_billing_event_id = e.billing_event_id
        and f.transaction_type = 'DISBURSEMENT_FAILURE'
    join resolved.billing_event b
        on b.seller_id = f.seller_id and b.disbursement_billing_event_id = f.billing_event_id
    where e.transaction_type = 'DISBURSEMENT';
end
$$;

comment on function resolved.touch_lines_of_entries() is
    'Notes the billing lines of the entries that are being brought in, and of those that they paid.';

create or replace function resolved.touch_lines_of_agreements() returns void
    language plpgsql
as $$
begin
    insert into pg_temp.resolved_touched_line
    select distinct b.seller_id, b.line_key
    from (
        select seller_id, agreement_id from pg_temp.resolved_arrived
        union
        select seller_id, agreement_id from pg_temp.resolved_lost
    ) as a
    join resolved.billing_event b
        on b.seller_id = a.seller_id and b.agreement_id = a.agreement_id;
end
$$;

comment on function resolved.touch_lines_of_agreements() is
    'Notes the billing lines of the agreements that are being brought in.';

-- Called before and after a feed's rows are stored: what a correction leaves is touched as well as
-- what it comes to.
create or replace function resolved.touch(feed resolved.feed) returns void
    language plpgsql
as $$
begin
    if feed.feed = 'sdds.billing_event' then perform resolved.touch_lines_of_entries(); end if;
    if feed.feed = 'sdds.daily_usage' then perform resolved.touch_usage(); end if;
    perform resolved.touch_contexts(feed);
end
$$;

comment on function resolved.touch(resolved.feed) is
    'Notes everything that is made of the rows which are being brought in.';

create or replace function resolved.refresh_feed(feed resolved.feed, is_full boolean)
    returns bigint
    language plpgsql
as $$
declare
    changed bigint;
begin
    perform resolved.collect(feed, is_full);
    if not is_full then perform resolved.touch(feed); end if;
    changed := resolved.store(feed);
    perform resolved.set_ranges(feed, is_full);
    if not is_full then perform resolved.touch(feed); end if;
    if feed.feed = 'sdds.daily_usage' and not is_full then
        perform resolved.note_new_contexts();
    end if;
    if feed.feed = 'sdds.agreement' and not is_full then
        perform resolved.touch_lines_of_agreements();
    end if;
    perform resolved.keep_statistics(
        format('resolved.%I', split_part(feed.feed, '.', 2))::regclass, changed);
    return changed;
end
$$;

comment on function resolved.refresh_feed(resolved.feed, boolean) is
    'Brings one feed''s pending rows into its resolved table; returns how many rows changed.';

-- After a large change the planner would go by what the table was before, and the server looks
-- after that only minutes later.
create or replace function resolved.keep_statistics(relation regclass, changed bigint) returns void
    language plpgsql
as $$
begin
    if changed > 0.1 * (select reltuples from pg_class where oid = relation) then
        execute format('analyze %s', relation);
    end if;
end
$$;

comment on function resolved.keep_statistics(regclass, bigint) is
    'Analyses a table of which a large part has just changed.';

create or replace function resolved.refresh_lines(is_full boolean) returns bigint
    language plpgsql
as $$
declare
    changed bigint;
begin
    if is_full then
        insert into pg_temp.resolved_touched_line
        select seller_id, line_key from resolved.billing_event
        union
        -- Lines that no entry is on any more go, whichever table has them.
        select seller_id, line_key from resolved.billing_line
        union
        select seller_id, line_key from resolved.settled_entry
        union
        select seller_id, line_key from resolved.receivable;
    end if;
    drop table if exists pg_temp.resolved_line_once;
    create temporary table resolved_line_once on commit drop as
        select distinct seller_id, line_key from pg_temp.resolved_touched_line;
    truncate pg_temp.resolved_touched_line;
    insert into pg_temp.resolved_touched_line select * from pg_temp.resolved_line_once;
    analyze pg_temp.resolved_touched_line;
    delete from resolved.billing_line b using pg_temp.resolved_touched_line t
    where b.seller_id = t.seller_id and b.line_key = t.line_key;
    insert into resolved.billing_line select * from resolved.add_up_lines();
    get diagnostics changed = row_count;
    perform resolved.keep_statistics('resolved.billing_line', changed);
    perform resolved.settle_lines();
    perform resolved.store_settled_entries();
    perform resolved.keep_statistics('resolved.settled_entry', changed);
    perform resolved.store_receivables();
    perform resolved.keep_statistics('resolved.receivable', changed);
    perform resolved.note_differences();
    return changed;
end
$$;

comment on function resolved.refresh_lines(boolean) is
    'Adds up the billing lines that were touched; returns how many rows they have.';

create or replace function marketplace.refresh(is_full boolean default false)
    returns table (relation text, rows_changed bigint)
    language plpgsql security definer
    -- The loader's role calls it and need own nothing. What a caller has made is never found in
    -- place of what is meant: temporary tables come last, and those of the steps are made here.
    set search_path = pg_catalog, pg_temp
    set timezone = 'UTC'
    set client_min_messages = warning
    set jit = off
    -- What is touched is found by index, however long the history: most of it is in memory.
    set random_page_cost = 1.1
    set work_mem = '64MB'
as $$
declare
    each resolved.feed;
    begun_at timestamptz;
    definition text;
begin
    perform pg_advisory_xact_lock(x'736C7501'::bigint);
    -- As they are before anything is done: definitions that are applied meanwhile count as newer.
    definition := resolved.definition();
    is_full := is_full or resolved.is_outdated();
    -- A statement of its own: the next one does not see the feeds that it adds itself.
    perform resolved.register_feeds();
    perform resolved.define_relations(f), resolved.define_as_of(f)
    from resolved.prepare() as p (feed) join resolved.feed f using (feed);
    begun_at := clock_timestamp();
    drop table if exists pg_temp.resolved_taken, pg_temp.resolved_touched_line,
        pg_temp.resolved_touched_context, pg_temp.resolved_new_context,
        pg_temp.resolved_touched_usage;
    create temporary table resolved_taken on commit drop as
        with taken as (delete from resolved.pending returning *)
        select case when t.is_removed then t.feed else f.feed end as feed, t.seller_id,
            t.version_id, range_agg(t.lines) as lines, t.is_removed
        from taken t
        join ingest.version v using (version_id)
        -- A reload can have given the file another feed since.
        join ingest.file f using (file_id)
        group by 1, t.seller_id, t.version_id, t.is_removed;
    create temporary table resolved_touched_line (seller_id integer, line_key text)
        on commit drop;
    create temporary table resolved_touched_context (seller_id integer, context_id uuid)
        on commit drop;
    create temporary table resolved_new_context (
        seller_id integer, context_id uuid, agreement_id text, offer_id text, product_id text,
        end_user_account_id text, payer_account_id text, recipient_account_id text
    ) on commit drop;
    create temporary table resolved_touched_usage (
        seller_id integer, usage_feed_id text, version_id bigint, line bigint
    ) on commit drop;
    analyze pg_temp.resolved_taken;
    for each in
        select f.* from resolved.feed f
        where is_full or f.feed in (select t.feed from pg_temp.resolved_taken t)
        order by f.feed
    loop
        relation := each.feed;
        rows_changed := resolved.refresh_feed(each, is_full);
        if rows_changed > 0 then
            update resolved.feed f set changed_at = begun_at where f.feed = relation;
        end if;
        return next;
    end loop;
    if is_full or exists (select from pg_temp.resolved_touched_line) then
        relation := 'resolved.billing_line';
        rows_changed := resolved.refresh_lines(is_full);
        return next;
    end if;
    if is_full or exists (select from pg_temp.resolved_touched_context)
            or exists (select from pg_temp.resolved_new_context) then
        relation := 'resolved.usage_context';
        rows_changed := resolved.refresh_contexts(is_full);
        return next;
    end if;
    if is_full or exists (select from pg_temp.resolved_touched_usage) then
        relation := 'resolved.usage_line';
        rows_changed := resolved.refresh_usage_lines(is_full);
        return next;
    end if;
    update resolved.feed set refreshed_at = begun_at, made_by = definition;
end
$$;

revoke execute on function marketplace.refresh(boolean) from public;

comment on function marketplace.refresh(boolean) is
    'Brings everything that was loaded or removed since the last time into marketplace, all at once for readers, and tells how many rows changed. With true all of it is worked out anew, which comes to the same.';
