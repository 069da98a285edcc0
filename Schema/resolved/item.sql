-- after: settlement
-- Entries added up per item, those of a line that are of one invoice, currency and kind; and what came
-- in by which line of a payout.

create or replace view resolved.item as
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
        coalesce(sum(e.amount) filter (where e.action = 'FORGIVEN'), 0) as forgiven,
        coalesce(sum(e.amount) filter (where not e.is_known_action), 0) as other,
        coalesce(sum(e.amount) filter (where e.action = 'INVOICED'
            or e.action = 'FORGIVEN' or not e.is_known_action), 0) as due,
        sum(e.amount) filter (where e.action = 'COLLECTED') as collected,
        coalesce(-sum(e.amount) filter (where e.is_paid), 0) as disbursed,
        coalesce(-sum(e.amount) filter (where e.is_failed), 0) as failed,
        coalesce(-sum(e.amount) filter (where e.is_paid_again), 0) as paid_again,
        max(e.action_date) filter (where e.action = 'COLLECTED') as last_collected_at,
        max(e.booked_at) filter (where e.is_paid) as last_disbursed_at,
        count(*) filter (where e.is_paid or e.is_failed) as payout_lines,
        min(e.version_id) filter (where e.is_paid or e.is_failed) as version_id,
        min(e.line) filter (where e.is_paid or e.is_failed) as line
    from resolved.settlement e
    group by e.seller_id, e.recipient_account_id, e.invoice_id, e.line_key, e.currency, e.bucket
) as i
cross join lateral (
    select case when coalesce(nullif(i.invoiced, 0), nullif(i.disbursed, 0),
        nullif(i.collected, 0), i.other) < 0 then -1 else 1 end
) as s (sign);

comment on view resolved.item is
    'Entries added up per item: those of a line of an invoice that are of one currency and kind. Read by resolved.settle_lines for the lines that are touched; of everything it is resolved.receivable.';
select resolved.describe_like('resolved.item', array['resolved.settlement'::regclass]);
comment on column resolved.item.item is
    'Number of the item among those that are read together.';
comment on column resolved.item.buyer_invoice_date is
    'Instant (UTC) of the buyer''s invoice.';
comment on column resolved.item.invoice_date is
    'Instant (UTC) of the first entry that was invoiced.';
comment on column resolved.item.due_at is
    'Instant (UTC) by which the buyer should pay.';
comment on column resolved.item.invoiced is
    'What was invoiced.';
comment on column resolved.item.forgiven is
    'What was written off; of the opposite sign.';
comment on column resolved.item.other is
    'What entries came to whose action nobody knows, where AWS says that they count.';
comment on column resolved.item.due is
    'invoiced + forgiven + other.';
comment on column resolved.item.collected is
    'What came in, as AWS tells it since January 2026; null where it tells nothing.';
comment on column resolved.item.disbursed is
    'What payouts that stand have paid.';
comment on column resolved.item.failed is
    'What payouts paid that then failed.';
comment on column resolved.item.paid_again is
    'Of disbursed, what was paid after it had failed.';
comment on column resolved.item.last_collected_at is
    'Instant (UTC) at which money last came in.';
comment on column resolved.item.last_disbursed_at is
    'Instant (UTC) of the last payout that stands.';
comment on column resolved.item.payout_lines is
    'Lines of payouts, of those that failed too.';
comment on column resolved.item.version_id is
    'With line: the first of its lines of payouts.';
comment on column resolved.item.line is
    'Record of that version.';
comment on column resolved.item.sign is
    '-1 if it is what the seller pays, as a fee; else 1.';
comment on column resolved.item.untold is
    'What payouts have sent beyond what was collected, with the sign turned where the item is negative; below 0 where less.';

-- Before January 2026 AWS does not tell what came in, and some payouts do not wait for it. What was
-- sent to the bank had come in, also if the bank sent it back; what AWS did not tell of it came in by
-- the earliest lines of payouts that paid more than had come in until then.
create or replace view resolved.receipt as
-- Most items have one such line, and nothing to put it in order with.
select i.item, i.version_id, i.line, i.sign * i.untold as received
from resolved.item i
where i.untold > 0 and i.payout_lines = 1 and i.collected is null
    and i.bucket <> 'balance_adjustment'
union all
select t.item, t.version_id, t.line,
    t.sign * (t.so_far - lag(t.so_far, 1, 0.0) over (partition by t.item order by t.place))
from (
    select o.*, greatest(least(o.untold, max(
            greatest(o.sign * o.disbursed, least(o.sign * o.failed, o.sign * o.due))
                - o.sign * o.collected)
        filter (where o.is_payout_line) over (partition by o.item order by o.place)), 0) as so_far
    from (
        select i.item, i.sign, i.untold, i.due, e.version_id, e.line,
            e.is_paid or e.is_failed as is_payout_line,
            sum(case when e.action = 'COLLECTED' then e.amount else 0 end) over so_far
                as collected,
            sum(case when e.is_paid then -e.amount else 0 end) over so_far as disbursed,
            sum(case when e.is_failed then -e.amount else 0 end) over so_far as failed,
            row_number() over so_far as place
        from resolved.item i
        join resolved.settlement e
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
    ) as o
) as t
where t.is_payout_line;

comment on view resolved.receipt is
    'What came in by lines of payouts without AWS telling so.';
select resolved.describe_like('resolved.receipt', array['resolved.item'::regclass]);
comment on column resolved.receipt.version_id is
    'With line: the line of the payout.';
comment on column resolved.receipt.received is
    'What came in by it, with the sign of the item.';

create or replace function resolved.received_by(
    action text, kind text, amount numeric, receipt numeric
) returns numeric
    language sql immutable parallel safe
    return case
        when action in ('COLLECTED', 'DISBURSED') and kind = 'balance_adjustment' then 0
        when action = 'COLLECTED' or kind = 'balance_adjustment' then amount
        else coalesce(receipt, 0)
    end;

comment on function resolved.received_by(text, text, numeric, numeric) is
    'What came in by an entry: a collection; a balance adjustment, at once; of a line of a payout its receipt.';
