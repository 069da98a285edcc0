-- What a month came to, per product and currency.

create or replace view marketplace.monthly_totals as
with invoiced as (
    select seller_id, recipient_account_id, product_id, currency, bucket,
        date_trunc('month', invoice_date at time zone 'UTC')::date as month,
        sum(invoiced) as invoiced, sum(informed) as informed, sum(due - received) as outstanding,
        sum(other) as other
    from resolved.receivable
    group by seller_id, recipient_account_id, product_id, currency, bucket, 6
), settled as (
    select seller_id, recipient_account_id, product_id, currency, bucket,
        date_trunc('month', action_date at time zone 'UTC')::date as month,
        sum(amount) filter (where action = 'COLLECTED') as collected,
        sum(amount) filter (where action = 'FORGIVEN') as forgiven,
        -sum(amount) filter (where is_paid) as disbursed
    from resolved.settled_entry
    where action <> 'INVOICED'
    group by seller_id, recipient_account_id, product_id, currency, bucket, 6
), billed (bucket) as (
    values ('gross_revenue'), ('gross_refund'), ('seller_tax_share'), ('seller_tax_share_refund'),
        ('wholesale_seller_tax_share'), ('wholesale_seller_tax_share_refund')
), by_month as (
    select seller_id, recipient_account_id, month, product_id, currency,
        sum(invoiced) filter (where bucket in (select bucket from billed)) as billed,
        -- Whoever remits it: most of what AWS remits only informs.
        sum(informed) filter (where bucket like any (array['seller_tax_share%',
            'wholesale_seller_tax_share%', 'aws_tax_share', 'aws_tax_share_refund',
            'wholesale_aws_tax_share%'])) as taxes,
        sum(invoiced) filter (where bucket like 'listing_fee%') as fees,
        sum(invoiced) filter (where bucket like 'wholesale_cost%') as costs,
        null::numeric as forgiven, null::numeric as collected,
        sum(outstanding) filter (where bucket in (select bucket from billed)) as outstanding,
        null::numeric as disbursed, null::numeric as usage,
        sum(coalesce(other, 0) + case when bucket not in (select bucket from billed)
                and bucket not like 'listing_fee%' and bucket not like 'wholesale_cost%'
            then invoiced else 0 end) as other
    from invoiced
    group by seller_id, recipient_account_id, month, product_id, currency
    union all
    select seller_id, recipient_account_id, month, product_id, currency,
        null, null, null, null,
        sum(forgiven) filter (where bucket in (select bucket from billed)),
        sum(collected) filter (where bucket in (select bucket from billed)),
        null, sum(disbursed), null, null
    from settled
    group by seller_id, recipient_account_id, month, product_id, currency
    union all
    select u.seller_id, c.recipient_account_id, date_trunc('month', u.usage_date::timestamp)::date,
        c.product_id, u.currency, null, null, null, null, null, null, null, null,
        sum(u.estimated_revenue), null
    from resolved.usage_line u
    join resolved.usage_context c on c.range_id = u.range_id and c.alternative = 1
    group by u.seller_id, c.recipient_account_id, 3, c.product_id, u.currency
)
select seller_id, recipient_account_id, month, product_id, currency,
    coalesce(sum(billed), 0) as billed,
    coalesce(sum(taxes), 0) as taxes,
    coalesce(sum(fees), 0) as fees,
    coalesce(sum(costs), 0) as costs,
    coalesce(sum(forgiven), 0) as forgiven,
    coalesce(sum(collected), 0) as collected,
    coalesce(sum(outstanding), 0) as outstanding,
    coalesce(sum(disbursed), 0) as disbursed,
    coalesce(sum(usage), 0) as estimated_usage,
    coalesce(sum(other), 0) as other
from by_month
where month is not null
group by seller_id, recipient_account_id, month, product_id, currency;

comment on view marketplace.monthly_totals is
    'Monthly totals: one row per month, product and currency, with what was billed, came in, was paid out and metered in it. Payouts and balance adjustments have no product.';
comment on column marketplace.monthly_totals.seller_id is 'The seller (ingest.seller).';
comment on column marketplace.monthly_totals.recipient_account_id is
    'Account key of the seller whose copy of the feed it is.';
comment on column marketplace.monthly_totals.month is 'Month (UTC), as its first day.';
comment on column marketplace.monthly_totals.product_id is 'Product.';
comment on column marketplace.monthly_totals.currency is
    'Currency code of the price. Never sum over several.';
comment on column marketplace.monthly_totals.billed is
    'Invoiced for the seller: price, refunds and taxes that the seller remits; by date of the invoice.';
comment on column marketplace.monthly_totals.taxes is
    'Taxes on sales, whoever remits them, refunds taken off; by date of the invoice.';
comment on column marketplace.monthly_totals.fees is
    'Listing fees, refunds taken off, negative; by date of the invoice.';
comment on column marketplace.monthly_totals.costs is
    'What a reseller owes manufacturers, refunds taken off, negative; by date of the invoice.';
comment on column marketplace.monthly_totals.forgiven is
    'Of what was billed, written off, negative; by date of the write-off.';
comment on column marketplace.monthly_totals.collected is
    'Of what was billed, come in from buyers; by date of the collection. Since January 2026.';
comment on column marketplace.monthly_totals.outstanding is
    'Of what was billed in the month, neither come in nor written off until now; as in invoice_to_cash, what was paid out has come in.';
comment on column marketplace.monthly_totals.disbursed is
    'Paid out by payouts that stand, fees and costs taken off; by date of the payout.';
comment on column marketplace.monthly_totals.estimated_usage is
    'Estimated revenue of the usage; by day of usage.';
comment on column marketplace.monthly_totals.other is
    'What else changed what AWS owes the seller, by month of the invoice: balance adjustments, infrastructure, taxes of AWS''s that count, and types and actions that nobody knows (unknown_entry).';
