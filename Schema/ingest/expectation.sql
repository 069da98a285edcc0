-- after: feed, file, load
-- What should have come and has not: each feed's rhythm, and everything that breaks it.

create table if not exists ingest.expectation_setting (
    seller_id       integer   not null references ingest.seller,
    feed            text      not null references ingest.feed,
    is_muted        boolean   not null default false,
    quiet_after     interval,
    expected_since  date,
    note            text,
    primary key (seller_id, feed)
);

comment on table ingest.expectation_setting is
    'What an operator has decided about the arrival of a feed, where the feed''s own rhythm does not fit a seller. Set by: sluice expect.';
comment on column ingest.expectation_setting.seller_id is 'The seller.';
comment on column ingest.expectation_setting.feed is 'The feed.';
comment on column ingest.expectation_setting.is_muted is 'Whether nothing at all is expected of the feed.';
comment on column ingest.expectation_setting.quiet_after is 'How long nothing may arrive before the feed counts as late. Null: as the cadence of the feed has it.';
comment on column ingest.expectation_setting.expected_since is 'Days of delivery before this one are not missed. Null: since the first file.';
comment on column ingest.expectation_setting.note is 'Why, for whoever comes next.';

create table if not exists ingest.waiver (
    seller_id  integer      not null references ingest.seller,
    feed       text         not null references ingest.feed,
    period     daterange    not null,
    note       text         not null,
    waived_by  text         not null,
    waived_at  timestamptz  not null default now(),
    primary key (seller_id, feed, period)
);

comment on table ingest.waiver is
    'Days of a feed about which no finding is reported any more: somebody looked, and they are as they should be. Set by: sluice expect --waive.';
comment on column ingest.waiver.seller_id is 'The seller.';
comment on column ingest.waiver.feed is 'The feed.';
comment on column ingest.waiver.period is 'Days of delivery.';
comment on column ingest.waiver.note is 'Why, for whoever comes next.';
comment on column ingest.waiver.waived_by is 'Operating system user and host.';
comment on column ingest.waiver.waived_at is 'When.';

create table if not exists ingest.delivery_notice (
    seller_id     integer      not null references ingest.seller,
    execution_id  text         not null,
    feed          text,
    feed_type     text         not null,
    status        text         not null,
    received_at   timestamptz  not null default now(),
    primary key (seller_id, execution_id)
);

create index if not exists delivery_notice_feed_idx
    on ingest.delivery_notice (seller_id, feed, received_at);

comment on table ingest.delivery_notice is
    'What the seller data feed service said of each feed''s daily run: COMPLETED, SKIPPED when there was nothing new, FAILED. The proof that a quiet feed is alive.';
comment on column ingest.delivery_notice.seller_id is 'The seller whose queue delivered the notice.';
comment on column ingest.delivery_notice.execution_id is 'Id that AWS gave the run of this feed.';
comment on column ingest.delivery_notice.feed is 'The feed (ingest.feed); null where no feed has that name.';
comment on column ingest.delivery_notice.feed_type is 'Name of the feed as AWS wrote it.';
comment on column ingest.delivery_notice.status is 'COMPLETED, SKIPPED, FAILED, or a new word.';
comment on column ingest.delivery_notice.received_at is 'When the notice was first received.';

-- A feed is followed once a version of it was read soon after the days that it covers: years of
-- history that were backfilled once promise nothing for tomorrow.
create or replace view ingest.expectation as
with arrival as (
    select f.seller_id, f.feed,
        min(lower(p.period)) filter (where lower(p.period) > '2010-01-01') as first_day,
        max(upper(p.period)) - 1 as last_day,
        max(v.last_read_at) as last_read_at,
        bool_or(v.last_read_at < upper(p.period) + rhythm.quiet_after) as is_followed
    from ingest.file f
    join ingest.feed d using (feed)
    cross join lateral (select ingest.key_period(f.key)) as p (period)
    cross join lateral (
        select case d.cadence
            when 'daily' then interval '2 days'
            when 'monthly' then interval '35 days'
            else interval '40 days' end) as rhythm (quiet_after)
    cross join lateral (
        select max(first_read_at) from ingest.version where file_id = f.file_id
    ) as v (last_read_at)
    where p.period is not null
    group by f.seller_id, f.feed
), notice as (
    select seller_id, feed, max(received_at) as last_notice_at
    from ingest.delivery_notice
    where feed is not null
    group by seller_id, feed
)
select a.seller_id, a.feed, d.cadence, d.kind,
    case
        when d.cadence in ('on_request', 'ended') then null
        else coalesce(
            s.quiet_after,
            case d.cadence
                when 'daily' then interval '2 days'
                when 'monthly' then interval '35 days'
                else interval '40 days' end)
    end as quiet_after,
    greatest(s.expected_since, a.first_day) as first_day,
    a.last_day,
    a.last_read_at,
    n.last_notice_at,
    a.is_followed,
    coalesce(s.is_muted, false) as is_muted,
    s.note
from arrival a
join ingest.feed d using (feed)
left join notice n using (seller_id, feed)
left join ingest.expectation_setting s using (seller_id, feed);

comment on view ingest.expectation is
    'One row per seller and feed of which a file was ever seen: its rhythm, and when something last arrived.';
comment on column ingest.expectation.seller_id is 'The seller.';
comment on column ingest.expectation.feed is 'The feed.';
comment on column ingest.expectation.cadence is 'When AWS makes the next file (ingest.feed.cadence).';
comment on column ingest.expectation.kind is 'log, snapshot or change_log (ingest.feed.kind).';
comment on column ingest.expectation.quiet_after is 'How long nothing may arrive before the feed counts as late. Null: nothing is expected.';
comment on column ingest.expectation.first_day is 'First day of delivery from which on no day or month may be missing.';
comment on column ingest.expectation.last_day is 'Last day of delivery that a file covers.';
comment on column ingest.expectation.last_read_at is 'When a new version of any of its files was last read.';
comment on column ingest.expectation.last_notice_at is 'When AWS last sent a delivery notice for it, also one that says there was nothing new.';
comment on column ingest.expectation.is_followed is 'Whether files were read as they came; false where there is only history. Only a feed that is followed can be late.';
comment on column ingest.expectation.is_muted is 'Whether an operator expects nothing of it.';
comment on column ingest.expectation.note is 'The operator''s note.';
