-- after: difference
-- The billed revenue report against the journal, and what it says came in against collections.

create or replace function resolved.compare_billed() returns void
    language plpgsql
as $$
begin
    insert into pg_temp.resolved_piece
    with shown as (
        -- Rows of one line show its totals each.
        select distinct b.seller_id, b.line_key, b.recipient_account_id, b.currency, b.line,
            resolved.month_of(b.purchase_invoice_date) as month, round(b.net, 2) as net,
            round(b.collected, 2) as collected
        from pg_temp.resolved_touched_line t
        join resolved.billing_line b
            on b.seller_id = t.seller_id and b.line_key = t.line_key and b.side = 'invoiced'
    ), reported as (
        select seller_id, line_key, recipient_account_id, currency, min(month) as month,
            coalesce(sum(net), 0) as net, coalesce(sum(collected), 0) as collected,
            0.005 * count(*) as tolerance, bool_or(net is null) as lacks_amount
        from shown
        group by seller_id, line_key, recipient_account_id, currency
    ), booked_month as (
        select e.seller_id, e.line_key, e.recipient_account_id, e.currency,
            resolved.month_of(e.booked_at) as month, sum(e.amount) as due
        from pg_temp.resolved_settled e
        where (e.action is null or e.action not in ('COLLECTED', 'DISBURSED')) and e.amount <> 0
        group by e.seller_id, e.line_key, e.recipient_account_id, e.currency, 5
    ), booked as (
        select seller_id, line_key, recipient_account_id, currency,
            min(invoice_id) as invoice_id, sum(due) as due, sum(collected) as collected,
            sum(months) as months, min(month) as month
        from (
            select seller_id, line_key, recipient_account_id, currency, invoice_id, 0 as due,
                collected, 0 as months, null::date as month
            from pg_temp.resolved_item
            union all
            select seller_id, line_key, recipient_account_id, currency, null, due, null,
                case when due <> 0 then 1 else 0 end, case when due <> 0 then month end
            from booked_month
        ) as i
        group by seller_id, line_key, recipient_account_id, currency
    ), differing as (
        select coalesce(r.seller_id, b.seller_id) as seller_id,
            coalesce(r.line_key, b.line_key) as line_key,
            case when r.seller_id is null then b.recipient_account_id
                else r.recipient_account_id end as recipient_account_id,
            case when r.seller_id is null then b.currency else r.currency end as currency,
            r.seller_id is not null as is_shown, r.month, coalesce(r.net, 0) as net,
            coalesce(r.collected, 0) as collected, coalesce(r.tolerance, 0) as tolerance,
            coalesce(r.lacks_amount, false) as lacks_amount,
            coalesce(r.collected, 0) <> coalesce(b.collected, 0) as differs_in_collected,
            coalesce(r.net, 0) <> coalesce(b.due, 0) as differs_in_net,
            coalesce(b.months > 1 or (b.months = 1 and b.month is distinct from r.month), false)
                as differs_in_month,
            b.invoice_id
        from reported r
        full join booked b
            on b.seller_id = r.seller_id and b.line_key = r.line_key
            and coalesce(b.recipient_account_id, '') = coalesce(r.recipient_account_id, '')
            and coalesce(b.currency, '') = coalesce(r.currency, '')
    ), found as (
        -- The line as the report has it, with both currencies.
        select k.*, e as entry, v.billing_event_id is not null as is_reported, v.is_disbursed,
            v.is_collected, v.bucket, v.transaction_type, v.counts, v.amount,
            k.line_key || '_PricingCurrency:' || coalesce(k.currency, '')
                || '_DisbursementCurrency:' || coalesce(v.disbursement_currency,
                    max(v.disbursement_currency collate "C") over (
                        partition by k.seller_id, k.line_key, k.currency), '') as line
        from differing k
        join pg_temp.resolved_settled e
            on e.seller_id = k.seller_id and e.line_key = k.line_key
            and coalesce(e.recipient_account_id, '') = coalesce(k.recipient_account_id, '')
            and coalesce(e.currency, '') = coalesce(k.currency, '')
        left join resolved.line_event v
            on v.seller_id = e.seller_id and v.line_key = e.line_key
            and v.billing_event_id = e.billing_event_id
        where k.differs_in_net or k.differs_in_collected
    ), entry as (
        select f.seller_id, f.line_key, f.recipient_account_id, f.currency, f.month,
            f.differs_in_net, f.differs_in_collected, (f.entry).invoice_id,
            (f.entry).product_id, (f.entry).agreement_id, (f.entry).billing_event_id,
            (f.entry).disbursement_billing_event_id, (f.entry).version_id, (f.entry).line,
            resolved.month_of((f.entry).booked_at) as booked_month, a.due, a.came_in,
            case when not f.is_reported or f.is_disbursed or f.is_collected then 0
                else resolved.net_of(f.bucket, f.transaction_type, f.counts, f.amount)
            end as reported_net,
            case when f.is_collected and s.line is not null then coalesce(f.amount, 0) else 0 end
                as reported_collected,
            case
                when f.line_key = '' then 'line_without_key'
                when not f.is_reported then 'agreement_unknown'
                when (f.entry).action = 'DISBURSED' then 'payout_missing'
                when not (f.entry).is_known_action then 'unknown_action'
                when a.came_in <> 0 and f.is_disbursed then 'collected_with_payout'
                when a.came_in <> 0 and s.line is null then 'not_invoiced'
                when f.bucket is null and a.due <> 0 then 'unknown_type'
                else 'other_month'
            end as cause
        from found f
        left join (select distinct seller_id, line from shown) as s
            on s.seller_id = f.seller_id and s.line = f.line
        cross join lateral (
            select case when (f.entry).action in ('COLLECTED', 'DISBURSED') then 0
                    else (f.entry).amount end as due,
                case when (f.entry).action = 'COLLECTED' then (f.entry).amount else 0 end
                    as came_in
        ) as a
    ), piece as (
        -- The same in both, of other months: nothing has to be looked up for that.
        select seller_id, line_key, 'billed' as comparison, 'other_month' as cause,
            recipient_account_id, currency, month, net as left_amount, 0 as right_amount,
            invoice_id, null::text as product_id, null::text as agreement_id,
            null::text as disbursement_billing_event_id, null::text as billing_event_id,
            null::bigint as version_id, null::bigint as line
        from differing
        where differs_in_month and not differs_in_net
        union all
        select k.seller_id, k.line_key, 'billed', 'other_month', k.recipient_account_id,
            k.currency, m.month, 0, m.due, k.invoice_id, null, null, null, null, null, null
        from differing k
        join booked_month m
            on m.seller_id = k.seller_id and m.line_key = k.line_key
            and coalesce(m.recipient_account_id, '') = coalesce(k.recipient_account_id, '')
            and coalesce(m.currency, '') = coalesce(k.currency, '')
        where k.differs_in_month and not k.differs_in_net
        union all
        select seller_id, line_key, 'billed', cause, recipient_account_id, currency,
            month, case when line_key = '' then 0 else reported_net end,
            0, invoice_id, product_id, agreement_id,
            disbursement_billing_event_id, billing_event_id, version_id, line
        from entry
        where differs_in_net
        union all
        select seller_id, line_key, 'billed', cause, recipient_account_id, currency,
            booked_month, 0, due, invoice_id, product_id, agreement_id,
            disbursement_billing_event_id, billing_event_id, version_id, line
        from entry
        where differs_in_net
        union all
        select seller_id, line_key, 'collected', cause, recipient_account_id, currency, null,
            case when line_key = '' then 0 else reported_collected end, came_in, invoice_id,
            product_id, agreement_id, disbursement_billing_event_id, billing_event_id, version_id,
            line
        from entry
        where differs_in_collected
        union all
        -- What the report shows of a line beyond its entries.
        select k.seller_id, k.line_key, r.comparison, r.cause, k.recipient_account_id, k.currency,
            r.month, r.rest, 0, null, null, null, null, null, null, null
        from differing k
        left join (
            select seller_id, line_key, recipient_account_id, currency,
                sum(reported_net) as net, sum(reported_collected) as collected
            from entry
            group by seller_id, line_key, recipient_account_id, currency
        ) as s
            on s.seller_id = k.seller_id and s.line_key = k.line_key
            and s.recipient_account_id is not distinct from k.recipient_account_id
            and s.currency is not distinct from k.currency
        cross join lateral (
            select 'billed' as comparison, k.month, k.net
                - case when k.line_key = '' then 0 else coalesce(s.net, 0) end as rest,
                case when k.line_key = '' then 'line_without_key'
                    when k.lacks_amount and abs(k.net - coalesce(s.net, 0)) > k.tolerance
                        then 'amount_missing'
                    else 'rounding' end as cause
            where k.differs_in_net
            union all
            select 'collected', null, k.collected
                - case when k.line_key = '' then 0 else coalesce(s.collected, 0) end,
                case when k.line_key = '' then 'line_without_key' else 'rounding' end
            where k.differs_in_collected
        ) as r
        -- What neither is nor can be rounding stays unexplained.
        where r.cause <> 'rounding' or abs(r.rest) <= k.tolerance
    )
    select * from piece;
end
$$;

comment on function resolved.compare_billed() is
    'Notes where the billed revenue report and the journal differ, for the lines that marketplace.refresh has found touched.';
