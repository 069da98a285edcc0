-- after: schema
-- What sluice migrate applied, and when.

create table if not exists ingest.definition (
    path        text         primary key,
    sha256      text         not null,
    applied_at  timestamptz  not null default now()
);

comment on table ingest.definition is
    'Files of Schema/ as they were last applied. Definitions are applied again when they differ; dated changes are applied once.';
comment on column ingest.definition.path is 'File below Schema/.';
comment on column ingest.definition.sha256 is 'SHA-256 of its text when it was applied.';
comment on column ingest.definition.applied_at is 'When it was applied.';
