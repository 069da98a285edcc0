-- after: difference, ledger
-- The rows behind each difference between two relations of money.

create or replace view resolved.reconciliation_item as
-- What the reports of AWS leave out, have beside it, or show in another month.
select d.seller_id, d.recipient_account_id, d.currency, d.month,
    case d.comparison when 'billed' then 'billed revenue report, journal'
        when 'collected' then 'billed revenue report, collections'
        else 'disbursements report, content of payouts' end as comparison,
    d.cause, d.left_amount, d.right_amount, d.invoice_id, d.product_id, d.agreement_id,
    d.disbursement_id, d.billing_event_id, d.version_id, d.line
from resolved.difference d
union all
-- The report shows no amount where AWS gives none of the payout.
select e.seller_id, e.recipient_account_id, e.paid_currency, resolved.month_of(e.booked_at),
    'disbursements report, content of payouts', 'amount_missing', 0, -e.paid_amount,
    e.invoice_id, e.product_id, e.agreement_id, e.disbursement_billing_event_id,
    e.billing_event_id, e.version_id, e.line
from resolved.settled_entry e
where (e.is_paid or e.is_failed) and not e.has_paid_amount and e.paid_amount <> 0
union all
-- Sales are of the month of the invoice, the journal of that of the action.
select e.seller_id, e.recipient_account_id, e.currency, m.month, 'sales, journal', 'other_month',
    m.left_amount, m.right_amount, e.invoice_id, e.product_id, e.agreement_id, null,
    e.billing_event_id, e.version_id, e.line
from resolved.settled_entry e
cross join lateral (
    values (resolved.month_of(e.invoice_date), e.amount, 0),
        (resolved.month_of(e.booked_at), 0, e.amount)
) as m (month, left_amount, right_amount)
where (e.action is null or e.action not in ('COLLECTED', 'DISBURSED')) and e.amount <> 0
    and resolved.month_of(e.booked_at) is distinct from resolved.month_of(e.invoice_date)
union all
-- A balance adjustment came in with its own entry.
select e.seller_id, e.recipient_account_id, e.currency, resolved.month_of(e.booked_at),
    'collections, journal', 'balance_adjustment', e.amount, e.received, e.invoice_id,
    e.product_id, e.agreement_id, null, e.billing_event_id, e.version_id, e.line
from resolved.settled_entry e
where e.action = 'COLLECTED' and e.bucket = 'balance_adjustment' and e.amount <> 0
union all
-- A failure that took back more or less than its payout, or of which AWS tells twice.
select f.seller_id, f.recipient_account_id, f.currency, f.month, 'payouts, journal',
    'failure_differs', sum(f.left_amount), sum(f.right_amount), null, null, null,
    f.disbursement_id, f.disbursement_id, null, null
from (
    select p.seller_id, p.recipient_account_id, p.currency, resolved.month_of(f.failed_at) as month,
        -p.amount as left_amount, 0 as right_amount, p.billing_event_id as disbursement_id
    from resolved.transfer p
    join resolved.failed_payout f
        on f.seller_id = p.seller_id and f.billing_event_id = p.billing_event_id
    where p.is_payout
    union all
    select t.seller_id, t.recipient_account_id, t.currency, resolved.month_of(t.booked_at), 0,
        t.amount, t.failed_payout_id
    from resolved.transfer t
    where t.failed_payout_id is not null
) as f
group by f.seller_id, f.recipient_account_id, f.currency, f.month, f.disbursement_id
having sum(f.left_amount) <> sum(f.right_amount)
union all
-- Payouts and their lines.
select f.seller_id, f.recipient_account_id, f.currency, f.month, 'payouts, content of payouts',
    case
        when f.is_payout and f.is_line then 'lines_differ'
        when f.is_payout and not exists (
            select from resolved.settled_entry e
            where e.seller_id = f.seller_id
                and e.disbursement_billing_event_id = f.disbursement_id
                and (e.is_paid or e.is_failed)) then 'lines_missing'
        when f.is_line and not exists (
            select from resolved.transfer t
            where t.seller_id = f.seller_id and t.billing_event_id = f.disbursement_id)
            then 'payout_missing'
        else 'other_currency'
    end,
    f.left_amount, f.right_amount, null, null, null, f.disbursement_id, f.disbursement_id, null,
    null
from (
    select seller_id, disbursement_id, recipient_account_id, currency, month,
        sum(left_amount) as left_amount, sum(right_amount) as right_amount,
        bool_or(is_payout) as is_payout, bool_or(not is_payout) as is_line
    from (
        select seller_id, billing_event_id as disbursement_id, recipient_account_id, currency,
            resolved.month_of(booked_at) as month, amount as left_amount, 0 as right_amount,
            true as is_payout
        from resolved.transfer
        where not is_payout_failure or failed_payout_id is null
        union all
        select seller_id, disbursement_billing_event_id, recipient_account_id, paid_currency,
            resolved.month_of(booked_at), 0, -paid_amount, false
        from resolved.settled_entry
        where is_paid or is_failed
    ) as both_sides
    group by seller_id, disbursement_id, recipient_account_id, currency, month
) as f
where f.left_amount <> f.right_amount;

comment on view resolved.reconciliation_item is
    'The rows of marketplace.reconciliation_item, without what is looked up for readers.';
select resolved.describe_like('resolved.reconciliation_item', array['resolved.difference'::regclass]);
comment on column resolved.reconciliation_item.comparison is
    'What is compared, left and right (marketplace.reconciliation).';
comment on column resolved.reconciliation_item.left_amount is
    'What of it is in the left figure.';
comment on column resolved.reconciliation_item.right_amount is
    'What of it is in the right figure.';
