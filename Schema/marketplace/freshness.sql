-- How far each relation is behind what was loaded.

create or replace view marketplace.freshness as
with source (relation, feed) as (
    select 'marketplace.' || split_part(feed, '.', 2), feed from resolved.feed
    union all
    select 'marketplace.' || report, 'sdds.' || part
    from (values
        ('agreement_report', array['agreement', 'offer', 'offer_target', 'offer_product',
            'legacy_id_mapping', 'product', 'account', 'address']),
        ('billed_revenue_report', array['billing_event', 'agreement', 'agreement_term', 'offer',
            'offer_target', 'legacy_id_mapping', 'product', 'account', 'address']),
        ('collections_and_disbursements_report', array['billing_event', 'agreement', 'offer',
            'offer_target', 'legacy_id_mapping', 'product', 'account', 'address']),
        ('taxation_report', array['tax_item', 'product', 'account']),
        ('usage_report', array['daily_usage', 'agreement', 'agreement_term', 'offer',
            'offer_target', 'legacy_id_mapping', 'product', 'account', 'address'])
    ) as made (report, parts)
    cross join unnest(parts) as part
), waiting as (
    select feed, count(distinct version_id) as loads, min(noticed_at) as since
    from resolved.pending
    group by feed
)
select s.relation,
    min(f.refreshed_at) as refreshed_at,
    max(f.changed_at) as changed_at,
    coalesce(sum(w.loads), 0)::bigint as pending_loads,
    min(w.since) as pending_since
from source s
join resolved.feed f using (feed)
left join waiting w using (feed)
group by s.relation;

comment on view marketplace.freshness is
    'One row per relation that is made of delivered rows: how fresh it is, and what waits for marketplace.refresh.';
comment on column marketplace.freshness.relation is
    'The relation.';
comment on column marketplace.freshness.refreshed_at is
    'When marketplace.refresh last brought in everything that had been loaded by then. Null: never.';
comment on column marketplace.freshness.changed_at is
    'When that last changed a row that the relation is made of.';
comment on column marketplace.freshness.pending_loads is
    'Versions of files of which rows were loaded or removed since.';
comment on column marketplace.freshness.pending_since is
    'When the oldest of those was loaded; null where there are none.';
