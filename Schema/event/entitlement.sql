-- after: schema
-- What customers may use, as GetEntitlements answered, with the time that each answer held.

-- Every answer, so that an older one never undoes a newer one, also of another scope.
create table if not exists event.entitlement_fetch (
    seller_id                integer      not null references ingest.seller,
    fetch_id                 bigint       generated always as identity,
    product_code             text         not null,
    customer_identifier      text,
    customer_aws_account_id  text,
    license_id               text,
    asked_at                 timestamptz  not null,
    answered_at              timestamptz  not null default clock_timestamp(),
    cause                    text         not null,
    event_key                text,
    held                     bigint       not null,
    added                    bigint       not null default 0,
    changed                  bigint       not null default 0,
    closed                   bigint       not null default 0,
    primary key (seller_id, fetch_id),
    constraint cause_is_known check (cause in ('notice', 'deprovisioned', 'sync'))
);

create index if not exists entitlement_fetch_asked_idx
    on event.entitlement_fetch (seller_id, product_code, asked_at);

comment on table event.entitlement_fetch is
    'One answer of GetEntitlements, with what it changed in event.entitlement. Of one question it covers the whole: what it did not name was not held any more.';
comment on column event.entitlement_fetch.seller_id is 'The seller that was asked for (ingest.seller).';
comment on column event.entitlement_fetch.fetch_id is 'Key of the answer.';
comment on column event.entitlement_fetch.product_code is 'Product that was asked about.';
comment on column event.entitlement_fetch.customer_identifier is 'Customer that was asked about; null where none was named.';
comment on column event.entitlement_fetch.customer_aws_account_id is 'AWS account that was asked about; null where none was named.';
comment on column event.entitlement_fetch.license_id is 'Licence that was asked about, l- and what follows; null where none was named. With no customer, account or licence the answer is all of the product.';
comment on column event.entitlement_fetch.asked_at is 'When it was asked. Of two answers that cover an entitlement the later asked one counts.';
comment on column event.entitlement_fetch.answered_at is 'When the whole answer was there.';
comment on column event.entitlement_fetch.cause is 'notice: an event asked for it. deprovisioned: the event License Deprovisioned itself, which older releases took for an answer. sync: sluice entitlements sync, or the worker''s own.';
comment on column event.entitlement_fetch.event_key is 'The event in event.subscription or event.license that led to it; null for a sync.';
comment on column event.entitlement_fetch.held is 'Entitlements in the answer.';
comment on column event.entitlement_fetch.added is 'Entitlements that were not held before.';
comment on column event.entitlement_fetch.changed is 'Entitlements of which value or expiration were others.';
comment on column event.entitlement_fetch.closed is 'Entitlements that are held no more.';

create table if not exists event.entitlement (
    seller_id                integer           not null references ingest.seller,
    entitlement_id           bigint            generated always as identity,
    product_code             text              not null,
    customer_identifier      text,
    customer_aws_account_id  text,
    license_arn              text,
    license_id               text              generated always as (event.license_id(license_arn)) stored,
    dimension                text,
    integer_value            bigint,
    double_value             double precision,
    boolean_value            boolean,
    string_value             text,
    expiration_date          timestamptz,
    valid_from               timestamptz       not null,
    valid_to                 timestamptz       not null default 'infinity',
    fetched_at               timestamptz       not null,
    fetch_id                 bigint            not null,
    closed_by                bigint,
    event_key                text,
    primary key (seller_id, entitlement_id),
    foreign key (seller_id, fetch_id) references event.entitlement_fetch,
    foreign key (seller_id, closed_by) references event.entitlement_fetch,
    constraint held_for_some_time check (valid_from < valid_to),
    constraint has_at_most_one_value check
        (num_nonnulls(integer_value, double_value, boolean_value, string_value) <= 1)
);

create index if not exists entitlement_customer_idx
    on event.entitlement (seller_id, product_code, customer_identifier, valid_to);
create unique index if not exists entitlement_held_once_idx on event.entitlement (
        seller_id, product_code, customer_identifier, customer_aws_account_id, license_arn,
        dimension, integer_value, double_value, boolean_value, md5(string_value), expiration_date)
    nulls not distinct where valid_to = 'infinity';

comment on table event.entitlement is
    'What a customer was entitled to, from valid_from to just before valid_to, as GetEntitlements answered. Key of an entitlement: product_code, customer, license_arn, dimension; another value or expiration is another row. "What did they hold on day X" is select * from event.entitlement_on(X).';
comment on column event.entitlement.seller_id is 'The seller that was asked for (ingest.seller).';
comment on column event.entitlement.entitlement_id is 'Key of the row.';
comment on column event.entitlement.product_code is 'Code of the product. Join sdds.product.product_code.';
comment on column event.entitlement.customer_identifier is 'Opaque customer identifier of metering and entitlements. Join sdds.account.encrypted_account_id.';
comment on column event.entitlement.customer_aws_account_id is 'AWS account number of the customer, with leading zeros. Join sdds.account.aws_account_id.';
comment on column event.entitlement.license_arn is 'ARN of the licence that grants it; one customer may have several for one product.';
comment on column event.entitlement.license_id is 'The part of the ARN by which licences compare, l- and what follows. Join event.license.license_id.';
comment on column event.entitlement.dimension is 'What it is a right to, such as seats, by its name in the listing.';
comment on column event.entitlement.integer_value is 'How much, where the dimension counts whole units. At most one of the four values is there.';
comment on column event.entitlement.double_value is 'How much, where the dimension is measured.';
comment on column event.entitlement.boolean_value is 'Whether, where the dimension is a feature.';
comment on column event.entitlement.string_value is 'Which, where the dimension is a choice.';
comment on column event.entitlement.expiration_date is 'Instant (UTC) until which it is good at least. A renewal moves it, and is a new row.';
comment on column event.entitlement.valid_from is 'Instant (UTC) of the question to which it was first an answer: from then on it is known to be held.';
comment on column event.entitlement.valid_to is 'Instant (UTC) of the first question to which it was no answer any more; infinity while it is held.';
comment on column event.entitlement.fetched_at is 'When the answer that first had it was there.';
comment on column event.entitlement.fetch_id is 'The answer that first had it (event.entitlement_fetch).';
comment on column event.entitlement.closed_by is 'The answer that had it no more (event.entitlement_fetch); null while it is held.';
comment on column event.entitlement.event_key is 'The event that led to that first answer, in event.subscription or event.license; null for a sync.';

create or replace function event.entitlement_on(instant timestamptz)
    returns setof event.entitlement
    language sql stable
as $$
    select e.*
    from event.entitlement e
    where e.valid_from <= instant and e.valid_to > instant
        and (e.expiration_date is null or e.expiration_date > instant)
$$;

comment on function event.entitlement_on(timestamptz) is
    'What customers were entitled to at an instant, expired entitlements left out: select * from event.entitlement_on(''2026-09-15'') where customer_identifier = ''...''. A date means its first moment in the session''s time zone. Before the first answer nothing is known.';

-- The last sync of each product.
create table if not exists event.entitlement_sync (
    seller_id     integer      not null references ingest.seller,
    product_code  text         not null,
    tried_at      timestamptz  not null default now(),
    synced_at     timestamptz,
    failure       text,
    primary key (seller_id, product_code)
);

comment on table event.entitlement_sync is
    'When all entitlements of a product were last read, and why they could not be if they could not.';
comment on column event.entitlement_sync.seller_id is 'Whose product it is (ingest.seller).';
comment on column event.entitlement_sync.product_code is 'Code of the product.';
comment on column event.entitlement_sync.tried_at is 'When it was last tried.';
comment on column event.entitlement_sync.synced_at is 'When it last succeeded; null before the first time, and where it is to be read again soon.';
comment on column event.entitlement_sync.failure is 'Why the last try failed; null when it did not.';
