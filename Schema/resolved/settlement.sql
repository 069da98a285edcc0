-- after: entry, describe
-- What every entry of a sale did to the seller's balance, and whether its payout stands.

create or replace view resolved.failed_payout as
select seller_id, parent_billing_event_id as billing_event_id, min(invoice_date) as failed_at
from resolved.entry
where transaction_type = 'DISBURSEMENT_FAILURE'
group by seller_id, parent_billing_event_id;

comment on view resolved.failed_payout is
    'Payouts that the bank sent back.';
select resolved.describe_like('resolved.failed_payout', array['resolved.entry'::regclass]);
comment on column resolved.failed_payout.billing_event_id is
    'The payout.';
comment on column resolved.failed_payout.failed_at is
    'Instant (UTC) of the failure.';

create or replace view resolved.failed_entry as
select c.seller_id, c.line_key, c.parent_billing_event_id as billing_event_id,
    min(f.failed_at) as failed_at
from resolved.failed_payout f
join resolved.entry c
    on c.seller_id = f.seller_id and c.disbursement_billing_event_id = f.billing_event_id
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
        when e.action in ('COLLECTED', 'DISBURSED') or e.counts then e.amount
        -- Taxes that AWS remits, and types and actions that nobody knows, count where AWS says so.
        when e.transaction_type like 'AWS_TAX%' or e.bucket is null
            or not e.is_known_action then 0
        else e.amount
    end as amount,
    coalesce(e.transaction_type like '%_REFUND' or e.transaction_type like '%_CREDIT', false)
        as is_refund,
    d.billing_event_id as payout_id,
    -- The payout's own row can still be missing: then its lines tell the day.
    case when e.action = 'DISBURSED' then coalesce(d.invoice_date, e.action_date) end
        as payout_date,
    -- What a failure takes back is not paid either, as long as the lines that failed are there.
    coalesce(e.action = 'DISBURSED' and f.billing_event_id is null
        and (d.transaction_type is distinct from 'DISBURSEMENT_FAILURE'
            or p.billing_event_id is null), false)
        as is_paid,
    coalesce(e.action = 'DISBURSED' and f.billing_event_id is not null, false) as is_failed,
    coalesce(e.action = 'DISBURSED' and f.billing_event_id is null
        and d.transaction_type is distinct from 'DISBURSEMENT_FAILURE'
        and coalesce(d.invoice_date, e.action_date) >= g.failed_at, false) as is_paid_again,
    e.amount as entry_amount,
    e.is_known_action,
    -- Their own names, for whoever adds up what has a column.
    nullif(concat_ws(' ', case when not e.is_known_action then coalesce(e.action, 'no action') end,
        case when e.bucket is null then coalesce(e.transaction_type, 'no type') end), '')
        as unknown_name
from resolved.entry e
left join resolved.entry d
    on d.seller_id = e.seller_id and d.billing_event_id = e.disbursement_billing_event_id
    and d.action = 'DISBURSED' and d.transaction_type in ('DISBURSEMENT', 'DISBURSEMENT_FAILURE')
left join resolved.entry p
    on p.seller_id = d.seller_id and p.billing_event_id = d.parent_billing_event_id
    and p.transaction_type = 'DISBURSEMENT'
left join resolved.failed_payout f
    on f.seller_id = d.seller_id and f.billing_event_id = d.billing_event_id
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
comment on column resolved.settlement.payout_id is
    'The payout that paid it, where the feed has it.';
comment on column resolved.settlement.payout_date is
    'Instant (UTC) of the payout; where the feed does not have it, of its line.';
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

-- Worked out once, when an entry's line is touched, for all that add it up.
create table if not exists resolved.settled_entry (
    like resolved.settlement,
    -- By what comes in order, and not by billing_event_id: keys without order touch a page each.
    constraint settled_entry_pkey primary key (version_id, line)
);

alter table resolved.settled_entry
    add column if not exists is_known_action boolean,
    add column if not exists unknown_name text;

create index if not exists settled_entry_line_key_idx
    on resolved.settled_entry (seller_id, line_key);
create index if not exists settled_entry_unknown_idx
    on resolved.settled_entry (seller_id, invoice_id) where unknown_name is not null;
create index if not exists settled_entry_payout_id_idx
    on resolved.settled_entry (seller_id, payout_id) where payout_id is not null;

comment on table resolved.settled_entry is
    'resolved.settlement, kept up to date by marketplace.refresh.';
select resolved.describe_like('resolved.settled_entry', array['resolved.settlement'::regclass]);

-- The lines of pg_temp.resolved_touched_line, settled as the entries are now.
create or replace function resolved.settle_entries() returns void
    language plpgsql
as $$
begin
    delete from resolved.settled_entry s using pg_temp.resolved_touched_line t
    where s.seller_id = t.seller_id and s.line_key = t.line_key;
    insert into resolved.settled_entry
    select s.*
    from pg_temp.resolved_touched_line t
    join resolved.settlement s on s.seller_id = t.seller_id and s.line_key = t.line_key;
end
$$;

comment on function resolved.settle_entries() is
    'Brings resolved.settled_entry up to date for the lines that marketplace.refresh has found touched.';
