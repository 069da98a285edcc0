-- Buyers with what they have come to.

create or replace view marketplace.customer as
select
    n.seller_id,
    n.acceptor_account_id as account_id,
    c.company_name as customer_company,
    c.aws_account_id as customer_aws_account_id,
    c.country_code as customer_country,
    c.email_domain as customer_email_domain,
    c.city,
    n.agreements,
    n.active as active_agreements,
    n.first_accepted_at,
    n.last_accepted_at,
    n.active_until,
    n.ended_at
from (
    select a.seller_id, a.acceptor_account_id, count(*) as agreements,
        count(*) filter (where g.runs) as active, min(a.acceptance_time) as first_accepted_at,
        max(a.acceptance_time) as last_accepted_at,
        case when not bool_or(g.runs and a.end_time is null) then
            max(a.end_time) filter (where g.runs) end as active_until,
        case when not bool_or(g.runs) then
            -- What was cut short keeps the end that was agreed.
            max(case when a.status in ('CANCELLED', 'TERMINATED') or a.end_time is null
                then least(a.end_time, a.valid_from) else a.end_time end)
                filter (where a.start_time <= now()) end as ended_at
    from resolved.current_agreement a
    cross join lateral (
        select coalesce(a.status = 'ACTIVE' and a.start_time <= now()
            and coalesce(a.end_time > now(), true), false)
    ) as g (runs)
    group by a.seller_id, a.acceptor_account_id
) as n
-- An account that no feed has, or only as deleted, has bought all the same.
left join resolved.party c
    on c.seller_id = n.seller_id and c.account_id = n.acceptor_account_id
    and c.valid_to = timestamptz '2999-01-01 00:00:00+00';

comment on view marketplace.customer is
    'Customers: one row per account that ever accepted an agreement, as it is now, also where the feed of accounts does not have it. Of agreements without a status none is here, as in the agreement report.';
comment on column marketplace.customer.seller_id is
    'The seller (ingest.seller).';
comment on column marketplace.customer.account_id is
    'Account key of the buyer; null: agreements that name no buyer.';
comment on column marketplace.customer.customer_company is
    'Buyer: company.';
comment on column marketplace.customer.customer_aws_account_id is
    'Buyer: AWS account, 12 digits.';
comment on column marketplace.customer.customer_country is
    'Buyer: country, two letters.';
comment on column marketplace.customer.customer_email_domain is
    'Buyer: domain of the e-mail address.';
comment on column marketplace.customer.city is
    'Buyer: city.';
comment on column marketplace.customer.agreements is
    'Agreements in all.';
comment on column marketplace.customer.active_agreements is
    'Agreements that run now: status ACTIVE, started, not ended.';
comment on column marketplace.customer.first_accepted_at is
    'Instant (UTC) of the first acceptance.';
comment on column marketplace.customer.last_accepted_at is
    'Instant (UTC) of the last acceptance.';
comment on column marketplace.customer.active_until is
    'Last end (UTC) of those that run; null where one has none.';
comment on column marketplace.customer.ended_at is
    'Instant (UTC) at which the last agreement ended of a customer who has none that runs: the customer is lost since then. Null while one runs.';
