-- after: ledger, item, settle_lines
-- The journal as it was known at an instant.

-- Made of the very views that the journal of today is made of, so that a rule is written once.
create or replace function resolved.known_journal(lines text default null) returns text
    language plpgsql stable
    set search_path = pg_catalog
as $$
declare
    entries constant text[] := array['resolved.entry', 'resolved.failed_payout',
        'resolved.failed_entry'];
    known constant text[] := array['known_entry', 'known_failed_payout', 'known_failed_entry'];
    columns text;
begin
    select string_agg(
        case a.attname
            when 'delete_date' then 'null::timestamptz as delete_date'
            when 'is_first' then 'true as is_first'
            when 'is_newest' then 'true as is_newest'
            when 'line_key' then 'resolved.line_key(b.transaction_type, b.recipient_account_id,
                b.invoice_date, b.buyer_invoice_id, b.buyer_line_item_id, b.invoice_id,
                b.line_item_id) as line_key'
            else format('b.%I', a.attname)
        end, ', ' order by a.attnum)
    into columns
    from pg_attribute a
    where a.attrelid = 'resolved.billing_event'::regclass and a.attnum > 0 and not a.attisdropped;
    return 'with known_event as materialized (select * from (select ' || columns
        || ' from marketplace.billing_event_as_of(%1$L) as b) as b '
        || coalesce('where transaction_type like ''DISBURSEMENT%%'' or (seller_id, line_key) in ('
            || lines || ')', '')
        || '), known_entry as materialized ('
        || replace(resolved.reading('resolved.entry', array['resolved.billing_event'],
            array['known_event']), '%', '%%')
        || '), known_failed_payout as ('
        || replace(resolved.reading('resolved.failed_payout', entries, known), '%', '%%')
        || '), known_failed_entry as ('
        || replace(resolved.reading('resolved.failed_entry', entries, known), '%', '%%')
        || '), known_settlement as materialized ('
        || replace(resolved.reading('resolved.settlement', entries, known), '%', '%%')
        || '), known_item as materialized ('
        || replace(resolved.reading('resolved.item', array['resolved.settlement'],
            array['known_settlement']), '%', '%%')
        || '), known_receipt as materialized ('
        || replace(resolved.reading('resolved.receipt',
            array['resolved.settlement', 'resolved.item'],
            array['known_settlement', 'known_item']), '%', '%%')
        || '), known_settled as materialized (
            select s.*, resolved.received_by(s.action, s.bucket, s.amount, r.received) as received
            from known_settlement s
            left join known_receipt r on r.version_id = s.version_id and r.line = s.line
        ), known_transfer as ('
        || replace(resolved.reading('resolved.transfer', entries, known), '%', '%%')
        || ') '
        || replace(resolved.reading('resolved.journal_line',
            array['resolved.settled_entry', 'resolved.transfer'],
            array['known_settled', 'known_transfer']), '%', '%%');
end
$$;

comment on function resolved.known_journal(text) is
    'The query of the journal as it was known at an instant, for format: %1$L is the instant. With lines, a query of seller_id and line_key, only of those lines, and of payouts.';
