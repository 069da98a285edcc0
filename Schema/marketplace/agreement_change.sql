-- What became of agreements after they were accepted: amended, renewed, replaced.

create or replace view marketplace.agreement_change as
select
    a.seller_id,
    a.valid_from as changed_at,
    case a.intent when 'AMEND' then 'amended' when 'RENEW' then 'renewed' else 'replaced' end
        as change,
    a.agreement_id,
    b.agreement_id as previous_agreement_id,
    (
        select p.company_name from resolved.party p
        where p.seller_id = a.seller_id and p.account_id = a.acceptor_account_id
            and a.valid_from >= p.holds_from and a.valid_from < p.valid_to
        limit 1
    ) as buyer_company,
    a.offer_id,
    b.estimated_agreement_value as value_before,
    a.estimated_agreement_value as value,
    case when b.currency_code = a.currency_code
        then a.estimated_agreement_value - b.estimated_agreement_value end as value_difference,
    a.currency_code as currency,
    b.end_time as end_before,
    a.end_time as ends_at,
    a.version_id,
    a.line
from resolved.agreement a
left join lateral (
    select b.*
    from resolved.agreement b
    where b.seller_id = a.seller_id and b.delete_date is null
        and b.agreement_id = case when a.intent = 'AMEND' then a.agreement_id
            else a.preceding_agreement_id end
        and b.valid_from < a.valid_from and b.valid_to > b.valid_from
        and b.status is distinct from 'ROLLED_BACK'
    order by b.valid_from desc
    limit 1
) as b on true
where a.delete_date is null and a.valid_to > a.valid_from
    and a.status is distinct from 'ROLLED_BACK'
    -- A revision that only has another state is no change of what was agreed.
    and case a.intent
        when 'AMEND' then
            (a.offer_id, a.end_time, a.estimated_agreement_value, a.currency_code)
                is distinct from
            (b.offer_id, b.end_time, b.estimated_agreement_value, b.currency_code)
        when 'RENEW' then a.is_first
        when 'REPLACE' then a.is_first
        else false
    end;

comment on view marketplace.agreement_change is
    'Agreements after their acceptance: one row per amendment, renewal or replacement (AWS''s intents AMEND, RENEW and REPLACE) that stands, with what was agreed before and after.';
comment on column marketplace.agreement_change.seller_id is
    'The seller (ingest.seller).';
comment on column marketplace.agreement_change.changed_at is
    'Instant (UTC) from which it holds.';
comment on column marketplace.agreement_change.change is
    'amended (the same agreement), renewed or replaced (a new one in place of previous_agreement_id).';
comment on column marketplace.agreement_change.agreement_id is
    'Agreement that runs from then on.';
comment on column marketplace.agreement_change.previous_agreement_id is
    'Agreement that ran before; of an amendment the same one. Null where no feed has it.';
comment on column marketplace.agreement_change.buyer_company is
    'Buyer: company.';
comment on column marketplace.agreement_change.offer_id is
    'Offer that was accepted.';
comment on column marketplace.agreement_change.value_before is
    'Estimated value before, an estimate of the buyer''s total and never billing.';
comment on column marketplace.agreement_change.value is
    'Estimated value from then on.';
comment on column marketplace.agreement_change.value_difference is
    'How much more; null where the currency changed, or one of both is not known.';
comment on column marketplace.agreement_change.currency is
    'Currency code of value.';
comment on column marketplace.agreement_change.end_before is
    'Instant (UTC) at which it would have ended.';
comment on column marketplace.agreement_change.ends_at is
    'Instant (UTC) at which it ends; null: open.';
comment on column marketplace.agreement_change.version_id is
    'With line: the row of the feed''s table, and so file and line (ingest.version, ingest.file).';
comment on column marketplace.agreement_change.line is
    'Record of that version.';
