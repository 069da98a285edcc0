-- Listing fees that are not what the product's usually are.

create or replace view marketplace.listing_fee_deviation as
with line as (
    -- A line whose entries disagree has several rows, each with all of it.
    select distinct on (seller_id, line) seller_id, line, purchase_invoice_date,
        purchase_invoice_id, product_id, agreement_id, currency,
        a.revenue,
        a.fee,
        round(-a.fee / nullif(a.revenue, 0), 4) as rate,
        -- What has no product or no date is compared with its like.
        coalesce(product_id, '') as product,
        coalesce(date_trunc('year', purchase_invoice_date at time zone 'UTC'), '-infinity') as year
    from resolved.billing_line
    cross join lateral (
        select coalesce(gross_revenue, 0) + coalesce(gross_refund, 0) as revenue,
            coalesce(listing_fee, 0) + coalesce(listing_fee_refund, 0) as fee
    ) as a
    where side = 'invoiced' and (gross_revenue <> 0 or gross_refund <> 0)
    order by seller_id, line, agreement_id
), usual as (
    select seller_id, product, year, mode() within group (order by rate) as usual_rate
    from line group by seller_id, product, year
)
select
    l.seller_id,
    l.line,
    l.purchase_invoice_date as invoice_date,
    l.purchase_invoice_id as invoice_id,
    l.product_id,
    l.agreement_id,
    l.revenue,
    l.fee as listing_fee,
    l.currency,
    l.rate,
    u.usual_rate,
    -- Of what was refunded in full no fee is due.
    round(coalesce(l.revenue * (l.rate - u.usual_rate), -l.fee), 2) as difference
from line l
join usual u on u.seller_id = l.seller_id and u.product = l.product and u.year = l.year
-- Small amounts are off by rounding alone: sale and refund each by half a cent, or half a yen.
where coalesce(abs(l.rate - u.usual_rate) >= 0.0005, true)
    and abs(-l.fee - coalesce(l.revenue * u.usual_rate, 0))
        > case when l.currency in ('JPY', 'KRW') then 1 else 0.01 end;

comment on view marketplace.listing_fee_deviation is
    'Lines whose listing fee is not at the rate that most lines of the product have in the year, and those whose sale was refunded and the fee not. Fees on lines without a sale are in sales alone. What to do: compare with the fee that the offer was agreed at (private and renewal offers have lower ones), and dispute what is left with AWS.';
comment on column marketplace.listing_fee_deviation.seller_id is
    'The seller (ingest.seller).';
comment on column marketplace.listing_fee_deviation.line is
    'Buyer invoice''s line with its currencies (silent_internal_report_transaction of the billed revenue report).';
comment on column marketplace.listing_fee_deviation.invoice_date is
    'Instant (UTC) of the buyer''s invoice; null: AWS gives no date, and such lines are compared with each other.';
comment on column marketplace.listing_fee_deviation.invoice_id is
    'Buyer''s invoice.';
comment on column marketplace.listing_fee_deviation.product_id is
    'Product; null: the line names none, and such lines are compared with each other.';
comment on column marketplace.listing_fee_deviation.agreement_id is
    'Agreement.';
comment on column marketplace.listing_fee_deviation.revenue is
    'Revenue after refunds.';
comment on column marketplace.listing_fee_deviation.listing_fee is
    'Listing fee after refunds.';
comment on column marketplace.listing_fee_deviation.currency is
    'Currency code of both.';
comment on column marketplace.listing_fee_deviation.rate is
    'The fee as a fraction of revenue, four digits; negative where AWS paid it, null where all of the sale was refunded.';
comment on column marketplace.listing_fee_deviation.usual_rate is
    'The most frequent rate of the product in the same year; null where it has none.';
comment on column marketplace.listing_fee_deviation.difference is
    'What was charged too much; too little is negative.';
