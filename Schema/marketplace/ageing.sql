-- after: invoice_to_cash
-- Uncollected amounts by age.

create or replace view marketplace.ageing as
select
    i.seller_id,
    i.recipient_account_id,
    i.currency,
    i.age,
    count(*) as invoices,
    sum(i.outstanding) as outstanding,
    min(i.due_at) as oldest_due_at
from (
    select *, case
            when due_at is null then 'Unknown'
            when days_overdue = 0 then 'Not due'
            when days_overdue <= 30 then '1-30'
            when days_overdue <= 60 then '31-60'
            when days_overdue <= 90 then '61-90'
            when days_overdue <= 120 then '91-120'
            else '121+' end as age
    from marketplace.invoice_to_cash
    where outstanding <> 0
) as i
group by i.seller_id, i.recipient_account_id, i.currency, i.age;

comment on view marketplace.ageing is
    'Ageing: one row per currency and age of what buyers have still to pay, as of now.';
comment on column marketplace.ageing.seller_id is
    'The seller (ingest.seller).';
comment on column marketplace.ageing.recipient_account_id is
    'Account key of the seller whose copy of the feed it is.';
comment on column marketplace.ageing.currency is
    'Currency code of outstanding. Never sum over several.';
comment on column marketplace.ageing.age is
    'Not due, 1-30, 31-60, 61-90, 91-120 or 121+ days overdue; Unknown without a due date.';
comment on column marketplace.ageing.invoices is
    'Invoices.';
comment on column marketplace.ageing.outstanding is
    'What buyers have still to pay, of what is for the seller.';
comment on column marketplace.ageing.oldest_due_at is
    'The oldest due date (UTC).';
