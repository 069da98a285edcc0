-- What a month came to, per product and currency.

create or replace view marketplace.monthly_totals as
with booked as (
    select e.seller_id, e.recipient_account_id, e.product_id, e.currency,
        resolved.month_of(e.booked_at) as month,
        resolved.ledger_account(e.action, e.bucket, e.unknown_name) as account,
        e.action = 'COLLECTED' as is_collection,
        coalesce(e.action in ('COLLECTED', 'DISBURSED'), false) as is_settlement,
        sum(e.amount) as amount,
        sum(e.received) as received,
        -sum(e.amount) filter (where e.is_paid or e.is_failed) as disbursed,
        -- Whoever remits it: most of what AWS remits only informs.
        sum(e.entry_amount) filter (where e.action = 'INVOICED'
            and e.bucket in ('seller_tax_share', 'seller_tax_share_refund',
                'wholesale_seller_tax_share', 'wholesale_seller_tax_share_refund', 'aws_tax_share',
                'aws_tax_share_refund', 'wholesale_aws_tax_share',
                'wholesale_aws_tax_share_refund')) as taxes
    from resolved.settled_entry e
    group by e.seller_id, e.recipient_account_id, e.product_id, e.currency, 5, 6, 7, 8
), by_month as (
    select seller_id, recipient_account_id, month, product_id, currency,
        case when account in ('revenue', 'refunds', 'taxes_to_remit') then amount end as billed,
        taxes,
        case when account = 'listing_fees' then amount end as fees,
        case when account = 'cost_of_resale' then amount end as costs,
        case when account = 'aws_taxes' then amount end as aws_taxes,
        case when account = 'other_seller_taxes' then amount end as other_seller_taxes,
        case when account = 'infrastructure' then amount end as infrastructure,
        case when account = 'balance_adjustments' then amount end as adjustments,
        -- Whatever has no column of its own.
        case when account not in ('revenue', 'refunds', 'taxes_to_remit', 'listing_fees',
            'cost_of_resale', 'aws_taxes', 'other_seller_taxes', 'infrastructure',
            'balance_adjustments', 'written_off') then amount end as other,
        case when account = 'written_off' then amount end as forgiven,
        amount as due,
        null::numeric as collected,
        received,
        null::numeric as disbursed,
        null::numeric as outstanding,
        null::numeric as estimated_usage
    from booked
    where not is_settlement
    union all
    select seller_id, recipient_account_id, month, product_id, currency, null, null, null, null,
        null, null, null, null, null, null, null,
        case when is_collection then amount end, received, disbursed, null, null
    from booked
    where is_settlement
    union all
    -- What the bank sent back is paid no more.
    select seller_id, recipient_account_id,
        resolved.month_of(failed_at), product_id, currency, null, null,
        null, null, null, null, null, null, null, null, null, null, null, amount, null, null
    from resolved.settled_entry
    where is_failed
    union all
    select seller_id, recipient_account_id,
        resolved.month_of(invoice_date), product_id, currency, null,
        null, null, null, null, null, null, null, null, null, null, null, null, null,
        due - received, null
    from resolved.receivable
    union all
    select u.seller_id, c.recipient_account_id, date_trunc('month', u.usage_date::timestamp)::date,
        c.product_id, u.currency, null, null, null, null, null, null, null, null, null, null, null,
        null, null, null, null, u.estimated_revenue
    from resolved.usage_line u
    left join resolved.usage_context c on c.range_id = u.range_id and c.alternative = 1
)
select seller_id, recipient_account_id, month, product_id, currency,
    coalesce(sum(billed), 0) as billed,
    coalesce(sum(fees), 0) as fees,
    coalesce(sum(costs), 0) as costs,
    coalesce(sum(aws_taxes), 0) as aws_taxes,
    coalesce(sum(other_seller_taxes), 0) as other_seller_taxes,
    coalesce(sum(infrastructure), 0) as infrastructure,
    coalesce(sum(adjustments), 0) as adjustments,
    coalesce(sum(other), 0) as other,
    coalesce(sum(due), 0) - coalesce(sum(forgiven), 0) as invoiced,
    coalesce(sum(forgiven), 0) as forgiven,
    coalesce(sum(due), 0) as due,
    coalesce(sum(collected), 0) as collected,
    coalesce(sum(received), 0) as received,
    coalesce(sum(disbursed), 0) as disbursed,
    coalesce(sum(outstanding), 0) as outstanding,
    coalesce(sum(taxes), 0) as taxes,
    coalesce(sum(estimated_usage), 0) as estimated_usage
from by_month
group by seller_id, recipient_account_id, month, product_id, currency;

comment on view marketplace.monthly_totals is
    'Monthly totals: one row per month, product and currency, with what was invoiced, written off, came in, was paid out and metered in it. Payouts and balance adjustments have no product; money without a date is in a row without a month. docs/money.md says what each column agrees with.';
comment on column marketplace.monthly_totals.seller_id is 'The seller (ingest.seller).';
comment on column marketplace.monthly_totals.recipient_account_id is
    'Account key of the seller whose copy of the feed it is.';
comment on column marketplace.monthly_totals.month is
    'Month (UTC) in which the entries are booked, as its first day; null: AWS gives them no date.';
comment on column marketplace.monthly_totals.product_id is
    'Product; null: the entries name none.';
comment on column marketplace.monthly_totals.currency is
    'Currency code of the price. Never sum over several.';
comment on column marketplace.monthly_totals.billed is
    'Invoiced for the seller: price, refunds and taxes that the seller remits; by date of the invoice.';
comment on column marketplace.monthly_totals.fees is
    'Listing fees, refunds taken off, negative; by date of the invoice.';
comment on column marketplace.monthly_totals.costs is
    'What a reseller owes manufacturers, refunds taken off, negative; by date of the invoice.';
comment on column marketplace.monthly_totals.aws_taxes is
    'Taxes that AWS remits, where they count for the seller, those on the listing fee included; by date of the invoice.';
comment on column marketplace.monthly_totals.other_seller_taxes is
    'Taxes that another seller of the chain remits; by date of the invoice.';
comment on column marketplace.monthly_totals.infrastructure is
    'Infrastructure of AWS that is netted; by date of the invoice.';
comment on column marketplace.monthly_totals.adjustments is
    'Balance adjustments: corrections by AWS outside any invoice; by their date.';
comment on column marketplace.monthly_totals.other is
    'Entries of actions and types that nobody knows, where AWS says that they count (unknown_entry has them); by date of the action, of known actions by date of the invoice.';
comment on column marketplace.monthly_totals.invoiced is
    'All that was invoiced: billed + fees + costs + aws_taxes + other_seller_taxes + infrastructure + adjustments + other.';
comment on column marketplace.monthly_totals.forgiven is
    'Written off, negative; by date of the write-off, and where AWS leaves it empty of the invoice.';
comment on column marketplace.monthly_totals.due is
    'invoiced + forgiven: what AWS owes the seller more after the month than before, payouts apart.';
comment on column marketplace.monthly_totals.collected is
    'What AWS says came in from buyers, fees and costs taken off; by date of the collection. Since January 2026.';
comment on column marketplace.monthly_totals.received is
    'What came in: collected, balance adjustments, and what payouts show to have come in without AWS telling so, by date of the payout.';
comment on column marketplace.monthly_totals.disbursed is
    'Paid out, fees and costs taken off; by date of the payout. What the bank sent back is taken off in the month of the failure.';
comment on column marketplace.monthly_totals.outstanding is
    'Of what was invoiced in the month, neither come in nor written off until now, as in invoice_to_cash.';
comment on column marketplace.monthly_totals.taxes is
    'Taxes on sales, whoever remits them, refunds taken off, also those that only inform; by date of the invoice. In no total.';
comment on column marketplace.monthly_totals.estimated_usage is
    'Estimated revenue of the usage; by day of usage.';
