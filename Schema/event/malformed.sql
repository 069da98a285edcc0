-- after: agreement, billing_adjustment, cancellation_request, change_set, disbursement_paused, license, offer_released, other, security_report, subscription
-- What did not fit its column, over all kinds of events.

create or replace view event.malformed as
select e.seller_id, e.event_table, e.event_key, e.event_type, e.received_at, e.malformed, e.body
from (
    select seller_id, 'agreement' as event_table, event_key, event_type, received_at, malformed, body
    from event.agreement
    union all
    select seller_id, 'billing_adjustment' as event_table, event_key, event_type, received_at, malformed, body
    from event.billing_adjustment
    union all
    select seller_id, 'cancellation_request' as event_table, event_key, event_type, received_at, malformed, body
    from event.cancellation_request
    union all
    select seller_id, 'change_set' as event_table, event_key, event_type, received_at, malformed, body
    from event.change_set
    union all
    select seller_id, 'disbursement_paused' as event_table, event_key, event_type, received_at, malformed, body
    from event.disbursement_paused
    union all
    select seller_id, 'license' as event_table, event_key, event_type, received_at, malformed, body
    from event.license
    union all
    select seller_id, 'offer_released' as event_table, event_key, event_type, received_at, malformed, body
    from event.offer_released
    union all
    select seller_id, 'other' as event_table, event_key, event_type, received_at, malformed, body
    from event.other
    union all
    select seller_id, 'security_report' as event_table, event_key, event_type, received_at, malformed, body
    from event.security_report
    union all
    select seller_id, 'subscription' as event_table, event_key, event_type, received_at, malformed, body
    from event.subscription
) e
where e.malformed is not null;

comment on view event.malformed is
    'Events with parts that do not fit their column: the typed column is null, the body is whole. A kind that is added to the schema event is added here.';
comment on column event.malformed.seller_id is 'The seller whose queue delivered it (ingest.seller).';
comment on column event.malformed.event_table is 'Table of the schema event that has the row.';
comment on column event.malformed.event_key is 'Key of the row there.';
comment on column event.malformed.event_type is 'Action or detail-type of the event, as sent.';
comment on column event.malformed.received_at is 'When it was first recorded here.';
comment on column event.malformed.malformed is 'Where in the event, and why.';
comment on column event.malformed.body is 'The message as received.';
