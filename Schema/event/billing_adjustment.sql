-- after: kind
-- Refunds that a seller asked for on an invoice: announced here, booked elsewhere.

create table if not exists event.billing_adjustment (
    seller_id              integer      not null references ingest.seller,
    event_key              text         not null,
    event_type             text         not null,
    event_time             timestamptz,
    billing_adjustment_id  text,
    agreement_id           text,
    original_invoice_id    text,
    amount                 numeric,
    currency               text,
    reason_code            text,
    catalog                text,
    request_id             text,
    outcome                text         generated always as (substring(event.folded(event_type) from 'adjustment ([a-z]+)')) stored,
    party                  text         generated always as (event.party(event_type)) stored,
    received_at            timestamptz  not null default now(),
    topic_arn              text,
    sqs_message_id         text         not null,
    malformed              text[],
    body                   text         not null,
    primary key (seller_id, event_key)
);

comment on table event.billing_adjustment is
    'An adjustment of an invoice was completed or failed. An announcement only: the money follows in sdds.billing_event as refund rows. Never book or sum the amount here beside those.';
comment on column event.billing_adjustment.seller_id is 'The seller whose queue delivered it (ingest.seller).';
comment on column event.billing_adjustment.event_key is 'What a repeated delivery of the same event keeps: id of the EventBridge event, else MessageId of SNS, else MessageId of SQS. Unique per seller: an event with the same id and other content has a tilde and a digest after it.';
comment on column event.billing_adjustment.event_type is 'detail-type of the EventBridge event, as sent: dashes and hyphens both occur. Compare with event.folded(event_type).';
comment on column event.billing_adjustment.event_time is 'When it happened: time of the EventBridge event, else Timestamp of the SNS envelope; null where neither is there.';
comment on column event.billing_adjustment.billing_adjustment_id is 'Id of the adjustment, ba- and letters.';
comment on column event.billing_adjustment.agreement_id is 'Id of the agreement, agmt- and letters. Join sdds.agreement.';
comment on column event.billing_adjustment.original_invoice_id is 'The invoice that is adjusted. Join sdds.billing_event.invoice_id.';
comment on column event.billing_adjustment.amount is 'Announced amount, negative for a refund. Never to be booked: the money is in sdds.billing_event.';
comment on column event.billing_adjustment.currency is 'Currency of the amount, ISO 4217.';
comment on column event.billing_adjustment.reason_code is 'Why: INCORRECT_TERMS_ACCEPTED, INCORRECT_METERING, TEST_ENVIRONMENT_CHARGES, ALTERNATIVE_PROCUREMENT_CHANNEL, UNINTENDED_RENEWAL, BUYER_DISSATISFACTION or OTHER.';
comment on column event.billing_adjustment.catalog is 'Marketplace catalogue, mostly AWSMarketplace.';
comment on column event.billing_adjustment.request_id is 'Id that AWS Support asks for.';
comment on column event.billing_adjustment.outcome is 'completed, or failed where AWS refused it.';
comment on column event.billing_adjustment.party is 'In which role the seller got it: proposer, manufacturer, or acceptor where the seller itself is the buyer. Where proposer and manufacturer are one account AWS sends the proposer form only.';
comment on column event.billing_adjustment.received_at is 'When it was first recorded here.';
comment on column event.billing_adjustment.topic_arn is 'SNS topic that it came through; null for raw delivery and EventBridge.';
comment on column event.billing_adjustment.sqs_message_id is 'MessageId that SQS gave its first delivery.';
comment on column event.billing_adjustment.malformed is 'Parts of the event that do not fit their column, which is null then: where, and why. The body has them. Null: all is well.';
comment on column event.billing_adjustment.body is 'The message as received, envelope included. event.content(body) is the event in it as JSON.';

insert into event.kind (event_table, source, pattern, title)
values ('billing_adjustment', 'aws.agreement-marketplace', '^(purchase )?agreement billing adjustment ', 'Billing adjustments')
on conflict (event_table) do update set
    source = excluded.source, pattern = excluded.pattern, title = excluded.title;

insert into event.field (event_table, column_name, paths) values
    ('billing_adjustment', 'billing_adjustment_id', '{detail.billingAdjustmentRequest.id}'),
    ('billing_adjustment', 'agreement_id',          '{detail.agreement.id}'),
    ('billing_adjustment', 'original_invoice_id',   '{detail.invoice.originalInvoiceId}'),
    ('billing_adjustment', 'amount',                '{detail.billingAdjustmentRequest.adjustmentAmount}'),
    ('billing_adjustment', 'currency',              '{detail.billingAdjustmentRequest.currencyCode}'),
    ('billing_adjustment', 'reason_code',           '{detail.billingAdjustmentRequest.adjustmentReasonCode}'),
    ('billing_adjustment', 'catalog',               '{detail.catalog,detail.Catalog}'),
    ('billing_adjustment', 'request_id',            '{detail.requestId}')
on conflict (event_table, column_name) do update set paths = excluded.paths;
