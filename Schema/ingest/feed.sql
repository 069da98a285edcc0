-- after: schema
-- What kinds of file exist. Each feed's own file in Schema/ writes its row here.

create table if not exists ingest.feed (
    feed          text    primary key,
    table_schema  text    not null,
    table_name    text    not null,
    kind          text    not null,
    title         text    not null,
    key_pattern   text    not null,
    business_key  text[]  not null default '{}',
    totals        text[]  not null default '{}',
    constraint feed_names_its_table check (feed = table_schema || '.' || table_name)
);

comment on table ingest.feed is
    'A named kind of file and the table that it fills. The table''s own columns say how each field is read; nothing else lists them.';
comment on column ingest.feed.feed is 'Name of the feed: schema and table, such as sdds.billing_event.';
comment on column ingest.feed.table_schema is 'Schema of the table that the feed fills.';
comment on column ingest.feed.table_name is 'Table that the feed fills.';
comment on column ingest.feed.kind is 'log: a file only grows, and a row that is missing from a newer version stays. snapshot: a newer version replaces the rows of the older one. change_log: a file holds operations (create, update, delete) and the table keeps what they come to.';
comment on column ingest.feed.title is 'What AWS calls the feed or data set.';
comment on column ingest.feed.key_pattern is 'Regular expression that an object key of this feed matches, and a key of no other feed.';
comment on column ingest.feed.business_key is 'Columns that together identify one version of one fact. Not unique in the table: a fact can be delivered twice.';
comment on column ingest.feed.totals is 'Control totals to keep for every load, each "amount column/currency column"; nothing after the slash where the feed has no currency column.';

alter table ingest.feed
    add column if not exists cadence text not null default 'daily',
    add column if not exists is_fallback boolean not null default false,
    add column if not exists never_empty text[] not null default '{}',
    drop constraint if exists kind_is_known,
    drop constraint if exists cadence_is_known;
alter table ingest.feed
    add constraint kind_is_known check (kind in ('log', 'snapshot', 'change_log')),
    add constraint cadence_is_known check
        (cadence in ('daily', 'monthly', 'disbursement', 'on_request', 'ended'));

comment on column ingest.feed.cadence is 'When AWS makes the next file. daily: every day. monthly: on the 15th. disbursement: with each payout, about every 30 days. on_request: whenever somebody asks. ended: never again.';
comment on column ingest.feed.is_fallback is 'Whether the feed takes keys that no other feed''s pattern matches.';

comment on column ingest.feed.never_empty is 'Columns that AWS''s guide calls never empty and that a row can be resolved without. A row that lacks one is loaded, and is a finding (ingest.finding); an index of the table leads to such rows.';

create table if not exists ingest.alias (
    feed         text  not null references ingest.feed on delete cascade,
    header       text  not null,
    column_name  text  not null,
    primary key (feed, header)
);

comment on table ingest.alias is
    'Other titles that a column has in file headers, where the normalisation of the title does not lead to the column by itself.';
comment on column ingest.alias.feed is 'The feed whose header it is.';
comment on column ingest.alias.header is 'Title as normalised: lower case, apostrophes and a leading asterisk dropped, every other run of characters that are neither letters nor digits made one underscore.';
comment on column ingest.alias.column_name is 'Column of the feed''s table that the title means.';

-- An index holds values of some 2,700 bytes, and some have three columns or a text that is made of
-- four. AWS's ids have at most some sixty.
create or replace function ingest.bytes_max(column_name name) returns integer
    language sql immutable parallel safe
    return case
        when column_name ~ '(^|_)(id|guid)$' or column_name = 'mapping_type'
            then 255
    end;

comment on function ingest.bytes_max(name) is
    'Most bytes of a value of a text column of a feed''s table; null where it has no bound. What is looked up by has one, because a longer value fits into no index: its record is a reject.';

-- The days whose deliveries a file can hold, read off its key: a month for SDDS, a day for CAS.
-- The SDDS file of January 2010 holds all history up to 30 April 2020. A key is anybody's text, so
-- a date that the calendar does not have must be no date, and not an error.
create or replace function ingest.key_period(key text) returns daterange
    language sql immutable parallel safe
    return case
        when key ~ 'year=2010/month=01/' then
            daterange('2010-01-01', '2020-05-01')
        -- The text that was matched is the one that is read: a key may hold another that looks alike.
        when key ~ 'year=(?!0000)\d{4}/month=(0[1-9]|1[0-2])/' then (
            select daterange(date, (date + interval '1 month')::date)
            from regexp_match(key, 'year=((?!0000)\d{4})/month=(0[1-9]|1[0-2])/') as part,
                make_date(part[1]::integer, part[2]::integer, 1) as date)
        when key ~ '_(?!0000)\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])\.csv' then (
            select case when extract(day from date) = day then daterange(date, date + 1) end
            from (
                select part[3]::integer as day,
                    make_date(part[1]::integer, part[2]::integer, 1) + part[3]::integer - 1 as date
                from regexp_match(
                    key, '_((?!0000)\d{4})-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])\.csv') as part
            ) as named)
    end;

comment on function ingest.key_period(text) is
    'Days of delivery that the file with this object key covers; null where the key carries no date.';
