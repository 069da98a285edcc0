-- One row per accounting entry: what was invoiced, written off, collected or paid out.

create table if not exists sdds.billing_event (
    seller_id                      integer     not null,
    version_id                     bigint      not null,
    line                           bigint      not null,
    billing_event_id               text        not null,
    from_account_id                text,
    to_account_id                  text,
    end_user_account_id            text,
    product_id                     text,
    action                         text,
    transaction_type               text,
    parent_billing_event_id        text,
    disbursement_billing_event_id  text,
    amount                         numeric,
    currency                       text,
    disbursement_amount            numeric,
    disbursement_currency          text,
    balance_impacting              boolean,
    invoice_date                   timestamptz,
    payment_due_date               timestamptz,
    usage_period_start_date        timestamptz,
    usage_period_end_date          timestamptz,
    invoice_id                     text,
    billing_address_id             text,
    transaction_reference_id       text,
    bank_trace_id                  text,
    broker_id                      text,
    buyer_transaction_reference_id text,
    action_date                    timestamptz,
    recipient_account_id           text,
    offer_id                       text,
    buyer_invoice_date             timestamptz,
    line_item_id                   text,
    buyer_line_item_id             text,
    charge_variant                 text,
    charge_side                    text,
    agreement_id                   text,
    buyer_invoice_id               text,
    invoice_variant                text,
    disbursement_reference_number  text,
    catalog                        text,
    valid_from                     timestamptz not null,
    insert_date                    timestamptz,
    update_date                    timestamptz not null,
    delete_date                    timestamptz,
    extra                          jsonb,
    constraint billing_event_pkey primary key (seller_id, version_id, line)
);

-- Few rows if any, so that what is empty against the guide's word is found at once.
create index if not exists billing_event_empty_idx on sdds.billing_event (seller_id, version_id)
    where action is null or transaction_type is null;

comment on table sdds.billing_event is
    'One row is one accounting entry of a sale, fee, tax, refund or payout, as delivered by the '
    'seller data feed BillingEventFeed_V1. The business key is billing_event_id; an entry is not '
    'changed by AWS, but a correction can come as a second row with a newer update_date, so take '
    'the newest per billing_event_id and leave out those with a delete_date. Filter by action '
    'before summing (COLLECTED rows repeat the sale), and never sum over currencies. Loaded by '
    'append: rows that a later file lacks stay.';

comment on column sdds.billing_event.seller_id is
    'Seller whose bucket held the file (ingest.seller).';
comment on column sdds.billing_event.version_id is
    'Version of the file from which the row was first read; leads to bucket, key and ETag.';
comment on column sdds.billing_event.line is
    'Number of the record in that version; 1 is the first after the header.';
comment on column sdds.billing_event.billing_event_id is
    'Key of the entry within one seller''s deliveries, 40 letters and digits.';
comment on column sdds.billing_event.from_account_id is
    'Account key (GUID) of the party the entry starts from; on SELLER_REV_SHARE the payer. Join '
    'sdds.account.';
comment on column sdds.billing_event.to_account_id is
    'Account key (GUID) of the party the amount goes to. Join sdds.account.';
comment on column sdds.billing_event.end_user_account_id is
    'Account key (GUID) of the user of the product; not necessarily buyer or payer, and empty on '
    'some rows of a manufacturer.';
comment on column sdds.billing_event.product_id is
    'Product sold (sdds.product). Empty on payouts, so an inner join loses them.';
comment on column sdds.billing_event.action is
    'Stage of the money: INVOICED, FORGIVEN (written off), COLLECTED (received from the buyer, '
    'since January 2026) or DISBURSED (paid out). New values are possible.';
comment on column sdds.billing_event.transaction_type is
    'What the amount is: SELLER_REV_SHARE, AWS_REV_SHARE (listing fee), the tax shares, '
    'BALANCE_ADJUSTMENT, DISBURSEMENT and others; _REFUND and _CREDIT are the opposite direction.';
comment on column sdds.billing_event.parent_billing_event_id is
    'Entry that this one follows: the invoiced row of a payout line, the payout of a '
    'DISBURSEMENT_FAILURE. Which rows have one depends on broker_id.';
comment on column sdds.billing_event.disbursement_billing_event_id is
    'Payout entry that paid this line. The line counts as paid only while that payout has no '
    'DISBURSEMENT_FAILURE.';
comment on column sdds.billing_event.amount is
    'Signed amount in currency; positive raises what AWS owes the seller. A refunded sale is '
    'negative, a refunded fee positive.';
comment on column sdds.billing_event.currency is
    'Currency code of amount, the currency of the price.';
comment on column sdds.billing_event.disbursement_amount is
    'Amount in disbursement_currency; only where the payout is in another currency than the '
    'price, otherwise null: use amount then.';
comment on column sdds.billing_event.disbursement_currency is
    'Currency code of disbursement_amount; null where that is null.';
comment on column sdds.billing_event.balance_impacting is
    'True if the amount counts in what the seller is owed, false if it only informs. AWS''s '
    'sources disagree on payout rows: do not derive a balance from it alone.';
comment on column sdds.billing_event.invoice_date is
    'Instant (UTC) of the invoice, at any time of day. On payout rows the start of the payout, '
    'not an invoice.';
comment on column sdds.billing_event.payment_due_date is
    'Instant (UTC) by which the buyer should pay; on INVOICED rows.';
comment on column sdds.billing_event.usage_period_start_date is
    'First instant (UTC) of the billed period.';
comment on column sdds.billing_event.usage_period_end_date is
    'Last second (UTC) that still belongs to the billed period.';
comment on column sdds.billing_event.invoice_id is
    'AWS invoice number, kept as text. Null on payouts and balance adjustments.';
comment on column sdds.billing_event.billing_address_id is
    'Payer''s billing address (sdds.address); withheld from manufacturers on channel sales.';
comment on column sdds.billing_event.transaction_reference_id is
    'Common to the related lines of a sale; joins sdds.tax_item and most CAS financial sets.';
comment on column sdds.billing_event.bank_trace_id is
    'Bank''s trace number of a payout, as text. EMEA_MP_TEST_TRACE_ID and testTraceId are not real '
    'ones.';
comment on column sdds.billing_event.broker_id is
    'AWS entity that ran the sale, such as AWS_INC or AWS_EUROPE; null means AWS_INC.';
comment on column sdds.billing_event.buyer_transaction_reference_id is
    'Ties the buyer invoice, the seller invoice and the VAT on the fee of one sale together; null '
    'on older rows.';
comment on column sdds.billing_event.action_date is
    'Instant (UTC) at which action took place: invoiced, written off, collected or paid. Months '
    'by this and by invoice_date differ.';
comment on column sdds.billing_event.recipient_account_id is
    'Account key (GUID) of the seller whose copy of the feed this is; reseller and manufacturer '
    'hold different rows of one sale.';
comment on column sdds.billing_event.offer_id is
    'Offer behind the buyer''s invoice line (sdds.offer); null on older rows.';
comment on column sdds.billing_event.buyer_invoice_date is
    'Instant (UTC) of the buyer''s invoice that the line belongs to.';
comment on column sdds.billing_event.line_item_id is
    'Invoice line, fine enough to match payouts; 20 digits and more, so text.';
comment on column sdds.billing_event.buyer_line_item_id is
    'Line of the buyer''s invoice, fine enough to match payouts; text.';
comment on column sdds.billing_event.charge_variant is
    'What is charged for, such as RESALE or LISTING_FEE. The list of values is unpublished.';
comment on column sdds.billing_event.charge_side is
    'BUYING or SELLING: on which side of the charge the receiver of the feed stands.';
comment on column sdds.billing_event.agreement_id is
    'Agreement the charge comes from (sdds.agreement); often null on invoices before April 2021.';
comment on column sdds.billing_event.buyer_invoice_id is
    'Number of the buyer''s invoice that a seller-side line belongs to, as text.';
comment on column sdds.billing_event.invoice_variant is
    'Kind of invoice_id: PURCHASE (buyer), RESALE (wholesale), LISTING_FEE or TAX_VAT.';
comment on column sdds.billing_event.disbursement_reference_number is
    'Reference that AWS gave the payout request; matches the bank''s notice.';
comment on column sdds.billing_event.catalog is
    'Marketplace catalogue of the record, mostly AWSMarketplace. Ids are unique within one '
    'catalogue only. Not in AWS''s published column list.';
comment on column sdds.billing_event.valid_from is
    'Instant (UTC) from which this version holds. One per entry is expected.';
comment on column sdds.billing_event.insert_date is
    'Instant (UTC) at which the row first appeared in the feed. Breaks ties of update_date.';
comment on column sdds.billing_event.update_date is
    'Instant (UTC) at which this row was written. The newest one replaces the others of the same '
    'key and valid_from.';
comment on column sdds.billing_event.delete_date is
    'Instant (UTC) of a soft delete; null while the row stands. Rows that have it no longer '
    'count.';
comment on column sdds.billing_event.extra is
    'Columns of the file that this table does not have, as a JSON object of header to text; null '
    'when there are none.';

insert into ingest.feed (
    feed, table_schema, table_name, kind, title, key_pattern, business_key, totals, cadence,
    never_empty
)
values (
    'sdds.billing_event', 'sdds', 'billing_event', 'log',
    'Billing events',
    '(?i)^(.+/)?BillingEventFeed_V1/year=[0-9]{4}/month=[0-9]{2}/data[.]csv([.]gz)?$',
    array['billing_event_id', 'valid_from', 'update_date'],
    array['amount/currency', 'disbursement_amount/disbursement_currency'],
    'daily',
    array['action', 'transaction_type']
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
