-- after: customer_support_contacts_data, test_customer_support_contacts_data
-- Personal data in rejects of support contacts goes with its customer, and with the reject.

-- A record that was refused is text and no columns. What names its customer is looked for in it: the
-- keys, and of what was held of the customer the address, in case a key is what is damaged. Long ones
-- count anywhere, short ones as a whole field.
create or replace function cas.names_customer(raw bytea, names text[]) returns boolean
    language sql immutable parallel safe
    return (
        select coalesce(bool_or(
            case when length(n.name) >= 12 then position(n.name in t.text) > 0
                else position(',' || n.name || ',' in ',' || t.text || ',') > 0 end), false)
        from (select translate(encode(raw, 'escape'), E'\n\r" ', ',,')) as t (text)
        cross join (
            select translate(encode(convert_to(name, 'UTF8'), 'escape'), '" ', '')
            from unnest(names) as name
        ) as n (name)
        where n.name <> '');

comment on function cas.names_customer(bytea, text[]) is
    'Whether the text of a record has one of the names.';

create or replace function cas.forget_reject() returns trigger
    language plpgsql
    set search_path = pg_catalog, pg_temp
as $$
declare
    is_forgotten boolean := new.state <> 'waiting';
begin
    if not is_forgotten then
        execute format(
            'select exists (
                select from %I.%I where seller_id = $1 and operation_type = ''DELETE''
                    and cas.names_customer($2, array[customer_guid, subscription_guid]))',
            split_part(new.feed, '.', 1), split_part(new.feed, '.', 2))
        into is_forgotten using new.seller_id, new.raw;
    end if;
    if is_forgotten then
        new.raw := '';
        new.reason := new.cause;
        if new.state = 'waiting' then
            new.state := 'superseded';
            new.settled_at := now();
            new.note := 'its customer is deleted';
        end if;
    end if;
    return new;
end
$$;

comment on function cas.forget_reject() is
    'Trigger of ingest.reject, for support contacts only: a reject that no longer waits, or whose customer is deleted, keeps its place and its cause and nothing of the record.';

create or replace trigger forget_reject before insert or update on ingest.reject
    for each row when (
        new.feed in ('cas.customer_support_contacts_data',
            'cas.test_customer_support_contacts_data')
        and new.raw <> '')
    execute function cas.forget_reject();

-- What an older version left.
update ingest.reject set raw = raw
where feed in ('cas.customer_support_contacts_data', 'cas.test_customer_support_contacts_data')
    and raw <> '';
