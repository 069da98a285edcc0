-- One row per version of an account: who stands behind the account keys of the other feeds.

create table if not exists sdds.account (
    seller_id               integer     not null,
    version_id              bigint      not null,
    line                    bigint      not null,
    account_id              text        not null,
    aws_account_id          text,
    encrypted_account_id    text,
    mailing_address_id      text,
    tax_address_id          text,
    tax_registration_number text,
    tax_legal_name          text,
    catalog                 text,
    valid_from              timestamptz not null,
    insert_date             timestamptz,
    update_date             timestamptz not null,
    delete_date             timestamptz,
    extra                   jsonb,
    constraint account_pkey primary key (seller_id, version_id, line)
);

comment on table sdds.account is
    'One row is one version of an account (own, partner, buyer, payer, taxed party), as delivered '
    'by the seller data feed AccountFeed_V1. The business key is account_id; the newest '
    'update_date per (account_id, valid_from) replaces older rows, and the newest valid_from is '
    'the account today. The first valid_from is often later than the facts that refer to the '
    'account: extend it backward in joins. Loaded by append: rows that a later file lacks stay.';

comment on column sdds.account.seller_id is
    'Seller whose bucket held the file (ingest.seller).';
comment on column sdds.account.version_id is
    'Version of the file from which the row was first read; leads to bucket, key and ETag.';
comment on column sdds.account.line is
    'Number of the record in that version; 1 is the first after the header.';
comment on column sdds.account.account_id is
    'Key of the account, an opaque GUID. All *_account_id columns of the other feeds refer to it.';
comment on column sdds.account.aws_account_id is
    'AWS account number, 12 digits as text. Some files lose leading zeros: pad on the left before '
    'comparing.';
comment on column sdds.account.encrypted_account_id is
    'Buyer as the metering and entitlement services name it; joins customer identifiers of '
    'notifications and entitlements.';
comment on column sdds.account.mailing_address_id is
    'Mailing address (sdds.address).';
comment on column sdds.account.tax_address_id is
    'Address for taxation (sdds.address).';
comment on column sdds.account.tax_registration_number is
    'Tax registration, such as a VAT number, as text; of accounts outside the US.';
comment on column sdds.account.tax_legal_name is
    'Name on tax invoices; of accounts outside the US.';
comment on column sdds.account.catalog is
    'Marketplace catalogue of the record, mostly AWSMarketplace. Ids are unique within one '
    'catalogue only. Not in AWS''s published column list.';
comment on column sdds.account.valid_from is
    'Instant (UTC) from which this version holds. A later instant is a real change and leaves '
    'earlier versions true.';
comment on column sdds.account.insert_date is
    'Instant (UTC) at which the row first appeared in the feed. Breaks ties of update_date.';
comment on column sdds.account.update_date is
    'Instant (UTC) at which this row was written. The newest one replaces the others of the same '
    'key and valid_from.';
comment on column sdds.account.delete_date is
    'Instant (UTC) of a soft delete; null while the row stands. Rows that have it no longer '
    'count.';
comment on column sdds.account.extra is
    'Columns of the file that this table does not have, as a JSON object of header to text; null '
    'when there are none.';

insert into ingest.feed (
    feed, table_schema, table_name, kind, title, key_pattern, business_key, totals, cadence
)
values (
    'sdds.account', 'sdds', 'account', 'log',
    'Accounts',
    '(?i)^(.+/)?AccountFeed_V1/year=[0-9]{4}/month=[0-9]{2}/data[.]csv([.]gz)?$',
    array['account_id', 'valid_from', 'update_date'],
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
