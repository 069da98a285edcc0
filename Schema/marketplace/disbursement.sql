-- Payouts, and whether they reached the bank.

create or replace view marketplace.disbursement as
select
    d.seller_id,
    d.billing_event_id,
    d.recipient_account_id,
    d.invoice_date as paid_at,
    coalesce(d.disbursement_amount, d.amount) as amount,
    case when d.disbursement_amount is null then d.currency
        else coalesce(d.disbursement_currency, d.currency) end as currency,
    d.bank_trace_id,
    d.disbursement_reference_number as reference_number,
    case when d.transaction_type <> 'DISBURSEMENT' then d.transaction_type
        when f.billing_event_id is null then 'Paid' else 'Failed' end as status,
    f.invoice_date as failed_at,
    n.lines,
    n.amount as lines_amount,
    coalesce(d.disbursement_amount, d.amount) - n.amount as difference,
    d.version_id,
    d.line
from resolved.entry d
left join lateral (
    select f.billing_event_id, f.invoice_date
    from resolved.entry f
    where f.seller_id = d.seller_id and f.parent_billing_event_id = d.billing_event_id
        and f.transaction_type = 'DISBURSEMENT_FAILURE'
    order by f.invoice_date, f.billing_event_id
    limit 1
) as f on true
left join lateral (
    select count(*) as lines,
        case when count(distinct c.currency) = 1
            and min(c.currency) = case when d.disbursement_amount is null then d.currency
                else coalesce(d.disbursement_currency, d.currency) end
            then -sum(c.amount) end as amount
    from (
        select case when e.disbursement_amount is null then e.currency
                else coalesce(e.disbursement_currency, e.currency) end as currency,
            coalesce(e.disbursement_amount, e.amount) as amount
        from resolved.entry e
        where e.seller_id = d.seller_id and e.disbursement_billing_event_id = d.billing_event_id
    ) as c
) as n on true
-- A failure is told with the payout that failed.
where d.is_transfer and d.transaction_type <> 'DISBURSEMENT_FAILURE'
    and d.action = 'DISBURSED';

comment on view marketplace.disbursement is
    'Disbursements: one row per payout to the bank.';
comment on column marketplace.disbursement.seller_id is
    'The seller (ingest.seller).';
comment on column marketplace.disbursement.billing_event_id is
    'The payout.';
comment on column marketplace.disbursement.recipient_account_id is
    'Account key of the seller who is paid.';
comment on column marketplace.disbursement.paid_at is
    'Instant (UTC) of the payout.';
comment on column marketplace.disbursement.amount is
    'What was paid out.';
comment on column marketplace.disbursement.currency is
    'Currency code of amount. Never sum over several.';
comment on column marketplace.disbursement.bank_trace_id is
    'Bank''s trace number, as text.';
comment on column marketplace.disbursement.reference_number is
    'AWS''s reference number.';
comment on column marketplace.disbursement.status is
    'Paid, or Failed: the bank sent it back. Of a transfer of a type that nobody knows its own name.';
comment on column marketplace.disbursement.failed_at is
    'Instant (UTC) of the failure.';
comment on column marketplace.disbursement.lines is
    'Entries that it paid.';
comment on column marketplace.disbursement.lines_amount is
    'What they come to, in currency; in that of the price in disbursement_content. Null where one is not paid in currency.';
comment on column marketplace.disbursement.difference is
    'Payout less its entries. AWS rounds: up to 0.01 an entry is normal.';
comment on column marketplace.disbursement.version_id is
    'With line: the row of the feed''s table, and so file and line (ingest.version, ingest.file).';
comment on column marketplace.disbursement.line is
    'Record of that version.';
