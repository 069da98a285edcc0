-- after: seller, file, data_set
-- What AWS was asked for, what came of it, and what period each answer covers.

create table if not exists ingest.request (
    request_key       bigint       generated always as identity primary key,
    seller_id         integer      not null references ingest.seller,
    data_set          text         not null references ingest.data_set,
    publication_date  date,
    from_date         timestamptz,
    status            text         not null default 'waiting',
    request_ids       text[]       not null default '{}',
    attempts          integer      not null default 0,
    next_attempt_at   timestamptz  default now(),
    reason            text,
    requested_by      text         not null,
    created_at        timestamptz  not null default now(),
    called_at         timestamptz,
    requested_at      timestamptz,
    answered_at       timestamptz,
    bucket            text,
    stem              text,
    covers_from       timestamptz,
    covers_until      timestamptz,
    file_id           bigint       references ingest.file,
    version_id        bigint       references ingest.version,
    constraint status_is_known check (status in
        ('waiting', 'asking', 'requested', 'delivered', 'no_data', 'failed', 'superseded')),
    constraint date_or_from_date check ((publication_date is null) <> (from_date is null))
);

-- What was asked for is asked for once, unless an operator wants it again.
create unique index if not exists request_publication_idx
    on ingest.request (seller_id, data_set, publication_date)
    where status <> 'superseded' and publication_date is not null;
create unique index if not exists request_from_date_idx
    on ingest.request (seller_id, data_set, from_date)
    where status <> 'superseded' and from_date is not null;
create index if not exists request_open_idx on ingest.request (seller_id, next_attempt_at)
    where status in ('waiting', 'asking', 'requested');
create index if not exists request_no_data_idx on ingest.request (seller_id, next_attempt_at)
    where status = 'no_data';
create index if not exists request_called_idx on ingest.request (seller_id, called_at);
create index if not exists request_ids_idx on ingest.request using gin (request_ids);

comment on table ingest.request is
    'A data set that Sluice asks AWS for: one row per seller, data set and date of publication, from the plan to the file that came of it.';
comment on column ingest.request.request_key is 'Key of the request. AWS returns it in notice and metadata as the customer defined value "sluice", so that an answer finds its row even where the id that AWS gave was lost.';
comment on column ingest.request.seller_id is 'The seller for whom it is asked.';
comment on column ingest.request.data_set is 'The data set (ingest.data_set).';
comment on column ingest.request.publication_date is 'Date of publication that is asked for; of monthly sets the 15th. Null for a support export.';
comment on column ingest.request.from_date is 'Instant from which a support export lists changes; null for all others.';
comment on column ingest.request.status is 'waiting: to be asked at next_attempt_at, for the first time or again. asking: the call is being made. requested: AWS took it, no answer yet. delivered: its file is loaded. no_data: a notice said that there is none; asked once more a month later, as long as attempts are left. failed: asked as often as allowed; waits for a person (sluice request --failed). superseded: asked again by an operator, in a newer row.';
comment on column ingest.request.request_ids is 'Ids that AWS gave, one for each attempt that it took, oldest first.';
comment on column ingest.request.attempts is 'How often AWS was asked; a throttled call does not count.';
comment on column ingest.request.next_attempt_at is 'When Sluice does something about it next: asks, or looks for an answer that no notice told of. Null where nothing is left to do.';
comment on column ingest.request.reason is 'Why the last attempt failed, or what is known of it.';
comment on column ingest.request.requested_by is 'The worker or the person that planned it.';
comment on column ingest.request.created_at is 'When it was planned.';
comment on column ingest.request.called_at is 'When the last call began.';
comment on column ingest.request.requested_at is 'When AWS last took it.';
comment on column ingest.request.answered_at is 'When AWS''s answer, good or bad, was last seen.';
comment on column ingest.request.bucket is 'Bucket that AWS was told to write to.';
comment on column ingest.request.stem is 'Key that the answer will have there, without its extension.';
comment on column ingest.request.covers_from is 'Start of the time that the answer covers, from its metadata file; null where there is none.';
comment on column ingest.request.covers_until is 'End of that time.';
comment on column ingest.request.file_id is 'The file that came of it.';
comment on column ingest.request.version_id is 'The version of that file which was read.';

-- What is JSON to one reader need not be to another: U+0000, lone surrogates, numbers of a million
-- digits, a thousand brackets.
create or replace function ingest.jsonb_if_valid(document text) returns jsonb
    language plpgsql immutable parallel safe
as $$
declare
    parsed jsonb;
begin
    -- The result itself is made outside of the block, where nothing is caught.
    parsed := document;
    return parsed;
exception when data_exception or statement_too_complex or program_limit_exceeded then
    return null;
end
$$;

comment on function ingest.jsonb_if_valid(text) is
    'The document as jsonb; null where Postgres cannot hold it.';

create table if not exists ingest.coverage (
    seller_id         integer      not null references ingest.seller,
    bucket            text         not null,
    stem              text         not null,
    data_set          text,
    publication_date  date,
    covers_from       timestamptz,
    covers_until      timestamptz,
    request_id        text,
    request_key       bigint,
    problem           text,
    document          jsonb,
    read_at           timestamptz  not null default now(),
    primary key (seller_id, bucket, stem)
);

comment on table ingest.coverage is
    'What the metadata file beside a CAS data set (.meta.json) says of it. For analysts: cas.coverage.';
comment on column ingest.coverage.seller_id is 'Whose file it is.';
comment on column ingest.coverage.bucket is 'S3 bucket.';
comment on column ingest.coverage.stem is 'Object key without its extension; the data set has the same.';
comment on column ingest.coverage.data_set is 'Data set that was asked for.';
comment on column ingest.coverage.publication_date is 'Date of publication that was asked for.';
comment on column ingest.coverage.covers_from is 'Start of the time that the data set covers.';
comment on column ingest.coverage.covers_until is 'End of that time.';
comment on column ingest.coverage.request_id is 'Id that AWS gave the request.';
comment on column ingest.coverage.request_key is 'Our own key of the request (ingest.request), where AWS returned it.';
comment on column ingest.coverage.problem is 'What of the file could not be understood.';
comment on column ingest.coverage.document is 'The file as it was read; null where it is not JSON, or no jsonb can hold it.';
comment on column ingest.coverage.read_at is 'When it was last read.';
