-- after: file
-- Two titles of one column whose values differ: one of them is not in the column.

create table if not exists ingest.doubled_column (
    seller_id    integer      not null references ingest.seller,
    feed         text         not null references ingest.feed,
    file_id      bigint       not null references ingest.file,
    column_name  text         not null,
    title        text         not null,
    rows         bigint       not null,
    version_id   bigint       not null references ingest.version,
    line         bigint       not null,
    noticed_at   timestamptz  not null default now(),
    primary key (seller_id, file_id, column_name, title)
);

comment on table ingest.doubled_column is
    'A file with two titles that mean one column, and rows in which the second has a value that the first has not. The first is the column; the second is in extra under its title. A finding until a version of the file has no such rows.';
comment on column ingest.doubled_column.seller_id is 'Whose file it is.';
comment on column ingest.doubled_column.feed is 'The feed.';
comment on column ingest.doubled_column.file_id is 'The file.';
comment on column ingest.doubled_column.column_name is 'The column that both mean.';
comment on column ingest.doubled_column.title is 'The second title, as its values stand in extra.';
comment on column ingest.doubled_column.rows is 'In how many rows the second has a value that is not the first''s.';
comment on column ingest.doubled_column.version_id is 'Version of the first such row, as in the data tables.';
comment on column ingest.doubled_column.line is 'Record of that version, as in the data tables.';
comment on column ingest.doubled_column.noticed_at is 'When the first such row was loaded.';
