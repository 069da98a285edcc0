-- after: entry, describe
-- Accounting entries with what decides to which line, side and sum each belongs.

create or replace view resolved.line_event as
select e.seller_id, e.line_key, e.billing_event_id, e.action, e.transaction_type,
    e.invoice_variant, e.invoice_id, e.invoice_date, e.payment_due_date, e.recipient_account_id,
    e.broker_id, e.product_id, e.currency, e.disbursement_currency, e.agreement_id,
    a.proposer_account_id, a.acceptor_account_id,
    coalesce(a.offer_id, e.offer_id) as offer_id,
    e.end_user_account_id, e.usage_period_start_date, e.usage_period_end_date,
    e.buyer_transaction_reference_id, e.transaction_reference_id, e.billing_address_id, e.catalog,
    e.disbursement_billing_event_id,
    d.billing_event_id is not null as is_disbursed,
    d.billing_event_id is null and coalesce(e.action = 'COLLECTED', false) as is_collected,
    d.invoice_date as disbursement_date,
    case when d.bank_trace_id not in ('EMEA_MP_TEST_TRACE_ID', 'testTraceId')
        then d.bank_trace_id end as bank_trace_id,
    d.disbursement_reference_number,
    d.transaction_type as disbursement_type,
    case when e.action = 'COLLECTED' then e.action_date end as collection_date,
    round(e.amount, 6) as amount,
    round(e.disbursement_amount, 6) as disbursement_amount,
    case e.invoice_variant when 'PURCHASE' then e.invoice_id when 'RESALE' then e.buyer_invoice_id
        end as purchase_invoice_id,
    case
        when e.invoice_variant = 'PURCHASE' or e.transaction_type = 'BALANCE_ADJUSTMENT'
            then e.invoice_date
        when e.invoice_variant = 'RESALE' then e.buyer_invoice_date
    end as purchase_invoice_date,
    -- AWS itself, and the parties of a wholesale purchase, are not who pays the buyer's invoice.
    case
        when e.transaction_type like 'AWS%' then null
        when e.transaction_type in
                ('SELLER_REV_SHARE', 'SELLER_REV_SHARE_REFUND', 'SELLER_REV_SHARE_CREDIT')
            and e.charge_variant = 'RESALE' and e.charge_side = 'BUYING' then null
        when e.transaction_type like '%TAX%' and e.invoice_variant = 'RESALE' then null
        when e.invoice_id is null then e.to_account_id
        else e.from_account_id
    end as payer_account_id,
    e.bucket, e.counts, e.is_isv_wholesale
from resolved.entry e
left join resolved.billing_event d
    on d.seller_id = e.seller_id and d.billing_event_id = e.disbursement_billing_event_id
    and d.action = 'DISBURSED' and d.transaction_type in ('DISBURSEMENT', 'DISBURSEMENT_FAILURE')
    and d.delete_date is null
left join resolved.agreement a
    on a.seller_id = e.seller_id and a.agreement_id = e.agreement_id
    and e.invoice_date >= a.holds_from and e.invoice_date < a.valid_to
-- An entry without a type is one of no known type, as it is to AWS's queries.
where coalesce(e.transaction_type, '') not like 'DISBURSEMENT%'
    and (e.agreement_id is null or a.agreement_id is not null);

comment on view resolved.line_event is
    'Current accounting entries other than payouts, each with its line, its payout and the sum that it goes into. Entries of an agreement that is not known at their invoice date are left out.';

select resolved.describe_like('resolved.line_event',
    array['resolved.entry'::regclass, 'resolved.agreement'::regclass]);
comment on column resolved.line_event.offer_id is
    'Offer of the agreement as of the invoice date, else of the entry.';
comment on column resolved.line_event.is_disbursed is
    'Whether the entry was paid by a payout that the feed has.';
comment on column resolved.line_event.is_collected is
    'Whether it tells of money that came in from the buyer.';
comment on column resolved.line_event.disbursement_date is
    'Instant (UTC) of the payout.';
comment on column resolved.line_event.bank_trace_id is
    'Bank''s trace number of the payout; null for those of tests.';
comment on column resolved.line_event.disbursement_reference_number is
    'AWS''s reference number of the payout.';
comment on column resolved.line_event.disbursement_type is
    'DISBURSEMENT or DISBURSEMENT_FAILURE.';
comment on column resolved.line_event.collection_date is
    'Instant (UTC) at which the money came in.';
comment on column resolved.line_event.amount is
    'Signed amount in currency, six decimals.';
comment on column resolved.line_event.disbursement_amount is
    'Signed amount in disbursement_currency, six decimals.';
comment on column resolved.line_event.purchase_invoice_id is
    'Buyer''s invoice, where the entry tells it.';
comment on column resolved.line_event.purchase_invoice_date is
    'Instant (UTC) of the buyer''s invoice, where the entry tells it.';
comment on column resolved.line_event.payer_account_id is
    'Account key of who pays the buyer''s invoice, where the entry tells it.';
