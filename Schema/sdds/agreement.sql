-- One row per version of a purchase agreement between a proposer (seller of record) and a buyer.

create table if not exists sdds.agreement (
    seller_id                    integer     not null,
    version_id                   bigint      not null,
    line                         bigint      not null,
    agreement_id                 text        not null,
    status                       text,
    status_reason_code           text,
    estimated_agreement_value    numeric,
    currency_code                text,
    license_ids                  jsonb,
    proposer_account_id          text,
    acceptor_account_id          text,
    offer_id                     text,
    offer_revision_at_acceptance bigint,
    offer_set_id                 text,
    start_time                   timestamptz,
    end_time                     timestamptz,
    acceptance_time              timestamptz,
    intent                       text,
    preceding_agreement_id       text,
    recipient_account_id         text,
    catalog                      text,
    valid_from                   timestamptz not null,
    insert_date                  timestamptz,
    update_date                  timestamptz not null,
    delete_date                  timestamptz,
    extra                        jsonb,
    constraint agreement_pkey primary key (seller_id, version_id, line)
);

comment on table sdds.agreement is
    'One row is one version of an agreement on an offer, as delivered by the seller data feed '
    'AgreementFeed_V1. The business key is agreement_id; each valid_from is a revision, and the '
    'newest update_date within it replaces older rows. Disregard revisions ROLLED_BACK and '
    'SUPERSEDED while another exists, then take the newest. A status can lag behind the clock: '
    'test start_time and end_time too. Loaded by append: rows that a later file lacks stay.';

comment on column sdds.agreement.seller_id is
    'Seller whose bucket held the file (ingest.seller).';
comment on column sdds.agreement.version_id is
    'Version of the file from which the row was first read; leads to bucket, key and ETag.';
comment on column sdds.agreement.line is
    'Number of the record in that version; 1 is the first after the header.';
comment on column sdds.agreement.agreement_id is
    'Key of the agreement, agmt- and letters; shared by all its revisions.';
comment on column sdds.agreement.status is
    'State of this revision: ACTIVE, ARCHIVED, CANCELLED, EXPIRED, RENEWED, REPLACED, '
    'ROLLED_BACK, SUPERSEDED or TERMINATED. New values are possible.';
comment on column sdds.agreement.status_reason_code is
    'Reason of the last change of status; the list of values is unpublished.';
comment on column sdds.agreement.estimated_agreement_value is
    'What the buyer is expected to pay in all, in currency_code. A plan: not invoiced, not paid.';
comment on column sdds.agreement.currency_code is
    'Currency code of estimated_agreement_value.';
comment on column sdds.agreement.license_ids is
    'Licences of the agreement, an array of ids or ARNs; compare the part that starts with l-. '
    'Its text form is unpublished.';
comment on column sdds.agreement.proposer_account_id is
    'Account key (GUID) of the party that made the offer, the seller of record. Join '
    'sdds.account.';
comment on column sdds.agreement.acceptor_account_id is
    'Account key (GUID) of the buyer who accepted. Join sdds.account.';
comment on column sdds.agreement.offer_id is
    'Offer that was accepted (sdds.offer).';
comment on column sdds.agreement.offer_revision_at_acceptance is
    'Number of the offer''s revision that was accepted; with offer_id it joins sdds.offer.';
comment on column sdds.agreement.offer_set_id is
    'Offer set that the offer came in, offerset- and letters; null for most.';
comment on column sdds.agreement.start_time is
    'Instant (UTC) from which the agreement runs; may lie in the future.';
comment on column sdds.agreement.end_time is
    'Instant (UTC) at which it ends. Null and 9999-01-01 both mean no end, as with pay-as-you-go.';
comment on column sdds.agreement.acceptance_time is
    'Instant (UTC) at which the buyer accepted; before start_time when future-dated, and '
    'back-dated for some bring-your-own-licence agreements.';
comment on column sdds.agreement.intent is
    'What the acceptance was for: NEW, AMEND, REPLACE or RENEW.';
comment on column sdds.agreement.preceding_agreement_id is
    'Agreement that this one renews or replaces (sdds.agreement); follow it from the newer side.';
comment on column sdds.agreement.recipient_account_id is
    'Account key (GUID) of the seller whose copy of the feed this is; reseller and manufacturer '
    'hold different rows of one sale.';
comment on column sdds.agreement.catalog is
    'Marketplace catalogue of the record, mostly AWSMarketplace. Ids are unique within one '
    'catalogue only. Not in AWS''s published column list.';
comment on column sdds.agreement.valid_from is
    'Instant (UTC) from which this version holds. Each is a revision of the agreement; terms join '
    'on it.';
comment on column sdds.agreement.insert_date is
    'Instant (UTC) at which the row first appeared in the feed. Breaks ties of update_date.';
comment on column sdds.agreement.update_date is
    'Instant (UTC) at which this row was written. The newest one replaces the others of the same '
    'key and valid_from.';
comment on column sdds.agreement.delete_date is
    'Instant (UTC) of a soft delete; null while the row stands. Rows that have it no longer '
    'count.';
comment on column sdds.agreement.extra is
    'Columns of the file that this table does not have, as a JSON object of header to text; null '
    'when there are none.';

insert into ingest.feed (
    feed, table_schema, table_name, kind, title, key_pattern, business_key, totals, cadence
)
values (
    'sdds.agreement', 'sdds', 'agreement', 'log',
    'Agreements',
    '(?i)^(.+/)?AgreementFeed_V1/year=[0-9]{4}/month=[0-9]{2}/data[.]csv([.]gz)?$',
    array['agreement_id', 'valid_from', 'update_date'],
    array['estimated_agreement_value/currency_code'],
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

-- AWS has published the header misspelt.
insert into ingest.alias (feed, header, column_name)
values ('sdds.agreement', 'acceptancet_time', 'acceptance_time')
on conflict (feed, header) do update set column_name = excluded.column_name;
