-- after: kind
-- Purchase agreements: made, amended, ended, about to end or to renew, under an advisory.

create table if not exists event.agreement (
    seller_id                integer      not null references ingest.seller,
    event_key                text         not null,
    event_type               text         not null,
    event_time               timestamptz,
    agreement_id             text,
    intent                   text,
    status                   text,
    acceptance_time          timestamptz,
    start_time               timestamptz,
    end_time                 timestamptz,
    previous_agreement_id    text,
    days_before_end          integer,
    auto_renewal_enabled     boolean,
    renewal_disabled_by      text,
    lockout_start_time       timestamptz,
    lockout_reached          boolean,
    terms_finalized_time     timestamptz,
    renewal_total            numeric,
    renewal_currency         text,
    advisory_issued_at       timestamptz,
    advisory_resolved_at     timestamptz,
    resale_authorization_id  text,
    acceptor_account_id      text,
    proposer_account_id      text,
    proposer_name            text,
    offer_id                 text,
    product_id               text,
    product_title            text,
    catalog                  text,
    request_id               text,
    change                   text         generated always as (regexp_replace(event.folded(event_type), '^purchase agreement | (proposer|manufacturer|acceptor)$', '', 'g')) stored,
    party                    text         generated always as (event.party(event_type)) stored,
    received_at              timestamptz  not null default now(),
    topic_arn                text,
    sqs_message_id           text         not null,
    malformed                text[],
    body                     text         not null,
    primary key (seller_id, event_key)
);

create index if not exists agreement_history_idx on event.agreement using hash (agreement_id);

comment on table event.agreement is
    'An event of a purchase agreement. Order of arrival means nothing: use event_time and the times below. No product licence, quantity or price is in it; those come a day later with sdds.agreement and its terms.';
comment on column event.agreement.seller_id is 'The seller whose queue delivered it (ingest.seller).';
comment on column event.agreement.event_key is 'What a repeated delivery of the same event keeps: id of the EventBridge event, else MessageId of SNS, else MessageId of SQS. Unique per seller: an event with the same id and other content has a tilde and a digest after it.';
comment on column event.agreement.event_type is 'detail-type of the EventBridge event, as sent: dashes and hyphens both occur. Compare with event.folded(event_type).';
comment on column event.agreement.event_time is 'When it happened: time of the EventBridge event, else Timestamp of the SNS envelope; null where neither is there.';
comment on column event.agreement.agreement_id is 'Id of the agreement, agmt- and letters. Join sdds.agreement.';
comment on column event.agreement.intent is 'Why the agreement came to be: NEW, AMEND, REPLACE, RENEW (then previous_agreement_id names the one before).';
comment on column event.agreement.status is 'Status of the agreement when the event was sent: ACTIVE, CANCELLED, EXPIRED, RENEWED, REPLACED, TERMINATED and others.';
comment on column event.agreement.acceptance_time is 'Instant (UTC) at which the buyer accepted.';
comment on column event.agreement.start_time is 'Instant (UTC) from which the agreement holds; may lie in the future.';
comment on column event.agreement.end_time is 'Instant (UTC) at which it ends; 9999-01-01 for pay-as-you-go, which has no end.';
comment on column event.agreement.previous_agreement_id is 'The agreement that this one renews or replaces.';
comment on column event.agreement.days_before_end is 'Days until the end, as announced: 180, 120, 90, 60 or 30. With Ending.';
comment on column event.agreement.auto_renewal_enabled is 'Whether it will renew by itself: false where either party switched that off, or no renewal was agreed.';
comment on column event.agreement.renewal_disabled_by is 'Who switched renewal off: ACCEPTOR or PROPOSER (also when both did).';
comment on column event.agreement.lockout_start_time is 'Renewal decision deadline, instant (UTC): from then on nobody can switch renewal on or off.';
comment on column event.agreement.lockout_reached is 'Whether that deadline has passed.';
comment on column event.agreement.terms_finalized_time is 'Instant (UTC) at which the price of the renewal became final. With Renewal Terms Finalized.';
comment on column event.agreement.renewal_total is 'Total contract value of the renewal, as announced. Never to be booked: money is in sdds.billing_event.';
comment on column event.agreement.renewal_currency is 'Currency of renewal_total, ISO 4217.';
comment on column event.agreement.advisory_issued_at is 'Instant (UTC) at which an advisory that may affect the agreement was issued.';
comment on column event.agreement.advisory_resolved_at is 'Instant (UTC) at which the advisory was resolved.';
comment on column event.agreement.resale_authorization_id is 'Resale authorisation under which a channel partner sold; null on direct sales.';
comment on column event.agreement.acceptor_account_id is 'AWS account number of the buyer, with leading zeros; not a key of sdds.account, whose aws_account_id it is.';
comment on column event.agreement.proposer_account_id is 'AWS account number of whoever made the offer: the seller, or a channel partner.';
comment on column event.agreement.proposer_name is 'Name of whoever made the offer.';
comment on column event.agreement.offer_id is 'Id of the offer that was accepted. Join sdds.offer.';
comment on column event.agreement.product_id is 'Id of the product, where the event names it. Join sdds.product.';
comment on column event.agreement.product_title is 'Title of the product at that time.';
comment on column event.agreement.catalog is 'Marketplace catalogue, mostly AWSMarketplace.';
comment on column event.agreement.request_id is 'Id that AWS Support asks for.';
comment on column event.agreement.change is 'What happened, without the party: created, amended, ended, ending, renewal upcoming, renewal terms finalized, advisory issued, advisory resolved; others where AWS sends them.';
comment on column event.agreement.party is 'In which role the seller got it: proposer, manufacturer, or acceptor where the seller itself is the buyer. Where proposer and manufacturer are one account AWS sends the proposer form only.';
comment on column event.agreement.received_at is 'When it was first recorded here.';
comment on column event.agreement.topic_arn is 'SNS topic that it came through; null for raw delivery and EventBridge.';
comment on column event.agreement.sqs_message_id is 'MessageId that SQS gave its first delivery.';
comment on column event.agreement.malformed is 'Parts of the event that do not fit their column, which is null then: where, and why. The body has them. Null: all is well.';
comment on column event.agreement.body is 'The message as received, envelope included. event.content(body) is the event in it as JSON.';

insert into event.kind (event_table, source, pattern, title)
values ('agreement', 'aws.agreement-marketplace', '^purchase agreement (?!billing adjustment )', 'Purchase agreements')
on conflict (event_table) do update set
    source = excluded.source, pattern = excluded.pattern, title = excluded.title;

insert into event.field (event_table, column_name, paths) values
    ('agreement', 'agreement_id',            '{detail.agreement.id}'),
    ('agreement', 'intent',                  '{detail.agreement.intent}'),
    ('agreement', 'status',                  '{detail.agreement.status}'),
    ('agreement', 'acceptance_time',         '{detail.agreement.acceptanceTime}'),
    ('agreement', 'start_time',              '{detail.agreement.startTime}'),
    ('agreement', 'end_time',                '{detail.agreement.endTime}'),
    ('agreement', 'previous_agreement_id',   '{detail.agreement.previousAgreementId,detail.previousAgreementId}'),
    ('agreement', 'days_before_end',         '{detail.agreement.daysBeforeEndTime,detail.daysBeforeEndTime}'),
    ('agreement', 'auto_renewal_enabled',    '{detail.agreement.autoRenewalEnabled,detail.autoRenewalEnabled}'),
    ('agreement', 'renewal_disabled_by',     '{detail.renewalSummary.disabledBy}'),
    ('agreement', 'lockout_start_time',      '{detail.renewalSummary.lockoutStartTime}'),
    ('agreement', 'lockout_reached',         '{detail.renewalSummary.lockoutReached}'),
    ('agreement', 'terms_finalized_time',    '{detail.renewalSummary.termsFinalizedTime}'),
    ('agreement', 'renewal_total',           '{detail.renewalSummary.tcv}'),
    ('agreement', 'renewal_currency',        '{detail.renewalSummary.currency}'),
    ('agreement', 'advisory_issued_at',      '{detail.advisory.issuedAt}'),
    ('agreement', 'advisory_resolved_at',    '{detail.advisory.resolvedAt}'),
    ('agreement', 'resale_authorization_id', '{detail.resaleAuthorization.id}'),
    ('agreement', 'acceptor_account_id',     '{detail.acceptor.accountId,detail.agreement.acceptorId}'),
    ('agreement', 'proposer_account_id',     '{detail.proposer.accountId}'),
    ('agreement', 'proposer_name',           '{detail.proposer.name}'),
    ('agreement', 'offer_id',                '{detail.offer.id,detail.agreement.offerId}'),
    ('agreement', 'product_id',              '{detail.product.id}'),
    ('agreement', 'product_title',           '{detail.product.title}'),
    ('agreement', 'catalog',                 '{detail.catalog,detail.Catalog}'),
    ('agreement', 'request_id',              '{detail.requestId}')
on conflict (event_table, column_name) do update set paths = excluded.paths;
