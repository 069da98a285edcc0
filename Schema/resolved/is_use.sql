-- after: schema
-- When a usage record says that something was used.

-- A metered product may report nothing every hour. Where the record has no quantity, its worth tells;
-- one that has neither says that something was metered.
create or replace function resolved.is_use(quantity numeric, revenue numeric) returns boolean
    language sql immutable parallel safe
    return coalesce(quantity > 0, revenue > 0, true);

comment on function resolved.is_use(numeric, numeric) is
    'Whether a usage record of that quantity and estimated revenue is one of use: a record of nothing is none.';
