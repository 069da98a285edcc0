-- What the next payout should be, and when.

create or replace view marketplace.expected_disbursement as
with payout_day as (
    -- Several payouts of a day are one.
    select p.seller_id, p.recipient_account_id, p.currency, max(p.booked_at) as paid_at,
        (p.booked_at at time zone 'UTC')::date as day
    from resolved.entry p
    where p.is_payout and p.transaction_type = 'DISBURSEMENT' and not exists (
        select from resolved.failed_payout f
        where f.seller_id = p.seller_id and f.billing_event_id = p.billing_event_id)
    group by p.seller_id, p.recipient_account_id, p.currency, day
), gap as (
    select *, day - lag(day) over (
        partition by seller_id, recipient_account_id, currency order by day) as days
    from payout_day
), habit as (
    select seller_id, recipient_account_id, currency, max(paid_at) as last_paid_at,
        percentile_disc(0.5) within group (order by days) as usual_days
    from gap
    group by seller_id, recipient_account_id, currency
), open as (
    select seller_id, recipient_account_id, currency, sum(received - disbursed) as amount
    from resolved.receivable
    group by seller_id, recipient_account_id, currency
)
select
    o.seller_id,
    o.recipient_account_id,
    o.currency,
    o.amount,
    h.last_paid_at,
    h.usual_days,
    (h.last_paid_at at time zone 'UTC')::date + h.usual_days as expected_on
from open o
left join habit h
    on h.seller_id = o.seller_id
    and h.recipient_account_id is not distinct from o.recipient_account_id
    and h.currency is not distinct from o.currency
where o.amount <> 0;

comment on view marketplace.expected_disbursement is
    'Expected next disbursement: one row per currency in which something is to be paid out: money that came in from buyers, what a failed payout was to pay, and AWS''s corrections.';
comment on column marketplace.expected_disbursement.seller_id is
    'The seller (ingest.seller).';
comment on column marketplace.expected_disbursement.recipient_account_id is
    'Account key of the seller who is paid.';
comment on column marketplace.expected_disbursement.currency is
    'Currency code of the price. Never sum over several.';
comment on column marketplace.expected_disbursement.amount is
    'What came in and was not paid out, fees and costs taken off; negative where the seller owes AWS.';
comment on column marketplace.expected_disbursement.last_paid_at is
    'Instant (UTC) of the last payout in the currency that stands.';
comment on column marketplace.expected_disbursement.usual_days is
    'Days from one payout to the next, the median of those so far.';
comment on column marketplace.expected_disbursement.expected_on is
    'Day (UTC) on which it should come, if payouts go on as they did.';
