-- One row per agreement of a supplementary report on agreements and free trials.

create table if not exists sdds.agreement_details_report (
    seller_id                    integer     not null,
    version_id                   bigint      not null,
    line                         bigint      not null,
    vendor_display_name          text,
    vendor_aws_account_id        text,
    subscriber_aws_account_id    text,
    customer_id                  text,
    product_title                text,
    offer_id                     text,
    offer_visibility             text,
    reseller_name                text,
    reseller_aws_account_id      text,
    agreement_id                 text,
    agreement_acceptance_date    timestamptz,
    agreement_start_date         timestamptz,
    agreement_end_date           timestamptz,
    is_free_trial_offer          boolean,
    is_upgraded_after_free_trial boolean,
    total_contract_value         numeric,
    extra                        jsonb,
    constraint agreement_details_report_pkey primary key (seller_id, version_id, line)
);

-- Few rows if any, so that what is empty against the guide's word is found at once.
create index if not exists agreement_details_report_empty_idx on sdds.agreement_details_report (seller_id, version_id)
    where agreement_id is null;

comment on table sdds.agreement_details_report is
    'One row is one agreement of the supplementary report on agreement details, which AWS sends '
    'on days after new subscribers came; it is the source that tells of SaaS contract free '
    'trials. AWS publishes neither the object key nor the header, so both are matched by guess: '
    'look at ingest.drift before relying on a column. Each file stands for itself; a newer '
    'version of it replaces its rows. For an agreement as it is today take the row of the newest '
    'file, or sdds.agreement.';

comment on column sdds.agreement_details_report.seller_id is
    'Seller whose bucket held the file (ingest.seller).';
comment on column sdds.agreement_details_report.version_id is
    'Version of the file from which the row was first read; leads to bucket, key and ETag.';
comment on column sdds.agreement_details_report.line is
    'Number of the record in that version; 1 is the first after the header.';
comment on column sdds.agreement_details_report.vendor_display_name is
    'Name of the seller, as shown to buyers.';
comment on column sdds.agreement_details_report.vendor_aws_account_id is
    'AWS account number of the seller, 12 digits as text; pad lost leading zeros on the left.';
comment on column sdds.agreement_details_report.subscriber_aws_account_id is
    'AWS account number of the subscriber, 12 digits as text; pad lost leading zeros on the '
    'left.';
comment on column sdds.agreement_details_report.customer_id is
    'Published as an id of the product, more likely the customer identifier of notifications.';
comment on column sdds.agreement_details_report.product_title is
    'Title of the product.';
comment on column sdds.agreement_details_report.offer_id is
    'Offer that was accepted (sdds.offer).';
comment on column sdds.agreement_details_report.offer_visibility is
    'Whether the offer is public, private or an enterprise contract; the spelling of the values '
    'is unpublished.';
comment on column sdds.agreement_details_report.reseller_name is
    'Name of the channel partner; null on direct sales.';
comment on column sdds.agreement_details_report.reseller_aws_account_id is
    'AWS account number of the channel partner, as text; null on direct sales.';
comment on column sdds.agreement_details_report.agreement_id is
    'Agreement (sdds.agreement).';
comment on column sdds.agreement_details_report.agreement_acceptance_date is
    'Instant (UTC) at which the buyer accepted.';
comment on column sdds.agreement_details_report.agreement_start_date is
    'Instant (UTC) from which the agreement runs.';
comment on column sdds.agreement_details_report.agreement_end_date is
    'Instant (UTC) at which it ends; 9999-01-01, written 1-JAN-9999 in the file, means no end, '
    'as with metered products.';
comment on column sdds.agreement_details_report.is_free_trial_offer is
    'Whether the agreement began as a free trial.';
comment on column sdds.agreement_details_report.is_upgraded_after_free_trial is
    'Whether the trial became a paid contract.';
comment on column sdds.agreement_details_report.total_contract_value is
    'Value of the contract; currency not stated.';
comment on column sdds.agreement_details_report.extra is
    'Columns of the file that this table does not have, as a JSON object of header to text; null '
    'when there are none.';

insert into ingest.feed (
    feed, table_schema, table_name, kind, title, key_pattern, business_key, totals, cadence,
    never_empty
)
values (
    'sdds.agreement_details_report', 'sdds', 'agreement_details_report', 'snapshot',
    'Agreement details (supplementary report)',
    -- AWS publishes no key: the name may be the file's or a folder's. Keys of the other feeds, in a
    -- folder that somebody named so, are theirs.
    '(?i)^(?!.*Feed(_V[0-9]+)?/year=)(?!.*/(?![^/]*agreement)[a-z_]+_[0-9]{4}-[0-9]{2}-[0-9]{2})'
    '(.+/)?[^/]*agreement[-_ ]?details?[-_ ]?report[^/]*(/.+)?[.]csv([.]gz)?$',
    array['agreement_id'],
    array['total_contract_value/'],
    -- It comes only after days with new subscribers, so no day can be expected to have one.
    'on_request',
    array['agreement_id']
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
