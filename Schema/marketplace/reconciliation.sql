-- after: reconciled_figure
-- What two relations of money say of the same, and what they differ by.

create or replace view marketplace.reconciliation as
with side as (
    select seller_id, recipient_account_id, currency, month, comparison,
        coalesce(left_amount, 0) as left_amount, coalesce(right_amount, 0) as right_amount,
        null::text as cause, 0 as explained
    from resolved.reconciled_figure
    union all
    select seller_id, recipient_account_id, currency, month, comparison, 0, 0, cause,
        left_amount - right_amount
    from resolved.reconciliation_item
), by_cause as (
    select seller_id, recipient_account_id, currency, month, comparison, cause,
        sum(left_amount) as left_amount, sum(right_amount) as right_amount,
        sum(explained) as explained
    from side
    group by seller_id, recipient_account_id, currency, month, comparison, cause
)
select
    seller_id,
    recipient_account_id,
    comparison,
    month,
    currency,
    sum(left_amount) as left_amount,
    sum(right_amount) as right_amount,
    sum(left_amount) - sum(right_amount) as difference,
    sum(explained) as explained,
    sum(left_amount) - sum(right_amount) - sum(explained) as unexplained,
    jsonb_object_agg(cause, explained) filter (where cause is not null and explained <> 0)
        as causes
from by_cause
group by seller_id, recipient_account_id, comparison, month, currency;

comment on view marketplace.reconciliation is
    'Reconciliation: one row per pair of relations of money, month and currency, with both figures, what they differ by, and how much of that each cause explains. What is unexplained must be 0; reconciliation_item has the rows behind each cause.';
comment on column marketplace.reconciliation.seller_id is
    'The seller (ingest.seller).';
comment on column marketplace.reconciliation.recipient_account_id is
    'Account key of the seller whose copy of the feed it is.';
comment on column marketplace.reconciliation.comparison is
    'The two figures, left and right (docs/money.md says what each adds up).';
comment on column marketplace.reconciliation.month is
    'Month (UTC), as its first day; null: balances as of now, and money without a date.';
comment on column marketplace.reconciliation.currency is
    'Currency code of the amounts. Never sum over several.';
comment on column marketplace.reconciliation.left_amount is
    'What the left relation comes to.';
comment on column marketplace.reconciliation.right_amount is
    'What the right relation comes to.';
comment on column marketplace.reconciliation.difference is
    'left_amount - right_amount.';
comment on column marketplace.reconciliation.explained is
    'What the rows of reconciliation_item explain of it.';
comment on column marketplace.reconciliation.unexplained is
    'The rest: 0, or Sluice has a fault.';
comment on column marketplace.reconciliation.causes is
    'How much of the difference each cause explains.';
