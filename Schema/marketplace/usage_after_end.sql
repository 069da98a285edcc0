-- after: usage
-- Usage of agreements that have ended.

create or replace view marketplace.usage_after_end as
select
    u.seller_id,
    u.agreement_id,
    a.status,
    a.ended_at,
    u.product_id,
    a.acceptor_account_id as buyer_account_id,
    min(u.usage_date) as first_day,
    max(u.usage_date) as last_day,
    sum(u.estimated_revenue) as estimated_revenue,
    u.currency
from marketplace.usage u
join (
    -- Pay as you go has no end_time, and other agreements can end before theirs: then the
    -- revision that says so tells when.
    select *, case when status in ('ARCHIVED', 'CANCELLED', 'EXPIRED', 'RENEWED', 'REPLACED',
        'TERMINATED') then least(end_time, valid_from) else end_time end as ended_at
    from resolved.current_agreement
) as a on a.seller_id = u.seller_id and a.agreement_id = u.agreement_id
where u.usage_date > (a.ended_at at time zone 'UTC')::date
    -- What meters by the hour goes on to report nothing.
    and u.is_use
group by u.seller_id, u.agreement_id, a.status, a.ended_at, u.product_id, a.acceptor_account_id,
    u.currency;

comment on view marketplace.usage_after_end is
    'Agreements that are metered after their end. Usage without a day or without an agreement, and that of an agreement that no feed has or whose status is empty, is in usage alone. What to do: offer the buyer a renewal, or stop access and metering; AWS may not bill this usage.';
comment on column marketplace.usage_after_end.seller_id is
    'The seller (ingest.seller).';
comment on column marketplace.usage_after_end.agreement_id is
    'Agreement.';
comment on column marketplace.usage_after_end.status is
    'Its state.';
comment on column marketplace.usage_after_end.ended_at is
    'Instant (UTC) at which it ended: its end_time, or when it was cancelled or ended otherwise before.';
comment on column marketplace.usage_after_end.product_id is
    'Product.';
comment on column marketplace.usage_after_end.buyer_account_id is
    'Account key of the buyer.';
comment on column marketplace.usage_after_end.first_day is
    'First day of usage after the end.';
comment on column marketplace.usage_after_end.last_day is
    'Last day of usage after the end.';
comment on column marketplace.usage_after_end.estimated_revenue is
    'What that usage should come to.';
comment on column marketplace.usage_after_end.currency is
    'Currency code of it.';
