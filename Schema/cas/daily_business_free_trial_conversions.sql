-- Free trials of a day by product: begun, running, converted, lost.
-- A data set of the Commerce Analytics Service.

create table if not exists cas.daily_business_free_trial_conversions (
    seller_id                 integer not null,
    version_id                bigint  not null,
    line                      bigint  not null,
    product_title             text,
    product_code              text,
    new_free_trials           bigint,
    total_current_free_trials bigint,
    converted_free_trials     bigint,
    non_converted_free_trials bigint,
    solution_title            text,
    solution_id               text,
    extra                     jsonb,
    constraint daily_business_free_trial_conversions_pkey
        primary key (seller_id, version_id, line)
);

comment on table cas.daily_business_free_trial_conversions is
    'One row is the free trials of one product over a day, from the CAS data set '
    'daily_business_free_trial_conversions. The file of day D covers the 24 hours before it. '
    'Rows have no key: two equal rows are two facts. A file asked for again replaces its earlier '
    'rows as a whole. Add the counts of new and ended trials over days; never add '
    'total_current_free_trials, which is a level. Any column may be missing from a file.';

comment on column cas.daily_business_free_trial_conversions.seller_id is
    'Seller whose bucket held the file (ingest.seller).';
comment on column cas.daily_business_free_trial_conversions.version_id is
    'Version of the file from which the row was first read; leads to bucket, key and ETag.';
comment on column cas.daily_business_free_trial_conversions.line is
    'Number of the record in that version; 1 is the first after the header.';
comment on column cas.daily_business_free_trial_conversions.product_title is
    'Title of the product.';
comment on column cas.daily_business_free_trial_conversions.product_code is
    'Product code (sdds.product.product_code).';
comment on column cas.daily_business_free_trial_conversions.new_free_trials is
    'Trials that began in the day.';
comment on column cas.daily_business_free_trial_conversions.total_current_free_trials is
    'Trials that were running; a level, not an addition.';
comment on column cas.daily_business_free_trial_conversions.converted_free_trials is
    'Trials that went on as paid use in the day.';
comment on column cas.daily_business_free_trial_conversions.non_converted_free_trials is
    'Trials that ended in the day without paid use.';
comment on column cas.daily_business_free_trial_conversions.solution_title is
    'Name of the solution that the product was sold in, if any.';
comment on column cas.daily_business_free_trial_conversions.solution_id is
    'Id of that solution.';
comment on column cas.daily_business_free_trial_conversions.extra is
    'Columns of the file that this table does not have, as a JSON object of header to text; null '
    'when there are none.';

insert into ingest.feed (
    feed, table_schema, table_name, kind, title, key_pattern, business_key, totals, cadence
)
values (
    'cas.daily_business_free_trial_conversions',
    'cas', 'daily_business_free_trial_conversions', 'snapshot',
    'CAS: daily free trial conversions',
    '^(.+/)?daily_business_free_trial_conversions_[0-9]{4}-[0-9]{2}-[0-9]{2}[.]csv([.]gz)?$',
    '{}',
    '{}',
    'daily'
)
on conflict (feed) do update set
    table_schema = excluded.table_schema,
    table_name   = excluded.table_name,
    kind         = excluded.kind,
    title        = excluded.title,
    key_pattern  = excluded.key_pattern,
    business_key = excluded.business_key,
    totals       = excluded.totals,
    cadence      = excluded.cadence;
