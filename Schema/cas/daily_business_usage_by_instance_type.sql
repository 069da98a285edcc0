-- Usage of a day by customer, product and instance type.
-- A data set of the Commerce Analytics Service.

create table if not exists cas.daily_business_usage_by_instance_type (
    seller_id                   integer not null,
    version_id                  bigint  not null,
    line                        bigint  not null,
    customer_reference_id       text,
    users_state                 text,
    users_country               text,
    product_title               text,
    product_code                text,
    instance_type               text,
    usage_units                 numeric,
    usage_unit_type             text,
    offering_description        text,
    estimated_revenue           numeric,
    currency                    text,
    offer_id                    text,
    offer_visibility            text,
    customer_aws_account_number text,
    customer_country            text,
    customer_state              text,
    customer_city               text,
    customer_zip_code           text,
    customer_email_domain       text,
    solution_title              text,
    solution_id                 text,
    payer_reference_id          text,
    payer_address_id            text,
    extra                       jsonb,
    constraint daily_business_usage_by_instance_type_pkey primary key (seller_id, version_id, line)
);

comment on table cas.daily_business_usage_by_instance_type is
    'One row is the usage of a day by one customer, product, instance type or dimension and '
    'offer, from the CAS data set daily_business_usage_by_instance_type. The file of day D covers '
    'day D - 1 (UTC). Rows have no key: two equal rows are two facts. A file asked for again '
    'replaces its earlier rows as a whole. Tells of the same use as sdds.daily_usage from another '
    'system: compare, never add. Any column may be missing from a file.';

comment on column cas.daily_business_usage_by_instance_type.seller_id is
    'Seller whose bucket held the file (ingest.seller).';
comment on column cas.daily_business_usage_by_instance_type.version_id is
    'Version of the file from which the row was first read; leads to bucket, key and ETag.';
comment on column cas.daily_business_usage_by_instance_type.line is
    'Number of the record in that version; 1 is the first after the header.';
comment on column cas.daily_business_usage_by_instance_type.customer_reference_id is
    'Opaque id of the subscriber, common to the CAS sets; AWS withdraws it on 2027-03-31.';
comment on column cas.daily_business_usage_by_instance_type.users_state is
    'State of the user''s billing address.';
comment on column cas.daily_business_usage_by_instance_type.users_country is
    'ISO country of the user''s billing address.';
comment on column cas.daily_business_usage_by_instance_type.product_title is
    'Title of the product.';
comment on column cas.daily_business_usage_by_instance_type.product_code is
    'Product code (sdds.product.product_code).';
comment on column cas.daily_business_usage_by_instance_type.instance_type is
    'EC2 instance type, or the metered dimension.';
comment on column cas.daily_business_usage_by_instance_type.usage_units is
    'Quantity of the day in usage_unit_type.';
comment on column cas.daily_business_usage_by_instance_type.usage_unit_type is
    'Unit of usage_units, such as hours.';
comment on column cas.daily_business_usage_by_instance_type.offering_description is
    'Way of selling, such as hourly, annual or free trial.';
comment on column cas.daily_business_usage_by_instance_type.estimated_revenue is
    'Estimate in currency; settled only at the end of the month.';
comment on column cas.daily_business_usage_by_instance_type.currency is
    'Currency code of estimated_revenue.';
comment on column cas.daily_business_usage_by_instance_type.offer_id is
    'Offer that was accepted (sdds.offer).';
comment on column cas.daily_business_usage_by_instance_type.offer_visibility is
    'Whether the offer is public, private or an enterprise contract; the spelling of the values '
    'is unpublished.';
comment on column cas.daily_business_usage_by_instance_type.customer_aws_account_number is
    'AWS account number that is billed, 12 digits as text; pad lost leading zeros on the left.';
comment on column cas.daily_business_usage_by_instance_type.customer_country is
    'ISO country of the billed account.';
comment on column cas.daily_business_usage_by_instance_type.customer_state is
    'State or region of the billed account; left out of the file by default.';
comment on column cas.daily_business_usage_by_instance_type.customer_city is
    'City of the billed account; left out of the file by default.';
comment on column cas.daily_business_usage_by_instance_type.customer_zip_code is
    'Postal code of the billed account, as text; left out of the file by default.';
comment on column cas.daily_business_usage_by_instance_type.customer_email_domain is
    'Domain of the billed account''s e-mail address; left out of the file by default.';
comment on column cas.daily_business_usage_by_instance_type.solution_title is
    'Name of the solution that the product was sold in, if any.';
comment on column cas.daily_business_usage_by_instance_type.solution_id is
    'Id of that solution.';
comment on column cas.daily_business_usage_by_instance_type.payer_reference_id is
    'Opaque id of the payer, the same in all CAS financial sets.';
comment on column cas.daily_business_usage_by_instance_type.payer_address_id is
    'Address of the payer (sdds.address).';
comment on column cas.daily_business_usage_by_instance_type.extra is
    'Columns of the file that this table does not have, as a JSON object of header to text; null '
    'when there are none.';

insert into ingest.feed (
    feed, table_schema, table_name, kind, title, key_pattern, business_key, totals, cadence
)
values (
    'cas.daily_business_usage_by_instance_type',
    'cas', 'daily_business_usage_by_instance_type', 'snapshot',
    'CAS: daily usage by instance type',
    '^(.+/)?daily_business_usage_by_instance_type_[0-9]{4}-[0-9]{2}-[0-9]{2}[.]csv([.]gz)?$',
    '{}',
    array['estimated_revenue/currency'],
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
