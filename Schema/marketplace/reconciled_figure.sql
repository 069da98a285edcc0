-- after: sales, collection, invoice_to_cash, ageing, expected_disbursement
-- What each side of a comparison of marketplace.reconciliation comes to.

create or replace view resolved.reconciled_figure as
-- The feed as it is now, by AWS's own rule of what counts, against what sales makes of it.
select b.seller_id, b.recipient_account_id, b.currency, resolved.month_of(b.invoice_date) as month,
    'feed, sales' as comparison, sum(b.amount) as left_amount, 0::numeric as right_amount
from resolved.billing_event b
where b.delete_date is null and (b.action is null or b.action not in ('COLLECTED', 'DISBURSED'))
    and coalesce(b.transaction_type, '') not in ('DISBURSEMENT', 'DISBURSEMENT_FAILURE')
    and (b.balance_impacting or (b.action in ('INVOICED', 'FORGIVEN') and b.transaction_type in (
        'SELLER_REV_SHARE', 'SELLER_REV_SHARE_REFUND', 'SELLER_REV_SHARE_CREDIT', 'AWS_REV_SHARE',
        'AWS_REV_SHARE_REFUND', 'AWS_REV_SHARE_CREDIT', 'SELLER_TAX_SHARE',
        'SELLER_TAX_SHARE_REFUND', 'OTHER_SELLER_TAX_SHARE', 'OTHER_SELLER_TAX_SHARE_REFUND',
        'AWS_INFRA_SHARE', 'INFRA_FEE_PRETAX', 'BALANCE_ADJUSTMENT')))
group by b.seller_id, b.recipient_account_id, b.currency, 4
union all
select s.seller_id, s.recipient_account_id, s.currency, s.month, v.comparison,
    v.left_share * s.amount, (1 - v.left_share) * s.amount
from (
    select seller_id, recipient_account_id, currency, month, sum(amount) as amount
    from marketplace.sales
    where is_owed
    group by seller_id, recipient_account_id, currency, month
) as s
cross join (values ('feed, sales', 0), ('sales, journal', 1)) as v (comparison, left_share)
union all
-- What the journal has of sales, of collections and of lines of payouts, in one pass.
select e.seller_id, e.recipient_account_id, e.currency, e.month, v.comparison, v.left_amount,
    v.right_amount
from (
    select seller_id, recipient_account_id, currency, resolved.month_of(booked_at) as month,
        sum(amount) filter (where action is null or action not in ('COLLECTED', 'DISBURSED'))
            as due,
        sum(received) filter (where action = 'COLLECTED') as collected
    from resolved.settled_entry
    group by seller_id, recipient_account_id, currency, 4
) as e
cross join lateral (
    values ('sales, journal', 0, e.due), ('billed revenue report, journal', 0, e.due),
        ('collections, journal', 0, e.collected)
) as v (comparison, left_amount, right_amount)
where v.right_amount is not null
union all
select b.seller_id, b.recipient_account_id, b.currency, b.month, 'billed revenue report, journal',
    sum(b.net), 0
from (
    -- Rows of one line show its totals each.
    select distinct seller_id, line_key, recipient_account_id, currency, line,
        resolved.month_of(purchase_invoice_date) as month, round(net, 2) as net
    from resolved.billing_line
    where side = 'invoiced'
) as b
group by b.seller_id, b.recipient_account_id, b.currency, b.month
union all
select c.seller_id, c.recipient_account_id, c.currency, resolved.month_of(c.collected_at),
    'collections, journal', sum(c.amount), 0
from marketplace.collection c
group by c.seller_id, c.recipient_account_id, c.currency, 4
union all
select seller_id, recipient_account_id, currency, resolved.month_of(disbursement_date),
    'disbursements report, content of payouts', sum(round(net, 2)), 0
from resolved.billing_line
where side = 'disbursed'
group by seller_id, recipient_account_id, currency, 4
union all
select e.seller_id, e.recipient_account_id, e.currency, e.month, v.comparison, 0, e.amount
from (
    select seller_id, recipient_account_id, paid_currency as currency,
        resolved.month_of(booked_at) as month, -sum(paid_amount) as amount
    from resolved.settled_entry
    where is_paid or is_failed
    group by seller_id, recipient_account_id, paid_currency, 4
) as e
cross join (
    values ('disbursements report, content of payouts'), ('payouts, content of payouts')
) as v (comparison)
union all
-- Payouts, and those that failed taken off again, against the bank's account in the journal.
select t.seller_id, t.recipient_account_id, t.currency, resolved.month_of(t.booked_at),
    v.comparison, sum(v.left_amount), sum(v.right_amount)
from resolved.transfer t
cross join lateral (
    values
        ('payouts, content of payouts', case
            when not t.is_payout_failure or t.failed_payout_id is null then t.amount end, 0),
        ('payouts, journal', case
            when t.is_payout or (t.is_payout_failure and t.failed_payout_id is null)
                then t.amount end, 0),
        ('payouts, journal', 0, case when t.account = 'bank' then t.amount end)
) as v (comparison, left_amount, right_amount)
group by t.seller_id, t.recipient_account_id, t.currency, 4, v.comparison
union all
select p.seller_id, p.recipient_account_id, p.currency, resolved.month_of(f.failed_at),
    'payouts, journal', -sum(p.amount), 0
from resolved.transfer p
join resolved.failed_payout f
    on f.seller_id = p.seller_id and f.billing_event_id = p.billing_event_id
where p.is_payout
group by p.seller_id, p.recipient_account_id, p.currency, 4
union all
-- Balances as of now have no month.
select b.seller_id, b.recipient_account_id, b.currency, null, v.comparison, v.left_amount,
    v.right_amount
from (
    select seller_id, recipient_account_id, currency,
        sum(case when action in ('COLLECTED', 'DISBURSED') then 0 else amount end) as due,
        sum(case when action in ('COLLECTED', 'DISBURSED') then 0 else amount end - received)
            as receivable,
        sum(received + case when is_paid then amount else 0 end) as in_transit,
        sum(amount) filter (where action = 'COLLECTED') as collected
    from resolved.settled_entry
    group by seller_id, recipient_account_id, currency
) as b
cross join lateral (
    values ('invoice to cash, sales', 0, b.due), ('invoice to cash, journal', 0, b.receivable),
        ('ageing, journal', 0, b.receivable), ('expected disbursement, journal', 0, b.in_transit),
        ('billed revenue report, collections', 0, coalesce(b.collected, 0))
) as v (comparison, left_amount, right_amount)
union all
select i.seller_id, i.recipient_account_id, i.currency, null, v.comparison, v.left_amount, 0
from (
    select seller_id, recipient_account_id, currency, sum(due) as due,
        sum(outstanding) as outstanding
    from marketplace.invoice_to_cash
    group by seller_id, recipient_account_id, currency
) as i
cross join lateral (
    values ('invoice to cash, sales', i.due), ('invoice to cash, journal', i.outstanding)
) as v (comparison, left_amount)
union all
select seller_id, recipient_account_id, currency, null, 'ageing, journal', outstanding, 0
from marketplace.ageing
union all
select seller_id, recipient_account_id, currency, null, 'expected disbursement, journal', amount, 0
from marketplace.expected_disbursement
union all
select seller_id, recipient_account_id, currency, null, 'billed revenue report, collections',
    collected, 0
from (
    select distinct seller_id, line_key, recipient_account_id, currency, line,
        round(collected, 2) as collected
    from resolved.billing_line
    where side = 'invoiced'
) as b;

comment on view resolved.reconciled_figure is
    'What each side of a comparison of marketplace.reconciliation comes to; several rows of a comparison and month are added up.';
select resolved.describe_like('resolved.reconciled_figure',
    array['resolved.reconciliation_item'::regclass]);
