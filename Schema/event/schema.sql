-- What AWS Marketplace tells as it happens: subscriptions, agreements, licences, entitlements.

create schema if not exists event;

comment on schema event is
    'AWS Marketplace events as they were received, one typed row per event with its body, and what customers were entitled to at any time. Events carry no money that counts: sales are in sdds and cas.';

-- Lower case, with dashes of any length and blanks as one space: AWS prints the types both ways.
create or replace function event.folded(event_type text) returns text
    language sql immutable parallel safe
    return btrim(regexp_replace(lower(event_type), '[\s\u2010-\u2014-]+', ' ', 'g'));

comment on function event.folded(text) is
    'An event type in lower case, with every run of dashes and blanks made one space: "Purchase Agreement Ended – Proposer" becomes "purchase agreement ended proposer".';

create or replace function event.party(event_type text) returns text
    language sql immutable parallel safe
    return substring(event.folded(event_type) from ' (proposer|manufacturer|acceptor)$');

comment on function event.party(text) is
    'In which role the account got an event: proposer (its offer), manufacturer (its product), acceptor (it bought); null where the type does not say.';

-- Some publishers leave out the beginning of the ARN, so only this part compares.
create or replace function event.license_id(license_arn text) returns text
    language sql immutable parallel safe
    return substring(license_arn from '(l-[0-9A-Za-z]+)$');

comment on function event.license_id(text) is
    'The part of a licence ARN that names the licence: l- and what follows. Compare licences by it.';

-- Envelopes are opened as the program does it: at most three.
create or replace function event.content(body text) returns jsonb
    language plpgsql immutable
as $$
declare
    content jsonb;
begin
    content := body;
    for envelope in 1..3 loop
        exit when content ->> 'Type' is distinct from 'Notification' or not content ? 'TopicArn';
        content := content ->> 'Message';
    end loop;
    return content;
exception when data_exception or statement_too_complex or program_limit_exceeded then
    return null;
end
$$;

comment on function event.content(text) is
    'The message in a body, out of its SNS envelope, as JSON: event.content(body) #>> ''{detail,product,title}''. Null where the body is JSON only to a lenient reader, as with a comma too many.';
