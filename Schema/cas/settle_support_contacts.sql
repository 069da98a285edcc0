-- What the operations of support contact exports come to, whatever the order in which they arrive.

create or replace function cas.take_turns_with_support_contacts() returns trigger
    language plpgsql as $$
begin
    -- Two that settle at once would not see each other's operations.
    perform pg_advisory_xact_lock(hashtextextended('support contacts', tg_relid::bigint));
    return null;
end
$$;

comment on function cas.take_turns_with_support_contacts() is
    'Trigger before support contacts are inserted: transactions that insert into the same table '
    'wait for each other.';

create or replace function cas.settle_support_contacts() returns trigger
    language plpgsql as $$
begin
    -- Before what is held of them goes, by which their rejects are known.
    execute format(
        $sql$
        update ingest.reject r
        set raw = '', reason = r.cause,
            state = case when r.state = 'waiting' then 'superseded' else r.state end,
            settled_at = coalesce(r.settled_at, now()),
            note = coalesce(r.note, 'its customer is deleted')
        from (
            select i.seller_id, array_agg(distinct i.customer_guid)
                || array_agg(distinct i.subscription_guid)
                || array_remove(array_agg(distinct t.email), null) as names
            from inserted i
            left join %1$I.%2$I t
                on t.seller_id = i.seller_id and t.customer_guid = i.customer_guid
            where i.operation_type = 'DELETE'
            group by i.seller_id
        ) as erased
        where r.seller_id = erased.seller_id and r.feed = %3$L and r.raw <> ''
            and cas.names_customer(r.raw, erased.names)
        $sql$, tg_table_schema, tg_table_name, tg_table_schema || '.' || tg_table_name);
    execute format(
        $sql$
        update %1$I.%2$I t
        set organization = null, given_name = null, surname = null, telephone_number = null,
            email = null, job_title = null, country_code = null, zip_code = null, extra = null
        from inserted i
        where i.operation_type = 'DELETE'
            and (t.seller_id, t.version_id, t.line) = (i.seller_id, i.version_id, i.line)
        $sql$, tg_table_schema, tg_table_name);
    -- Operations of one moment are told apart by what they say, never by when they arrived.
    execute format(
        $sql$
        delete from %1$I.%2$I t using (
            select seller_id, version_id, line, is_erasure, operation_time,
                max(operation_time) filter (where is_erasure)
                    over (partition by seller_id, customer_guid) as erased_until,
                row_number() over (
                    partition by seller_id, customer_guid, is_erasure,
                        case when not is_erasure then subscription_guid end
                    order by operation_time desc, content desc, version_id, line
                ) as place
            from (
                select t.seller_id, t.version_id, t.line, t.customer_guid, t.subscription_guid,
                    t.operation_time, t.operation_type = 'DELETE' as is_erasure,
                    (to_jsonb(t) - '{version_id,line}'::text[])::text collate "C" as content
                from %1$I.%2$I t
                where (t.seller_id, t.customer_guid) in
                    (select i.seller_id, i.customer_guid from inserted i)
            ) as operation
        ) as ranked
        where (t.seller_id, t.version_id, t.line)
                = (ranked.seller_id, ranked.version_id, ranked.line)
            and (ranked.place > 1
                 or not ranked.is_erasure and ranked.operation_time <= ranked.erased_until)
        $sql$, tg_table_schema, tg_table_name);
    return null;
end
$$;

comment on function cas.settle_support_contacts() is
    'Trigger after support contacts are inserted. Of all operations on a customer_guid there stay: '
    'the newest DELETE, emptied of personal data, and of each subscription_guid the newest CREATE '
    'or UPDATE that is younger than that DELETE.';
