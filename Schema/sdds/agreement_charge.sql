-- One row per version of a planned instalment of an agreement.

create table if not exists sdds.agreement_charge (
    seller_id     integer     not null,
    version_id    bigint      not null,
    line          bigint      not null,
    agreement_id  text        not null,
    term_id       text        not null,
    amount        numeric,
    currency_code text,
    charge_time   timestamptz not null,
    valid_from    timestamptz not null,
    insert_date   timestamptz,
    update_date   timestamptz not null,
    delete_date   timestamptz,
    extra         jsonb,
    constraint agreement_charge_pkey primary key (seller_id, version_id, line)
);

comment on table sdds.agreement_charge is
    'One row is one version of an instalment that an agreement''s payment schedule plans, as '
    'delivered by the seller data feed AgreementChargeFeed_V1. A plan, not an invoice: what was '
    'charged is in sdds.billing_event. The business key is taken to be (agreement_id, term_id, '
    'charge_time), for AWS names none: two instalments of one term on one day would share it, so '
    'look at the amount too. The newest update_date per key and valid_from replaces older rows. '
    'Loaded by append: rows that a later file lacks stay.';

comment on column sdds.agreement_charge.seller_id is
    'Seller whose bucket held the file (ingest.seller).';
comment on column sdds.agreement_charge.version_id is
    'Version of the file from which the row was first read; leads to bucket, key and ETag.';
comment on column sdds.agreement_charge.line is
    'Number of the record in that version; 1 is the first after the header.';
comment on column sdds.agreement_charge.agreement_id is
    'Agreement that plans the charge (sdds.agreement).';
comment on column sdds.agreement_charge.term_id is
    'Payment schedule term of the agreement (sdds.agreement_term).';
comment on column sdds.agreement_charge.amount is
    'Amount planned, in currency_code.';
comment on column sdds.agreement_charge.currency_code is
    'Currency code of amount.';
comment on column sdds.agreement_charge.charge_time is
    'Instant (UTC) for which the charge is planned; named time in the file.';
comment on column sdds.agreement_charge.valid_from is
    'Instant (UTC) from which this version holds. A later instant is a real change and leaves '
    'earlier versions true.';
comment on column sdds.agreement_charge.insert_date is
    'Instant (UTC) at which the row first appeared in the feed. Breaks ties of update_date.';
comment on column sdds.agreement_charge.update_date is
    'Instant (UTC) at which this row was written. The newest one replaces the others of the same '
    'key and valid_from.';
comment on column sdds.agreement_charge.delete_date is
    'Instant (UTC) of a soft delete; null while the row stands. Rows that have it no longer '
    'count.';
comment on column sdds.agreement_charge.extra is
    'Columns of the file that this table does not have, as a JSON object of header to text; null '
    'when there are none.';

insert into ingest.feed (
    feed, table_schema, table_name, kind, title, key_pattern, business_key, totals, cadence
)
values (
    'sdds.agreement_charge', 'sdds', 'agreement_charge', 'log',
    'Agreement charges',
    '(?i)^(.+/)?AgreementChargeFeed_V1/year=[0-9]{4}/month=[0-9]{2}/data[.]csv([.]gz)?$',
    array['agreement_id', 'term_id', 'charge_time', 'valid_from', 'update_date'],
    array['amount/currency_code'],
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

insert into ingest.alias (feed, header, column_name)
values
    ('sdds.agreement_charge', 'time', 'charge_time')
on conflict (feed, header) do update set column_name = excluded.column_name;
