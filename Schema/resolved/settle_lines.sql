-- after: settlement
-- Settles the lines of pg_temp.resolved_touched_line as the entries are now, and adds them up per
-- item: the entries of a line that are of one invoice, currency and kind.

-- Entries, items, and what came in with lines of payouts go to temporary tables, from which
-- resolved.settled_entry and resolved.receivable are brought up to date.
create or replace function resolved.settle_lines() returns void
    language plpgsql
as $$
begin
    drop table if exists pg_temp.resolved_settled, pg_temp.resolved_item, pg_temp.resolved_receipt;
    create temporary table resolved_settled on commit drop as
        select s.*
        from pg_temp.resolved_touched_line t
        join resolved.settlement s on s.seller_id = t.seller_id and s.line_key = t.line_key;
    create temporary table resolved_item on commit drop as
        select row_number() over () as item, i.*, s.sign,
            -- What payouts have sent in the end beyond what was collected in the end.
            greatest(s.sign * i.disbursed, least(s.sign * i.failed, s.sign * i.due))
                - s.sign * coalesce(i.collected, 0) as untold
        from (
            select e.seller_id, e.recipient_account_id, e.invoice_id, e.line_key, e.currency,
                e.bucket,
                bool_or(e.is_refund) as is_refund,
                min(e.product_id) as product_id,
                min(e.agreement_id) as agreement_id,
                min(e.buyer_invoice_date) filter (where e.action = 'INVOICED')
                    as buyer_invoice_date,
                coalesce(min(e.invoice_date) filter (where e.action = 'INVOICED'),
                    min(e.invoice_date) filter (where not e.is_known_action)) as invoice_date,
                max(e.payment_due_date) filter (where e.action = 'INVOICED') as due_at,
                coalesce(sum(e.amount) filter (where e.action = 'INVOICED'), 0) as invoiced,
                coalesce(sum(e.entry_amount) filter (where e.action = 'INVOICED'), 0) as informed,
                coalesce(sum(e.amount) filter (where e.action = 'FORGIVEN'), 0) as forgiven,
                coalesce(sum(e.amount) filter (where not e.is_known_action), 0) as other,
                coalesce(sum(e.amount) filter (where e.action = 'INVOICED'
                    or e.action = 'FORGIVEN' or not e.is_known_action), 0) as due,
                sum(e.amount) filter (where e.action = 'COLLECTED') as collected,
                coalesce(-sum(e.amount) filter (where e.is_paid), 0) as disbursed,
                coalesce(-sum(e.amount) filter (where e.is_failed), 0) as failed,
                coalesce(-sum(e.amount) filter (where e.is_paid_again), 0) as paid_again,
                max(e.action_date) filter (where e.action = 'COLLECTED') as last_collected_at,
                max(e.payout_date) filter (where e.is_paid) as last_disbursed_at,
                count(*) filter (where e.is_paid or e.is_failed) as payout_lines,
                min(e.version_id) filter (where e.is_paid or e.is_failed) as version_id,
                min(e.line) filter (where e.is_paid or e.is_failed) as line
            from pg_temp.resolved_settled e
            group by e.seller_id, e.recipient_account_id, e.invoice_id, e.line_key, e.currency,
                e.bucket
        ) as i
        cross join lateral (
            select case when coalesce(nullif(i.invoiced, 0), nullif(i.disbursed, 0),
                nullif(i.collected, 0), i.other) < 0 then -1 else 1 end
        ) as s (sign);
    create temporary table resolved_receipt on commit drop as
        select i.item, i.version_id, i.line, i.sign * i.untold as received
        from pg_temp.resolved_item i
        where i.untold > 0 and i.payout_lines = 1 and i.collected is null
            and i.bucket <> 'balance_adjustment'
        union all
        select * from resolved.receipts_in_order();
    analyze pg_temp.resolved_receipt;
end
$$;

comment on function resolved.settle_lines() is
    'Settles the lines that marketplace.refresh has found touched, and adds them up per item.';

-- Before January 2026 AWS does not tell what came in, and some payouts do not wait for it. What was
-- sent to the bank had come in, also if the bank sent it back; what AWS did not tell of it came in by
-- the earliest lines of payouts that paid more than had come in until then.
create or replace function resolved.receipts_in_order()
    returns table (item bigint, version_id bigint, line bigint, received numeric)
    language plpgsql
as $$
#variable_conflict use_column
begin
return query
with entry as (
    select i.item, i.sign, i.untold, i.due, e.version_id, e.line,
        e.is_paid or e.is_failed as is_payout_line,
        sum(case when e.action = 'COLLECTED' then e.amount else 0 end) over so_far as collected,
        sum(case when e.is_paid then -e.amount else 0 end) over so_far as disbursed,
        sum(case when e.is_failed then -e.amount else 0 end) over so_far as failed,
        row_number() over so_far as place
    from pg_temp.resolved_item i
    join pg_temp.resolved_settled e
        on e.seller_id = i.seller_id and e.line_key = i.line_key and e.bucket = i.bucket
        and e.recipient_account_id is not distinct from i.recipient_account_id
        and e.invoice_id is not distinct from i.invoice_id
        and e.currency is not distinct from i.currency
    where i.untold > 0 and i.payout_lines > 0 and i.bucket <> 'balance_adjustment'
        and (i.payout_lines > 1 or i.collected is not null)
        and (e.action = 'COLLECTED' or e.is_paid or e.is_failed)
    window so_far as (partition by i.item
        order by e.booked_at, e.is_paid or e.is_failed, e.billing_event_id collate "C"
        rows unbounded preceding)
), taken as (
    select *, greatest(least(untold, max(
            greatest(sign * disbursed, least(sign * failed, sign * due)) - sign * collected)
        filter (where is_payout_line) over (partition by item order by place)), 0) as so_far
    from entry
)
select t.item, t.version_id, t.line,
    t.sign * (t.so_far - lag(t.so_far, 1, 0.0) over (partition by t.item order by t.place))
from taken t
where t.is_payout_line;
end
$$;

comment on function resolved.receipts_in_order() is
    'What came in with lines of payouts of items that have several, or collections beside them.';
