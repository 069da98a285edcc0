-- after: tables, lookup, describe
-- What is shown beside usage records. Thousands of records share it: it is looked up once for each
-- combination of agreement, product, offer and accounts and each range of days, and not once for
-- each record.

-- Written so that a null and an empty text differ. Declared immutable because it stands in a
-- generated column.
create or replace function resolved.usage_context_id(
    agreement_id text, offer_id text, product_id text, end_user_account_id text,
    payer_account_id text, recipient_account_id text
) returns uuid
    language sql immutable parallel safe
    return encode(substr(sha256(convert_to(
        quote_nullable(agreement_id) || ',' || quote_nullable(offer_id) || ','
            || quote_nullable(product_id) || ',' || quote_nullable(end_user_account_id) || ','
            || quote_nullable(payer_account_id) || ',' || quote_nullable(recipient_account_id),
        'UTF8')), 1, 16), 'hex')::uuid;

comment on function resolved.usage_context_id(text, text, text, text, text, text) is
    'Identifies what a usage record refers to: equal for all records of the same agreement, offer, product and accounts.';

-- The usage report shows three columns in forms of its own, which take time for millions of records.
alter table resolved.daily_usage
    add column if not exists context_id uuid not null generated always as (
        resolved.usage_context_id(agreement_id, offer_id, product_id, end_user_account_id,
            payer_account_id, recipient_account_id)) stored,
    add column if not exists reported_date timestamptz not null generated always as (
        usage_date::timestamp at time zone 'UTC') stored,
    add column if not exists reported_quantity text generated always as (
        usage_quantity::text) stored,
    add column if not exists reported_rate text generated always as (
        usage_rate_per_unit_in_pricing_currency::text) stored;

comment on column resolved.daily_usage.context_id is
    'With usage_date: what is shown beside the record (resolved.usage_context).';
comment on column resolved.daily_usage.reported_date is
    'usage_date as the usage report shows it: its first instant (UTC).';
comment on column resolved.daily_usage.reported_quantity is
    'usage_quantity as the usage report shows it: as text.';
comment on column resolved.daily_usage.reported_rate is
    'usage_rate_per_unit_in_pricing_currency as the usage report shows it: as text.';

drop index if exists resolved.daily_usage_usage_date_idx;
create index if not exists daily_usage_reported_date_idx
    on resolved.daily_usage (reported_date, seller_id);

create table if not exists resolved.usage_context (
    seller_id                       integer     not null,
    context_id                      uuid        not null,
    from_date                       date        not null,
    alternative                     integer     not null,
    until_date                      date        not null,
    agreement_id                    text,
    record_offer_id                 text,
    product_id                      text,
    end_user_account_id             text,
    payer_account_id                text,
    recipient_account_id            text,
    end_user_company_name           text,
    end_user_aws_account_id         text,
    end_user_encrypted_account_id   text,
    end_user_email_domain           text,
    end_user_city                   text,
    end_user_state_or_region        text,
    end_user_country                text,
    end_user_postal_code            text,
    product_title                   text,
    reported_product_id             text,
    product_code                    text,
    offer_id                        text,
    offer_set_id                    text,
    offer_name                      text,
    offer_visibility                text collate "C",
    agreement_acceptance_date       timestamptz,
    agreement_start_date            timestamptz,
    agreement_end_date              timestamptz,
    accepted_term_types             text,
    subscriber_company_name         text,
    subscriber_aws_account_id       text,
    subscriber_encrypted_account_id text,
    subscriber_email_domain         text,
    subscriber_city                 text,
    subscriber_state_or_region      text,
    subscriber_country              text,
    subscriber_postal_code          text,
    payer_company_name              text,
    payer_aws_account_id            text,
    payer_encrypted_account_id      text,
    payer_email_domain              text,
    payer_city                      text,
    payer_state_or_region           text,
    payer_country                   text,
    payer_postal_code               text,
    reseller_company_name           text,
    reseller_aws_account_id         text,
    resale_authorization_id         text,
    resale_authorization_name       text,
    resale_authorization_description text,
    cppo_flag                       text,
    isv_aws_account_id              text,
    isv_company_name                text,
    constraint usage_context_pkey primary key (seller_id, context_id, from_date, alternative)
);

comment on table resolved.usage_context is
    'What the usage report shows beside the usage of one agreement, offer, product and accounts, one row per range of days in which it is the same. One that no record refers to any more may stay.';
comment on column resolved.usage_context.seller_id is
    'The seller (ingest.seller).';
comment on column resolved.usage_context.context_id is
    'What the records refer to (resolved.usage_context_id).';
comment on column resolved.usage_context.from_date is
    'First day (UTC) of usage for which the row holds.';
comment on column resolved.usage_context.alternative is
    '1, and 2 and more for further rows of the same days: a product with several legacy ids, or an account with two revisions that meet at midnight. The usage report repeats the records then, as AWS''s does.';
comment on column resolved.usage_context.until_date is
    'First day (UTC) after those.';
comment on column resolved.usage_context.agreement_id is
    'Agreement of the records.';
comment on column resolved.usage_context.record_offer_id is
    'Offer that the records name themselves.';
comment on column resolved.usage_context.product_id is
    'Product of the records.';
comment on column resolved.usage_context.end_user_account_id is
    'Account key of the user of the product.';
comment on column resolved.usage_context.payer_account_id is
    'Account key of who pays.';
comment on column resolved.usage_context.recipient_account_id is
    'Account key of the seller whose copy of the feed it is.';
comment on column resolved.usage_context.end_user_company_name is
    'Company that used the product.';
comment on column resolved.usage_context.end_user_aws_account_id is
    'AWS account that used the product, 12 digits.';
comment on column resolved.usage_context.end_user_encrypted_account_id is
    'The same as metering and entitlement services name it.';
comment on column resolved.usage_context.end_user_email_domain is
    'Domain of the user''s e-mail address.';
comment on column resolved.usage_context.end_user_city is
    'User''s city.';
comment on column resolved.usage_context.end_user_state_or_region is
    'User''s state or region.';
comment on column resolved.usage_context.end_user_country is
    'User''s country, two letters.';
comment on column resolved.usage_context.end_user_postal_code is
    'User''s postal code, as text.';
comment on column resolved.usage_context.product_title is
    'Product title at that time.';
comment on column resolved.usage_context.reported_product_id is
    'Product: its legacy id if it has one.';
comment on column resolved.usage_context.product_code is
    'Code by which metering and entitlement services know the product.';
comment on column resolved.usage_context.offer_id is
    'Offer of the agreement, else of the records.';
comment on column resolved.usage_context.offer_set_id is
    'Offer set that the offer came in.';
comment on column resolved.usage_context.offer_name is
    'Name of the offer at that time.';
comment on column resolved.usage_context.offer_visibility is
    'Whom the offer is for: Public, Private, Program: and a name, GeoTargeted or Other Targeting.';
comment on column resolved.usage_context.agreement_acceptance_date is
    'Instant (UTC) at which it was accepted; null for placeholder offers.';
comment on column resolved.usage_context.agreement_start_date is
    'Instant (UTC) from which the agreement runs; null for placeholder offers.';
comment on column resolved.usage_context.agreement_end_date is
    'Instant (UTC) at which it ends; null for placeholder offers.';
comment on column resolved.usage_context.accepted_term_types is
    'Types of the terms of the agreement''s revision, a comma list.';
comment on column resolved.usage_context.subscriber_company_name is
    'Company that accepted the agreement.';
comment on column resolved.usage_context.subscriber_aws_account_id is
    'AWS account that accepted the agreement, 12 digits.';
comment on column resolved.usage_context.subscriber_encrypted_account_id is
    'The same as metering and entitlement services name it.';
comment on column resolved.usage_context.subscriber_email_domain is
    'Domain of the subscriber''s e-mail address.';
comment on column resolved.usage_context.subscriber_city is
    'Subscriber''s city.';
comment on column resolved.usage_context.subscriber_state_or_region is
    'Subscriber''s state or region.';
comment on column resolved.usage_context.subscriber_country is
    'Subscriber''s country, two letters.';
comment on column resolved.usage_context.subscriber_postal_code is
    'Subscriber''s postal code, as text.';
comment on column resolved.usage_context.payer_company_name is
    'Company that pays.';
comment on column resolved.usage_context.payer_aws_account_id is
    'AWS account that pays, 12 digits.';
comment on column resolved.usage_context.payer_encrypted_account_id is
    'The same as metering and entitlement services name it.';
comment on column resolved.usage_context.payer_email_domain is
    'Domain of the payer''s e-mail address.';
comment on column resolved.usage_context.payer_city is
    'Payer''s city.';
comment on column resolved.usage_context.payer_state_or_region is
    'Payer''s state or region.';
comment on column resolved.usage_context.payer_country is
    'Payer''s country, two letters.';
comment on column resolved.usage_context.payer_postal_code is
    'Payer''s postal code, as text.';
comment on column resolved.usage_context.reseller_company_name is
    'Reseller, where the recipient of the data is not the seller of record; Not applicable where nothing is resold.';
comment on column resolved.usage_context.reseller_aws_account_id is
    'Reseller''s AWS account, 12 digits; Not applicable where nothing is resold.';
comment on column resolved.usage_context.resale_authorization_id is
    'Resale authorisation (opportunity) of the offer; Not applicable for public offers.';
comment on column resolved.usage_context.resale_authorization_name is
    'Its name.';
comment on column resolved.usage_context.resale_authorization_description is
    'Its description.';
comment on column resolved.usage_context.cppo_flag is
    'Y if a reseller sold it, N if not.';
comment on column resolved.usage_context.isv_aws_account_id is
    'Manufacturer''s AWS account, 12 digits.';
comment on column resolved.usage_context.isv_company_name is
    'Manufacturer.';

-- Which rows of other feeds a context was made of, so that it is looked up again when they change.
create table if not exists resolved.usage_context_source (
    seller_id   integer not null,
    kind        text    not null,
    id          text    not null,
    context_id  uuid    not null,
    constraint usage_context_source_pkey primary key (seller_id, kind, id, context_id)
);

create index if not exists usage_context_source_context_id_idx
    on resolved.usage_context_source (seller_id, context_id);

comment on table resolved.usage_context_source is
    'Every agreement, offer, product, account and address that a row of resolved.usage_context was looked up from, or would be if it came.';
comment on column resolved.usage_context_source.seller_id is
    'The seller (ingest.seller).';
comment on column resolved.usage_context_source.kind is
    'agreement, offer, product, account or address.';
comment on column resolved.usage_context_source.id is
    'Its id.';
comment on column resolved.usage_context_source.context_id is
    'What is looked up again when it changes.';

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
    u.seller_id, u.context_id, u.from_date, 1, u.until_date,
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

create or replace function resolved.note_new_contexts() returns void
    language plpgsql
as $$
begin
    insert into pg_temp.resolved_new_context
    select n.*
    from (
        select distinct seller_id,
            resolved.usage_context_id(agreement_id, offer_id, product_id,
                end_user_account_id, payer_account_id, recipient_account_id) as context_id,
            agreement_id, offer_id, product_id, end_user_account_id, payer_account_id,
            recipient_account_id
        from pg_temp.resolved_arrived
    ) as n
    where not exists (
        select from resolved.usage_context c
        where c.seller_id = n.seller_id and c.context_id = n.context_id);
end
$$;

comment on function resolved.note_new_contexts() is
    'Notes what the usage records that are being brought in are the first to refer to.';

-- Called before and after a feed's rows are stored: what a correction no longer names is touched too.
create or replace function resolved.touch_contexts(feed resolved.feed) returns void
    language plpgsql
as $$
declare
    target text := format('resolved.%I', split_part(feed.feed, '.', 2));
    same text := resolved.same(feed.version_key, 'v', 'c');
    key text := resolved.listed(array_prepend('seller_id', feed.version_key));
    kind text;
    id text;
begin
    select m.kind, m.id into kind, id
    from (values
        ('sdds.agreement', 'agreement', 'agreement_id'),
        ('sdds.agreement_term', 'agreement', 'agreement_id'),
        ('sdds.offer', 'offer', 'offer_id'),
        ('sdds.offer_target', 'offer', 'offer_id'),
        ('sdds.product', 'product', 'product_id'),
        ('sdds.legacy_id_mapping', 'product', 'new_id'),
        ('sdds.account', 'account', 'account_id'),
        ('sdds.address', 'address', 'address_id')
    ) as m (feed, kind, id)
    where m.feed = touch_contexts.feed.feed;
    if kind is null then return; end if;
    execute format(
        'insert into pg_temp.resolved_touched_context
            select distinct s.seller_id, s.context_id
            from (
                select %1$s from pg_temp.resolved_arrived
                union all
                select %1$s from pg_temp.resolved_lost
            ) as c
            join %2$s v on %3$s
            join resolved.usage_context_source s
                on s.seller_id = v.seller_id and s.kind = %4$L and s.id = v.%5$I',
        key, target, same, kind, id);
end
$$;

comment on function resolved.touch_contexts(resolved.feed) is
    'Notes the usage contexts that the rows which are being brought in belong to.';

-- Most versions change nothing that is shown: ranges that meet and show the same become one.
create or replace function resolved.merge_contexts() returns setof resolved.usage_context
    language plpgsql
as $$
begin
    return query
    with looked_up as (
        select seller_id, context_id, from_date, until_date,
            to_jsonb(c) - array['from_date', 'until_date', 'alternative'] as shown
        from pg_temp.resolved_looked_up c
    ), numbered as (
        select *, dense_rank() over (partition by seller_id, context_id order by from_date)
            as place,
            row_number() over (
                partition by seller_id, context_id, from_date order by shown::text)
                as alternative
        from looked_up
    ), run as (
        select *, place - row_number() over (partition by shown, alternative order by place) as run
        from numbered
    ), merged as (
        select shown || jsonb_build_object('from_date', min(from_date),
                'until_date', max(until_date), 'alternative', alternative) as row
        from run
        group by shown, alternative, run
    )
    select c.*
    from merged
    cross join lateral jsonb_populate_record(null::resolved.usage_context, row) as c;
end
$$;

comment on function resolved.merge_contexts() is
    'Usage contexts as they were looked up, with ranges that show the same as one.';

create or replace function resolved.refresh_contexts(is_full boolean) returns bigint
    language plpgsql
as $$
declare
    changed bigint;
begin
    if is_full then
        insert into pg_temp.resolved_touched_context
        select distinct seller_id, context_id from resolved.usage_context;
        insert into pg_temp.resolved_new_context
        select distinct seller_id, context_id, agreement_id, offer_id, product_id,
            end_user_account_id, payer_account_id, recipient_account_id
        from resolved.daily_usage;
    end if;
    drop table if exists pg_temp.resolved_context_key, pg_temp.resolved_context_range,
        pg_temp.resolved_looked_up;
    create temporary table resolved_context_key on commit drop as
        select * from pg_temp.resolved_new_context
        union
        select c.seller_id, c.context_id, c.agreement_id, c.record_offer_id, c.product_id,
            c.end_user_account_id, c.payer_account_id, c.recipient_account_id
        from pg_temp.resolved_touched_context t
        join resolved.usage_context c
            on c.seller_id = t.seller_id and c.context_id = t.context_id;
    analyze pg_temp.resolved_context_key;
    delete from resolved.usage_context_source s using pg_temp.resolved_context_key k
    where s.seller_id = k.seller_id and s.context_id = k.context_id;
    insert into resolved.usage_context_source select * from resolved.find_context_sources();
    create temporary table resolved_context_range on commit drop as
        select * from resolved.find_context_ranges();
    analyze pg_temp.resolved_context_range;
    delete from resolved.usage_context c using pg_temp.resolved_context_key k
    where c.seller_id = k.seller_id and c.context_id = k.context_id;
    create temporary table resolved_looked_up on commit drop as
        select * from resolved.look_up_contexts();
    insert into resolved.usage_context select * from resolved.merge_contexts();
    get diagnostics changed = row_count;
    perform resolved.keep_statistics('resolved.usage_context', changed);
    perform resolved.keep_statistics('resolved.usage_context_source', changed);
    return changed;
end
$$;

comment on function resolved.refresh_contexts(boolean) is
    'Looks up the usage contexts that were touched; returns how many rows they have.';
