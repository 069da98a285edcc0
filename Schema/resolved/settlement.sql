-- after: entry, describe
-- What every entry of a sale did to the seller's balance, and whether its payout stands.

-- A payout that failed pays nothing, whether AWS takes its lines back one by one or only says so.
create or replace view resolved.settlement as
select e.seller_id, e.billing_event_id, e.parent_billing_event_id, e.recipient_account_id,
    e.action, e.transaction_type, e.bucket, e.currency, e.invoice_date, e.action_date,
    e.payment_due_date, e.product_id, e.agreement_id, e.disbursement_billing_event_id,
    e.line_key, e.version_id, e.line,
    coalesce(e.buyer_invoice_id, e.invoice_id) as invoice_id,
    case when e.invoice_variant = 'PURCHASE' then e.invoice_date else e.buyer_invoice_date end
        as buyer_invoice_date,
    case
        when e.action in ('COLLECTED', 'DISBURSED') then e.amount
        when e.bucket like '%aws_tax%' then case when e.counts then e.amount else 0 end
        when e.bucket is not null then e.amount
        else 0
    end as amount,
    e.bucket like '%refund%' as is_refund,
    d.billing_event_id as payout_id,
    d.invoice_date as payout_date,
    e.action = 'DISBURSED' and f.billing_event_id is null
        and (d.transaction_type is distinct from 'DISBURSEMENT_FAILURE' or p.billing_event_id is null)
        as is_paid,
    e.action = 'DISBURSED' and f.billing_event_id is not null as is_failed
from resolved.entry e
left join resolved.entry d
    on d.seller_id = e.seller_id and d.billing_event_id = e.disbursement_billing_event_id
    and d.action = 'DISBURSED' and d.transaction_type in ('DISBURSEMENT', 'DISBURSEMENT_FAILURE')
left join resolved.entry p
    on p.seller_id = d.seller_id and p.billing_event_id = d.parent_billing_event_id
    and p.transaction_type = 'DISBURSEMENT'
left join lateral (
    select f.billing_event_id from resolved.entry f
    where f.seller_id = d.seller_id and f.parent_billing_event_id = d.billing_event_id
        and f.transaction_type = 'DISBURSEMENT_FAILURE'
    limit 1
) as f on true
where e.transaction_type not like 'DISBURSEMENT%';

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
    'Instant (UTC) of the payout.';
comment on column resolved.settlement.is_paid is
    'Whether it is a line of a payout that stands.';
comment on column resolved.settlement.is_failed is
    'Whether it is a line of a payout that failed.';
