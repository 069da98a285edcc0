-- after: tables, lookup, describe
-- What is shown beside usage records. Thousands of records share it: it is looked up once for each
-- combination of agreement, product, offer and accounts and each range of days, and not once for
-- each record.

-- Written so that a null and an empty text differ. Declared immutable because it stands in a
-- generated column.
create or replace function resolved.usage_context_id(
    agreement_id text, offer_id text, product_id text, end_user_account_id text,
    payer_account_id text, recipient_account_id text
) returns uuid
    language sql immutable parallel safe
    return encode(substr(sha256(convert_to(
        quote_nullable(agreement_id) || ',' || quote_nullable(offer_id) || ','
            || quote_nullable(product_id) || ',' || quote_nullable(end_user_account_id) || ','
            || quote_nullable(payer_account_id) || ',' || quote_nullable(recipient_account_id),
        'UTF8')), 1, 16), 'hex')::uuid;

comment on function resolved.usage_context_id(text, text, text, text, text, text) is
    'Identifies what a usage record refers to: equal for all records of the same agreement, offer, product and accounts.';

-- One value to join millions of records by.
create or replace function resolved.usage_range_id(
    seller_id integer, context_id uuid, from_date date
) returns uuid
    language sql immutable parallel safe
    return encode(substr(sha256(
        int4send(seller_id) || uuid_send(context_id) || date_send(from_date)), 1, 16), 'hex')::uuid;

comment on function resolved.usage_range_id(integer, uuid, date) is
    'Identifies a usage context in the range of days that begins on a day.';

alter table resolved.daily_usage
    add column if not exists context_id uuid not null generated always as (
        resolved.usage_context_id(agreement_id, offer_id, product_id, end_user_account_id,
            payer_account_id, recipient_account_id)) stored;

comment on column resolved.daily_usage.context_id is
    'With usage_date: what is shown beside the record (resolved.usage_context).';

create table if not exists resolved.usage_context (
    seller_id                       integer     not null,
    context_id                      uuid        not null,
    range_id                        uuid        not null,
    from_date                       date        not null,
    alternative                     integer     not null,
    until_date                      date        not null,
    agreement_id                    text,
    record_offer_id                 text,
    product_id                      text,
    end_user_account_id             text,
    payer_account_id                text,
    recipient_account_id            text,
    end_user_company_name           text,
    end_user_aws_account_id         text,
    end_user_encrypted_account_id   text,
    end_user_email_domain           text,
    end_user_city                   text,
    end_user_state_or_region        text,
    end_user_country                text,
    end_user_postal_code            text,
    product_title                   text,
    reported_product_id             text,
    product_code                    text,
    offer_id                        text,
    offer_set_id                    text,
    offer_name                      text,
    offer_visibility                text collate "C",
    agreement_acceptance_date       timestamptz,
    agreement_start_date            timestamptz,
    agreement_end_date              timestamptz,
    accepted_term_types             text,
    subscriber_company_name         text,
    subscriber_aws_account_id       text,
    subscriber_encrypted_account_id text,
    subscriber_email_domain         text,
    subscriber_city                 text,
    subscriber_state_or_region      text,
    subscriber_country              text,
    subscriber_postal_code          text,
    payer_company_name              text,
    payer_aws_account_id            text,
    payer_encrypted_account_id      text,
    payer_email_domain              text,
    payer_city                      text,
    payer_state_or_region           text,
    payer_country                   text,
    payer_postal_code               text,
    reseller_company_name           text,
    reseller_aws_account_id         text,
    resale_authorization_id         text,
    resale_authorization_name       text,
    resale_authorization_description text,
    cppo_flag                       text,
    isv_aws_account_id              text,
    isv_company_name                text,
    constraint usage_context_pkey primary key (seller_id, context_id, from_date, alternative)
);

create index if not exists usage_context_range_id_idx on resolved.usage_context (range_id);

comment on table resolved.usage_context is
    'What the usage report shows beside the usage of one agreement, offer, product and accounts, one row per range of days in which it is the same. One that no record refers to any more may stay.';
comment on column resolved.usage_context.seller_id is
    'The seller (ingest.seller).';
comment on column resolved.usage_context.context_id is
    'What the records refer to (resolved.usage_context_id).';
comment on column resolved.usage_context.range_id is
    'Seller, context and from_date in one (resolved.usage_range_id): by it the usage lines refer to what is shown beside them.';
comment on column resolved.usage_context.from_date is
    'First day (UTC) of usage for which the row holds.';
comment on column resolved.usage_context.alternative is
    '1, and 2 and more for further rows of the same days: a product with several legacy ids, or an account with two revisions that meet at midnight. The usage report repeats the records then, as AWS''s does.';
comment on column resolved.usage_context.until_date is
    'First day (UTC) after those.';
comment on column resolved.usage_context.agreement_id is
    'Agreement of the records.';
comment on column resolved.usage_context.record_offer_id is
    'Offer that the records name themselves.';
comment on column resolved.usage_context.product_id is
    'Product of the records.';
comment on column resolved.usage_context.end_user_account_id is
    'Account key of the user of the product.';
comment on column resolved.usage_context.payer_account_id is
    'Account key of who pays.';
comment on column resolved.usage_context.recipient_account_id is
    'Account key of the seller whose copy of the feed it is.';
comment on column resolved.usage_context.end_user_company_name is
    'Company that used the product.';
comment on column resolved.usage_context.end_user_aws_account_id is
    'AWS account that used the product, 12 digits.';
comment on column resolved.usage_context.end_user_encrypted_account_id is
    'The same as metering and entitlement services name it.';
comment on column resolved.usage_context.end_user_email_domain is
    'Domain of the user''s e-mail address.';
comment on column resolved.usage_context.end_user_city is
    'User''s city.';
comment on column resolved.usage_context.end_user_state_or_region is
    'User''s state or region.';
comment on column resolved.usage_context.end_user_country is
    'User''s country, two letters.';
comment on column resolved.usage_context.end_user_postal_code is
    'User''s postal code, as text.';
comment on column resolved.usage_context.product_title is
    'Product title at that time.';
comment on column resolved.usage_context.reported_product_id is
    'Product: its legacy id if it has one.';
comment on column resolved.usage_context.product_code is
    'Code by which metering and entitlement services know the product.';
comment on column resolved.usage_context.offer_id is
    'Offer of the agreement, else of the records.';
comment on column resolved.usage_context.offer_set_id is
    'Offer set that the offer came in.';
comment on column resolved.usage_context.offer_name is
    'Name of the offer at that time.';
comment on column resolved.usage_context.offer_visibility is
    'Whom the offer is for: Public, Private, Program: and a name, GeoTargeted or Other Targeting.';
comment on column resolved.usage_context.agreement_acceptance_date is
    'Instant (UTC) at which it was accepted; null for placeholder offers.';
comment on column resolved.usage_context.agreement_start_date is
    'Instant (UTC) from which the agreement runs; null for placeholder offers.';
comment on column resolved.usage_context.agreement_end_date is
    'Instant (UTC) at which it ends; null for placeholder offers.';
comment on column resolved.usage_context.accepted_term_types is
    'Types of the terms of the agreement''s revision, a comma list.';
comment on column resolved.usage_context.subscriber_company_name is
    'Company that accepted the agreement.';
comment on column resolved.usage_context.subscriber_aws_account_id is
    'AWS account that accepted the agreement, 12 digits.';
comment on column resolved.usage_context.subscriber_encrypted_account_id is
    'The same as metering and entitlement services name it.';
comment on column resolved.usage_context.subscriber_email_domain is
    'Domain of the subscriber''s e-mail address.';
comment on column resolved.usage_context.subscriber_city is
    'Subscriber''s city.';
comment on column resolved.usage_context.subscriber_state_or_region is
    'Subscriber''s state or region.';
comment on column resolved.usage_context.subscriber_country is
    'Subscriber''s country, two letters.';
comment on column resolved.usage_context.subscriber_postal_code is
    'Subscriber''s postal code, as text.';
comment on column resolved.usage_context.payer_company_name is
    'Company that pays.';
comment on column resolved.usage_context.payer_aws_account_id is
    'AWS account that pays, 12 digits.';
comment on column resolved.usage_context.payer_encrypted_account_id is
    'The same as metering and entitlement services name it.';
comment on column resolved.usage_context.payer_email_domain is
    'Domain of the payer''s e-mail address.';
comment on column resolved.usage_context.payer_city is
    'Payer''s city.';
comment on column resolved.usage_context.payer_state_or_region is
    'Payer''s state or region.';
comment on column resolved.usage_context.payer_country is
    'Payer''s country, two letters.';
comment on column resolved.usage_context.payer_postal_code is
    'Payer''s postal code, as text.';
comment on column resolved.usage_context.reseller_company_name is
    'Reseller, where the recipient of the data is not the seller of record; Not applicable where nothing is resold.';
comment on column resolved.usage_context.reseller_aws_account_id is
    'Reseller''s AWS account, 12 digits; Not applicable where nothing is resold.';
comment on column resolved.usage_context.resale_authorization_id is
    'Resale authorisation (opportunity) of the offer; Not applicable for public offers.';
comment on column resolved.usage_context.resale_authorization_name is
    'Its name.';
comment on column resolved.usage_context.resale_authorization_description is
    'Its description.';
comment on column resolved.usage_context.cppo_flag is
    'Y if a reseller sold it, N if not.';
comment on column resolved.usage_context.isv_aws_account_id is
    'Manufacturer''s AWS account, 12 digits.';
comment on column resolved.usage_context.isv_company_name is
    'Manufacturer.';

-- Which rows of other feeds a context was made of, so that it is looked up again when they change.
create table if not exists resolved.usage_context_source (
    seller_id   integer not null,
    kind        text    not null,
    id          text    not null,
    context_id  uuid    not null,
    constraint usage_context_source_pkey primary key (seller_id, kind, id, context_id)
);

create index if not exists usage_context_source_context_id_idx
    on resolved.usage_context_source (seller_id, context_id);

comment on table resolved.usage_context_source is
    'Every agreement, offer, product, account and address that a row of resolved.usage_context was looked up from, or would be if it came.';
comment on column resolved.usage_context_source.seller_id is
    'The seller (ingest.seller).';
comment on column resolved.usage_context_source.kind is
    'agreement, offer, product, account or address.';
comment on column resolved.usage_context_source.id is
    'Its id.';
comment on column resolved.usage_context_source.context_id is
    'What is looked up again when it changes.';
