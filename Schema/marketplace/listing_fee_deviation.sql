-- Listing fees that are not what the product's usually are.

create or replace view marketplace.listing_fee_deviation as
with line as (
    -- A line whose entries disagree has several rows, each with all of it.
    select distinct on (seller_id, line) seller_id, line, purchase_invoice_date,
        purchase_invoice_id, product_id, agreement_id, currency,
        gross_revenue + gross_refund as revenue,
        listing_fee + listing_fee_refund as fee,
        round(-(listing_fee + listing_fee_refund) / (gross_revenue + gross_refund), 4) as rate,
        date_trunc('year', purchase_invoice_date at time zone 'UTC') as year
    from resolved.billing_line
    where side = 'invoiced' and gross_revenue + gross_refund > 0
    order by seller_id, line, agreement_id
), usual as (
    select seller_id, product_id, year, mode() within group (order by rate) as usual_rate
    from line group by seller_id, product_id, year
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
    round(l.revenue * (l.rate - u.usual_rate), 2) as difference
from line l
join usual u
    on u.seller_id = l.seller_id and u.product_id = l.product_id and u.year = l.year
-- Small amounts are off by rounding alone: sale and refund each by half a cent, or half a yen.
where abs(l.rate - u.usual_rate) >= 0.0005
    and abs(-l.fee - l.revenue * u.usual_rate)
        > case when l.currency in ('JPY', 'KRW') then 1 else 0.01 end;

comment on view marketplace.listing_fee_deviation is
    'Lines whose listing fee is not at the rate that most lines of the product have in the year. What to do: compare with the fee that the offer was agreed at (private and renewal offers have lower ones), and dispute what is left with AWS.';
comment on column marketplace.listing_fee_deviation.seller_id is
    'The seller (ingest.seller).';
comment on column marketplace.listing_fee_deviation.line is
    'Buyer invoice''s line with its currencies (silent_internal_report_transaction of the billed revenue report).';
comment on column marketplace.listing_fee_deviation.invoice_date is
    'Instant (UTC) of the buyer''s invoice.';
comment on column marketplace.listing_fee_deviation.invoice_id is
    'Buyer''s invoice.';
comment on column marketplace.listing_fee_deviation.product_id is
    'Product.';
comment on column marketplace.listing_fee_deviation.agreement_id is
    'Agreement.';
comment on column marketplace.listing_fee_deviation.revenue is
    'Revenue after refunds.';
comment on column marketplace.listing_fee_deviation.listing_fee is
    'Listing fee after refunds.';
comment on column marketplace.listing_fee_deviation.currency is
    'Currency code of both.';
comment on column marketplace.listing_fee_deviation.rate is
    'The fee as a fraction of revenue, four digits; negative where AWS paid it.';
comment on column marketplace.listing_fee_deviation.usual_rate is
    'The most frequent rate of the product in the same year.';
comment on column marketplace.listing_fee_deviation.difference is
    'What was charged too much; too little is negative.';
