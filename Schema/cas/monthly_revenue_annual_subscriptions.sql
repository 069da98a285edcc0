-- Up-front charges of a month by customer and product.
-- A data set of the Commerce Analytics Service.

create table if not exists cas.monthly_revenue_annual_subscriptions (
    seller_id                           integer not null,
    version_id                          bigint  not null,
    line                                bigint  not null,
    customer_reference_id               text,
    country                             text,
    state                               text,
    city                                text,
    zip_code                            text,
    product_title                       text,
    product_code                        text,
    subscription_quantity               numeric,
    subscription_start_date             date,
    subscription_end_date               date,
    subscription_instance_type          text,
    customer_billed_amount              numeric,
    aws_listing_fee                     numeric,
    refunds_amount                      numeric,
    aws_fee_refund                      numeric,
    cost                                numeric,
    partner_revenue_amount              numeric,
    currency                            text,
    transaction_reference_id            text,
    us_sales_tax_customer_billed_amount numeric,
    us_sales_tax_refunds_amount         numeric,
    customer_aws_account_number         text,
    customer_email_domain               text,
    offer_id                            text,
    offer_visibility                    text,
    contract_start_date                 date,
    contract_end_date                   date,
    opportunity_name                    text,
    opportunity_description             text,
    solution_title                      text,
    solution_id                         text,
    payer_reference_id                  text,
    payer_address_id                    text,
    extra                               jsonb,
    constraint monthly_revenue_annual_subscriptions_pkey primary key (seller_id, version_id, line)
);

comment on table cas.monthly_revenue_annual_subscriptions is
    'One row is what one transaction billed a customer up front for a product, from the CAS data '
    'set monthly_revenue_annual_subscriptions. The file is made on the 15th and covers the '
    'calendar month before. Rows have no key: two equal rows are two facts. A file asked for '
    'again replaces its earlier rows as a whole. AWS announced its end for 2024-08-30 and still '
    'offers it to requests; sdds.billing_event tells of the same sales: compare, never add. Any '
    'column may be missing from a file.';

comment on column cas.monthly_revenue_annual_subscriptions.seller_id is
    'Seller whose bucket held the file (ingest.seller).';
comment on column cas.monthly_revenue_annual_subscriptions.version_id is
    'Version of the file from which the row was first read; leads to bucket, key and ETag.';
comment on column cas.monthly_revenue_annual_subscriptions.line is
    'Number of the record in that version; 1 is the first after the header.';
comment on column cas.monthly_revenue_annual_subscriptions.customer_reference_id is
    'Opaque id of the subscriber, common to the CAS sets; AWS withdraws it on 2027-03-31.';
comment on column cas.monthly_revenue_annual_subscriptions.country is
    'ISO country of the billed account.';
comment on column cas.monthly_revenue_annual_subscriptions.state is
    'State or region of the billed account.';
comment on column cas.monthly_revenue_annual_subscriptions.city is
    'City of the billed account.';
comment on column cas.monthly_revenue_annual_subscriptions.zip_code is
    'Postal code of the billed account, as text.';
comment on column cas.monthly_revenue_annual_subscriptions.product_title is
    'Title of the product.';
comment on column cas.monthly_revenue_annual_subscriptions.product_code is
    'Product code (sdds.product.product_code).';
comment on column cas.monthly_revenue_annual_subscriptions.subscription_quantity is
    'Licences in the purchase.';
comment on column cas.monthly_revenue_annual_subscriptions.subscription_start_date is
    'First day of the purchase.';
comment on column cas.monthly_revenue_annual_subscriptions.subscription_end_date is
    'Last day of the purchase.';
comment on column cas.monthly_revenue_annual_subscriptions.subscription_instance_type is
    'EC2 instance type that was bought, if any.';
comment on column cas.monthly_revenue_annual_subscriptions.customer_billed_amount is
    'Amount billed to the customer for usage or fees, in currency.';
comment on column cas.monthly_revenue_annual_subscriptions.aws_listing_fee is
    'Listing fee that AWS keeps of it, in currency.';
comment on column cas.monthly_revenue_annual_subscriptions.refunds_amount is
    'Price given back in the period, in currency.';
comment on column cas.monthly_revenue_annual_subscriptions.aws_fee_refund is
    'Listing fee given back to the seller, in currency.';
comment on column cas.monthly_revenue_annual_subscriptions.cost is
    'What a reseller pays for the goods, in currency; empty for others.';
comment on column cas.monthly_revenue_annual_subscriptions.partner_revenue_amount is
    'What is left to the seller after fees, refunds and US tax, in currency.';
comment on column cas.monthly_revenue_annual_subscriptions.currency is
    'Currency code of the amounts.';
comment on column cas.monthly_revenue_annual_subscriptions.transaction_reference_id is
    'Reference of the transaction (sdds.billing_event.transaction_reference_id).';
comment on column cas.monthly_revenue_annual_subscriptions.us_sales_tax_customer_billed_amount is
    'US sales and use tax billed for the seller, in currency; US dollars expected.';
comment on column cas.monthly_revenue_annual_subscriptions.us_sales_tax_refunds_amount is
    'US sales and use tax given back for the seller, in currency; US dollars expected.';
comment on column cas.monthly_revenue_annual_subscriptions.customer_aws_account_number is
    'AWS account number that is billed, 12 digits as text; pad lost leading zeros on the left.';
comment on column cas.monthly_revenue_annual_subscriptions.customer_email_domain is
    'Domain of the billed account''s e-mail address; left out of the file by default.';
comment on column cas.monthly_revenue_annual_subscriptions.offer_id is
    'Offer that was accepted (sdds.offer).';
comment on column cas.monthly_revenue_annual_subscriptions.offer_visibility is
    'Whether the offer is public, private or an enterprise contract; the spelling of the values '
    'is unpublished.';
comment on column cas.monthly_revenue_annual_subscriptions.contract_start_date is
    'First day of a SaaS contract.';
comment on column cas.monthly_revenue_annual_subscriptions.contract_end_date is
    'Last day of a SaaS contract.';
comment on column cas.monthly_revenue_annual_subscriptions.opportunity_name is
    'Id or name of the opportunity that was registered with AWS, if any.';
comment on column cas.monthly_revenue_annual_subscriptions.opportunity_description is
    'What the seller wrote of that opportunity.';
comment on column cas.monthly_revenue_annual_subscriptions.solution_title is
    'Name of the solution that the product was sold in, if any.';
comment on column cas.monthly_revenue_annual_subscriptions.solution_id is
    'Id of that solution.';
comment on column cas.monthly_revenue_annual_subscriptions.payer_reference_id is
    'Opaque id of the payer, the same in all CAS financial sets.';
comment on column cas.monthly_revenue_annual_subscriptions.payer_address_id is
    'Address of the payer (sdds.address).';
comment on column cas.monthly_revenue_annual_subscriptions.extra is
    'Columns of the file that this table does not have, as a JSON object of header to text; null '
    'when there are none.';

insert into ingest.feed (
    feed, table_schema, table_name, kind, title, key_pattern, business_key, totals, cadence
)
values (
    'cas.monthly_revenue_annual_subscriptions',
    'cas', 'monthly_revenue_annual_subscriptions', 'snapshot',
    'CAS: monthly annual subscriptions',
    '^(.+/)?monthly_revenue_annual_subscriptions_[0-9]{4}-[0-9]{2}-[0-9]{2}[.]csv([.]gz)?$',
    '{}',
    array[
        'customer_billed_amount/currency',
        'aws_listing_fee/currency',
        'refunds_amount/currency',
        'partner_revenue_amount/currency'
    ],
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
    (
        'cas.monthly_revenue_annual_subscriptions',
        'u_s_sales_tax_customer_billed_amount', 'us_sales_tax_customer_billed_amount'
    ),
    (
        'cas.monthly_revenue_annual_subscriptions',
        'u_s_sales_tax_refunds_amount', 'us_sales_tax_refunds_amount'
    )
on conflict (feed, header) do update set column_name = excluded.column_name;
