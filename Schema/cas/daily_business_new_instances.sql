-- EC2 instances of a day that were started for the first time, by customer and product.
-- A data set of the Commerce Analytics Service.

create table if not exists cas.daily_business_new_instances (
    seller_id                   integer not null,
    version_id                  bigint  not null,
    line                        bigint  not null,
    customer_reference_id       text,
    users_state                 text,
    users_country               text,
    product_title               text,
    product_code                text,
    type                        text,
    count                       bigint,
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
    constraint daily_business_new_instances_pkey primary key (seller_id, version_id, line)
);

comment on table cas.daily_business_new_instances is
    'One row is the new EC2 instances of a day of one customer, product and instance type, from '
    'the CAS data set daily_business_new_instances. The file of day D covers the 24 hours before '
    'it. Rows have no key: two equal rows are two facts. A file asked for again replaces its '
    'earlier rows as a whole. Any column may be missing from a file.';

comment on column cas.daily_business_new_instances.seller_id is
    'Seller whose bucket held the file (ingest.seller).';
comment on column cas.daily_business_new_instances.version_id is
    'Version of the file from which the row was first read; leads to bucket, key and ETag.';
comment on column cas.daily_business_new_instances.line is
    'Number of the record in that version; 1 is the first after the header.';
comment on column cas.daily_business_new_instances.customer_reference_id is
    'Opaque id of the subscriber, common to the CAS sets; AWS withdraws it on 2027-03-31.';
comment on column cas.daily_business_new_instances.users_state is
    'State of the user''s billing address.';
comment on column cas.daily_business_new_instances.users_country is
    'ISO country of the user''s billing address.';
comment on column cas.daily_business_new_instances.product_title is
    'Title of the product.';
comment on column cas.daily_business_new_instances.product_code is
    'Product code (sdds.product.product_code).';
comment on column cas.daily_business_new_instances.type is
    'EC2 instance type.';
comment on column cas.daily_business_new_instances.count is
    'How many instances were new.';
comment on column cas.daily_business_new_instances.customer_aws_account_number is
    'AWS account number that is billed, 12 digits as text; pad lost leading zeros on the left.';
comment on column cas.daily_business_new_instances.customer_country is
    'ISO country of the billed account.';
comment on column cas.daily_business_new_instances.customer_state is
    'State or region of the billed account; left out of the file by default.';
comment on column cas.daily_business_new_instances.customer_city is
    'City of the billed account; left out of the file by default.';
comment on column cas.daily_business_new_instances.customer_zip_code is
    'Postal code of the billed account, as text; left out of the file by default.';
comment on column cas.daily_business_new_instances.customer_email_domain is
    'Domain of the billed account''s e-mail address; left out of the file by default.';
comment on column cas.daily_business_new_instances.solution_title is
    'Name of the solution that the product was sold in, if any.';
comment on column cas.daily_business_new_instances.solution_id is
    'Id of that solution.';
comment on column cas.daily_business_new_instances.payer_reference_id is
    'Opaque id of the payer, the same in all CAS financial sets.';
comment on column cas.daily_business_new_instances.payer_address_id is
    'Address of the payer (sdds.address).';
comment on column cas.daily_business_new_instances.extra is
    'Columns of the file that this table does not have, as a JSON object of header to text; null '
    'when there are none.';

insert into ingest.feed (
    feed, table_schema, table_name, kind, title, key_pattern, business_key, totals, cadence
)
values (
    'cas.daily_business_new_instances', 'cas', 'daily_business_new_instances', 'snapshot',
    'CAS: daily new instances',
    '^(.+/)?daily_business_new_instances_[0-9]{4}-[0-9]{2}-[0-9]{2}[.]csv([.]gz)?$',
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
