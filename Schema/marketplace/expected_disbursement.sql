-- after: disbursement
-- What the next payout should be, and when.

create or replace view marketplace.expected_disbursement as
select
    s.seller_id,
    s.recipient_account_id,
    s.currency,
    s.amount,
    d.last_paid_at,
    d.usual_days,
    (d.last_paid_at at time zone 'UTC')::date + d.usual_days as expected_on
from (
    select seller_id, recipient_account_id, currency,
        coalesce(sum(amount) filter (where action = 'COLLECTED'), 0)
            + coalesce(sum(amount) filter (where is_paid), 0) as amount
    from resolved.settlement
    -- Before 2026 nothing tells what came in: such invoices say nothing here.
    where action <> 'DISBURSED' or exists (
        select from resolved.entry c
        where c.seller_id = settlement.seller_id and c.line_key = settlement.line_key
            and c.action = 'COLLECTED')
    group by seller_id, recipient_account_id, currency
) as s
left join lateral (
    select max(paid_at) as last_paid_at,
        percentile_disc(0.5) within group (order by days) as usual_days
    from (
        select paid_at, (paid_at at time zone 'UTC')::date - lag((paid_at at time zone 'UTC')::date)
                over (order by paid_at) as days
        from marketplace.disbursement d
        where d.seller_id = s.seller_id and d.status = 'Paid'
            and d.recipient_account_id = s.recipient_account_id
    ) as gap
) as d on true
where s.amount <> 0;

comment on view marketplace.expected_disbursement is
    'Expected next disbursement: one row per currency in which money came in from buyers that was not paid out.';
comment on column marketplace.expected_disbursement.seller_id is
    'The seller (ingest.seller).';
comment on column marketplace.expected_disbursement.recipient_account_id is
    'Account key of the seller who is paid.';
comment on column marketplace.expected_disbursement.currency is
    'Currency code of the price. Never sum over several.';
comment on column marketplace.expected_disbursement.amount is
    'What came in from buyers and was not paid out.';
comment on column marketplace.expected_disbursement.last_paid_at is
    'Instant (UTC) of the last payout that stands.';
comment on column marketplace.expected_disbursement.usual_days is
    'Days from one payout to the next, the median of those so far.';
comment on column marketplace.expected_disbursement.expected_on is
    'Day (UTC) on which it should come, if payouts go on as they did.';
