-- after: feed
-- How many rejects a load may have before it is given up.

create table if not exists ingest.reject_budget (
    feed       text         primary key references ingest.feed on delete cascade,
    rows_max   bigint,
    share_max  numeric,
    set_at     timestamptz  not null default now(),
    set_by     text         not null,
    constraint rows_are_a_number check (rows_max >= 0),
    constraint share_is_a_part_of_one check (share_max between 0 and 1),
    constraint budget_has_a_limit check (rows_max is not null or share_max is not null)
);

comment on table ingest.reject_budget is
    'The error budget of a feed: a load that would reject more than it allows is given up and leaves nothing behind. A feed without a row here has no budget. Set by: sluice rejects budget.';
comment on column ingest.reject_budget.feed is 'The feed.';
comment on column ingest.reject_budget.rows_max is 'Most rejects that one load may have. Null: any number.';
comment on column ingest.reject_budget.share_max is 'Largest part of the records of one load that may be rejects, from 0 to 1. Null: any part.';
comment on column ingest.reject_budget.set_at is 'When it was set.';
comment on column ingest.reject_budget.set_by is 'Who set it: operating system user and host.';
