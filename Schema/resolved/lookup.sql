-- after: tables, describe
-- What several reports look up in the same way.

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

-- Of several products with one valid_from the row that was written last stands, as AWS's query has
-- it; all of them are in marketplace.offer_product.
create or replace view resolved.offered_product as
select seller_id, offer_id, offer_revision, product_id
from resolved.offer_product c
where delete_date is null
    and not exists (
        select from resolved.offer_product n
        where n.seller_id = c.seller_id and n.offer_id = c.offer_id
            and n.valid_from = c.valid_from
            and (n.update_date, coalesce(n.insert_date, '-infinity'), n.version_id, n.line)
                > (c.update_date, coalesce(c.insert_date, '-infinity'), c.version_id, c.line));

comment on view resolved.offered_product is
    'Products of each revision of an offer, one per valid_from.';

select resolved.describe_like('resolved.legacy_product',
    array['resolved.legacy_id_mapping'::regclass]);
comment on column resolved.legacy_product.product_id is
    'Product.';

select resolved.describe_like('resolved.offer_audience', array['resolved.offer_target'::regclass]);
comment on column resolved.offer_audience.audience is
    'Private, Program: and a name, GeoTargeted or Other Targeting.';

select resolved.describe_like('resolved.accepted_terms',
    array['resolved.agreement_term'::regclass]);
comment on column resolved.accepted_terms.term_types is
    'Types of the terms, a comma list, repetitions kept.';

select resolved.describe_like('resolved.offered_product',
    array['resolved.offer_product'::regclass]);
