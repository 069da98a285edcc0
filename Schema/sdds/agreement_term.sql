-- One row per version of a term that the buyer accepted with an agreement.

create table if not exists sdds.agreement_term (
    seller_id          integer     not null,
    version_id         bigint      not null,
    line               bigint      not null,
    agreement_id       text        not null,
    term_id            text        not null,
    term_type          text,
    term_configuration jsonb,
    valid_from         timestamptz not null,
    insert_date        timestamptz,
    update_date        timestamptz not null,
    delete_date        timestamptz,
    extra              jsonb,
    constraint agreement_term_pkey primary key (seller_id, version_id, line)
);

comment on table sdds.agreement_term is
    'One row is one version of an accepted term of an agreement, as delivered by the seller data '
    'feed AgreementTermFeed_V1. The business key is (agreement_id, term_id); join sdds.agreement '
    'on agreement_id and valid_from, for terms belong to a revision of it. The newest '
    'update_date per key and valid_from replaces older rows; here AWS does say that delete_date '
    'can be set. Loaded by append: rows that a later file lacks stay.';

comment on column sdds.agreement_term.seller_id is
    'Seller whose bucket held the file (ingest.seller).';
comment on column sdds.agreement_term.version_id is
    'Version of the file from which the row was first read; leads to bucket, key and ETag.';
comment on column sdds.agreement_term.line is
    'Number of the record in that version; 1 is the first after the header.';
comment on column sdds.agreement_term.agreement_id is
    'Agreement that the term belongs to (sdds.agreement).';
comment on column sdds.agreement_term.term_id is
    'Term as accepted, term- and 64 hexadecimal digits.';
comment on column sdds.agreement_term.term_type is
    'Kind of term as the agreement API names it, such as UsageBasedPricingTerm, '
    'PaymentScheduleTerm or RenewalTerm. New values are possible.';
comment on column sdds.agreement_term.term_configuration is
    'What the buyer chose, a JSON object: duration, dimensions and quantities of a configurable '
    'term, enableAutoRenew of a renewal term; null where nothing can be chosen.';
comment on column sdds.agreement_term.valid_from is
    'Instant (UTC) from which this version holds. A later instant is a real change and leaves '
    'earlier versions true.';
comment on column sdds.agreement_term.insert_date is
    'Instant (UTC) at which the row first appeared in the feed. Breaks ties of update_date.';
comment on column sdds.agreement_term.update_date is
    'Instant (UTC) at which this row was written. The newest one replaces the others of the same '
    'key and valid_from.';
comment on column sdds.agreement_term.delete_date is
    'Instant (UTC) of a soft delete; null while the row stands. Rows that have it no longer '
    'count.';
comment on column sdds.agreement_term.extra is
    'Columns of the file that this table does not have, as a JSON object of header to text; null '
    'when there are none.';

insert into ingest.feed (
    feed, table_schema, table_name, kind, title, key_pattern, business_key, totals, cadence
)
values (
    'sdds.agreement_term', 'sdds', 'agreement_term', 'log',
    'Agreement terms',
    '(?i)^(.+/)?AgreementTermFeed_V1/year=[0-9]{4}/month=[0-9]{2}/data[.]csv([.]gz)?$',
    array['agreement_id', 'term_id', 'valid_from', 'update_date'],
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
