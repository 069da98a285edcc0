-- after: settled_entry
-- Which account of the journal an entry goes to.

create or replace function resolved.account_of_kind(kind text) returns text
    language sql immutable parallel safe
    return case
        when kind = 'gross_revenue' then 'revenue'
        when kind = 'gross_refund' then 'refunds'
        when kind in ('listing_fee', 'listing_fee_refund') then 'listing_fees'
        when kind in ('wholesale_cost', 'wholesale_cost_refund') then 'cost_of_resale'
        when kind in ('seller_tax_share', 'seller_tax_share_refund',
            'wholesale_seller_tax_share', 'wholesale_seller_tax_share_refund')
            then 'taxes_to_remit'
        when kind in ('other_seller_tax_share', 'other_seller_tax_share_refund',
            'wholesale_other_seller_tax_share', 'wholesale_other_seller_tax_share_refund')
            then 'other_seller_taxes'
        when kind in ('aws_tax_share', 'aws_tax_share_refund', 'aws_tax_share_listing_fee',
            'aws_tax_share_refund_listing_fee', 'wholesale_aws_tax_share',
            'wholesale_aws_tax_share_refund') then 'aws_taxes'
        when kind = 'infrastructure' then 'infrastructure'
        when kind = 'balance_adjustment' then 'balance_adjustments'
    end;

comment on function resolved.account_of_kind(text) is
    'Account of the journal that entries of a kind go to; null for kinds that nobody knows.';

create or replace function resolved.ledger_account(
    action text, kind text, unknown_name text
) returns text
    language sql immutable parallel safe
    return coalesce(unknown_name,
        case when action = 'FORGIVEN' then 'written_off' end, resolved.account_of_kind(kind));

comment on function resolved.ledger_account(text, text, text) is
    'Account of the journal that an entry of a sale goes to, beside those of what buyers owe and of what came in: that of its kind, what was written off, or the name of what nobody knows.';

create or replace view resolved.transfer as
select e.seller_id, e.billing_event_id, e.parent_billing_event_id, e.recipient_account_id,
    e.action, e.transaction_type,
    case when e.is_payout or e.is_payout_failure then 'bank'
        else concat_ws(' ', case when e.action is distinct from 'DISBURSED'
            then coalesce(e.action, 'no action') end, e.transaction_type) end as account,
    p.amount,
    case when e.disbursement_amount is null then e.currency
        else coalesce(e.disbursement_currency, e.currency) end as currency,
    e.amount as entry_amount,
    e.booked_at, e.is_payout, e.is_payout_failure, e.bank_trace_id,
    e.disbursement_reference_number, coalesce(e.buyer_invoice_id, e.invoice_id) as invoice_id,
    e.agreement_id, e.product_id, o.billing_event_id as failed_payout_id, e.version_id, e.line
from resolved.entry e
left join resolved.entry o
    on o.seller_id = e.seller_id and o.billing_event_id = e.parent_billing_event_id
    and e.is_payout_failure and o.is_payout
cross join lateral (select coalesce(e.disbursement_amount, e.amount, 0) as sent) as a
cross join lateral (
    -- A failure takes its payout back, whichever sign AWS gives it.
    select case when e.is_payout_failure
        then abs(a.sent) * case when coalesce(o.disbursement_amount, o.amount) < 0 then 1 else -1 end
        else a.sent end as amount
) as p
where e.is_transfer and e.transaction_type like 'DISBURSEMENT%';

comment on view resolved.transfer is
    'Current accounting entries of payouts, of their failures and of other moves between AWS and the bank.';
select resolved.describe_like('resolved.transfer', array['resolved.entry'::regclass]);
comment on column resolved.transfer.account is
    'Account of the journal: bank, or the name of a transfer that nobody knows.';
comment on column resolved.transfer.amount is
    'What went to the bank, in currency; what came back negative.';
comment on column resolved.transfer.currency is
    'Currency code of the payout.';
comment on column resolved.transfer.failed_payout_id is
    'Of a failure, the payout that it sent back, where the feed has it.';
comment on column resolved.transfer.entry_amount is
    'Amount as AWS wrote it, in the currency of the price.';

create index if not exists billing_event_transfer_idx
    on resolved.billing_event (seller_id, billing_event_id)
    where transaction_type like 'DISBURSEMENT%';

-- The journal's lines, without what is only looked up for those who read them.
create or replace view resolved.journal_line as
-- What was invoiced or written off, and actions that nobody knows. A balance adjustment comes in
-- with its own entry.
select e.seller_id, e.recipient_account_id, e.booked_at, b.account, e.currency, b.amount,
    e.bucket as kind, e.action, e.transaction_type, e.invoice_id, e.agreement_id, e.product_id,
    null::text as disbursement_id, e.amount = 0 as is_informative, e.entry_amount,
    e.billing_event_id, e.version_id, e.line
from resolved.settled_entry e
cross join lateral (
    values
        ('receivable', e.amount - e.received, false),
        ('in_transit', e.received, false),
        (resolved.ledger_account(e.action, e.bucket, e.unknown_name), -e.amount, true)
) as b (account, amount, is_its_own)
where (e.action is null or e.action not in ('COLLECTED', 'DISBURSED'))
    -- What only informs stays, as the line of its own account.
    and (b.amount <> 0 or (e.amount = 0 and b.is_its_own))
union all
select e.seller_id, e.recipient_account_id, e.booked_at, b.account, e.currency, b.amount,
    e.bucket, e.action, e.transaction_type, e.invoice_id, e.agreement_id, e.product_id,
    null, e.received = 0, e.entry_amount, e.billing_event_id, e.version_id, e.line
from resolved.settled_entry e
cross join lateral (
    values ('receivable', -e.received), ('in_transit', e.received)
) as b (account, amount)
where e.action = 'COLLECTED' and (e.received <> 0 or b.account = 'receivable')
union all
-- Lines of payouts. In another currency, or where the payout has another amount of it, each
-- currency is balanced by the exchange account.
select e.seller_id, e.recipient_account_id, e.booked_at, b.account, b.currency, b.amount,
    e.bucket, e.action, e.transaction_type, e.invoice_id, e.agreement_id, e.product_id,
    e.disbursement_billing_event_id, m.is_informative, e.entry_amount,
    e.billing_event_id, e.version_id, e.line
from resolved.settled_entry e
cross join lateral (
    select not (e.is_paid or e.is_failed)
            or (e.amount = 0 and e.paid_amount = 0 and e.received = 0) as is_informative,
        case when e.is_paid or e.is_failed then e.amount else 0 end as amount,
        case when e.is_paid or e.is_failed then e.paid_amount else 0 end as paid_amount,
        e.paid_currency is distinct from e.currency as is_exchanged
) as m
cross join lateral (
    values
        ('receivable', e.currency, -e.received),
        ('in_transit', e.currency, e.received + m.amount),
        ('payout_clearing', e.paid_currency, -m.paid_amount),
        ('exchange', e.currency, case when m.is_exchanged then 0 else m.paid_amount end - m.amount),
        ('exchange', e.paid_currency, case when m.is_exchanged then m.paid_amount else 0 end)
) as b (account, currency, amount)
where e.action = 'DISBURSED'
    and (b.amount <> 0 or (m.is_informative and b.account = 'in_transit'))
union all
-- What the bank sent back is again in transit.
select e.seller_id, e.recipient_account_id, e.failed_at, b.account, b.currency, b.amount,
    e.bucket, e.action, e.transaction_type, e.invoice_id, e.agreement_id, e.product_id,
    e.disbursement_billing_event_id, false, e.entry_amount, e.billing_event_id, e.version_id, e.line
from resolved.settled_entry e
cross join lateral (
    select e.paid_currency is distinct from e.currency as is_exchanged
) as m
cross join lateral (
    values
        ('in_transit', e.currency, -e.amount),
        ('payout_clearing', e.paid_currency, e.paid_amount),
        ('exchange', e.currency, e.amount - case when m.is_exchanged then 0 else e.paid_amount end),
        ('exchange', e.paid_currency, case when m.is_exchanged then -e.paid_amount else 0 end)
) as b (account, currency, amount)
where e.is_failed and b.amount <> 0
union all
select t.seller_id, t.recipient_account_id, t.booked_at, b.account, t.currency, b.amount,
    t.transaction_type, t.action, t.transaction_type, t.invoice_id, t.agreement_id, t.product_id,
    case when t.is_payout_failure then t.parent_billing_event_id else t.billing_event_id end,
    t.amount = 0, t.entry_amount, t.billing_event_id, t.version_id, t.line
from resolved.transfer t
cross join lateral (
    values (t.account, t.amount), ('payout_clearing', -t.amount)
) as b (account, amount)
where b.amount <> 0 or b.account <> 'payout_clearing';

comment on view resolved.journal_line is
    'The lines of marketplace.journal, without what is looked up for readers.';
select resolved.describe_like('resolved.journal_line', array['resolved.settled_entry'::regclass]);
comment on column resolved.journal_line.account is
    'Account (marketplace.ledger_account).';
comment on column resolved.journal_line.amount is
    'Amount: a debit is positive, a credit negative.';
comment on column resolved.journal_line.kind is
    'The one sum that the entry goes into by its type; of payouts their type.';
comment on column resolved.journal_line.disbursement_id is
    'The payout.';
comment on column resolved.journal_line.is_informative is
    'Whether the entry moves nothing.';
