-- What one disbursement paid, by product and transaction.
-- A data set of the Commerce Analytics Service.

create table if not exists cas.disbursed_amount_by_product (
    seller_id                   integer not null,
    version_id                  bigint  not null,
    line                        bigint  not null,
    product                     text,
    product_code                text,
    sellerrev                   numeric,
    awsreffee                   numeric,
    sellerrevrefund             numeric,
    awsreffeerefund             numeric,
    sellerrevcredit             numeric,
    awsreffeecredit             numeric,
    net_amount                  numeric,
    transaction_reference_id    text,
    sellerussalestax            numeric,
    sellerussalestaxrefund      numeric,
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
    constraint disbursed_amount_by_product_pkey primary key (seller_id, version_id, line)
);

comment on table cas.disbursed_amount_by_product is
    'One row is what a disbursement paid for one transaction and product, from the CAS data set '
    'disbursed_amount_by_product; it covers the time since the disbursement before. Rows have no '
    'key: two equal rows are two facts. A file asked for again replaces its earlier rows as a '
    'whole; files of different dates within 31 days can be the same disbursement (compare the '
    'coverage in the metadata file). There is no currency column: do not sum over sellers or '
    'disbursements of different currency. A check on sdds.billing_event, never to be added to it.';

comment on column cas.disbursed_amount_by_product.seller_id is
    'Seller whose bucket held the file (ingest.seller).';
comment on column cas.disbursed_amount_by_product.version_id is
    'Version of the file from which the row was first read; leads to bucket, key and ETag.';
comment on column cas.disbursed_amount_by_product.line is
    'Number of the record in that version; 1 is the first after the header.';
comment on column cas.disbursed_amount_by_product.product is
    'Title of the product.';
comment on column cas.disbursed_amount_by_product.product_code is
    'Product code (sdds.product.product_code).';
comment on column cas.disbursed_amount_by_product.sellerrev is
    'Price billed to customers; currency not stated.';
comment on column cas.disbursed_amount_by_product.awsreffee is
    'Listing fee that AWS keeps; currency not stated.';
comment on column cas.disbursed_amount_by_product.sellerrevrefund is
    'Price given back to customers, negative; currency not stated.';
comment on column cas.disbursed_amount_by_product.awsreffeerefund is
    'Listing fee given back to the seller; currency not stated.';
comment on column cas.disbursed_amount_by_product.sellerrevcredit is
    'Credit granted on the customer''s account; currency not stated.';
comment on column cas.disbursed_amount_by_product.awsreffeecredit is
    'Credit granted on the seller''s account; currency not stated.';
comment on column cas.disbursed_amount_by_product.net_amount is
    'What the seller is paid for the line; currency not stated.';
comment on column cas.disbursed_amount_by_product.transaction_reference_id is
    'Reference of the transaction (sdds.billing_event.transaction_reference_id).';
comment on column cas.disbursed_amount_by_product.sellerussalestax is
    'US sales and use tax billed; currency not stated, US dollars expected.';
comment on column cas.disbursed_amount_by_product.sellerussalestaxrefund is
    'US sales and use tax given back; currency not stated, US dollars expected.';
comment on column cas.disbursed_amount_by_product.customer_aws_account_number is
    'AWS account number that is billed, 12 digits as text; pad lost leading zeros on the left.';
comment on column cas.disbursed_amount_by_product.customer_country is
    'ISO country of the billed account.';
comment on column cas.disbursed_amount_by_product.customer_state is
    'State or region of the billed account; left out of the file by default.';
comment on column cas.disbursed_amount_by_product.customer_city is
    'City of the billed account; left out of the file by default.';
comment on column cas.disbursed_amount_by_product.customer_zip_code is
    'Postal code of the billed account, as text; left out of the file by default.';
comment on column cas.disbursed_amount_by_product.customer_email_domain is
    'Domain of the billed account''s e-mail address; left out of the file by default.';
comment on column cas.disbursed_amount_by_product.solution_title is
    'Name of the solution that the product was sold in, if any.';
comment on column cas.disbursed_amount_by_product.solution_id is
    'Id of that solution.';
comment on column cas.disbursed_amount_by_product.payer_reference_id is
    'Opaque id of the payer, the same in all CAS financial sets.';
comment on column cas.disbursed_amount_by_product.payer_address_id is
    'Address of the payer (sdds.address).';
comment on column cas.disbursed_amount_by_product.extra is
    'Columns of the file that this table does not have, as a JSON object of header to text; null '
    'when there are none.';

insert into ingest.feed (
    feed, table_schema, table_name, kind, title, key_pattern, business_key, totals, cadence
)
values (
    'cas.disbursed_amount_by_product', 'cas', 'disbursed_amount_by_product', 'snapshot',
    'CAS: disbursed amount by product',
    '^(.+/)?disbursed_amount_by_product_[0-9]{4}-[0-9]{2}-[0-9]{2}[.]csv([.]gz)?$',
    '{}',
    array['net_amount/'],
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
