-- after: feed
-- Whether the resolved tables were made by today's definitions of this schema. A rule that has
-- changed holds for rows that are there already only after everything was worked out anew.

alter table resolved.feed add column if not exists made_by text;

comment on column resolved.feed.made_by is
    'What resolved.definition() was when the feed was last brought up to date.';

create or replace function resolved.definition() returns text
    language sql stable
    return (
        select md5(string_agg(path || sha256, ',' order by path collate "C"))
        from ingest.definition
        where path like 'resolved/%');

comment on function resolved.definition() is
    'A fingerprint of the definitions of the schema resolved as they were last applied.';

create or replace function resolved.is_outdated() returns boolean
    language sql stable
    return exists (
        select from resolved.feed
        where refreshed_at is not null and made_by is distinct from resolved.definition());

comment on function resolved.is_outdated() is
    'Whether the definitions have changed since marketplace was refreshed: the next refresh works everything out anew.';
