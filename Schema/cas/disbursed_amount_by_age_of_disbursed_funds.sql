-- What customers had paid since the disbursement before, by age.
-- A data set of the Commerce Analytics Service.

create table if not exists cas.disbursed_amount_by_age_of_disbursed_funds (
    seller_id         integer not null,
    version_id        bigint  not null,
    line              bigint  not null,
    collected_lt_31   numeric,
    collected_31_60   numeric,
    collected_61_90   numeric,
    collected_91_120  numeric,
    collected_gt_120  numeric,
    collected_overall numeric,
    extra             jsonb,
    constraint disbursed_amount_by_age_of_disbursed_funds_pkey
        primary key (seller_id, version_id, line)
);

comment on table cas.disbursed_amount_by_age_of_disbursed_funds is
    'One row is the money that was collected since the disbursement before, by how long it had '
    'been pending, from the CAS data set disbursed_amount_by_age_of_disbursed_funds. Usually a '
    'single row. Rows have no key: two equal rows are two facts. A file asked for again replaces '
    'its earlier rows as a whole; files of different dates within 31 days can be the same '
    'disbursement (compare the coverage in the metadata file). There is no currency column: do '
    'not sum over sellers or disbursements of different currency. Any column may be missing from '
    'a file.';

comment on column cas.disbursed_amount_by_age_of_disbursed_funds.seller_id is
    'Seller whose bucket held the file (ingest.seller).';
comment on column cas.disbursed_amount_by_age_of_disbursed_funds.version_id is
    'Version of the file from which the row was first read; leads to bucket, key and ETag.';
comment on column cas.disbursed_amount_by_age_of_disbursed_funds.line is
    'Number of the record in that version; 1 is the first after the header.';
comment on column cas.disbursed_amount_by_age_of_disbursed_funds.collected_lt_31 is
    'Collected after pending for fewer than 31 days; currency not stated.';
comment on column cas.disbursed_amount_by_age_of_disbursed_funds.collected_31_60 is
    'Collected after pending for 31 to 60 days; currency not stated.';
comment on column cas.disbursed_amount_by_age_of_disbursed_funds.collected_61_90 is
    'Collected after pending for 61 to 90 days; currency not stated.';
comment on column cas.disbursed_amount_by_age_of_disbursed_funds.collected_91_120 is
    'Collected after pending for 91 to 120 days; currency not stated.';
comment on column cas.disbursed_amount_by_age_of_disbursed_funds.collected_gt_120 is
    'Collected after pending for more than 120 days; currency not stated.';
comment on column cas.disbursed_amount_by_age_of_disbursed_funds.collected_overall is
    'Collected after pending for any number of days: the sum of the other columns; currency not '
    'stated.';
comment on column cas.disbursed_amount_by_age_of_disbursed_funds.extra is
    'Columns of the file that this table does not have, as a JSON object of header to text; null '
    'when there are none.';

insert into ingest.feed (
    feed, table_schema, table_name, kind, title, key_pattern, business_key, totals, cadence
)
values (
    'cas.disbursed_amount_by_age_of_disbursed_funds',
    'cas', 'disbursed_amount_by_age_of_disbursed_funds', 'snapshot',
    'CAS: age of disbursed funds',
    '^(.+/)?disbursed_amount_by_age_of_disbursed_funds'
    '_[0-9]{4}-[0-9]{2}-[0-9]{2}[.]csv([.]gz)?$',
    '{}',
    array['collected_overall/'],
    'disbursement'
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

insert into ingest.alias (feed, header, column_name)
values
    (
        'cas.disbursed_amount_by_age_of_disbursed_funds',
        'collected_31_days_pending', 'collected_lt_31'
    ),
    (
        'cas.disbursed_amount_by_age_of_disbursed_funds',
        'collected_31_60_days_pending', 'collected_31_60'
    ),
    (
        'cas.disbursed_amount_by_age_of_disbursed_funds',
        'collected_61_90_days_pending', 'collected_61_90'
    ),
    (
        'cas.disbursed_amount_by_age_of_disbursed_funds',
        'collected_91_120_days_pending', 'collected_91_120'
    ),
    (
        'cas.disbursed_amount_by_age_of_disbursed_funds',
        'collected_120_days_pending', 'collected_gt_120'
    )
on conflict (feed, header) do update set column_name = excluded.column_name;
