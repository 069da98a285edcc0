-- Every entry that was invoiced or written off, with who bought what.

create or replace view marketplace.sales as
select
    e.seller_id,
    e.invoice_date as invoiced_at,
    resolved.month_of(e.invoice_date) as month,
    e.action,
    coalesce(e.bucket, e.transaction_type, 'unknown') as kind,
    e.amount,
    e.currency,
    e.counts or coalesce(e.is_known_action and e.bucket not like '%aws_tax%', false) as is_owed,
    coalesce(e.buyer_invoice_id, e.invoice_id) as buyer_invoice_id,
    e.invoice_id,
    e.payment_due_date,
    -- One of several: an amount is here once.
    coalesce(
        (
            select min(h.legacy_id) from resolved.legacy_product h
            where h.seller_id = e.seller_id and h.product_id = e.product_id
        ),
        e.product_id) as product_id,
    p.title as product_title,
    coalesce(a.offer_id, e.offer_id) as offer_id,
    o.name as offer_name,
    e.agreement_id,
    a.start_time as agreement_start,
    a.end_time as agreement_end,
    b.company_name as buyer_company,
    b.aws_account_id as buyer_aws_account_id,
    b.country_code as buyer_country,
    b.email_domain as buyer_email_domain,
    y.company_name as payer_company,
    y.aws_account_id as payer_aws_account_id,
    y.country_code as payer_country,
    y.email_domain as payer_email_domain,
    u.company_name as user_company,
    u.aws_account_id as user_aws_account_id,
    r.company_name as proposer_company,
    r.aws_account_id as proposer_aws_account_id,
    e.recipient_account_id,
    e.usage_period_start_date as usage_period_start,
    e.usage_period_end_date as usage_period_end,
    e.catalog,
    e.billing_event_id,
    e.version_id,
    e.line
from resolved.entry e
left join resolved.agreement a
    on a.seller_id = e.seller_id and a.agreement_id = e.agreement_id
    and e.invoice_date >= a.holds_from and e.invoice_date < a.valid_to
left join resolved.offer o
    on o.seller_id = e.seller_id and o.offer_id = coalesce(a.offer_id, e.offer_id)
    and e.invoice_date >= o.holds_from and e.invoice_date < o.valid_to
left join resolved.product p
    on p.seller_id = e.seller_id and p.product_id = e.product_id
    and e.invoice_date >= p.holds_from and e.invoice_date < p.valid_to
left join resolved.party b
    on b.seller_id = e.seller_id and b.account_id = a.acceptor_account_id
    and e.invoice_date >= b.holds_from and e.invoice_date < b.valid_to
left join resolved.party y
    on y.seller_id = e.seller_id and y.account_id = case
        when coalesce(e.transaction_type, '') not like 'AWS%' and e.invoice_id is not null
        then e.from_account_id end
    and e.invoice_date >= y.holds_from and e.invoice_date < y.valid_to
left join resolved.party u
    on u.seller_id = e.seller_id and u.account_id = e.end_user_account_id
    and e.invoice_date >= u.holds_from and e.invoice_date < u.valid_to
left join resolved.party r
    on r.seller_id = e.seller_id and r.account_id = a.proposer_account_id
    and e.invoice_date >= r.holds_from and e.invoice_date < r.valid_to
-- Not by what is known: an action or type of tomorrow is a sale under its own name.
where e.action is distinct from 'COLLECTED' and e.action is distinct from 'DISBURSED'
    and not e.is_transfer;

comment on view marketplace.sales is
    'Sales: one row per accounting entry that was invoiced or written off, with buyer, payer, product, offer and agreement as of the invoice. Sum amount by currency and kind.';
comment on column marketplace.sales.seller_id is
    'The seller (ingest.seller).';
comment on column marketplace.sales.invoiced_at is
    'Instant (UTC) of the invoice; null: AWS gives no date, and of what depends on one nothing is looked up.';
comment on column marketplace.sales.month is
    'Month (UTC) of the invoice, as its first day; null: month unknown.';
comment on column marketplace.sales.action is
    'INVOICED, FORGIVEN (written off), or one that AWS has not explained yet, under its own name.';
comment on column marketplace.sales.kind is
    'What the amount is: gross_revenue, gross_refund, listing_fee, wholesale_cost, a tax and so on, as in the billed revenue report; of a type that nobody knows its own name.';
comment on column marketplace.sales.amount is
    'Signed amount: positive is for the seller, a fee or a refund of a sale negative.';
comment on column marketplace.sales.currency is
    'Currency code of amount. Never sum over several.';
comment on column marketplace.sales.is_owed is
    'Whether the amount changes what AWS owes the seller; taxes that AWS remits mostly do not.';
comment on column marketplace.sales.buyer_invoice_id is
    'Invoice of the buyer, else the invoice itself.';
comment on column marketplace.sales.invoice_id is
    'Invoice of the entry.';
comment on column marketplace.sales.payment_due_date is
    'Instant (UTC) by which the buyer should pay.';
comment on column marketplace.sales.product_id is
    'Product: its legacy id if it has one; of several the first.';
comment on column marketplace.sales.product_title is
    'Product title at that time.';
comment on column marketplace.sales.offer_id is
    'Offer.';
comment on column marketplace.sales.offer_name is
    'Name of the offer at that time.';
comment on column marketplace.sales.agreement_id is
    'Agreement.';
comment on column marketplace.sales.agreement_start is
    'Instant (UTC) from which it runs.';
comment on column marketplace.sales.agreement_end is
    'Instant (UTC) at which it ends.';
comment on column marketplace.sales.buyer_company is
    'Buyer, who accepted the agreement: company.';
comment on column marketplace.sales.buyer_aws_account_id is
    'Buyer, who accepted the agreement: AWS account, 12 digits.';
comment on column marketplace.sales.buyer_country is
    'Buyer, who accepted the agreement: country, two letters.';
comment on column marketplace.sales.buyer_email_domain is
    'Buyer, who accepted the agreement: domain of the e-mail address.';
comment on column marketplace.sales.payer_company is
    'Payer, who gets the bill: company.';
comment on column marketplace.sales.payer_aws_account_id is
    'Payer, who gets the bill: AWS account, 12 digits.';
comment on column marketplace.sales.payer_country is
    'Payer, who gets the bill: country, two letters.';
comment on column marketplace.sales.payer_email_domain is
    'Payer, who gets the bill: domain of the e-mail address.';
comment on column marketplace.sales.user_company is
    'User of the product: company.';
comment on column marketplace.sales.user_aws_account_id is
    'User of the product: AWS account, 12 digits.';
comment on column marketplace.sales.proposer_company is
    'Seller of record: company.';
comment on column marketplace.sales.proposer_aws_account_id is
    'Seller of record: AWS account, 12 digits.';
comment on column marketplace.sales.recipient_account_id is
    'Account key of the seller whose copy of the feed it is: never add a reseller''s and a manufacturer''s rows of one sale.';
comment on column marketplace.sales.usage_period_start is
    'First instant (UTC) of the billed period.';
comment on column marketplace.sales.usage_period_end is
    'Last second (UTC) of the billed period.';
comment on column marketplace.sales.catalog is
    'Marketplace catalogue.';
comment on column marketplace.sales.billing_event_id is
    'The entry.';
comment on column marketplace.sales.version_id is
    'With line: the row of the feed''s table, and so file and line (ingest.version, ingest.file).';
comment on column marketplace.sales.line is
    'Record of that version.';
