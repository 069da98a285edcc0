-- Every accounting entry, booked on accounts.

create or replace view marketplace.journal as
select
    j.seller_id,
    j.recipient_account_id,
    j.booked_at,
    (j.booked_at at time zone 'UTC')::date as day,
    resolved.month_of(j.booked_at) as month,
    j.account,
    j.currency,
    j.amount,
    greatest(j.amount, 0) as debit,
    greatest(-j.amount, 0) as credit,
    j.kind,
    j.action,
    j.transaction_type,
    j.invoice_id,
    j.agreement_id,
    j.product_id,
    j.disbursement_id,
    j.is_informative,
    j.entry_amount,
    -- Looked up only where somebody asks for it.
    (
        select p.title from resolved.product p
        where p.seller_id = j.seller_id and p.product_id = j.product_id
            and j.booked_at >= p.holds_from and j.booked_at < p.valid_to
        limit 1
    ) as product_title,
    (
        select p.company_name from resolved.agreement a
        join resolved.party p on p.seller_id = a.seller_id and p.account_id = a.acceptor_account_id
        where a.seller_id = j.seller_id and a.agreement_id = j.agreement_id
            and j.booked_at >= a.holds_from and j.booked_at < a.valid_to
            and j.booked_at >= p.holds_from and j.booked_at < p.valid_to
        limit 1
    ) as buyer_company,
    j.billing_event_id,
    j.version_id,
    j.line
from resolved.journal_line j;

comment on view marketplace.journal is
    'Journal: every current accounting entry booked on the accounts of ledger_account. Receivable, in transit and bank say what invoice_to_cash, ageing, collection, disbursement and monthly_totals say (docs/money.md).';
comment on column marketplace.journal.seller_id is
    'The seller (ingest.seller).';
comment on column marketplace.journal.recipient_account_id is
    'Account key of the seller whose copy of the feed it is.';
comment on column marketplace.journal.booked_at is
    'Instant (UTC) of the entry: of its invoice, write-off, collection or payout; what it falls back to is in docs/money.md. Null: AWS gives no date.';
comment on column marketplace.journal.day is
    'Day (UTC) of booked_at.';
comment on column marketplace.journal.month is
    'Month (UTC) of booked_at, as its first day; null: month unknown.';
comment on column marketplace.journal.account is
    'Account (ledger_account).';
comment on column marketplace.journal.currency is
    'Currency code of the amounts. Never sum over several.';
comment on column marketplace.journal.amount is
    'Amount: a debit is positive, a credit negative. The lines of an entry sum to 0 in each currency.';
comment on column marketplace.journal.debit is
    'amount where it is positive, else 0.';
comment on column marketplace.journal.credit is
    'amount without its sign where it is negative, else 0.';
comment on column marketplace.journal.kind is
    'What the entry is: gross_revenue, listing_fee, a tax and so on, as in sales; of payouts their type.';
comment on column marketplace.journal.action is
    'INVOICED, FORGIVEN, COLLECTED, DISBURSED, or as AWS names it.';
comment on column marketplace.journal.transaction_type is
    'Type as AWS names it.';
comment on column marketplace.journal.invoice_id is
    'Buyer''s invoice, else the entry''s own; null: it has none.';
comment on column marketplace.journal.agreement_id is
    'Agreement; null: the entry names none.';
comment on column marketplace.journal.product_id is
    'Product; null: the entry names none.';
comment on column marketplace.journal.disbursement_id is
    'The payout (disbursement).';
comment on column marketplace.journal.is_informative is
    'Whether the entry moves nothing: taxes that AWS remits, mostly.';
comment on column marketplace.journal.entry_amount is
    'Amount of the entry as AWS wrote it, in the currency of the price.';
comment on column marketplace.journal.product_title is
    'Product title at that time.';
comment on column marketplace.journal.buyer_company is
    'Buyer, who accepted the agreement: company.';
comment on column marketplace.journal.billing_event_id is
    'The entry.';
comment on column marketplace.journal.version_id is
    'With line: the row of the feed''s table, and so file and line (ingest.version, ingest.file).';
comment on column marketplace.journal.line is
    'Record of that version.';
