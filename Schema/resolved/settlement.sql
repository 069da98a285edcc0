-- after: entry, describe
-- What every entry of a sale did to the seller's balance, and whether its payout stands.

create or replace view resolved.failed_payout as
select e.seller_id, e.parent_billing_event_id as billing_event_id, min(e.booked_at) as failed_at
from resolved.entry e
-- The type by itself too, for the index of the few failures.
where e.is_payout_failure and e.transaction_type = 'DISBURSEMENT_FAILURE'
    and e.parent_billing_event_id is not null
group by e.seller_id, e.parent_billing_event_id;

comment on view resolved.failed_payout is
    'Payouts that the bank sent back.';
select resolved.describe_like('resolved.failed_payout', array['resolved.entry'::regclass]);
comment on column resolved.failed_payout.billing_event_id is
    'The payout.';
comment on column resolved.failed_payout.failed_at is
    'Instant (UTC) of the failure; null: AWS gives no date.';

create or replace view resolved.failed_entry as
select c.seller_id, c.line_key, c.parent_billing_event_id as billing_event_id,
    min(f.failed_at) as failed_at
from resolved.failed_payout f
join resolved.entry c
    on c.seller_id = f.seller_id and c.disbursement_billing_event_id = f.billing_event_id
    and c.action = 'DISBURSED' and not c.is_transfer
group by c.seller_id, c.line_key, c.parent_billing_event_id;

comment on view resolved.failed_entry is
    'Invoiced entries that a payout was to pay which the bank sent back.';
select resolved.describe_like('resolved.failed_entry', array['resolved.entry'::regclass]);
comment on column resolved.failed_entry.billing_event_id is
    'The invoiced entry.';
comment on column resolved.failed_entry.failed_at is
    'Instant (UTC) of the first such failure.';

-- A payout that failed pays nothing, whether AWS takes its lines back one by one or only says so.
-- Without a WITH: the planner looks into it then, and reads no more than the lines it is asked for.
create or replace view resolved.settlement as
select e.seller_id, e.billing_event_id, e.parent_billing_event_id, e.recipient_account_id,
    e.action, e.transaction_type,
    coalesce(e.bucket, e.transaction_type, 'unknown') as bucket, e.currency, e.invoice_date, e.action_date,
    e.payment_due_date, e.product_id, e.agreement_id, e.disbursement_billing_event_id,
    e.line_key, e.version_id, e.line,
    coalesce(e.buyer_invoice_id, e.invoice_id) as invoice_id,
    case when e.invoice_variant = 'PURCHASE' then e.invoice_date else e.buyer_invoice_date end
        as buyer_invoice_date,
    case
        when e.action in ('COLLECTED', 'DISBURSED') or e.counts then coalesce(e.amount, 0)
        -- Taxes that AWS remits, and types and actions that nobody knows, count where AWS says so.
        when e.transaction_type like 'AWS_TAX%' or e.bucket is null
            or not e.is_known_action then 0
        else coalesce(e.amount, 0)
    end as amount,
    coalesce(e.transaction_type like '%_REFUND' or e.transaction_type like '%_CREDIT', false)
        as is_refund,
    -- What a failure takes back is counted as failed where it says which payout failed.
    coalesce(e.action = 'DISBURSED' and f.billing_event_id is null
        and (d.is_payout_failure is not true or d.parent_billing_event_id is null), false)
        as is_paid,
    coalesce(e.action = 'DISBURSED' and f.billing_event_id is not null, false) as is_failed,
    coalesce(e.action = 'DISBURSED' and f.billing_event_id is null
        and d.is_payout_failure is not true
        and coalesce(d.booked_at, e.booked_at) >= g.failed_at, false) as is_paid_again,
    e.amount as entry_amount,
    e.is_known_action,
    -- Their own names, for whoever adds up what has a column.
    nullif(concat_ws(' ', case when not e.is_known_action then coalesce(e.action, 'no action') end,
        case when e.bucket is null then coalesce(e.transaction_type, 'no type') end), '')
        as unknown_name,
    -- The payout's own row can still be missing, or have no date: then its lines tell the day.
    case when e.action = 'DISBURSED' then coalesce(d.booked_at, e.booked_at)
        else e.booked_at end as booked_at,
    f.failed_at,
    case when e.disbursement_amount is null then coalesce(e.amount, 0)
        else e.disbursement_amount end as paid_amount,
    case when e.disbursement_amount is null then e.currency
        else coalesce(e.disbursement_currency, e.currency) end as paid_currency,
    e.disbursement_amount is not null as has_paid_amount
from resolved.entry e
left join resolved.entry d
    on d.seller_id = e.seller_id and d.billing_event_id = e.disbursement_billing_event_id
    and d.is_transfer
left join resolved.failed_payout f
    on f.seller_id = e.seller_id and f.billing_event_id = e.disbursement_billing_event_id
left join resolved.failed_entry g
    on g.seller_id = e.seller_id and g.line_key = e.line_key
    and g.billing_event_id = e.parent_billing_event_id
where not e.is_transfer;

comment on view resolved.settlement is
    'Current accounting entries other than payouts with the amount that counts for the seller, and whether their payout stands or failed.';

select resolved.describe_like('resolved.settlement', array['resolved.entry'::regclass]);
comment on column resolved.settlement.invoice_id is
    'Buyer''s invoice, else the invoice of the entry.';
comment on column resolved.settlement.amount is
    'Signed amount that counts for the seller; 0 where it only informs.';
comment on column resolved.settlement.is_refund is
    'Whether it is a refund or credit.';
comment on column resolved.settlement.is_paid is
    'Whether it is a line of a payout that stands.';
comment on column resolved.settlement.is_failed is
    'Whether it is a line of a payout that failed.';
comment on column resolved.settlement.is_paid_again is
    'Whether it pays again what an earlier payout paid and the bank sent back.';
comment on column resolved.settlement.bucket is
    'The one sum that the entry goes into by its type; of a type that nobody knows its own name.';
comment on column resolved.settlement.unknown_name is
    'Action and type, of those that nobody knows; null: both are known.';
comment on column resolved.settlement.entry_amount is
    'Signed amount of the entry, whether it counts or only informs.';
comment on column resolved.settlement.booked_at is
    'Instant (UTC) on which the journal books it (docs/money.md); null: no date is known.';
comment on column resolved.settlement.failed_at is
    'Instant (UTC) at which the bank sent its payout back.';
comment on column resolved.settlement.paid_amount is
    'Of lines of payouts, what the payout has of it, with the sign of amount; in paid_currency.';
comment on column resolved.settlement.paid_currency is
    'Currency code of the payout.';
comment on column resolved.settlement.has_paid_amount is
    'Whether AWS gives the amount of the payout; else it is that of the price.';
