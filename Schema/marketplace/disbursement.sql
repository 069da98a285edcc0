-- Payouts, and whether they reached the bank.

create or replace view marketplace.disbursement as
select
    d.seller_id,
    d.billing_event_id,
    d.recipient_account_id,
    d.booked_at as paid_at,
    d.amount,
    d.currency,
    d.bank_trace_id,
    d.disbursement_reference_number as reference_number,
    case when d.is_payout_failure then 'Failure of a payout that is not there'
        when not d.is_payout then d.account
        when f.billing_event_id is null then 'Paid' else 'Failed' end as status,
    f.failed_at,
    n.lines,
    n.amount as lines_amount,
    d.amount - n.amount as difference,
    d.version_id,
    d.line
from resolved.transfer d
left join resolved.failed_payout f
    on f.seller_id = d.seller_id and f.billing_event_id = d.billing_event_id
left join lateral (
    select count(*) as lines,
        case when count(*) = 0 then 0
            when bool_and(c.currency is not distinct from d.currency)
            then -sum(c.amount) end as amount
    from (
        select case when e.disbursement_amount is null then e.currency
                else coalesce(e.disbursement_currency, e.currency) end as currency,
            coalesce(e.disbursement_amount, e.amount, 0) as amount
        from resolved.entry e
        where e.seller_id = d.seller_id and e.disbursement_billing_event_id = d.billing_event_id
            and e.action = 'DISBURSED' and not e.is_transfer
            -- What takes back a payout is counted with that payout's lines, unless that failed too.
            and (not d.is_payout_failure or d.parent_billing_event_id is null
                or f.billing_event_id is not null)
    ) as c
) as n on true
-- A failure is told with the payout that failed, if that is there.
where not d.is_payout_failure or d.failed_payout_id is null;

comment on view marketplace.disbursement is
    'Disbursements: one row per payout to the bank.';
comment on column marketplace.disbursement.seller_id is
    'The seller (ingest.seller).';
comment on column marketplace.disbursement.billing_event_id is
    'The payout.';
comment on column marketplace.disbursement.recipient_account_id is
    'Account key of the seller who is paid.';
comment on column marketplace.disbursement.paid_at is
    'Instant (UTC) of the payout: invoice_date, else action_date; null: AWS gives neither.';
comment on column marketplace.disbursement.amount is
    'What was paid out.';
comment on column marketplace.disbursement.currency is
    'Currency code of amount. Never sum over several.';
comment on column marketplace.disbursement.bank_trace_id is
    'Bank''s trace number, as text.';
comment on column marketplace.disbursement.reference_number is
    'AWS''s reference number.';
comment on column marketplace.disbursement.status is
    'Paid, or Failed: the bank sent it back. Of a failure whose payout is not in the feed it says so; of a transfer that nobody knows its own name.';
comment on column marketplace.disbursement.failed_at is
    'Instant (UTC) of the failure.';
comment on column marketplace.disbursement.lines is
    'Lines: entries that it paid.';
comment on column marketplace.disbursement.lines_amount is
    'What they come to, in currency; in that of the price in disbursement_content. 0 without any; null where one is not paid in currency.';
comment on column marketplace.disbursement.difference is
    'Payout less its entries. AWS rounds: up to 0.01 an entry is normal.';
comment on column marketplace.disbursement.version_id is
    'With line: the row of the feed''s table, and so file and line (ingest.version, ingest.file).';
comment on column marketplace.disbursement.line is
    'Record of that version.';
