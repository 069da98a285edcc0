-- What sluice report can print, and which date of each tells the month that a row belongs to.

create or replace view marketplace.report as
with dated (relation, month_column) as (
    -- The only place where it is written down; of the others no date is that of the whole row.
    values
        ('agreement_report', 'agreement_start_date'),
        ('billed_revenue_report', 'invoice_date'),
        ('collections_and_disbursements_report', 'disbursement_date'),
        ('taxation_report', 'invoice_date'),
        ('usage_report', 'usage_date'),
        ('sales', 'month'),
        ('usage', 'month'),
        ('monthly_totals', 'month'),
        ('invoice_to_cash', 'invoiced_at'),
        ('journal', 'month'),
        ('trial_balance', 'month'),
        ('reconciliation', 'month'),
        ('reconciliation_item', 'month'),
        ('collection', 'collected_at'),
        ('disbursement', 'paid_at'),
        ('disbursement_content', 'paid_at'),
        ('agreement_change', 'changed_at'),
        ('customer', 'first_accepted_at'),
        ('entitlement', 'held_from'),
        ('listing_fee_deviation', 'invoice_date'),
        ('unbilled_usage', 'month')
), relation as (
    select c.oid, c.relname::text as relation
    from pg_class c
    where c.relnamespace = 'marketplace'::regnamespace and c.relkind in ('v', 'm', 'r', 'p')
        and c.relname <> 'report'
        and not exists (
            select from resolved.feed f
            where c.relname in (split_part(f.feed, '.', 2), split_part(f.feed, '.', 2) || '_current'))
)
select
    case
        when r.relation like '%\_report' then
            replace(left(r.relation, -length('_report')), '_', '-')
        when exists (select from relation o where o.relation = r.relation || '_report') then
            'marketplace.' || r.relation
        else replace(r.relation, '_', '-')
    end as name,
    r.relation,
    d.month_column,
    obj_description(r.oid, 'pg_class') as description,
    r.relation like '%\_report' as is_aws_report
from relation r
left join dated d using (relation);

comment on view marketplace.report is
    'What sluice report can print: one row per relation of marketplace that is not the history of a feed.';
comment on column marketplace.report.name is
    'What sluice report calls it: the relation with dashes, a report of AWS without _report.';
comment on column marketplace.report.relation is
    'Its name in the schema marketplace.';
comment on column marketplace.report.month_column is
    'Its date (UTC) that tells the month of a row; null where it has none.';
comment on column marketplace.report.description is
    'What a row is.';
comment on column marketplace.report.is_aws_report is
    'Whether it is one of the seller reports that AWS defines.';
