-- after: difference
-- The collections and disbursements report against what lines of payouts paid. Of lines without an
-- amount of the payout the report shows nothing: marketplace.reconciliation_item has them.

create or replace function resolved.compare_disbursed() returns void
    language plpgsql
as $$
begin
    insert into pg_temp.resolved_piece
    with reported as (
        select b.seller_id, b.line_key, b.recipient_account_id, b.disbursement_billing_event_id,
            b.currency, resolved.month_of(b.disbursement_date) as month,
            coalesce(sum(round(b.net, 2)), 0) as net, 0.005 * count(*) as tolerance,
            bool_or(b.net is null) as lacks_amount
        from pg_temp.resolved_touched_line t
        join resolved.billing_line b
            on b.seller_id = t.seller_id and b.line_key = t.line_key and b.side = 'disbursed'
        group by b.seller_id, b.line_key, b.recipient_account_id, b.disbursement_billing_event_id,
            b.currency, 6
    ), paid as (
        select e.seller_id, e.line_key, e.recipient_account_id, e.disbursement_billing_event_id,
            e.paid_currency as currency, resolved.month_of(e.booked_at) as month,
            -sum(e.paid_amount) as amount
        from pg_temp.resolved_settled e
        where (e.is_paid or e.is_failed) and e.has_paid_amount
        group by e.seller_id, e.line_key, e.recipient_account_id,
            e.disbursement_billing_event_id, e.paid_currency, 6
    ), differing as (
        select distinct coalesce(r.seller_id, p.seller_id) as seller_id,
            coalesce(r.line_key, p.line_key) as line_key
        from reported r
        full join paid p
            on p.seller_id = r.seller_id and p.line_key = r.line_key
            and coalesce(p.recipient_account_id, '') = coalesce(r.recipient_account_id, '')
            and coalesce(p.disbursement_billing_event_id, '')
                = coalesce(r.disbursement_billing_event_id, '')
            and coalesce(p.currency, '') = coalesce(r.currency, '')
            and coalesce(p.month, 'infinity') = coalesce(r.month, 'infinity')
        where coalesce(r.net, 0) <> coalesce(p.amount, 0)
    ), entry as (
        select e.*, v.billing_event_id is not null and v.is_disbursed as is_reported,
            -resolved.net_of(v.bucket, v.transaction_type, v.counts, v.disbursement_amount)
                as reported_net,
            coalesce(v.disbursement_currency, max(v.disbursement_currency collate "C") over (
                partition by e.seller_id, e.line_key, e.currency)) as reported_currency,
            resolved.month_of(v.disbursement_date) as reported_month,
            case
                when e.line_key = '' then 'line_without_key'
                when v.billing_event_id is null then 'agreement_unknown'
                when not v.is_disbursed then 'payout_missing'
                when not (e.is_paid or e.is_failed) then 'taken_back'
                when v.bucket is null then 'unknown_type'
                else 'other_month'
            end as cause
        from differing k
        join pg_temp.resolved_settled e
            on e.seller_id = k.seller_id and e.line_key = k.line_key
        left join resolved.line_event v
            on v.seller_id = e.seller_id and v.line_key = e.line_key
            and v.billing_event_id = e.billing_event_id
    ), piece as (
        select seller_id, line_key, 'disbursed' as comparison, cause, recipient_account_id,
            reported_currency as currency,
            reported_month as month, reported_net as left_amount, 0 as right_amount, invoice_id,
            product_id, agreement_id, disbursement_billing_event_id, billing_event_id, version_id,
            line
        from entry
        where is_reported and line_key <> ''
        union all
        select seller_id, line_key, 'disbursed', cause, recipient_account_id, paid_currency,
            resolved.month_of(booked_at), 0, -paid_amount, invoice_id, product_id, agreement_id,
            disbursement_billing_event_id, billing_event_id, version_id, line
        from entry
        where (is_paid or is_failed) and has_paid_amount
        union all
        -- What the report shows beyond its entries.
        select r.seller_id, r.line_key, 'disbursed', c.cause, r.recipient_account_id, r.currency, r.month,
            c.rest, 0, null, null, null, r.disbursement_billing_event_id, null, null, null
        from differing k
        join reported r on r.seller_id = k.seller_id and r.line_key = k.line_key
        left join (
            select seller_id, line_key, recipient_account_id, disbursement_billing_event_id,
                reported_currency, reported_month, sum(reported_net) as net
            from entry
            where is_reported and line_key <> ''
            group by seller_id, line_key, recipient_account_id, disbursement_billing_event_id,
                reported_currency, reported_month
        ) as s
            on s.seller_id = r.seller_id and s.line_key = r.line_key
            and s.recipient_account_id is not distinct from r.recipient_account_id
            and s.disbursement_billing_event_id
                is not distinct from r.disbursement_billing_event_id
            and s.reported_currency is not distinct from r.currency
            and s.reported_month is not distinct from r.month
        cross join lateral (
            select r.net - coalesce(s.net, 0) as rest,
                case when r.line_key = '' then 'line_without_key'
                    when r.lacks_amount and abs(r.net - coalesce(s.net, 0)) > r.tolerance
                        then 'amount_missing'
                    else 'rounding' end as cause
        ) as c
        where c.cause <> 'rounding' or abs(c.rest) <= r.tolerance
    )
    select * from piece;
end
$$;

comment on function resolved.compare_disbursed() is
    'Notes where the collections and disbursements report and lines of payouts differ, for the lines that marketplace.refresh has found touched.';
