-- How far each relation is behind what was loaded.

create or replace view marketplace.freshness as
with made (relations, parts) as (
    values
        (array['agreement_report'], array['agreement', 'offer', 'offer_target', 'offer_product',
            'legacy_id_mapping', 'product', 'account', 'address']),
        (array['billed_revenue_report'], array['billing_event', 'agreement', 'agreement_term',
            'offer', 'offer_target', 'legacy_id_mapping', 'product', 'account', 'address']),
        (array['collections_and_disbursements_report'], array['billing_event', 'agreement',
            'offer', 'offer_target', 'legacy_id_mapping', 'product', 'account', 'address']),
        (array['taxation_report'], array['tax_item', 'product', 'account']),
        (array['usage_report', 'usage'], array['daily_usage', 'agreement', 'agreement_term',
            'offer', 'offer_target', 'legacy_id_mapping', 'product', 'account', 'address']),
        (array['ageing', 'disbursement', 'disbursement_content', 'expected_disbursement',
            'ledger_account', 'trial_balance', 'unknown_entry'], array['billing_event']),
        (array['collection'], array['billing_event', 'product']),
        (array['invoice_to_cash'], array['billing_event', 'agreement', 'account', 'address']),
        (array['journal'], array['billing_event', 'agreement', 'product', 'account', 'address']),
        (array['listing_fee_deviation'], array['billing_event', 'agreement']),
        (array['monthly_totals'], array['billing_event', 'daily_usage']),
        (array['orphan_reference'], array['billing_event', 'agreement', 'offer', 'product',
            'account']),
        (array['reconciliation', 'reconciliation_item'], array['billing_event', 'agreement']),
        (array['sales'], array['billing_event', 'agreement', 'offer', 'legacy_id_mapping',
            'product', 'account', 'address']),
        (array['unbilled_usage'], array['billing_event', 'daily_usage', 'agreement', 'product',
            'account', 'address']),
        (array['unused_entitlement'], array['daily_usage', 'product', 'account', 'address']),
        (array['usage_after_end'], array['daily_usage', 'agreement']),
        (array['agreement_change', 'customer'], array['agreement', 'account', 'address']),
        (array['entitlement'], array['agreement', 'product', 'account', 'address'])
), source (relation, feed) as (
    select 'marketplace.' || split_part(feed, '.', 2), feed from resolved.feed
    union all
    select 'marketplace.' || relation, 'sdds.' || part
    from made
    cross join unnest(relations) as relation
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
    'One row per relation that is made of rows of the seller data feeds: how fresh it is, and what waits for marketplace.refresh. The history of a feed and what holds now (_current) are one here.';
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
