-- after: file, seller, request
-- Which of several files that are the same delivery counts: a backup beside the original would
-- double every figure.

alter table ingest.file
    add column if not exists stands_aside_for bigint references ingest.file;

comment on column ingest.file.stands_aside_for is
    'The file that counts in its place: both are the same month of a feed, or the same data set of the same day. Of this one no row is in the table. Null: it counts itself.';

-- What of a key stays when the object is copied into another folder: of a month file its feed and
-- month, of a data set its name and day. Packing it makes no other delivery of it.
create or replace function ingest.delivery(key text) returns text
    language sql immutable parallel safe
    return lower(regexp_replace(
        substring(key from '((?:[^/]+/year=[0-9]{4}/month=[0-9]{2}/)?[^/]*)$'), '[.]gz$', ''));

comment on function ingest.delivery(text) is
    'Name of the delivery that an object key holds: the key without its folder, a month file''s with its feed and month. Copies have the same.';

create or replace function ingest.delivery_folder(key text) returns text
    language sql immutable parallel safe
    return left(key, -length(
        substring(key from '((?:[^/]+/year=[0-9]{4}/month=[0-9]{2}/)?[^/]*)$')));

comment on function ingest.delivery_folder(text) is
    'What stands before the delivery in an object key: empty, or text that ends with a slash.';

create index if not exists file_delivery_idx
    on ingest.file (seller_id, feed, ingest.delivery(key));

-- Whether a place, "bucket" or "bucket/prefix", has the key; "a/b" has not "a/bc".
create or replace function ingest.place_has(place text, bucket text, key text) returns boolean
    language sql immutable parallel safe
    return starts_with(bucket || '/' || key, rtrim(place, '/') || '/')
        or bucket || '/' || key = place;

comment on function ingest.place_has(text, text, text) is
    'Whether an object lies in a place, which is "bucket" or "bucket/prefix".';

-- AWS writes into the location itself; copies are made into folders beside and below it.
create or replace function ingest.delivered_rank(s ingest.seller, bucket text, key text)
    returns integer
    language sql stable
    return case
        when exists (
            select from unnest(s.excluded) p (place)
            where ingest.place_has(p.place, bucket, key)) then -1
        when exists (
            select from unnest(s.locations || s.cas_location) p (place)
            where rtrim(p.place, '/') = rtrim(bucket || '/' || ingest.delivery_folder(key), '/'))
            then 2
        when ingest.delivery_folder(key) = '' then 1
        else 0 end;

comment on function ingest.delivered_rank(ingest.seller, text, text) is
    'How much a place is one that AWS delivers into: 2 in a location of the seller itself, 1 at the top of a bucket or directory, 0 elsewhere, -1 where an operator has excluded it.';

-- The first of them counts. It follows from what is in the buckets, not from what came first: the
-- place, then the time of the newest version, then the name. Files that are not read to their end
-- are no candidates, but may hold rows.
create or replace function ingest.copies(the_file bigint, modified_at timestamptz)
    returns table (file_id bigint, is_candidate boolean, holds_place boolean, rank integer)
    language sql stable
as $$
    select c.file_id, c.is_candidate,
        (c.digest is not null and c.stands_aside_for is null)
            or (c.stands_aside_for is not null and c.stands_aside_for <> the_file),
        c.rank
    from (
        select o.*, v.last_modified, ingest.delivered_rank(s, o.bucket, o.key) as rank,
            o.file_id = the_file or (o.is_complete
                and ingest.delivered_rank(s, o.bucket, o.key) >= 0) as is_candidate
        from ingest.file f
        join ingest.seller s using (seller_id)
        join ingest.file o on o.seller_id = f.seller_id and o.feed = f.feed
            and ingest.delivery(o.key) = ingest.delivery(f.key)
        left join ingest.version v on v.version_id = o.version_id
        left join ingest.coverage a on a.seller_id = f.seller_id and a.bucket = f.bucket
            and a.stem = regexp_replace(f.key, '[.]csv([.]gz)?$', '')
        left join ingest.coverage b on b.seller_id = o.seller_id and b.bucket = o.bucket
            and b.stem = regexp_replace(o.key, '[.]csv([.]gz)?$', '')
        where f.file_id = the_file
            -- The same day's set of another time is another set.
            and coalesce(a.covers_from = b.covers_from and a.covers_until = b.covers_until, true)
    ) c
    order by c.is_candidate desc, c.rank desc,
        case when c.file_id = the_file then modified_at else c.last_modified end desc nulls last,
        c.bucket collate "C", c.key collate "C"
$$;

comment on function ingest.copies(bigint, timestamptz) is
    'Files that are the same delivery as a file, itself included, the one that counts first; the time is that of the file''s newest version.';

create or replace view ingest.copy as
select f.seller_id, f.feed, f.file_id, f.stands_aside_for as counts_file_id,
    ingest.key_period(f.key) as period,
    case when ingest.delivered_rank(s, c.bucket, c.key) > ingest.delivered_rank(s, f.bucket, f.key)
        then 'it lies where AWS delivers'
        when v.last_modified > w.last_modified then 'it is the newer one'
        else 'its name comes first' end as why
from ingest.file f
join ingest.seller s using (seller_id)
join ingest.file c on c.file_id = f.stands_aside_for
left join ingest.version v on v.version_id = c.version_id
left join ingest.version w on w.version_id = f.version_id
where ingest.delivered_rank(s, f.bucket, f.key) >= 0;

comment on view ingest.copy is
    'Files that do not count because another file is the same delivery. Where an operator has excluded the place of one, it is not here.';
comment on column ingest.copy.seller_id is 'The seller.';
comment on column ingest.copy.feed is 'The feed.';
comment on column ingest.copy.file_id is 'The file that does not count (ingest.file).';
comment on column ingest.copy.counts_file_id is 'The file that counts (ingest.file).';
comment on column ingest.copy.period is 'Days of delivery.';
comment on column ingest.copy.why is 'Why that one counts.';
