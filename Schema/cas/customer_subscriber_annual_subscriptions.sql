-- Fee-based subscriptions of fixed length in force at the end of a day.
-- A data set of the Commerce Analytics Service.

create table if not exists cas.customer_subscriber_annual_subscriptions (
    seller_id                   integer not null,
    version_id                  bigint  not null,
    line                        bigint  not null,
    customer_aws_account_number text,
    product_title               text,
    product_id                  text,
    product_code                text,
    subscription_id             text,
    subscription_quantity       bigint,
    subscription_type           text,
    subscription_intent         text,
    offer_id                    text,
    subscription_start_date     date,
    previous_offer_id           text,
    offer_visibility            text,
    solution_title              text,
    solution_id                 text,
    payer_reference_id          text,
    reseller_account_id         text,
    reseller_account_name       text,
    extra                       jsonb,
    constraint customer_subscriber_annual_subscriptions_pkey
        primary key (seller_id, version_id, line)
);

comment on table cas.customer_subscriber_annual_subscriptions is
    'One row is one fee-based subscription of fixed length in force at the end of the day before '
    'the file''s date (23:59:59 UTC), from the CAS data set '
    'customer_subscriber_annual_subscriptions. Each file is the full picture: what is missing '
    'from a later one has ended. Rows have no key: two equal rows are two facts. A file asked '
    'for again replaces its earlier rows as a whole. Any column may be missing from a file.';

comment on column cas.customer_subscriber_annual_subscriptions.seller_id is
    'Seller whose bucket held the file (ingest.seller).';
comment on column cas.customer_subscriber_annual_subscriptions.version_id is
    'Version of the file from which the row was first read; leads to bucket, key and ETag.';
comment on column cas.customer_subscriber_annual_subscriptions.line is
    'Number of the record in that version; 1 is the first after the header.';
comment on column cas.customer_subscriber_annual_subscriptions.customer_aws_account_number is
    'AWS account number of the subscriber (the billed account, by the newer page), 12 digits as '
    'text; pad lost leading zeros on the left.';
comment on column cas.customer_subscriber_annual_subscriptions.product_title is
    'Title of the product.';
comment on column cas.customer_subscriber_annual_subscriptions.product_id is
    'Id of the product; older files carry the GUID that sdds.legacy_id_mapping translates.';
comment on column cas.customer_subscriber_annual_subscriptions.product_code is
    'Product code (sdds.product.product_code).';
comment on column cas.customer_subscriber_annual_subscriptions.subscription_id is
    'Id of the subscription.';
comment on column cas.customer_subscriber_annual_subscriptions.subscription_quantity is
    'Licences that were bought.';
comment on column cas.customer_subscriber_annual_subscriptions.subscription_type is
    'Kind of subscription; the list of values is unpublished.';
comment on column cas.customer_subscriber_annual_subscriptions.subscription_intent is
    'Whether it renews or upgrades an earlier offer; the list of values is unpublished.';
comment on column cas.customer_subscriber_annual_subscriptions.offer_id is
    'Offer that was accepted (sdds.offer).';
comment on column cas.customer_subscriber_annual_subscriptions.subscription_start_date is
    'Day on which the subscription began.';
comment on column cas.customer_subscriber_annual_subscriptions.previous_offer_id is
    'Offer that this one replaces (sdds.offer); null for a first purchase.';
comment on column cas.customer_subscriber_annual_subscriptions.offer_visibility is
    'Whether the offer is public, private or an enterprise contract; the spelling of the values '
    'is unpublished.';
comment on column cas.customer_subscriber_annual_subscriptions.solution_title is
    'Name of the solution that the product was sold in, if any.';
comment on column cas.customer_subscriber_annual_subscriptions.solution_id is
    'Id of that solution.';
comment on column cas.customer_subscriber_annual_subscriptions.payer_reference_id is
    'Opaque id of the payer, the same in all CAS financial sets.';
comment on column cas.customer_subscriber_annual_subscriptions.reseller_account_id is
    'AWS account number of the channel partner, as text; null on direct sales.';
comment on column cas.customer_subscriber_annual_subscriptions.reseller_account_name is
    'Name of the channel partner; null on direct sales.';
comment on column cas.customer_subscriber_annual_subscriptions.extra is
    'Columns of the file that this table does not have, as a JSON object of header to text; null '
    'when there are none.';

insert into ingest.feed (
    feed, table_schema, table_name, kind, title, key_pattern, business_key, totals, cadence
)
values (
    'cas.customer_subscriber_annual_subscriptions',
    'cas', 'customer_subscriber_annual_subscriptions', 'snapshot',
    'CAS: annual subscriptions',
    '^(.+/)?customer_subscriber_annual_subscriptions_[0-9]{4}-[0-9]{2}-[0-9]{2}[.]csv([.]gz)?$',
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
