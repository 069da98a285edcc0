-- after: file
-- Where an operator said that a file goes on, whose damage has no certain end.

create table if not exists ingest.skipped_content (
    seller_id    integer      not null references ingest.seller,
    file_id      bigint       not null references ingest.file,
    byte_offset  bigint       not null,
    bytes        bigint       not null,
    digest       bytea        not null,
    file_line    bigint       not null,
    lines        bigint       not null,
    failure      text         not null,
    note         text         not null,
    decided_by   text         not null,
    decided_at   timestamptz  not null default now(),
    primary key (seller_id, file_id, digest)
);

comment on table ingest.skipped_content is
    'Bytes of a file that are no records, by an operator''s decision (sluice reload --from-line): where the damage of a record has no certain end. They are one reject. The decision holds wherever a version of the file stops at exactly these bytes; at others it stops again. The bytes themselves are in ingest.reject only.';
comment on column ingest.skipped_content.seller_id is 'Whose file it is.';
comment on column ingest.skipped_content.file_id is 'The file.';
comment on column ingest.skipped_content.byte_offset is 'Decompressed bytes before them in the version that was looked at: the end of a sound record.';
comment on column ingest.skipped_content.bytes is 'How many bytes are skipped.';
comment on column ingest.skipped_content.digest is 'SHA-256 of exactly those bytes.';
comment on column ingest.skipped_content.file_line is 'Line of that version on which they begin, as an editor counts: the header is on line 1.';
comment on column ingest.skipped_content.lines is 'How many lines they are.';
comment on column ingest.skipped_content.failure is 'What the file had failed with.';
comment on column ingest.skipped_content.note is 'Why they may be skipped, in the operator''s words.';
comment on column ingest.skipped_content.decided_by is 'Who decided: operating system user and host.';
comment on column ingest.skipped_content.decided_at is 'When.';
