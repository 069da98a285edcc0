-- after: lookup, describe
-- The revision of each agreement that stands.

-- A revision that was rolled back or superseded stands only where the agreement has no other.
create or replace function resolved.revision_rank(status text) returns integer
    language sql immutable parallel safe
    return case status when 'SUPERSEDED' then 3 when 'ROLLED_BACK' then 2 else 1 end;

comment on function resolved.revision_rank(text) is
    'Revisions of an agreement with a lower rank go before those with a higher one, however new.';

create or replace view resolved.current_agreement as
select a.*
from resolved.agreement a
where a.delete_date is null and a.status is not null
    and not exists (
        select from resolved.agreement b
        where b.seller_id = a.seller_id and b.agreement_id = a.agreement_id
            and b.delete_date is null
            and (resolved.revision_rank(b.status) < resolved.revision_rank(a.status)
                or (resolved.revision_rank(b.status) = resolved.revision_rank(a.status)
                    and b.valid_from > a.valid_from)));

comment on view resolved.current_agreement is
    'One row per agreement: its newest revision that was neither rolled back nor superseded, else the newest rolled back, else the newest superseded one. An agreement whose newest revision has no status is left out.';

select resolved.describe_like('resolved.current_agreement', array['resolved.agreement'::regclass]);
