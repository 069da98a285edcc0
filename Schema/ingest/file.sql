-- after: seller, feed
-- Every file, its versions, and how much of it is in its table: the checkpoint.

create table if not exists ingest.file (
    file_id      bigint       generated always as identity primary key,
    seller_id    integer      not null references ingest.seller,
    bucket       text         not null,
    key          text         not null,
    feed         text         not null references ingest.feed,
    rows         bigint       not null default 0,
    bytes        bigint       not null default 0,
    lines        bigint       not null default 0,
    digest       bytea,
    version_id   bigint,
    is_complete  boolean      not null default false,
    failure      text,
    failed_at    timestamptz,
    unique (seller_id, bucket, key)
);

comment on table ingest.file is
    'One object key of one seller with its checkpoint: how much of the newest version that was read is in the feed''s table. Rows and checkpoint move in one transaction.';
comment on column ingest.file.file_id is 'Key of the file.';
comment on column ingest.file.seller_id is 'Whose file it is.';
comment on column ingest.file.bucket is 'S3 bucket, or file:// and the folder for files that were loaded from a directory.';
comment on column ingest.file.key is 'Object key, decoded; relative path within a directory.';
comment on column ingest.file.feed is 'The feed that the key belongs to.';
comment on column ingest.file.rows is 'Checkpoint: records of the file (header not counted, rejects counted) that are dealt with.';
comment on column ingest.file.bytes is 'Checkpoint: decompressed bytes, from the start of the file, that those records and the header take.';
comment on column ingest.file.lines is 'Checkpoint: physical lines that those bytes make; more than rows where a quoted field holds a line break.';
comment on column ingest.file.digest is 'Checkpoint: SHA-256 of exactly those bytes. Null until something was loaded.';
comment on column ingest.file.version_id is 'Checkpoint: the version that was last read.';
comment on column ingest.file.is_complete is 'Whether that version was read to its end.';
comment on column ingest.file.failure is 'Why the last attempt to load the file failed, or it could not be tried (unreadable), and what to do. Null: neither.';
comment on column ingest.file.failed_at is 'When that was; of an unreadable file, since when.';

-- No failure of a load: trying again does not change it.
alter table ingest.file add column if not exists unreadable text;
alter table ingest.file drop constraint if exists unreadable_says_why;
alter table ingest.file
    add constraint unreadable_says_why check
        (unreadable is null or unreadable in ('archived', 'gone') and failure is not null);

comment on column ingest.file.unreadable is
    'Why the bytes of the newest version cannot be had, with failure in words: archived, S3 has them in an archive until somebody has them restored; gone, it was listed or announced and is not there. Null: neither.';

create table if not exists ingest.version (
    version_id     bigint       generated always as identity primary key,
    file_id        bigint       not null references ingest.file,
    etag           text         not null,
    s3_version_id  text,
    size           bigint       not null,
    last_modified  timestamptz,
    first_read_at  timestamptz  not null default now()
);

create index if not exists version_file_id_idx on ingest.version (file_id, version_id);

comment on table ingest.version is
    'A version of a file that was read. Data rows name the version in which they were first seen.';
comment on column ingest.version.version_id is 'Key of the version; larger for versions that were read later.';
comment on column ingest.version.file_id is 'The file.';
comment on column ingest.version.etag is 'ETag that S3 gave; an equality token, not a hash. For a file on disk: size and time of change.';
comment on column ingest.version.s3_version_id is 'Version id that S3 gave; null in a bucket without versioning.';
comment on column ingest.version.size is 'Size of the object in bytes, compressed if it is compressed.';
comment on column ingest.version.last_modified is 'Last-Modified of the object.';
comment on column ingest.version.first_read_at is 'When Sluice first read it.';

alter table ingest.version add column if not exists header text[];

comment on column ingest.version.header is 'Titles of the file as delivered, kept when a load first matched them with the table''s columns. Rejects are read with them when they are replayed. Null: no load got so far, or it was before Sluice kept them.';
