-- after: request, copy
-- What time each CAS file covers, and which files tell the same story twice.

create or replace view cas.coverage as
with data_file as (
    select f.seller_id, d.table_name as data_set, f.feed,
        ingest.publication_date(d.cadence, lower(ingest.key_period(f.key))) as publication_date,
        c.covers_from, c.covers_until, f.file_id, f.version_id, f.bucket, f.key,
        f.rows - coalesce(l.rows_rejected, 0) as rows,
        f.is_complete and f.failure is null as is_complete,
        c.request_id, c.stem is not null as has_metadata
    from ingest.file f
    join ingest.feed d using (feed)
    left join ingest.coverage c
        on c.seller_id = f.seller_id and c.bucket = f.bucket
        and c.stem = regexp_replace(f.key, '[.]csv([.]gz)?$', '')
    left join lateral (
        select rows_rejected from ingest.load
        where file_id = f.file_id and version_id = f.version_id
        order by load_id desc limit 1
    ) l on true
    where d.table_schema = 'cas' and f.version_id is not null and f.stands_aside_for is null
)
select seller_id, data_set, publication_date, covers_from, covers_until,
    covers_from is not null and row_number() over same_time > 1 as is_repeat,
    case when covers_from is not null and row_number() over same_time > 1
        then first_value(version_id) over same_time end as repeats_version_id,
    rows, is_complete, has_metadata, version_id, file_id, feed, bucket, key, request_id
from data_file
window same_time as (
    partition by seller_id, feed, covers_from, covers_until
    order by publication_date, bucket, key
    rows between unbounded preceding and current row
);

comment on view cas.coverage is
    'One row per CAS file: what time it covers, and whether an earlier file covers the same. Join a cas table on (seller_id, version_id) and leave repeats out before adding up: where not is_repeat.';
comment on column cas.coverage.seller_id is 'Whose file it is.';
comment on column cas.coverage.data_set is 'Data set: the table of schema cas that its rows are in.';
comment on column cas.coverage.publication_date is 'Date of publication that was asked for; of monthly sets the 15th.';
comment on column cas.coverage.covers_from is 'Start of the time that the file covers, from its metadata file; null where there is none.';
comment on column cas.coverage.covers_until is 'End of that time.';
comment on column cas.coverage.is_repeat is 'Whether a file of an earlier date of publication covers exactly the same time: a payout that was asked for under two dates is one payout. False where the time is not known.';
comment on column cas.coverage.repeats_version_id is 'The version of that earlier file; null where it is no repeat.';
comment on column cas.coverage.rows is 'Rows of the file that are in the table.';
comment on column cas.coverage.is_complete is 'Whether the newest version that was seen was read to its end.';
comment on column cas.coverage.has_metadata is 'Whether a metadata file was read for it.';
comment on column cas.coverage.version_id is 'Version whose rows are in the table (version_id there).';
comment on column cas.coverage.file_id is 'The file (ingest.file).';
comment on column cas.coverage.feed is 'The feed (ingest.feed).';
comment on column cas.coverage.bucket is 'S3 bucket.';
comment on column cas.coverage.key is 'Object key.';
comment on column cas.coverage.request_id is 'Id of AWS''s that led to the file, from its metadata file.';
