-- after: kind
-- A seller's requests to cancel an agreement, and what became of them.

create table if not exists event.cancellation_request (
    seller_id                integer      not null references ingest.seller,
    event_key                text         not null,
    event_type               text         not null,
    event_time               timestamptz,
    cancellation_request_id  text,
    agreement_id             text,
    status                   text,
    status_message           text,
    reason_code              text,
    reason_message           text,
    created_at               timestamptz,
    updated_at               timestamptz,
    acceptor_account_id      text,
    offer_id                 text,
    product_id               text,
    catalog                  text,
    request_id               text,
    party                    text         generated always as (event.party(event_type)) stored,
    received_at              timestamptz  not null default now(),
    topic_arn                text,
    sqs_message_id           text         not null,
    malformed                text[],
    body                     text         not null,
    primary key (seller_id, event_key)
);

create index if not exists cancellation_request_history_idx on event.cancellation_request using hash (cancellation_request_id);

comment on table event.cancellation_request is
    'A request to cancel an agreement reached a status. The newest updated_at per cancellation_request_id is where it stands. A request that the buyer does not answer is approved after 7 days.';
comment on column event.cancellation_request.seller_id is 'The seller whose queue delivered it (ingest.seller).';
comment on column event.cancellation_request.event_key is 'What a repeated delivery of the same event keeps: id of the EventBridge event, else MessageId of SNS, else MessageId of SQS. Unique per seller: an event with the same id and other content has a tilde and a digest after it.';
comment on column event.cancellation_request.event_type is 'detail-type of the EventBridge event, as sent: dashes and hyphens both occur. Compare with event.folded(event_type).';
comment on column event.cancellation_request.event_time is 'When it happened: time of the EventBridge event, else Timestamp of the SNS envelope; null where neither is there.';
comment on column event.cancellation_request.cancellation_request_id is 'Id of the request, acr- and letters.';
comment on column event.cancellation_request.agreement_id is 'Id of the agreement, agmt- and letters. Join sdds.agreement.';
comment on column event.cancellation_request.status is 'PENDING_APPROVAL, APPROVED, REJECTED, CANCELLED (withdrawn) or VALIDATION_FAILED.';
comment on column event.cancellation_request.status_message is 'Why, in words: of the buyer who rejects, or of AWS.';
comment on column event.cancellation_request.reason_code is 'Why the seller asked: INCORRECT_TERMS_ACCEPTED, REPLACING_AGREEMENT, TEST_AGREEMENT, ALTERNATIVE_PROCUREMENT_CHANNEL, PRODUCT_DISCONTINUED, UNINTENDED_RENEWAL, BUYER_DISSATISFACTION or OTHER.';
comment on column event.cancellation_request.reason_message is 'The seller''s words about it.';
comment on column event.cancellation_request.created_at is 'Instant (UTC) at which it was asked.';
comment on column event.cancellation_request.updated_at is 'Instant (UTC) of this status.';
comment on column event.cancellation_request.acceptor_account_id is 'AWS account number of the buyer, with leading zeros; not a key of sdds.account, whose aws_account_id it is.';
comment on column event.cancellation_request.offer_id is 'Id of the offer that was accepted. Join sdds.offer.';
comment on column event.cancellation_request.product_id is 'Id of the product. Join sdds.product.';
comment on column event.cancellation_request.catalog is 'Marketplace catalogue, mostly AWSMarketplace.';
comment on column event.cancellation_request.request_id is 'Id that AWS Support asks for.';
comment on column event.cancellation_request.party is 'In which role the seller got it: proposer, manufacturer, or acceptor where the seller itself is the buyer. Where proposer and manufacturer are one account AWS sends the proposer form only.';
comment on column event.cancellation_request.received_at is 'When it was first recorded here.';
comment on column event.cancellation_request.topic_arn is 'SNS topic that it came through; null for raw delivery and EventBridge.';
comment on column event.cancellation_request.sqs_message_id is 'MessageId that SQS gave its first delivery.';
comment on column event.cancellation_request.malformed is 'Parts of the event that do not fit their column, which is null then: where, and why. The body has them. Null: all is well.';
comment on column event.cancellation_request.body is 'The message as received, envelope included. event.content(body) is the event in it as JSON.';

insert into event.kind (event_table, source, pattern, title)
values ('cancellation_request', 'aws.agreement-marketplace', '^agreement cancellation request ', 'Requests to cancel an agreement')
on conflict (event_table) do update set
    source = excluded.source, pattern = excluded.pattern, title = excluded.title;

insert into event.field (event_table, column_name, paths) values
    ('cancellation_request', 'cancellation_request_id', '{detail.agreementCancellationRequest.id}'),
    ('cancellation_request', 'agreement_id',            '{detail.agreement.id}'),
    ('cancellation_request', 'status',                  '{detail.agreementCancellationRequest.statusCode,detail.agreementCancellationRequest.status}'),
    ('cancellation_request', 'status_message',          '{detail.agreementCancellationRequest.statusMessage}'),
    ('cancellation_request', 'reason_code',             '{detail.agreementCancellationRequest.reasonCode}'),
    ('cancellation_request', 'reason_message',          '{detail.agreementCancellationRequest.reasonMessage}'),
    ('cancellation_request', 'created_at',              '{detail.agreementCancellationRequest.createdAt}'),
    ('cancellation_request', 'updated_at',              '{detail.agreementCancellationRequest.updatedAt}'),
    ('cancellation_request', 'acceptor_account_id',     '{detail.acceptor.accountId,detail.agreement.acceptorId}'),
    ('cancellation_request', 'offer_id',                '{detail.offer.id,detail.agreement.offerId}'),
    ('cancellation_request', 'product_id',              '{detail.agreement.productId,detail.product.id}'),
    ('cancellation_request', 'catalog',                 '{detail.catalog,detail.Catalog}'),
    ('cancellation_request', 'request_id',              '{detail.requestId}')
on conflict (event_table, column_name) do update set paths = excluded.paths;
