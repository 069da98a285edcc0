-- after: expectation, doubled_column, copy, reconciled
-- Everything that did not arrive as it should, worked out from the ledger whenever it is asked.

-- Late: nothing new for longer than the rhythm allows. A data feed without news is not delivered,
-- so silence of one log feed says something only if AWS sends notices for it; silence of all of
-- them says something in any case.
create or replace view ingest.late_feed as
with log as (
    select seller_id, max(greatest(last_read_at, last_notice_at)) as last_sign_at
    from ingest.expectation
    where kind = 'log'
    group by seller_id
)
select e.seller_id, e.feed, e.cadence, e.last_day,
    case
        when e.kind <> 'log' then e.last_read_at
        when e.last_notice_at is not null then greatest(e.last_read_at, e.last_notice_at)
        else l.last_sign_at
    end as last_sign_at,
    e.quiet_after
from ingest.expectation e
left join log l using (seller_id)
where e.is_followed and not e.is_muted and e.quiet_after is not null
    and now() - e.quiet_after > case
        when e.kind <> 'log' then e.last_read_at
        when e.last_notice_at is not null then greatest(e.last_read_at, e.last_notice_at)
        else l.last_sign_at
    end;

comment on view ingest.late_feed is
    'Feeds of which nothing has come for longer than their rhythm allows.';
comment on column ingest.late_feed.seller_id is 'The seller.';
comment on column ingest.late_feed.feed is 'The feed.';
comment on column ingest.late_feed.cadence is 'Its rhythm.';
comment on column ingest.late_feed.last_day is 'Last day of delivery that a file covers.';
comment on column ingest.late_feed.last_sign_at is 'Last sign of life: a version that was read, or a delivery notice.';
comment on column ingest.late_feed.quiet_after is 'How long silence would have been in order.';

-- Missing: a hole between two files of a feed. Months for logs and monthly sets, days for daily
-- sets, and for those that come with a payout more than 35 days from one to the next.
create or replace view ingest.missing_period as
with expected as (
    select * from ingest.expectation
    where not is_muted and cadence in ('daily', 'monthly', 'disbursement')
), covered as (
    select distinct e.seller_id, e.feed, e.cadence, e.kind, p.day
    from expected e
    join ingest.file f using (seller_id, feed)
    cross join lateral (
        select case when e.cadence = 'monthly' then date_trunc('month', lower(k.period))::date
            else lower(k.period) end
        from (select ingest.key_period(f.key)) as k (period)
    ) as p (day)
    where p.day >= e.first_day or (e.cadence = 'monthly' and p.day + 31 > e.first_day)
), gap as (
    select seller_id, feed, cadence, kind, day,
        lead(day) over (partition by seller_id, feed order by day) as next_day
    from covered
)
select seller_id, feed, daterange(h.first_missing, next_day) as period
from gap
cross join lateral (
    select case
        when cadence = 'monthly' or kind = 'log' then (day + interval '1 month')::date
        when cadence = 'daily' then day + 1
        else day + 35 end
) as h (first_missing)
where h.first_missing < next_day;

comment on view ingest.missing_period is
    'Days or months between two files of a feed for which there is no file.';
comment on column ingest.missing_period.seller_id is 'The seller.';
comment on column ingest.missing_period.feed is 'The feed.';
comment on column ingest.missing_period.period is 'Days of delivery that are missing.';

-- Empty after activity: a file without rows is normal for a feed where little happens, and is a
-- fault in one of which each of the three files before had ten rows or more. The newest month of a
-- log is still growing.
create or replace view ingest.empty_period as
with period as (
    select f.seller_id, f.feed, f.file_id, f.rows, ingest.key_period(f.key) as period
    from ingest.file f
    join ingest.expectation e using (seller_id, feed)
    where f.is_complete and f.failure is null and f.stands_aside_for is null
        and not e.is_muted
        and e.cadence in ('daily', 'monthly')
), compared as (
    select *,
        min(rows) over earlier as least_before, count(*) over earlier as files_before,
        lead(file_id) over (partition by seller_id, feed order by period) is not null as is_past
    from period
    where period is not null
    window earlier as (
        partition by seller_id, feed order by period rows between 3 preceding and 1 preceding)
)
select c.seller_id, c.feed, c.file_id, c.period, c.least_before
from compared c
join ingest.feed d using (feed)
where c.rows = 0 and c.files_before = 3 and c.least_before >= 10
    and (c.is_past or d.kind <> 'log');

comment on view ingest.empty_period is
    'Files that have a header and no rows although each of the three before them had at least ten.';
comment on column ingest.empty_period.seller_id is 'The seller.';
comment on column ingest.empty_period.feed is 'The feed.';
comment on column ingest.empty_period.file_id is 'The empty file (ingest.file).';
comment on column ingest.empty_period.period is 'Days of delivery that it covers.';
comment on column ingest.empty_period.least_before is 'Fewest rows among the three files before.';

-- Shrunk: the newest version has fewer than half the rows of the one it replaced. For a log the
-- rows themselves stay and are listed in ingest.vanished.
create or replace view ingest.shrunk_file as
select f.seller_id, f.feed, f.file_id, ingest.key_period(f.key) as period,
    case l.outcome when 'replaced' then l.rows_removed else l.rows_standing + l.rows_vanished end
        as rows_before,
    l.rows_read as rows_after, l.finished_at
from ingest.file f
cross join lateral (
    select * from ingest.load
    where file_id = f.file_id and outcome in ('replaced', 'rewritten')
    order by load_id desc limit 1
) as l
left join ingest.expectation_setting s using (seller_id, feed)
where not coalesce(s.is_muted, false)
    and case l.outcome
        when 'replaced' then l.rows_removed >= 10 and l.rows_read * 2 < l.rows_removed
        when 'rewritten' then l.rows_vanished >= 10 and l.rows_read < l.rows_vanished
            and exists (select from ingest.vanished v
                        where v.file_id = f.file_id and v.decision is null)
    end;

comment on view ingest.shrunk_file is
    'Files whose newest version has fewer than half the rows of the one before.';
comment on column ingest.shrunk_file.seller_id is 'The seller.';
comment on column ingest.shrunk_file.feed is 'The feed.';
comment on column ingest.shrunk_file.file_id is 'The file (ingest.file).';
comment on column ingest.shrunk_file.period is 'Days of delivery that it covers.';
comment on column ingest.shrunk_file.rows_before is 'Rows of the version before.';
comment on column ingest.shrunk_file.rows_after is 'Rows of the newest version.';
comment on column ingest.shrunk_file.finished_at is 'When the newest version was loaded.';

-- Lacking: rows without a value that AWS's guide calls never empty. They are in their table all the
-- same. Counted where they lie, by an index that has no other rows, so that it is true at any time.
create or replace function ingest.empty_values()
    returns table (seller_id integer, feed text, column_name text, version_id bigint, rows bigint)
    language plpgsql stable
    set search_path = pg_catalog, pg_temp
as $$
declare
    expected record;
begin
    for expected in
        select d.feed, d.table_schema, d.table_name, c.name
        from ingest.feed d
        cross join lateral unnest(d.never_empty) as c (name)
        join pg_attribute a
            on a.attrelid = to_regclass(format('%I.%I', d.table_schema, d.table_name))
            and a.attname = c.name and not a.attisdropped
    loop
        return query execute format(
            'select seller_id, %L::text, %L::text, version_id, count(*)
             from %I.%I where %I is null group by seller_id, version_id',
            expected.feed, expected.name, expected.table_schema, expected.table_name,
            expected.name);
    end loop;
end
$$;

comment on function ingest.empty_values() is
    'Rows of the feeds'' tables that lack a value which AWS''s guide calls never empty (ingest.feed.never_empty), counted by version and column.';

create or replace view ingest.lacking_value as
select e.seller_id, e.feed, e.column_name, sum(e.rows)::bigint as rows,
    count(distinct f.file_id) as files,
    (array_agg(f.file_id order by e.version_id desc))[1] as file_id,
    case when count(*) = count(p.period)
        then daterange(min(lower(p.period)), max(upper(p.period))) end as period,
    min(v.first_read_at) as since
from ingest.empty_values() e
join ingest.version v using (version_id)
join ingest.file f using (file_id)
cross join lateral (select ingest.key_period(f.key)) as p (period)
left join ingest.expectation_setting s on s.seller_id = e.seller_id and s.feed = e.feed
where not coalesce(s.is_muted, false) and not exists (
    select from ingest.waiver w
    where w.seller_id = e.seller_id and w.feed = e.feed and w.period @> p.period)
group by e.seller_id, e.feed, e.column_name;

comment on view ingest.lacking_value is
    'Columns that AWS''s guide calls never empty and that are empty in some rows, which are loaded like others. Files of waived days are left out.';
comment on column ingest.lacking_value.seller_id is 'The seller.';
comment on column ingest.lacking_value.feed is 'The feed.';
comment on column ingest.lacking_value.column_name is 'The column.';
comment on column ingest.lacking_value.rows is 'How many rows of the table lack it.';
comment on column ingest.lacking_value.files is 'How many files they are of.';
comment on column ingest.lacking_value.file_id is 'The one of these that was read last (ingest.file).';
comment on column ingest.lacking_value.period is 'Days of delivery that the files cover; null where a key carries no date.';
comment on column ingest.lacking_value.since is 'When the first such row was read.';

create or replace view ingest.finding as
with found as (
    select seller_id, feed, 'late' as kind, null::daterange as period,
        'nothing has come since ' || to_char(last_sign_at at time zone 'UTC', 'YYYY-MM-DD HH24:MI')
            || ' UTC' || coalesce('; its last day is ' || last_day, '')
            || '. Look at the bucket and at the feed''s subscription' as what,
        last_sign_at + quiet_after as since
    from ingest.late_feed
    union all
    select seller_id, feed, 'missing', period,
        'there is no file for ' || case
            when upper(period) - lower(period) = 1 then lower(period)::text
            else lower(period) || ' to ' || upper(period) - 1 end
            || '. Ask AWS for it, or look whether it is in the bucket',
        null
    from ingest.missing_period
    union all
    select p.seller_id, p.feed, 'empty', p.period,
        f.bucket || '/' || f.key || ' has no rows; the three before it had ' || p.least_before
            || ' or more. Compare with the seller''s console',
        null
    from ingest.empty_period p
    join ingest.file f using (file_id)
    union all
    select s.seller_id, s.feed, 'shrunk', s.period,
        f.bucket || '/' || f.key || ' fell from ' || s.rows_before || ' rows to ' || s.rows_after
            || '. Compare with the seller''s console',
        s.finished_at
    from ingest.shrunk_file s
    join ingest.file f using (file_id)
    union all
    select f.seller_id, f.feed, 'doubled', ingest.key_period(f.key),
        f.bucket || '/' || f.key || ' has two titles for ' || d.columns
            || '. The first is the column, the other is in extra; find out which is right',
        d.since
    from (
        select file_id, min(noticed_at) as since,
            string_agg(column_name || ', and the second, "' || title || '", has another value in '
                || rows || case when rows = 1 then ' row' else ' rows' end || ', first in version_id '
                || version_id || ', line ' || line, '; for ' order by column_name, title) as columns
        from ingest.doubled_column
        group by file_id
    ) d
    join ingest.file f using (file_id)
    union all
    select l.seller_id, l.feed, 'lacking', l.period,
        l.rows || case l.rows when 1 then ' row lacks ' else ' rows lack ' end || l.column_name
            || ', which AWS''s guide calls never empty, in ' || l.files
            || case l.files when 1 then ' file, ' else ' files, last in ' end
            || f.bucket || '/' || f.key
            || '. They are loaded and count. Ask AWS, or let it be with sluice expect',
        l.since
    from ingest.lacking_value l
    join ingest.file f using (file_id)
    union all
    select p.seller_id, p.feed, 'copy', p.period,
        f.bucket || '/' || f.key || ' is not counted, because ' || c.bucket || '/' || c.key
            || ' is the same delivery and ' || p.why
            || '. If it is a backup, exclude its folder: sluice seller add NAME --exclude PLACE; '
            || 'if it is the right one, exclude the other''s, then: sluice reload',
        null
    from ingest.copy p
    join ingest.file f using (file_id)
    join ingest.file c on c.file_id = p.counts_file_id
    union all
    select seller_id, feed, unreadable, ingest.key_period(key), failure, failed_at
    from ingest.file
    where unreadable is not null and stands_aside_for is null
    union all
    select seller_id, 'sdds.billing_event', 'unexplained',
        case when month is not null then daterange(month, (month + interval '1 month')::date) end,
        comparison || ': ' || left_amount || ' and ' || right_amount || coalesce(' ' || currency, '')
            || coalesce(' in ' || to_char(month, 'YYYY-MM'), '') || ' differ by ' || unexplained
            || ' that no cause explains. Do not close the month on these figures; see: sluice report'
            || ' reconciliation, and tell the makers of Sluice',
        checked_at
    from ingest.unexplained_difference
)
select s.name as seller, d.feed, d.kind, d.period, d.what, d.since
from found d
join ingest.seller s using (seller_id)
where not exists (
    select from ingest.waiver w
    where w.seller_id = d.seller_id and w.feed = d.feed and w.period @> d.period);

comment on view ingest.finding is
    'What did not arrive as it should: late feeds, missing days and months, files that are empty or shrunk, values that should never be empty, columns with two titles that differ, files that another one is a copy of, files that S3 has archived or that are gone before they were loaded, figures of money that disagree. Worked out from the ledger as it stands; a finding ends when its cause does, or with sluice expect.';
comment on column ingest.finding.seller is 'Name of the seller.';
comment on column ingest.finding.feed is 'The feed.';
comment on column ingest.finding.kind is 'late, missing, empty, shrunk, lacking, doubled, copy, archived, gone or unexplained.';
comment on column ingest.finding.period is 'Days of delivery that it is about; null for late, and where the files carry no date.';
comment on column ingest.finding.what is 'What is wrong and what to do, in words.';
comment on column ingest.finding.since is 'Since when, where that is known.';
