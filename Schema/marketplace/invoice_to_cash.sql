-- The life of each invoice in one row.

create or replace view marketplace.invoice_to_cash as
with entry as (
    select *, coalesce(bool_or(is_failed) over (
        partition by seller_id, parent_billing_event_id), false)
            and parent_billing_event_id is not null as had_failed
    from resolved.settlement
    where invoice_id is not null
), invoice as (
    select seller_id, recipient_account_id, invoice_id, currency,
        coalesce(min(buyer_invoice_date) filter (where action = 'INVOICED'),
            min(invoice_date) filter (where action = 'INVOICED')) as invoiced_at,
        max(payment_due_date) filter (where action = 'INVOICED') as due_at,
        coalesce(sum(amount) filter (where action = 'INVOICED' and is_refund is not true), 0)
            as invoiced,
        coalesce(sum(amount) filter (where action = 'INVOICED' and is_refund), 0) as refunded,
        coalesce(sum(amount) filter (where action = 'FORGIVEN'), 0) as forgiven,
        coalesce(sum(amount) filter (where action in ('INVOICED', 'FORGIVEN')), 0) as due,
        sum(amount) filter (where action = 'COLLECTED') as collected,
        coalesce(-sum(amount) filter (where is_paid), 0) as disbursed,
        coalesce(-sum(amount) filter (where is_failed), 0) as failed,
        coalesce(-sum(amount) filter (where is_paid and had_failed), 0) as paid_again,
        max(action_date) filter (where action = 'COLLECTED') as last_collected_at,
        max(payout_date) filter (where is_paid) as last_disbursed_at
    from entry
    group by seller_id, recipient_account_id, invoice_id, currency
)
select
    i.seller_id,
    i.recipient_account_id,
    i.invoice_id,
    i.currency,
    i.invoiced_at,
    i.due_at,
    i.invoiced,
    i.refunded,
    i.forgiven,
    i.due,
    i.collected,
    i.disbursed,
    i.failed,
    i.paid_again,
    i.due - coalesce(i.collected, i.disbursed) as outstanding,
    i.due - i.disbursed as undisbursed,
    i.last_collected_at,
    i.last_disbursed_at,
    case when i.due = i.collected then extract(day from i.last_collected_at - i.invoiced_at)::integer end as days_to_collect,
    case when i.due = i.disbursed and i.disbursed <> 0 then
        extract(day from i.last_disbursed_at - i.invoiced_at)::integer end as days_to_cash,
    case when i.due <> coalesce(i.collected, i.disbursed) then
        greatest((now() at time zone 'UTC')::date - (i.due_at at time zone 'UTC')::date, 0) end as days_overdue
from invoice i;

comment on view marketplace.invoice_to_cash is
    'Invoice to cash: one row per buyer''s invoice and currency, from the seller''s side: what it came to, what came in, what was paid out, what failed and was paid again, and what is open.';
comment on column marketplace.invoice_to_cash.seller_id is
    'The seller (ingest.seller).';
comment on column marketplace.invoice_to_cash.recipient_account_id is
    'Account key of the seller whose copy of the feed it is.';
comment on column marketplace.invoice_to_cash.invoice_id is
    'Buyer''s invoice, else the seller''s own.';
comment on column marketplace.invoice_to_cash.currency is
    'Currency code of all amounts of the row. Never sum over several.';
comment on column marketplace.invoice_to_cash.invoiced_at is
    'Instant (UTC) of the invoice.';
comment on column marketplace.invoice_to_cash.due_at is
    'Instant (UTC) by which the buyer should pay.';
comment on column marketplace.invoice_to_cash.invoiced is
    'What the invoice came to for the seller, after fees, with taxes that the seller gets, before refunds.';
comment on column marketplace.invoice_to_cash.refunded is
    'Refunds and credits; negative where the buyer got money back.';
comment on column marketplace.invoice_to_cash.forgiven is
    'What was written off; negative.';
comment on column marketplace.invoice_to_cash.due is
    'invoiced + refunded + forgiven.';
comment on column marketplace.invoice_to_cash.collected is
    'What came in from the buyer, of what is for the seller. AWS tells it since January 2026; null for an invoice without a word of it.';
comment on column marketplace.invoice_to_cash.disbursed is
    'What payouts that stand have paid.';
comment on column marketplace.invoice_to_cash.failed is
    'What payouts paid that then failed.';
comment on column marketplace.invoice_to_cash.paid_again is
    'Of disbursed, what had failed before.';
comment on column marketplace.invoice_to_cash.outstanding is
    'What the buyer has still to pay, of what is for the seller; where nothing is known of collection, what is not paid out.';
comment on column marketplace.invoice_to_cash.undisbursed is
    'What AWS has still to pay out.';
comment on column marketplace.invoice_to_cash.last_collected_at is
    'Instant (UTC) at which money last came in.';
comment on column marketplace.invoice_to_cash.last_disbursed_at is
    'Instant (UTC) of the last payout that stands.';
comment on column marketplace.invoice_to_cash.days_to_collect is
    'Whole days from invoice to the last money, once all has come in.';
comment on column marketplace.invoice_to_cash.days_to_cash is
    'Whole days from invoice to the last payout, once all is paid out.';
comment on column marketplace.invoice_to_cash.days_overdue is
    'Days since it should have been paid, while something is outstanding.';
