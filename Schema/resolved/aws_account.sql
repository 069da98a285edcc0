-- after: schema
-- AWS account numbers as they are written everywhere else.

-- Files lose the leading zeros of account numbers.
create or replace function resolved.aws_account(id text) returns text
    language sql immutable parallel safe
    return right('000000000000' || id, 12);

comment on function resolved.aws_account(text) is
    'An AWS account number with its 12 digits.';
