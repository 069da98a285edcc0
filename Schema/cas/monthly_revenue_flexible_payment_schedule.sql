-- Contracts of a month that are paid in instalments, and their invoices.
-- A data set of the Commerce Analytics Service.

create table if not exists cas.monthly_revenue_flexible_payment_schedule (
    seller_id                   integer not null,
    version_id                  bigint  not null,
    line                        bigint  not null,
    customer_aws_account_number text,
    customer_country            text,
    customer_state              text,
    customer_city               text,
    customer_zip_code           text,
    customer_email_domain       text,
    user_reference_id           text,
    user_aws_account_number     text,
    product_id                  text,
    product_title               text,
    product_type                text,
    aws_marketplace_offer_id    text,
    contract_create_date        date,
    contract_expiration_date    date,
    total_contract_value_usd    numeric,
    number_of_payments          bigint,
    invoice_date                date,
    invoice_amount_usd          numeric,
    payer_reference_id          text,
    extra                       jsonb,
    constraint monthly_revenue_flexible_payment_schedule_pkey
        primary key (seller_id, version_id, line)
);

comment on table cas.monthly_revenue_flexible_payment_schedule is
    'One row is a contract with a payment schedule that was made in the period, with an invoice '
    'of it, from the CAS data set monthly_revenue_flexible_payment_schedule. AWS does not say '
    'whether a contract has one row or one per invoice: the contract''s columns may repeat, so '
    'do not sum total_contract_value_usd. Amounts are US dollars. The file is made on the 15th. '
    'Rows have no key: two equal rows are two facts. A file asked for again replaces its earlier '
    'rows as a whole. Any column may be missing from a file.';

comment on column cas.monthly_revenue_flexible_payment_schedule.seller_id is
    'Seller whose bucket held the file (ingest.seller).';
comment on column cas.monthly_revenue_flexible_payment_schedule.version_id is
    'Version of the file from which the row was first read; leads to bucket, key and ETag.';
comment on column cas.monthly_revenue_flexible_payment_schedule.line is
    'Number of the record in that version; 1 is the first after the header.';
comment on column cas.monthly_revenue_flexible_payment_schedule.customer_aws_account_number is
    'AWS account number of the payer, 12 digits as text; pad lost leading zeros on the left.';
comment on column cas.monthly_revenue_flexible_payment_schedule.customer_country is
    'ISO country of the payer.';
comment on column cas.monthly_revenue_flexible_payment_schedule.customer_state is
    'State or region of the payer.';
comment on column cas.monthly_revenue_flexible_payment_schedule.customer_city is
    'City of the payer.';
comment on column cas.monthly_revenue_flexible_payment_schedule.customer_zip_code is
    'Postal code of the payer, as text.';
comment on column cas.monthly_revenue_flexible_payment_schedule.customer_email_domain is
    'Domain of the payer''s e-mail address.';
comment on column cas.monthly_revenue_flexible_payment_schedule.user_reference_id is
    'Opaque id, by its description of the payer.';
comment on column cas.monthly_revenue_flexible_payment_schedule.user_aws_account_number is
    'AWS account number of the subscriber, 12 digits as text; pad lost leading zeros on the '
    'left.';
comment on column cas.monthly_revenue_flexible_payment_schedule.product_id is
    'Id of the product; older files carry the GUID that sdds.legacy_id_mapping translates.';
comment on column cas.monthly_revenue_flexible_payment_schedule.product_title is
    'Title of the product.';
comment on column cas.monthly_revenue_flexible_payment_schedule.product_type is
    'Kind of product.';
comment on column cas.monthly_revenue_flexible_payment_schedule.aws_marketplace_offer_id is
    'Offer that was accepted (sdds.offer).';
comment on column cas.monthly_revenue_flexible_payment_schedule.contract_create_date is
    'Day on which the contract was accepted.';
comment on column cas.monthly_revenue_flexible_payment_schedule.contract_expiration_date is
    'Day on which the contract runs out.';
comment on column cas.monthly_revenue_flexible_payment_schedule.total_contract_value_usd is
    'Value of the contract in US dollars; may repeat from row to row.';
comment on column cas.monthly_revenue_flexible_payment_schedule.number_of_payments is
    'How many payments are scheduled; the file''s title is # of Payments.';
comment on column cas.monthly_revenue_flexible_payment_schedule.invoice_date is
    'Day on which the invoice was made.';
comment on column cas.monthly_revenue_flexible_payment_schedule.invoice_amount_usd is
    'Amount of the invoice in US dollars.';
comment on column cas.monthly_revenue_flexible_payment_schedule.payer_reference_id is
    'Opaque id of the payer, the same in all CAS financial sets.';
comment on column cas.monthly_revenue_flexible_payment_schedule.extra is
    'Columns of the file that this table does not have, as a JSON object of header to text; null '
    'when there are none.';

insert into ingest.feed (
    feed, table_schema, table_name, kind, title, key_pattern, business_key, totals, cadence
)
values (
    'cas.monthly_revenue_flexible_payment_schedule',
    'cas', 'monthly_revenue_flexible_payment_schedule', 'snapshot',
    'CAS: monthly flexible payment schedules',
    '^(.+/)?monthly_revenue_flexible_payment_schedule_[0-9]{4}-[0-9]{2}-[0-9]{2}[.]csv([.]gz)?$',
    '{}',
    array['invoice_amount_usd/'],
    'monthly'
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
    ('cas.monthly_revenue_flexible_payment_schedule', 'of_payments', 'number_of_payments')
on conflict (feed, header) do update set column_name = excluded.column_name;
