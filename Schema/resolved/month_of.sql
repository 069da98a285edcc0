-- after: schema
-- The month of an instant.

create or replace function resolved.month_of(instant timestamptz) returns date
    language sql immutable parallel safe
    return date_trunc('month', instant at time zone 'UTC')::date;

comment on function resolved.month_of(timestamptz) is
    'Month (UTC) of an instant, as its first day.';
