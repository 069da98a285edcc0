-- after: settlement
-- What of each invoice is due, has come in and is paid out, per line and kind of amount.

create or replace view resolved.receivable as
with item as (
    select seller_id, recipient_account_id, invoice_id, line_key, currency, bucket,
        bool_or(is_refund) as is_refund,
        min(product_id) as product_id,
        min(buyer_invoice_date) filter (where action = 'INVOICED') as buyer_invoice_date,
        min(invoice_date) filter (where action = 'INVOICED') as invoice_date,
        max(payment_due_date) filter (where action = 'INVOICED') as due_at,
        coalesce(sum(amount) filter (where action = 'INVOICED'), 0) as invoiced,
        coalesce(sum(amount) filter (where action = 'FORGIVEN'), 0) as forgiven,
        sum(amount) filter (where action = 'COLLECTED') as collected,
        coalesce(-sum(amount) filter (where is_paid), 0) as disbursed,
        coalesce(-sum(amount) filter (where is_failed), 0) as failed,
        coalesce(-sum(amount) filter (where is_paid_again), 0) as paid_again,
        max(action_date) filter (where action = 'COLLECTED') as last_collected_at,
        max(payout_date) filter (where is_paid) as last_disbursed_at
    from resolved.settlement
    group by seller_id, recipient_account_id, invoice_id, line_key, currency, bucket
)
select i.*,
    i.invoiced + i.forgiven as due,
    -- A correction by AWS has no buyer. What was sent to the bank came in before, also where AWS
    -- did not tell (before January 2026), and also if the bank sent it back.
    case when i.bucket = 'balance_adjustment' then i.invoiced + i.forgiven
        else s.sign * greatest(s.sign * i.collected, s.sign * i.disbursed,
            least(s.sign * i.failed, s.sign * (i.invoiced + i.forgiven)))
    end as received
from item i
cross join lateral (
    select case when coalesce(nullif(i.invoiced, 0), nullif(i.disbursed, 0), i.collected) < 0
        then -1 else 1 end
) as s (sign);

comment on view resolved.receivable is
    'One row per invoice, line, currency and kind of amount: what is due, what came in, what was paid out. Amounts are signed as in the feed: a fee is due, comes in and is paid out as a negative amount.';

select resolved.describe_like('resolved.receivable', array['resolved.settlement'::regclass]);
comment on column resolved.receivable.buyer_invoice_date is
    'Instant (UTC) of the buyer''s invoice.';
comment on column resolved.receivable.invoice_date is
    'Instant (UTC) of the first entry that was invoiced.';
comment on column resolved.receivable.due_at is
    'Instant (UTC) by which the buyer should pay.';
comment on column resolved.receivable.invoiced is
    'What was invoiced.';
comment on column resolved.receivable.forgiven is
    'What was written off; of the opposite sign.';
comment on column resolved.receivable.collected is
    'What came in, as AWS tells it since January 2026; null where it tells nothing.';
comment on column resolved.receivable.disbursed is
    'What payouts that stand have paid.';
comment on column resolved.receivable.failed is
    'What payouts paid that then failed.';
comment on column resolved.receivable.paid_again is
    'Of disbursed, what was paid after it had failed.';
comment on column resolved.receivable.last_collected_at is
    'Instant (UTC) at which money last came in.';
comment on column resolved.receivable.last_disbursed_at is
    'Instant (UTC) of the last payout that stands.';
comment on column resolved.receivable.due is
    'invoiced + forgiven.';
comment on column resolved.receivable.received is
    'What has come in as far as is known: collected, or what was sent to the bank where that is more.';
