-- The life of each invoice in one row.

create or replace view marketplace.invoice_to_cash as
with invoice as (
    select seller_id, recipient_account_id, invoice_id, currency,
        coalesce(min(buyer_invoice_date), min(invoice_date)) as invoiced_at,
        -- The refund of a paid invoice must not make it due again.
        coalesce(max(due_at) filter (where not is_refund), max(due_at)) as due_at,
        coalesce(sum(invoiced) filter (where not is_refund), 0) as invoiced,
        coalesce(sum(invoiced) filter (where is_refund), 0) as refunded,
        sum(forgiven) as forgiven,
        sum(due) as due,
        sum(collected) as collected,
        sum(disbursed) as disbursed,
        sum(failed) as failed,
        sum(paid_again) as paid_again,
        sum(received) as received,
        -- A sale is turned into cash once; that some goes back later is another story.
        coalesce(sum(due) filter (where not is_refund), 0) as sale,
        sum(collected) filter (where not is_refund) as sale_collected,
        sum(disbursed) filter (where not is_refund) as sale_disbursed,
        max(last_collected_at) filter (where not is_refund) as last_collected_at,
        max(last_disbursed_at) filter (where not is_refund) as last_disbursed_at,
        min(agreement_id) as agreement_id,
        sum(other) as other
    from resolved.receivable
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
    i.due - i.received as outstanding,
    i.due - i.disbursed as undisbursed,
    i.last_collected_at,
    i.last_disbursed_at,
    case when i.sale > 0 and i.sale_collected >= i.sale then
        extract(day from i.last_collected_at - i.invoiced_at)::integer end as days_to_collect,
    case when i.sale > 0 and i.sale_disbursed >= i.sale then
        extract(day from i.last_disbursed_at - i.invoiced_at)::integer end as days_to_cash,
    case when i.due <> i.received and i.due_at is not null then
        greatest((now() at time zone 'UTC')::date - (i.due_at at time zone 'UTC')::date, 0) end
        as days_overdue,
    i.received,
    -- Looked up only where somebody asks for it.
    (
        select p.company_name from resolved.agreement a
        join resolved.party p on p.seller_id = a.seller_id and p.account_id = a.acceptor_account_id
        where a.seller_id = i.seller_id and a.agreement_id = i.agreement_id
            and i.invoiced_at >= a.holds_from and i.invoiced_at < a.valid_to
            and i.invoiced_at >= p.holds_from and i.invoiced_at < p.valid_to
        limit 1
    ) as buyer_company,
    i.other,
    (
        select string_agg(distinct s.unknown_name, ', ' order by s.unknown_name)
        from resolved.settled_entry s
        where s.seller_id = i.seller_id
            and (s.invoice_id = i.invoice_id or (s.invoice_id is null and i.invoice_id is null))
            and s.recipient_account_id is not distinct from i.recipient_account_id
            and s.currency is not distinct from i.currency and s.unknown_name is not null
    ) as unknown_names
from invoice i;

comment on view marketplace.invoice_to_cash is
    'Invoice to cash: one row per buyer''s invoice and currency, and one for what has no invoice, from the seller''s side: what it came to, what came in, what was paid out, what failed and was paid again, and what is open.';
comment on column marketplace.invoice_to_cash.seller_id is
    'The seller (ingest.seller).';
comment on column marketplace.invoice_to_cash.recipient_account_id is
    'Account key of the seller whose copy of the feed it is.';
comment on column marketplace.invoice_to_cash.invoice_id is
    'Buyer''s invoice, else the seller''s own; null: entries without any, such as balance adjustments.';
comment on column marketplace.invoice_to_cash.currency is
    'Currency code of all amounts of the row. Never sum over several.';
comment on column marketplace.invoice_to_cash.invoiced_at is
    'Instant (UTC) of the invoice; null: AWS gives no date.';
comment on column marketplace.invoice_to_cash.due_at is
    'Instant (UTC) by which the buyer should pay the sale: AWS''s payment_due_date and nothing else, for payment terms differ by invoice.';
comment on column marketplace.invoice_to_cash.invoiced is
    'What the invoice came to for the seller, after fees, with taxes that the seller gets, before refunds.';
comment on column marketplace.invoice_to_cash.refunded is
    'Refunds and credits; negative where the buyer got money back.';
comment on column marketplace.invoice_to_cash.forgiven is
    'What was written off; negative.';
comment on column marketplace.invoice_to_cash.due is
    'invoiced + refunded + forgiven + other.';
comment on column marketplace.invoice_to_cash.collected is
    'What came in from the buyer, of what is for the seller. AWS tells it since January 2026; null for an invoice without a word of it.';
comment on column marketplace.invoice_to_cash.disbursed is
    'What payouts that stand have paid.';
comment on column marketplace.invoice_to_cash.failed is
    'What payouts paid that then failed.';
comment on column marketplace.invoice_to_cash.paid_again is
    'Of disbursed, what had failed before.';
comment on column marketplace.invoice_to_cash.outstanding is
    'What the buyer has still to pay, of what is for the seller (due - received); negative where the buyer has paid too much or has still to get a refund.';
comment on column marketplace.invoice_to_cash.undisbursed is
    'What AWS has still to pay out.';
comment on column marketplace.invoice_to_cash.last_collected_at is
    'Instant (UTC) at which money for the sale last came in.';
comment on column marketplace.invoice_to_cash.last_disbursed_at is
    'Instant (UTC) of the last payout that paid the sale and stands.';
comment on column marketplace.invoice_to_cash.days_to_collect is
    'Whole days from invoice to the last money for the sale, once all of it has come in; refunds do not count.';
comment on column marketplace.invoice_to_cash.days_to_cash is
    'Whole days from invoice to the last payout, once all of the sale is paid out; refunds do not count.';
comment on column marketplace.invoice_to_cash.days_overdue is
    'Days since it should have been paid, while something is outstanding; null without a due date.';
comment on column marketplace.invoice_to_cash.received is
    'What has come in as far as is known: collected, balance adjustments, and what payouts show to have come in: before January 2026 AWS does not tell, and some payouts do not wait for it (docs/money.md).';
comment on column marketplace.invoice_to_cash.buyer_company is
    'Buyer, who accepted the agreement: company; of an invoice for several agreements, that of one.';
comment on column marketplace.invoice_to_cash.other is
    'Of due, what entries came to whose action nobody knows, where AWS says that they count.';
comment on column marketplace.invoice_to_cash.unknown_names is
    'Actions and types of the invoice''s entries that nobody knows (unknown_entry has the entries); null: none.';
