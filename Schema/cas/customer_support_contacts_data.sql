-- after: settle_support_contacts
-- Contacts of customers whom the seller supports, as the operations of all exports come to.
-- An export of the Commerce Analytics Service.

create table if not exists cas.customer_support_contacts_data (
    seller_id               integer     not null,
    version_id              bigint      not null,
    line                    bigint      not null,
    product_id              text,
    product_code            text,
    customer_guid           text        not null,
    subscription_guid       text        not null,
    subscription_start_date timestamptz,
    organization            text,
    aws_customer_id         text,
    given_name              text,
    surname                 text,
    telephone_number        text,
    email                   text,
    job_title               text,
    country_code            text,
    zip_code                text,
    operation_time          timestamptz not null,
    operation_type          text        not null,
    extra                   jsonb,
    constraint customer_support_contacts_data_pkey primary key (seller_id, version_id, line)
);

-- Few rows if any, so that what is empty against the guide's word is found at once.
create index if not exists customer_support_contacts_data_empty_idx on cas.customer_support_contacts_data (seller_id, version_id)
    where product_id is null or product_code is null or subscription_start_date is null or aws_customer_id is null;

create or replace trigger take_turns before insert on cas.customer_support_contacts_data
    for each statement execute function cas.take_turns_with_support_contacts();

create or replace trigger settle after insert on cas.customer_support_contacts_data
    referencing new table as inserted
    for each statement execute function cas.settle_support_contacts();

comment on table cas.customer_support_contacts_data is
    'One row is the newest operation on a customer''s contact for one subscription, from the CAS '
    'export customer_support_contacts_data. Whatever the order in which overlapping exports '
    'arrive, the newest operation per (customer_guid, subscription_guid) stays. A DELETE erases '
    'everything older of its customer_guid and stays, emptied of personal data, so that an older '
    'export cannot bring the contact back: leave out operation_type DELETE to see the contacts '
    'of today. A newer version of a file replaces that file''s rows. AWS ended the programme on '
    '2022-11-30. Holds personal data.';

comment on column cas.customer_support_contacts_data.seller_id is
    'Seller whose bucket held the file (ingest.seller).';
comment on column cas.customer_support_contacts_data.version_id is
    'Version of the file from which the row was first read; leads to bucket, key and ETag.';
comment on column cas.customer_support_contacts_data.line is
    'Number of the record in that version; 1 is the first after the header.';
comment on column cas.customer_support_contacts_data.product_id is
    'Product, a GUID (sdds.legacy_id_mapping.legacy_id).';
comment on column cas.customer_support_contacts_data.product_code is
    'Product code, 25 characters (sdds.product.product_code).';
comment on column cas.customer_support_contacts_data.customer_guid is
    'Key of the customer''s contact record.';
comment on column cas.customer_support_contacts_data.subscription_guid is
    'Key of the customer''s subscription.';
comment on column cas.customer_support_contacts_data.subscription_start_date is
    'Instant (UTC) at which the subscription began.';
comment on column cas.customer_support_contacts_data.organization is
    'Name of the customer''s organisation; null on DELETE.';
comment on column cas.customer_support_contacts_data.aws_customer_id is
    'AWS account number of the customer, 12 digits as text; older files call it AWS Account Id.';
comment on column cas.customer_support_contacts_data.given_name is
    'First name of the contact; personal data, null on DELETE.';
comment on column cas.customer_support_contacts_data.surname is
    'Family name of the contact; personal data, null on DELETE.';
comment on column cas.customer_support_contacts_data.telephone_number is
    'Telephone of the contact; personal data, null on DELETE.';
comment on column cas.customer_support_contacts_data.email is
    'E-mail address of the contact; personal data, null on DELETE.';
comment on column cas.customer_support_contacts_data.job_title is
    'Position of the contact, titled Title in the file; null on DELETE.';
comment on column cas.customer_support_contacts_data.country_code is
    'ISO country of the contact; null on DELETE.';
comment on column cas.customer_support_contacts_data.zip_code is
    'US postal code of the contact, as text; null on DELETE.';
comment on column cas.customer_support_contacts_data.operation_time is
    'Instant (UTC) at which the customer last changed the contact.';
comment on column cas.customer_support_contacts_data.operation_type is
    'CREATE, UPDATE, or DELETE. CREATE and UPDATE mean the same here: an export shows only the '
    'last operation of a record.';
comment on column cas.customer_support_contacts_data.extra is
    'Columns of the file that this table does not have, as a JSON object of header to text; null '
    'when there are none.';

insert into ingest.feed (
    feed, table_schema, table_name, kind, title, key_pattern, business_key, totals, cadence,
    never_empty
)
values (
    'cas.customer_support_contacts_data', 'cas', 'customer_support_contacts_data', 'change_log',
    'CAS: customer support contacts',
    '^(.+/)?customer_support_contacts_data_'
    '[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}-[0-9]{2}-[0-9]{2}Z'
    '(_to_[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}-[0-9]{2}-[0-9]{2}Z)?[.]csv([.]gz)?$',
    array['customer_guid', 'subscription_guid', 'operation_time'],
    '{}',
    'on_request',
    array['product_id', 'product_code', 'subscription_start_date', 'aws_customer_id']
)
on conflict (feed) do update set
    table_schema = excluded.table_schema,
    table_name   = excluded.table_name,
    kind         = excluded.kind,
    title        = excluded.title,
    key_pattern  = excluded.key_pattern,
    business_key = excluded.business_key,
    totals       = excluded.totals,
    cadence      = excluded.cadence,
    never_empty  = excluded.never_empty;

insert into ingest.alias (feed, header, column_name)
values
    ('cas.customer_support_contacts_data', 'aws_account_id', 'aws_customer_id'),
    ('cas.customer_support_contacts_data', 'title', 'job_title')
on conflict (feed, header) do update set column_name = excluded.column_name;
