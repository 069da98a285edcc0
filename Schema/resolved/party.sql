-- after: lookup, describe
-- Who stands behind an account, in words.

create or replace view resolved.party as
select a.seller_id, a.account_id, a.holds_from, a.valid_to,
    resolved.aws_account(a.aws_account_id) as aws_account_id,
    a.encrypted_account_id,
    coalesce(a.tax_legal_name, t.company_name, m.company_name) as company_name,
    case when t.address_id is null then m.email_domain else t.email_domain end as email_domain,
    case when t.address_id is null then m.city else t.city end as city,
    case when t.address_id is null then m.state_or_region else t.state_or_region end
        as state_or_region,
    case when t.address_id is null then m.country_code else t.country_code end as country_code,
    case when t.address_id is null then m.postal_code else t.postal_code end as postal_code
from resolved.account a
left join resolved.address t
    on t.seller_id = a.seller_id and t.address_id = a.tax_address_id
    and t.is_newest and t.delete_date is null
left join resolved.address m
    on m.seller_id = a.seller_id and m.address_id = a.mailing_address_id
    and m.is_newest and m.delete_date is null
where a.valid_to > a.valid_from;

comment on view resolved.party is
    'Versions of accounts that count, with company and address: those for taxation, else the mailing address.';

select resolved.describe_like('resolved.party',
    array['resolved.account'::regclass, 'resolved.address'::regclass]);
comment on column resolved.party.aws_account_id is
    'AWS account number, 12 digits.';
comment on column resolved.party.company_name is
    'Company.';
comment on column resolved.party.city is
    'City.';
comment on column resolved.party.state_or_region is
    'State or region.';
comment on column resolved.party.country_code is
    'Country, two letters.';
comment on column resolved.party.postal_code is
    'Postal code, as text.';
comment on column resolved.party.email_domain is
    'Domain of the e-mail address.';
