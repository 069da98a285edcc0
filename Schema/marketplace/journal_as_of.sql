-- after: journal
-- The journal as it was known on a date, and what has changed since.

create or replace function marketplace.journal_as_of(known_at timestamptz)
    returns table (
        seller_id integer, recipient_account_id text, booked_at timestamptz, month date,
        account text, currency text, amount numeric, kind text, action text, invoice_id text,
        agreement_id text, product_id text, disbursement_id text, is_informative boolean,
        entry_amount numeric, billing_event_id text, version_id bigint, line bigint
    )
    language plpgsql stable security definer
    set search_path = pg_catalog, pg_temp
    set timezone = 'UTC'
    set jit = off
    set work_mem = '64MB'
    -- What is made on the way has no statistics: to the planner it is always small.
    set enable_nestloop = off
as $$
begin
    return query execute format(
        'select j.seller_id, j.recipient_account_id, j.booked_at, resolved.month_of(j.booked_at),
            j.account, j.currency, j.amount, j.kind, j.action, j.invoice_id, j.agreement_id,
            j.product_id, j.disbursement_id, j.is_informative, j.entry_amount, j.billing_event_id,
            j.version_id, j.line
        from (' || resolved.known_journal() || ') as j', known_at);
end
$$;

comment on function marketplace.journal_as_of(timestamptz) is
    'The journal as it was known at an instant: made only of rows whose update_date is not later. Reads all of sdds.billing_event.';

create or replace function marketplace.journal_restated(
    known_from timestamptz, known_to timestamptz default now(), of_month date default null
) returns table (
        seller_id integer, recipient_account_id text, month date, currency text, account text,
        cause text, before numeric, after numeric, difference numeric, invoice_id text,
        billing_event_id text
    )
    language plpgsql stable security definer
    set search_path = pg_catalog, pg_temp
    set timezone = 'UTC'
    set jit = off
    set work_mem = '64MB'
    -- What is made on the way has no statistics: to the planner it is always small.
    set enable_nestloop = off
as $$
declare
    line_key constant text := 'resolved.line_key(b.transaction_type, b.recipient_account_id,
        b.invoice_date, b.buyer_invoice_id, b.buyer_line_item_id, b.invoice_id, b.line_item_id)';
    journal constant text := resolved.known_journal('select * from touched_line');
begin
    return query execute format(
        'with touched_event as materialized (
            select distinct b.seller_id, b.billing_event_id
            from sdds.billing_event b
            where b.update_date > %1$L and b.update_date <= %2$L
        ), touched_payout as (
            select * from touched_event
            union
            -- What a failure tells shows on the lines of the payout that failed.
            select b.seller_id, b.parent_billing_event_id
            from sdds.billing_event b
            join touched_event t
                on t.seller_id = b.seller_id and t.billing_event_id = b.billing_event_id
            where b.transaction_type = ''DISBURSEMENT_FAILURE''
                and b.parent_billing_event_id is not null
        ), touched_line as materialized (
            select b.seller_id, ' || line_key || ' as line_key
            from sdds.billing_event b
            join touched_event t
                on t.seller_id = b.seller_id and t.billing_event_id = b.billing_event_id
            union
            select b.seller_id, ' || line_key || '
            from sdds.billing_event b
            join touched_payout t
                on t.seller_id = b.seller_id
                and t.billing_event_id = b.disbursement_billing_event_id
        ), older as materialized (', known_from, known_to)
        || format(journal, known_from) || '), newer as materialized ('
        || format(journal, known_to) || format('), both_sides as (
            select seller_id, recipient_account_id, resolved.month_of(booked_at) as month, currency,
                account, invoice_id, billing_event_id, amount as before, 0 as after, true as is_old
            from older
            union all
            select seller_id, recipient_account_id, resolved.month_of(booked_at), currency,
                account, invoice_id, billing_event_id, 0, amount, false
            from newer
        ), entry as (
            select seller_id, billing_event_id, bool_or(is_old) as was_there,
                bool_or(not is_old) as is_there
            from both_sides
            group by seller_id, billing_event_id
        ), changed as (
            select seller_id, recipient_account_id, month, currency, account, invoice_id,
                billing_event_id, sum(before) as before, sum(after) as after
            from both_sides
            group by seller_id, recipient_account_id, month, currency, account, invoice_id,
                billing_event_id
            having sum(before) <> sum(after)
        )
        select c.seller_id, c.recipient_account_id, c.month, c.currency, c.account,
            case
                when not e.was_there then ''added''
                when not e.is_there then ''removed''
                when t.billing_event_id is not null then ''corrected''
                else ''settled''
            end,
            c.before, c.after, c.after - c.before, c.invoice_id, c.billing_event_id
        from changed c
        join entry e on e.seller_id = c.seller_id and e.billing_event_id = c.billing_event_id
        left join touched_event t
            on t.seller_id = c.seller_id and t.billing_event_id = c.billing_event_id
        where %1$L::date is null or c.month = %1$L::date', of_month);
end
$$;

comment on function marketplace.journal_restated(timestamptz, timestamptz, date) is
    'What the journal says at the second instant and did not at the first, per entry, account, month and currency. Cause: added (the entry was not known), removed (AWS has deleted it), corrected (AWS has changed it), settled (it is as it was, what is known of its payout or of what came in is not). With a month only what changed in that: what has changed since the month was closed.';
