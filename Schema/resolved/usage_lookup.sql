-- after: usage_context
-- What is shown beside usage records, looked up in the other feeds as of each range of days.

-- Usage is of a day, and is looked up as of its first instant.
create or replace function resolved.first_midnight(instant timestamptz) returns date
    language sql immutable parallel safe
    return ((instant at time zone 'UTC') + interval '1 day' - interval '1 microsecond')::date;

comment on function resolved.first_midnight(timestamptz) is
    'The first day (UTC) that does not begin before an instant.';

-- What pg_temp.resolved_context_key names, with all that any version of it refers to.
create or replace function resolved.find_context_sources()
    returns setof resolved.usage_context_source
    language plpgsql
    set jit = off
as $$
#variable_conflict use_column
begin
return query
with agreement as (
    select k.seller_id, k.context_id, a.offer_id, a.acceptor_account_id, a.proposer_account_id
    from pg_temp.resolved_context_key k
    join resolved.agreement a
        on a.seller_id = k.seller_id and a.agreement_id = k.agreement_id
), account as (
    select seller_id, context_id, account_id
    from pg_temp.resolved_context_key
    cross join lateral (values (end_user_account_id), (payer_account_id)) as u (account_id)
    union
    select seller_id, context_id, account_id
    from agreement
    cross join lateral (values (acceptor_account_id), (proposer_account_id)) as u (account_id)
    union
    select k.seller_id, k.context_id, p.manufacturer_account_id
    from pg_temp.resolved_context_key k
    join resolved.product p on p.seller_id = k.seller_id and p.product_id = k.product_id
)
select seller_id, kind, id, context_id
from (
    select seller_id, 'agreement' as kind, agreement_id as id, context_id
    from pg_temp.resolved_context_key
    union
    select seller_id, 'product', product_id, context_id from pg_temp.resolved_context_key
    union
    select seller_id, 'offer', offer_id, context_id from pg_temp.resolved_context_key
    union
    select seller_id, 'offer', offer_id, context_id from agreement
    union
    select seller_id, 'account', account_id, context_id from account
    union
    select a.seller_id, 'address', u.address_id, c.context_id
    from account c
    join resolved.account a on a.seller_id = c.seller_id and a.account_id = c.account_id
    cross join lateral (values (a.tax_address_id), (a.mailing_address_id)) as u (address_id)
) as source
where id is not null;
end
$$;

comment on function resolved.find_context_sources() is
    'What the usage contexts that marketplace.refresh has found touched are looked up from.';

-- A context changes only on days on which a version of something that it is looked up from begins
-- or ends.
create or replace function resolved.find_context_ranges() returns table (
        seller_id integer, context_id uuid, from_date date, until_date date)
    language plpgsql
    set jit = off
as $$
#variable_conflict use_column
begin
return query
with source as (
    select s.seller_id, s.context_id, s.kind, s.id
    from pg_temp.resolved_context_key k
    join resolved.usage_context_source s
        on s.seller_id = k.seller_id and s.context_id = k.context_id
), range as (
    select s.seller_id, s.context_id, v.holds_from, v.valid_to
    from source s
    join resolved.agreement v on v.seller_id = s.seller_id and v.agreement_id = s.id
    where s.kind = 'agreement'
    union
    select s.seller_id, s.context_id, v.holds_from, v.valid_to
    from source s
    join resolved.offer v on v.seller_id = s.seller_id and v.offer_id = s.id
    where s.kind = 'offer'
    union
    select s.seller_id, s.context_id, v.holds_from, v.valid_to
    from source s
    join resolved.product v on v.seller_id = s.seller_id and v.product_id = s.id
    where s.kind = 'product'
    union
    select s.seller_id, s.context_id, v.holds_from, u.valid_to
    from source s
    join resolved.account v on v.seller_id = s.seller_id and v.account_id = s.id
    -- Some ranges of accounts include their end.
    cross join lateral (
        values (v.valid_to), (v.valid_to + interval '1 microsecond')) as u (valid_to)
    where s.kind = 'account'
), boundary as (
    select seller_id, context_id, date '-infinity' as day from pg_temp.resolved_context_key
    union
    select seller_id, context_id, resolved.first_midnight(holds_from) from range
    union
    select seller_id, context_id, resolved.first_midnight(valid_to) from range
)
select seller_id, context_id, day,
    lead(day, 1, date 'infinity') over (partition by seller_id, context_id order by day)
from boundary;
end
$$;

comment on function resolved.find_context_ranges() is
    'The ranges of days in which what the touched usage contexts are looked up from stays the same.';

-- Ranges are half open but for proposer and manufacturer's company, where a revision that ends on
-- that very midnight counts too, and gives a second row.
create or replace function resolved.look_up_contexts() returns setof resolved.usage_context
    language plpgsql
    set jit = off
as $$
#variable_conflict use_column
begin
return query
with record as (
    select k.*, r.from_date, r.until_date,
        r.from_date::timestamp at time zone 'UTC' as usage_instant
    from pg_temp.resolved_context_key k
    join pg_temp.resolved_context_range r
        on r.seller_id = k.seller_id and r.context_id = k.context_id
), used as (
    select u.*,
        ea.aws_account_id as end_user_aws_account_id,
        ea.encrypted_account_id as end_user_encrypted_account_id,
        ea.tax_legal_name as end_user_tax_legal_name,
        ea.tax_address_id as end_user_tax_address_id,
        ea.mailing_address_id as end_user_mailing_address_id,
        pa.aws_account_id as payer_aws_account_id,
        pa.encrypted_account_id as payer_encrypted_account_id,
        pa.tax_legal_name as payer_tax_legal_name,
        pa.tax_address_id as payer_tax_address_id,
        pa.mailing_address_id as payer_mailing_address_id,
        sa.aws_account_id as subscriber_aws_account_id,
        sa.encrypted_account_id as subscriber_encrypted_account_id,
        sa.tax_legal_name as subscriber_tax_legal_name,
        sa.tax_address_id as subscriber_tax_address_id,
        sa.mailing_address_id as subscriber_mailing_address_id,
        a.valid_from as agreement_valid_from,
        a.proposer_account_id, a.offer_set_id, a.acceptance_time, a.start_time, a.end_time,
        coalesce(a.offer_id like 'aiqoffer-%', false) as is_placeholder_offer,
        coalesce(a.offer_id, u.offer_id) as used_offer_id,
        o.offer_id as found_offer_id,
        o.offer_revision,
        o.name as offer_name,
        o.opportunity_id, o.opportunity_name, o.opportunity_description,
        o.seller_account_id <> o.recipient_account_id as is_resold_offer,
        p.title, p.product_code, p.manufacturer_account_id,
        ma.aws_account_id as isv_aws_account_id
    from record u
    left join resolved.agreement a
        on a.seller_id = u.seller_id and a.agreement_id = u.agreement_id
        and u.usage_instant >= a.holds_from and u.usage_instant < a.valid_to
    left join resolved.offer o
        on o.seller_id = u.seller_id and o.offer_id = coalesce(a.offer_id, u.offer_id)
        and u.usage_instant >= o.holds_from and u.usage_instant < o.valid_to
    left join resolved.product p
        on p.seller_id = u.seller_id and p.product_id = u.product_id
        and u.usage_instant >= p.holds_from and u.usage_instant < p.valid_to
    left join resolved.account ea
        on ea.seller_id = u.seller_id and ea.account_id = u.end_user_account_id
        and u.usage_instant >= ea.holds_from and u.usage_instant < ea.valid_to
    left join resolved.account pa
        on pa.seller_id = u.seller_id and pa.account_id = u.payer_account_id
        and u.usage_instant >= pa.holds_from and u.usage_instant < pa.valid_to
    left join resolved.account sa
        on sa.seller_id = u.seller_id and sa.account_id = a.acceptor_account_id
        and u.usage_instant >= sa.holds_from and u.usage_instant < sa.valid_to
    left join resolved.account ma
        on ma.seller_id = u.seller_id and ma.account_id = p.manufacturer_account_id
        and u.usage_instant >= ma.holds_from and u.usage_instant < ma.valid_to
)
select
    u.seller_id, u.context_id,
    resolved.usage_range_id(u.seller_id, u.context_id, u.from_date), u.from_date, 1, u.until_date,
    u.agreement_id, u.offer_id, u.product_id, u.end_user_account_id, u.payer_account_id,
    u.recipient_account_id,
    coalesce(u.end_user_tax_legal_name, ex.company_name, em.company_name),
    resolved.aws_account(u.end_user_aws_account_id),
    u.end_user_encrypted_account_id,
    es.email_domain, es.city, es.state_or_region, es.country_code, es.postal_code,
    u.title,
    coalesce(h.legacy_id, u.product_id),
    u.product_code,
    u.used_offer_id,
    u.offer_set_id,
    u.offer_name,
    v.visibility,
    case when not u.is_placeholder_offer then u.acceptance_time end,
    case when not u.is_placeholder_offer then u.start_time end,
    case when not u.is_placeholder_offer then u.end_time end,
    k.term_types,
    coalesce(u.subscriber_tax_legal_name, sx.company_name, sm.company_name),
    resolved.aws_account(u.subscriber_aws_account_id),
    u.subscriber_encrypted_account_id,
    ss.email_domain, ss.city, ss.state_or_region, ss.country_code, ss.postal_code,
    coalesce(u.payer_tax_legal_name, px.company_name, pm.company_name),
    resolved.aws_account(u.payer_aws_account_id),
    u.payer_encrypted_account_id,
    ps.email_domain, ps.city, ps.state_or_region, ps.country_code, ps.postal_code,
    case
        when r.aws_account_id is not null then coalesce(r.company_name, 'Not available')
        when u.opportunity_id is null or u.recipient_account_id <> u.manufacturer_account_id
            then 'Not applicable'
        else r.company_name
    end,
    case
        when r.aws_account_id is not null then r.aws_account_id
        when u.opportunity_id is null or u.recipient_account_id <> u.manufacturer_account_id
            then 'Not applicable'
    end,
    coalesce(u.opportunity_id, g.text),
    coalesce(u.opportunity_name, g.text),
    u.opportunity_description,
    case when u.is_resold_offer then 'Y' when u.found_offer_id is not null then 'N' end,
    resolved.aws_account(u.isv_aws_account_id),
    coalesce(mm.company_name, ia.tax_legal_name)
from used u
left join resolved.offer_audience w
    on w.seller_id = u.seller_id and w.offer_id = u.found_offer_id
    and w.offer_revision = u.offer_revision
cross join lateral (
    select case when u.found_offer_id is not null then
        case when u.is_resold_offer then 'Private' else coalesce(w.audience, 'Public') end end
) as v (visibility)
cross join lateral (
    select case when v.visibility = 'Public'
            or (v.visibility is null and u.agreement_id is not null) then 'Not applicable' end
) as g (text)
left join resolved.accepted_terms k
    on k.seller_id = u.seller_id and k.agreement_id = u.agreement_id
    and k.valid_from = u.agreement_valid_from
left join resolved.legacy_product h
    on h.seller_id = u.seller_id and h.product_id = u.product_id
left join resolved.account ra
    on ra.seller_id = u.seller_id and ra.account_id = u.proposer_account_id
    and ra.valid_to > ra.valid_from
    and u.usage_instant >= ra.holds_from and u.usage_instant <= ra.valid_to
left join resolved.address rm
    on rm.seller_id = ra.seller_id and rm.address_id = ra.mailing_address_id
    and rm.is_newest and rm.delete_date is null
cross join lateral (
    select case when u.proposer_account_id is distinct from u.recipient_account_id
            then resolved.aws_account(ra.aws_account_id) end,
        case when u.proposer_account_id is distinct from u.recipient_account_id
            then coalesce(rm.company_name, ra.tax_legal_name) end
) as r (aws_account_id, company_name)
left join resolved.account ia
    on ia.seller_id = u.seller_id and ia.account_id = u.manufacturer_account_id
    and ia.valid_to > ia.valid_from
    and u.usage_instant >= ia.holds_from and u.usage_instant <= ia.valid_to
left join resolved.address mm
    on mm.seller_id = ia.seller_id and mm.address_id = ia.mailing_address_id
    and mm.is_newest and mm.delete_date is null
left join resolved.address ex
    on ex.seller_id = u.seller_id and ex.address_id = u.end_user_tax_address_id
    and ex.is_newest and ex.delete_date is null
left join resolved.address em
    on em.seller_id = u.seller_id and em.address_id = u.end_user_mailing_address_id
    and em.is_newest and em.delete_date is null
left join resolved.address es
    on es.seller_id = u.seller_id
    and es.address_id = coalesce(u.end_user_tax_address_id, u.end_user_mailing_address_id)
    and es.is_newest and es.delete_date is null
left join resolved.address sx
    on sx.seller_id = u.seller_id and sx.address_id = u.subscriber_tax_address_id
    and sx.is_newest and sx.delete_date is null
left join resolved.address sm
    on sm.seller_id = u.seller_id and sm.address_id = u.subscriber_mailing_address_id
    and sm.is_newest and sm.delete_date is null
left join resolved.address ss
    on ss.seller_id = u.seller_id
    and ss.address_id = coalesce(u.subscriber_tax_address_id, u.subscriber_mailing_address_id)
    and ss.is_newest and ss.delete_date is null
left join resolved.address px
    on px.seller_id = u.seller_id and px.address_id = u.payer_tax_address_id
    and px.is_newest and px.delete_date is null
left join resolved.address pm
    on pm.seller_id = u.seller_id and pm.address_id = u.payer_mailing_address_id
    and pm.is_newest and pm.delete_date is null
left join resolved.address ps
    on ps.seller_id = u.seller_id
    and ps.address_id = coalesce(u.payer_tax_address_id, u.payer_mailing_address_id)
    and ps.is_newest and ps.delete_date is null;
end
$$;

comment on function resolved.look_up_contexts() is
    'The rows of resolved.usage_context for what marketplace.refresh has found touched, one per range.';
