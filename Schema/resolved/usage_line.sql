-- after: usage_context, describe
-- Current usage records as marketplace shows them: as narrow as they can be, because a report reads
-- millions of them, and each with the one usage context that stands beside it.

create table if not exists resolved.usage_line (
    version_id              bigint           not null,
    line                    bigint           not null,
    seller_id               integer          not null,
    usage_feed_id           text             not null,
    range_id                uuid             not null,
    context_id              uuid             not null,
    usage_date              date,
    update_date             timestamptz      not null,
    region                  text,
    dimension_key           text,
    charge_item_description text,
    catalog                 text,
    usage_quantity          numeric,
    usage_unit              text,
    rate                    numeric,
    estimated_revenue       numeric,
    currency                text,
    reported_date           timestamptz,
    reported_quantity       text,
    reported_rate           text,
    reported_revenue        double precision,
    -- By what comes in order, and not by usage_feed_id: keys without order touch a page each.
    constraint usage_line_pkey primary key (version_id, line)
);

-- A record without a day is reported too, and nothing is looked up for it.
alter table resolved.usage_line
    alter column usage_date drop not null,
    alter column reported_date drop not null;

create index if not exists usage_line_reported_date_idx
    on resolved.usage_line (reported_date, seller_id);
create index if not exists usage_line_context_id_idx
    on resolved.usage_line (seller_id, context_id, usage_date);

comment on table resolved.usage_line is
    'One row per current usage record. What is shown beside it is in resolved.usage_context, by range_id.';
comment on column resolved.usage_line.version_id is
    'With line: the row of the feed''s table, and so file and line (ingest.version, ingest.file).';
comment on column resolved.usage_line.line is 'Record of that version.';
comment on column resolved.usage_line.seller_id is 'The seller (ingest.seller).';
comment on column resolved.usage_line.usage_feed_id is 'Key of the record.';
comment on column resolved.usage_line.range_id is
    'What is shown beside the record (resolved.usage_context).';
comment on column resolved.usage_line.context_id is
    'What the record refers to (resolved.usage_context_id).';
comment on column resolved.usage_line.usage_date is 'Day of the usage (UTC).';
comment on column resolved.usage_line.update_date is
    'Instant (UTC) at which the record was written.';
comment on column resolved.usage_line.region is 'AWS Region.';
comment on column resolved.usage_line.dimension_key is
    'Dimension that was metered; may begin with a Region.';
comment on column resolved.usage_line.charge_item_description is 'Dimension in words.';
comment on column resolved.usage_line.catalog is 'Marketplace catalogue.';
comment on column resolved.usage_line.usage_quantity is 'How much.';
comment on column resolved.usage_line.usage_unit is 'What usage_quantity counts.';
comment on column resolved.usage_line.rate is 'Price of a unit.';
comment on column resolved.usage_line.estimated_revenue is
    'Rate times quantity before fees, taxes and refunds: an estimate, never billing.';
comment on column resolved.usage_line.currency is
    'Currency code of the price. Never sum over several.';
comment on column resolved.usage_line.reported_date is
    'usage_date as the usage report shows it: its first instant (UTC).';
comment on column resolved.usage_line.reported_quantity is
    'usage_quantity as the usage report shows it: as text.';
comment on column resolved.usage_line.reported_rate is
    'rate as the usage report shows it: as text.';
comment on column resolved.usage_line.reported_revenue is
    'estimated_revenue as the usage report shows it: as floating point. Null where that cannot hold it.';

-- A record always has its context: one that had none must fail a refresh and not get lost.
create or replace view resolved.contextual_usage as
select
    u.version_id,
    u.line,
    u.seller_id,
    u.usage_feed_id,
    c.range_id,
    u.context_id,
    u.usage_date,
    u.update_date,
    u.region,
    u.dimension_key,
    u.charge_item_description,
    u.catalog,
    u.usage_quantity,
    u.usage_unit,
    u.usage_rate_per_unit_in_pricing_currency as rate,
    u.estimated_revenue_in_pricing_currency as estimated_revenue,
    u.pricing_currency as currency,
    u.usage_date::timestamp at time zone 'UTC' as reported_date,
    u.usage_quantity::text as reported_quantity,
    u.usage_rate_per_unit_in_pricing_currency::text as reported_rate,
    -- A value beyond floating point must not hold up a refresh.
    case when u.estimated_revenue_in_pricing_currency = 0
            or abs(u.estimated_revenue_in_pricing_currency) between 1e-300 and 1e300
        then u.estimated_revenue_in_pricing_currency::double precision end as reported_revenue
from resolved.daily_usage u
left join resolved.usage_context c
    on c.seller_id = u.seller_id and c.context_id = u.context_id
    -- The first range begins before all time, when nothing held.
    and coalesce(u.usage_date, '-infinity') >= c.from_date
    and coalesce(u.usage_date, '-infinity') < c.until_date and c.alternative = 1
where u.delete_date is null;

comment on view resolved.contextual_usage is
    'What resolved.usage_line has to be: the usage records that are not deleted, each with its context as of its day.';

select resolved.describe_like('resolved.contextual_usage',
    array['resolved.usage_line'::regclass]);

create or replace function resolved.touch_usage() returns void
    language plpgsql
as $$
begin
    insert into pg_temp.resolved_touched_usage
    select u.seller_id, u.usage_feed_id, u.version_id, u.line
    from (
        select seller_id, usage_feed_id, valid_from from pg_temp.resolved_arrived
        union
        select seller_id, usage_feed_id, valid_from from pg_temp.resolved_lost
    ) as c
    join resolved.daily_usage u
        on u.seller_id = c.seller_id and u.usage_feed_id = c.usage_feed_id
        and u.valid_from = c.valid_from;
end
$$;

comment on function resolved.touch_usage() is
    'Notes the usage records that are being brought in.';

-- A range is named by its first day: where that is another than before, the records of its days move
-- to another context. Those of the other ranges stay as they are, whatever is shown beside them now.
create or replace function resolved.touch_moved_usage() returns void
    language plpgsql
as $$
begin
    insert into pg_temp.resolved_touched_usage
    select distinct l.seller_id, l.usage_feed_id, l.version_id, l.line
    from pg_temp.resolved_context_was w
    join resolved.usage_context c
        on c.seller_id = w.seller_id and c.context_id = w.context_id
        and c.range_id <> w.range_id and c.alternative = 1
        and c.from_date < w.until_date and w.from_date < c.until_date
    join resolved.usage_line l
        on l.seller_id = w.seller_id and l.context_id = w.context_id
        and l.usage_date >= greatest(c.from_date, w.from_date)
        and l.usage_date < least(c.until_date, w.until_date)
    union
    select l.seller_id, l.usage_feed_id, l.version_id, l.line
    from pg_temp.resolved_context_was w
    join resolved.usage_context c
        on c.seller_id = w.seller_id and c.context_id = w.context_id
        and c.range_id <> w.range_id and c.alternative = 1
        and c.from_date = '-infinity' and w.from_date = '-infinity'
    join resolved.usage_line l
        on l.seller_id = w.seller_id and l.context_id = w.context_id and l.usage_date is null;
end
$$;

comment on function resolved.touch_moved_usage() is
    'Notes the usage records that have another context since these were looked up again.';

-- Only what differs is written, so that a full refresh does not write years of records anew.
create or replace function resolved.refresh_usage_lines(is_full boolean) returns bigint
    language plpgsql
as $$
declare
    changed bigint;
    removed bigint;
begin
    if is_full then
        insert into pg_temp.resolved_touched_usage
        select seller_id, usage_feed_id, version_id, line from resolved.usage_line
        union
        select seller_id, usage_feed_id, version_id, line from resolved.daily_usage;
    end if;
    drop table if exists pg_temp.resolved_usage_once, pg_temp.resolved_usage_line;
    create temporary table resolved_usage_once on commit drop as
        select distinct * from pg_temp.resolved_touched_usage;
    analyze pg_temp.resolved_usage_once;
    create temporary table resolved_usage_line on commit drop as
        select u.*
        from pg_temp.resolved_usage_once t
        join resolved.contextual_usage u
            on u.seller_id = t.seller_id and u.usage_feed_id = t.usage_feed_id
            and u.version_id = t.version_id and u.line = t.line;
    analyze pg_temp.resolved_usage_line;
    delete from resolved.usage_line l using pg_temp.resolved_usage_once t
    where l.version_id = t.version_id and l.line = t.line
        and not exists (
            select from pg_temp.resolved_usage_line u
            where u.version_id = l.version_id and u.line = l.line
                and row(u.*) is not distinct from row(l.*));
    get diagnostics removed = row_count;
    insert into resolved.usage_line
    select u.*
    from pg_temp.resolved_usage_line u
    where not exists (
        select from resolved.usage_line l
        where l.version_id = u.version_id and l.line = u.line)
    -- In the order of delivery the records of one month lie side by side.
    order by u.version_id, u.line;
    get diagnostics changed = row_count;
    perform resolved.keep_statistics('resolved.usage_line', changed);
    return greatest(changed, removed);
end
$$;

comment on function resolved.refresh_usage_lines(boolean) is
    'Brings resolved.usage_line up to date for the usage records that were touched; returns how many rows changed.';
