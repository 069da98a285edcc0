-- after: kind
-- Subscription and entitlement notices of SaaS, AMI and container products.

create table if not exists event.subscription (
    seller_id                integer      not null references ingest.seller,
    event_key                text         not null,
    event_type               text         not null,
    event_time               timestamptz,
    product_code             text,
    customer_identifier      text,
    customer_aws_account_id  text,
    license_arn              text,
    offer_id                 text,
    is_free_trial            boolean,
    received_at              timestamptz  not null default now(),
    topic_arn                text,
    sqs_message_id           text         not null,
    malformed                text[],
    body                     text         not null,
    primary key (seller_id, event_key)
);

create index if not exists subscription_customer_idx on event.subscription using hash (customer_identifier);

comment on table event.subscription is
    'A notice of a product''s SNS topic about one customer. It carries no quantity, date or money. The same notice again can be a true second event, and unsubscribe-success may never come: the newest row per customer and product is a hint, entitlements are in event.entitlement.';
comment on column event.subscription.seller_id is 'The seller whose queue delivered it (ingest.seller).';
comment on column event.subscription.event_key is 'What a repeated delivery of the same event keeps: id of the EventBridge event, else MessageId of SNS, else MessageId of SQS. Unique per seller: an event with the same id and other content has a tilde and a digest after it.';
comment on column event.subscription.event_type is 'action of the notice: subscribe-success (may use and be metered), subscribe-fail (payment check failed), unsubscribe-pending (is leaving: final metering within about an hour), unsubscribe-success (ended, metering refused), entitlement-updated (new, upgraded, renewed or expired: event.entitlement has the answer).';
comment on column event.subscription.event_time is 'When it happened: time of the EventBridge event, else Timestamp of the SNS envelope; null where neither is there.';
comment on column event.subscription.product_code is 'Code of the product. Join sdds.product.product_code.';
comment on column event.subscription.customer_identifier is 'Opaque customer identifier of metering and entitlements. Join sdds.account.encrypted_account_id.';
comment on column event.subscription.customer_aws_account_id is 'AWS account number of the customer, where the publisher sends it; no documented notice does.';
comment on column event.subscription.license_arn is 'ARN of the licence, where the publisher sends it; no documented notice does.';
comment on column event.subscription.offer_id is 'Id of the offer; only with subscribe-success and subscribe-fail, and of offers before January 2024 only on private ones. Join sdds.offer.';
comment on column event.subscription.is_free_trial is 'Whether the agreement has a free trial; null where the notice does not say.';
comment on column event.subscription.received_at is 'When it was first recorded here.';
comment on column event.subscription.topic_arn is 'SNS topic that it came through; null for raw delivery and EventBridge.';
comment on column event.subscription.sqs_message_id is 'MessageId that SQS gave its first delivery.';
comment on column event.subscription.malformed is 'Parts of the event that do not fit their column, which is null then: where, and why. The body has them. Null: all is well.';
comment on column event.subscription.body is 'The message as received, envelope included. event.content(body) is the event in it as JSON.';

insert into event.kind (event_table, source, pattern, title)
values ('subscription', 'sns', '.', 'Subscriptions and entitlements of SaaS, AMI and container products')
on conflict (event_table) do update set
    source = excluded.source, pattern = excluded.pattern, title = excluded.title;

insert into event.field (event_table, column_name, paths) values
    ('subscription', 'product_code',            '{product-code,ProductCode}'),
    ('subscription', 'customer_identifier',     '{customer-identifier,CustomerIdentifier}'),
    ('subscription', 'customer_aws_account_id', '{customer-aws-account-id,CustomerAWSAccountId}'),
    ('subscription', 'license_arn',             '{license-arn,LicenseArn}'),
    ('subscription', 'offer_id',                '{offer-identifier,OfferIdentifier}'),
    ('subscription', 'is_free_trial',           '{isFreeTrialTermPresent}')
on conflict (event_table, column_name) do update set paths = excluded.paths;
