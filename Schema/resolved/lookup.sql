-- after: tables
-- What several reports look up in the same way.

-- Files lose the leading zeros of account numbers.
create or replace function resolved.aws_account(id text) returns text
    language sql immutable parallel safe
    return right('000000000000' || id, 12);

comment on function resolved.aws_account(text) is
    'An AWS account number with its 12 digits.';

create or replace view resolved.legacy_product as
select distinct seller_id, new_id as product_id, legacy_id
from resolved.legacy_id_mapping
where mapping_type = 'PRODUCT';

comment on view resolved.legacy_product is
    'Older ids of products. A mapping is never taken back.';

create or replace view resolved.offer_audience as
select seller_id, offer_id, offer_revision,
    substr(
        min(case target_type
            when 'BuyerAccounts' then '1Private'
            when 'ParticipatingPrograms' then '2Program:' || value
            when 'CountryCodes' then '3GeoTargeted'
            else '4Other Targeting'
        end collate "C"),
        2) as audience
from resolved.offer_target
where delete_date is null
group by seller_id, offer_id, offer_revision;

comment on view resolved.offer_audience is
    'Whom a revision of an offer is for, where it is not for all: the narrowest of its targets.';

create or replace view resolved.accepted_terms as
select seller_id, agreement_id, valid_from,
    string_agg(term_type, ',' order by term_type collate "C") as term_types
from resolved.agreement_term
where delete_date is null
group by seller_id, agreement_id, valid_from;

comment on view resolved.accepted_terms is
    'Types of all terms of a revision of an agreement, a comma list.';
