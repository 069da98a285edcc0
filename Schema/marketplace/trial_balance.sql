-- after: journal, ledger_account
-- What each account holds, month by month.

create or replace view marketplace.trial_balance as
with movement as (
    select seller_id, recipient_account_id, currency, account, month,
        sum(debit) as debit, sum(credit) as credit
    from marketplace.journal
    group by seller_id, recipient_account_id, currency, account, month
), span as (
    select seller_id, recipient_account_id, currency, min(month) as first_month,
        max(month) as last_month, bool_or(month is null) as has_unknown
    from movement
    group by seller_id, recipient_account_id, currency
), place as (
    select s.seller_id, s.recipient_account_id, s.currency, m.month::date as month
    from span s
    cross join lateral (
        select generate_series(s.first_month::timestamp, s.last_month, '1 month') as month
        union all
        select null where s.has_unknown
    ) as m
), account as (
    select distinct seller_id, recipient_account_id, currency, account from movement
), moved as (
    select p.seller_id, p.recipient_account_id, p.month, p.currency, a.account,
        coalesce(m.debit, 0) as debit, coalesce(m.credit, 0) as credit
    from place p
    join account a
        on a.seller_id = p.seller_id
        and a.recipient_account_id is not distinct from p.recipient_account_id
        and a.currency is not distinct from p.currency
    left join movement m
        on m.seller_id = p.seller_id and m.account = a.account
        and m.recipient_account_id is not distinct from p.recipient_account_id
        and m.currency is not distinct from p.currency
        and m.month is not distinct from p.month
), balance as (
    select *, sum(debit - credit) over (
        partition by seller_id, recipient_account_id, currency, account
        order by month nulls first) as closing
    from moved
)
select
    b.seller_id,
    b.recipient_account_id,
    b.month,
    b.currency,
    b.account,
    coalesce(l.class, 'unknown') as class,
    b.closing - b.debit + b.credit as opening,
    b.debit,
    b.credit,
    b.closing
from balance b
left join marketplace.ledger_account l using (account);

comment on view marketplace.trial_balance is
    'Trial balance: one row per month, currency and account of the journal, from the first month of the currency to its last, also where nothing moved. Over the accounts of a month all of it comes to 0.';
comment on column marketplace.trial_balance.seller_id is
    'The seller (ingest.seller).';
comment on column marketplace.trial_balance.recipient_account_id is
    'Account key of the seller whose copy of the feed it is.';
comment on column marketplace.trial_balance.month is
    'Month (UTC), as its first day; null: what AWS gives no date, which comes before all months.';
comment on column marketplace.trial_balance.currency is
    'Currency code of the amounts. Never sum over several.';
comment on column marketplace.trial_balance.account is
    'Account (ledger_account).';
comment on column marketplace.trial_balance.class is
    'asset, liability, income, expense, or unknown.';
comment on column marketplace.trial_balance.opening is
    'Balance before the month; a debit is positive, a credit negative.';
comment on column marketplace.trial_balance.debit is
    'Debits of the month.';
comment on column marketplace.trial_balance.credit is
    'Credits of the month.';
comment on column marketplace.trial_balance.closing is
    'opening + debit - credit.';
