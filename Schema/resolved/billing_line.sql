-- after: line_event
-- Accounting entries added up per line of the buyer's invoice: what was invoiced, and what each
-- payout paid of it. One table for both sides, because both are looked up and shown alike.

create table if not exists resolved.billing_line (
    seller_id                               integer not null,
    line_key                                text not null,
    line                                    text,
    side                                    text,
    recipient_account_id                    text,
    broker_id                               text,
    product_id                              text,
    pricing_currency                        text,
    disbursement_currency                   text,
    agreement_id                            text,
    proposer_account_id                     text,
    acceptor_account_id                     text,
    offer_id                                text,
    end_user_account_id                     text,
    usage_period_start_date                 timestamptz,
    usage_period_end_date                   timestamptz,
    buyer_transaction_reference_id          text,
    reference_id                            text,
    payer_account_id                        text,
    payment_due_date                        timestamptz,
    billing_address_id                      text,
    purchase_invoice_id                     text,
    purchase_invoice_date                   timestamptz,
    listing_fee_invoice_ids                 text,
    wholesale_invoice_ids                   text,
    seller_issued_invoice_ids               text,
    seller_issued_invoice_variants          text,
    catalog                                 text,
    is_isv_wholesale                        boolean,
    disbursement_billing_event_id           text,
    disbursement_date                       timestamptz,
    bank_trace_ids                          text,
    disbursement_reference_numbers          text,
    disbursement_status                     text,
    last_disbursement_id                    text,
    last_collection_date                    timestamptz,
    currency                                text,
    gross_revenue                           numeric,
    gross_refund                            numeric,
    wholesale_cost                          numeric,
    wholesale_cost_refund                   numeric,
    listing_fee                             numeric,
    listing_fee_refund                      numeric,
    aws_tax_share                           numeric,
    aws_tax_share_refund                    numeric,
    aws_tax_share_listing_fee               numeric,
    aws_tax_share_refund_listing_fee        numeric,
    wholesale_aws_tax_share                 numeric,
    wholesale_aws_tax_share_refund          numeric,
    seller_tax_share                        numeric,
    seller_tax_share_refund                 numeric,
    wholesale_seller_tax_share              numeric,
    wholesale_seller_tax_share_refund       numeric,
    other_seller_tax_share                  numeric,
    other_seller_tax_share_refund           numeric,
    wholesale_other_seller_tax_share        numeric,
    wholesale_other_seller_tax_share_refund numeric,
    infrastructure                          numeric,
    balance_adjustment                      numeric,
    net                                     numeric,
    collected                               numeric,
    disbursed                               numeric,
    undisbursed                             numeric
);

-- No key: equal rows are told apart by nothing that the feed has. A line is replaced whole. Where the
-- table is published (FOR ALL TABLES), what is deleted is told by all of its columns.
alter table resolved.billing_line replica identity full;

create index if not exists billing_line_line_key_idx
    on resolved.billing_line (seller_id, line_key);
create index if not exists billing_line_invoice_date_idx
    on resolved.billing_line (purchase_invoice_date, seller_id);
create index if not exists billing_line_payment_due_date_idx
    on resolved.billing_line (payment_due_date, seller_id) where side = 'disbursed';
create index if not exists billing_line_disbursement_date_idx
    on resolved.billing_line (disbursement_date, seller_id) where side = 'disbursed';

comment on table resolved.billing_line is
    'Billing events added up per line of the buyer''s invoice and currency. An invoiced row shows the totals of the whole line, a disbursed row what one payout paid of it. Amounts are exact; invoiced rows have the sign of the feed (what AWS owes the seller), disbursed rows the opposite one (what the seller got).';
comment on column resolved.billing_line.seller_id is 'The seller (ingest.seller).';
comment on column resolved.billing_line.line_key is 'Buyer invoice line whatever the currency; the unit that is added up anew when one of its entries changes.';
comment on column resolved.billing_line.line is 'Buyer invoice line with its two currencies, as the billed revenue report names it; null where a part of line_key is missing.';
comment on column resolved.billing_line.side is 'invoiced: the row shows what the line came to on invoices, in all. disbursed: the row shows what one payout paid of the line.';
comment on column resolved.billing_line.recipient_account_id is 'Account key of the seller whose copy of the feed it is.';
comment on column resolved.billing_line.broker_id is 'AWS entity that ran the sale.';
comment on column resolved.billing_line.product_id is 'Product sold.';
comment on column resolved.billing_line.pricing_currency is 'Currency code of the price.';
comment on column resolved.billing_line.disbursement_currency is 'Currency code of the payout; of entries without one, that of the others of the line.';
comment on column resolved.billing_line.agreement_id is 'Agreement that the charge comes from.';
comment on column resolved.billing_line.proposer_account_id is 'Account key of the agreement''s seller of record when the entry was invoiced.';
comment on column resolved.billing_line.acceptor_account_id is 'Account key of the agreement''s buyer when the entry was invoiced.';
comment on column resolved.billing_line.offer_id is 'Offer of the agreement, else of the entry.';
comment on column resolved.billing_line.end_user_account_id is 'Account key of the user of the product.';
comment on column resolved.billing_line.usage_period_start_date is 'First instant (UTC) of the billed period.';
comment on column resolved.billing_line.usage_period_end_date is 'Last second (UTC) of the billed period.';
comment on column resolved.billing_line.buyer_transaction_reference_id is 'Ties the invoices of one sale together; null on older entries.';
comment on column resolved.billing_line.reference_id is 'buyer_transaction_reference_id, else transaction_reference_id.';
comment on column resolved.billing_line.payer_account_id is 'Account key of who pays the buyer''s invoice; one for all currencies of the line.';
comment on column resolved.billing_line.payment_due_date is 'Instant (UTC) by which the buyer should pay.';
comment on column resolved.billing_line.billing_address_id is 'Payer''s billing address.';
comment on column resolved.billing_line.purchase_invoice_id is 'Buyer''s invoice; one for all currencies of the line.';
comment on column resolved.billing_line.purchase_invoice_date is 'Instant (UTC) of the buyer''s invoice; names and owners are looked up as of then.';
comment on column resolved.billing_line.listing_fee_invoice_ids is 'Listing fee invoices of the line, a comma list; null where there are none.';
comment on column resolved.billing_line.wholesale_invoice_ids is 'Wholesale invoices of the line, a comma list; null where there are none.';
comment on column resolved.billing_line.seller_issued_invoice_ids is 'VAT invoices that the seller issued to AWS, a comma list; null where there are none.';
comment on column resolved.billing_line.seller_issued_invoice_variants is 'Kinds of those invoices, a comma list; null where there are none.';
comment on column resolved.billing_line.catalog is 'Marketplace catalogue.';
comment on column resolved.billing_line.is_isv_wholesale is 'Whether an entry of the row is a manufacturer''s wholesale income.';
comment on column resolved.billing_line.disbursement_billing_event_id is 'Payout that the entries of the row point at, also where the payout itself is not in the feed.';
comment on column resolved.billing_line.disbursement_date is 'Instant (UTC) of the payout; on invoiced rows, of the line''s last one.';
comment on column resolved.billing_line.bank_trace_ids is 'Bank''s trace number of the payout; on invoiced rows, a comma list of all payouts of the line.';
comment on column resolved.billing_line.disbursement_reference_numbers is 'AWS''s reference number of the payout; on invoiced rows, a comma list.';
comment on column resolved.billing_line.disbursement_status is 'Failed (this payout), Not disbursed, Disbursed, Disbursement reversed or Partially disbursed (the line).';
comment on column resolved.billing_line.last_disbursement_id is 'The line''s last payout; null means never disbursed.';
comment on column resolved.billing_line.last_collection_date is 'Instant (UTC) at which money last came in from the buyer.';
comment on column resolved.billing_line.currency is 'Currency code of the amounts of the row: of the price on invoiced rows, of the payout on disbursed rows.';
comment on column resolved.billing_line.gross_revenue is 'Price of the sale; for a manufacturers wholesale, its price.';
comment on column resolved.billing_line.gross_refund is 'Refunds and credits of gross_revenue.';
comment on column resolved.billing_line.wholesale_cost is 'What a reseller owes the manufacturer for the goods.';
comment on column resolved.billing_line.wholesale_cost_refund is 'Refunds and credits of wholesale_cost.';
comment on column resolved.billing_line.listing_fee is 'AWSs listing fee.';
comment on column resolved.billing_line.listing_fee_refund is 'Refunds and credits of listing_fee.';
comment on column resolved.billing_line.aws_tax_share is 'Tax on the sale that AWS remits; most of it only informs.';
comment on column resolved.billing_line.aws_tax_share_refund is 'Refunds of aws_tax_share.';
comment on column resolved.billing_line.aws_tax_share_listing_fee is 'Tax on the listing fee that AWS remits.';
comment on column resolved.billing_line.aws_tax_share_refund_listing_fee is 'Refunds of aws_tax_share_listing_fee.';
comment on column resolved.billing_line.wholesale_aws_tax_share is 'Tax on the wholesale invoice that AWS remits.';
comment on column resolved.billing_line.wholesale_aws_tax_share_refund is 'Refunds of wholesale_aws_tax_share.';
comment on column resolved.billing_line.seller_tax_share is 'Tax on the sale that the seller remits.';
comment on column resolved.billing_line.seller_tax_share_refund is 'Refunds of seller_tax_share.';
comment on column resolved.billing_line.wholesale_seller_tax_share is 'Tax on the wholesale invoice that the seller remits.';
comment on column resolved.billing_line.wholesale_seller_tax_share_refund is 'Refunds of wholesale_seller_tax_share.';
comment on column resolved.billing_line.other_seller_tax_share is 'Tax on the sale that the other seller of the chain remits.';
comment on column resolved.billing_line.other_seller_tax_share_refund is 'Refunds of other_seller_tax_share.';
comment on column resolved.billing_line.wholesale_other_seller_tax_share is 'Tax on the wholesale invoice that the other seller remits.';
comment on column resolved.billing_line.wholesale_other_seller_tax_share_refund is 'Refunds of wholesale_other_seller_tax_share.';
comment on column resolved.billing_line.infrastructure is 'Infrastructure of AWS that was netted; being phased out.';
comment on column resolved.billing_line.balance_adjustment is 'Corrections by AWS outside any invoice.';
comment on column resolved.billing_line.net is 'What the row''s amounts come to for the seller, taxes that count included.';
comment on column resolved.billing_line.collected is 'What came in from the buyer for the line, of what counts for the seller; in pricing_currency, on invoiced rows.';
comment on column resolved.billing_line.disbursed is 'What was paid out of the line in all, failed payouts taken back; in currency.';
comment on column resolved.billing_line.undisbursed is 'What of the line is still to be paid out; in currency.';

-- The lines of pg_temp.resolved_touched_line, added up from the entries as they are now.
create or replace function resolved.add_up_lines() returns setof resolved.billing_line
    language plpgsql
    set jit = off
as $$
#variable_conflict use_column
begin
return query
with event as materialized (
    select e.*,
        coalesce(e.disbursement_currency, max(e.disbursement_currency collate "C") over (
            partition by e.seller_id, e.line_key, e.currency)) as line_disbursement_currency
    from pg_temp.resolved_touched_line t
    join resolved.line_event e on e.seller_id = t.seller_id and e.line_key = t.line_key
), keyed as materialized (
    -- Entries that lack a part of the key are one line, whatever their currencies.
    select *,
        case when line_key = '' then '' else line_key || '_PricingCurrency:'
            || coalesce(currency, '') || '_DisbursementCurrency:'
            || coalesce(line_disbursement_currency, '') end as line
    from event
), summed as materialized (
    select seller_id, line_key, line, disbursement_billing_event_id, is_disbursed, is_collected,
        recipient_account_id, broker_id, product_id, currency, line_disbursement_currency,
        agreement_id, proposer_account_id, acceptor_account_id, offer_id, end_user_account_id,
        usage_period_start_date, usage_period_end_date, buyer_transaction_reference_id,
        coalesce(buyer_transaction_reference_id, transaction_reference_id) as reference_id,
        bank_trace_id, disbursement_reference_number, disbursement_date, disbursement_type,
        max(payer_account_id collate "C") as payer_account_id,
        max(payment_due_date) as payment_due_date,
        max(billing_address_id collate "C") as billing_address_id,
        max(purchase_invoice_id collate "C") as purchase_invoice_id,
        max(purchase_invoice_date) as purchase_invoice_date,
        max(collection_date) as collection_date,
        min(catalog collate "C") as catalog,
        bool_or(is_isv_wholesale) as is_isv_wholesale,
        sum(case when bucket = 'gross_revenue' then amount else 0 end) as gross_revenue,
        sum(case when bucket = 'gross_revenue' then disbursement_amount else 0 end)
            as paid_gross_revenue,
        sum(case when bucket = 'gross_refund' then amount else 0 end) as gross_refund,
        sum(case when bucket = 'gross_refund' then disbursement_amount else 0 end)
            as paid_gross_refund,
        sum(case when bucket = 'wholesale_cost' then amount else 0 end) as wholesale_cost,
        sum(case when bucket = 'wholesale_cost' then disbursement_amount else 0 end)
            as paid_wholesale_cost,
        sum(case when bucket = 'wholesale_cost_refund' then amount else 0 end)
            as wholesale_cost_refund,
        sum(case when bucket = 'wholesale_cost_refund' then disbursement_amount else 0 end)
            as paid_wholesale_cost_refund,
        sum(case when bucket = 'listing_fee' then amount else 0 end) as listing_fee,
        sum(case when bucket = 'listing_fee' then disbursement_amount else 0 end)
            as paid_listing_fee,
        sum(case when bucket = 'listing_fee_refund' then amount else 0 end) as listing_fee_refund,
        sum(case when bucket = 'listing_fee_refund' then disbursement_amount else 0 end)
            as paid_listing_fee_refund,
        sum(case when bucket = 'aws_tax_share' then amount else 0 end) as aws_tax_share,
        sum(case when bucket = 'aws_tax_share' then disbursement_amount else 0 end)
            as paid_aws_tax_share,
        sum(case when bucket = 'aws_tax_share_refund' then amount else 0 end)
            as aws_tax_share_refund,
        sum(case when bucket = 'aws_tax_share_refund' then disbursement_amount else 0 end)
            as paid_aws_tax_share_refund,
        sum(case when bucket = 'aws_tax_share_listing_fee' then amount else 0 end)
            as aws_tax_share_listing_fee,
        sum(case when bucket = 'aws_tax_share_listing_fee' then disbursement_amount else 0 end)
            as paid_aws_tax_share_listing_fee,
        sum(case when bucket = 'aws_tax_share_refund_listing_fee' then amount else 0 end)
            as aws_tax_share_refund_listing_fee,
        sum(case when bucket = 'aws_tax_share_refund_listing_fee' then disbursement_amount else 0 end)
            as paid_aws_tax_share_refund_listing_fee,
        sum(case when bucket = 'wholesale_aws_tax_share' then amount else 0 end)
            as wholesale_aws_tax_share,
        sum(case when bucket = 'wholesale_aws_tax_share' then disbursement_amount else 0 end)
            as paid_wholesale_aws_tax_share,
        sum(case when bucket = 'wholesale_aws_tax_share_refund' then amount else 0 end)
            as wholesale_aws_tax_share_refund,
        sum(case when bucket = 'wholesale_aws_tax_share_refund' then disbursement_amount else 0 end)
            as paid_wholesale_aws_tax_share_refund,
        sum(case when bucket = 'seller_tax_share' then amount else 0 end) as seller_tax_share,
        sum(case when bucket = 'seller_tax_share' then disbursement_amount else 0 end)
            as paid_seller_tax_share,
        sum(case when bucket = 'seller_tax_share_refund' then amount else 0 end)
            as seller_tax_share_refund,
        sum(case when bucket = 'seller_tax_share_refund' then disbursement_amount else 0 end)
            as paid_seller_tax_share_refund,
        sum(case when bucket = 'wholesale_seller_tax_share' then amount else 0 end)
            as wholesale_seller_tax_share,
        sum(case when bucket = 'wholesale_seller_tax_share' then disbursement_amount else 0 end)
            as paid_wholesale_seller_tax_share,
        sum(case when bucket = 'wholesale_seller_tax_share_refund' then amount else 0 end)
            as wholesale_seller_tax_share_refund,
        sum(case when bucket = 'wholesale_seller_tax_share_refund' then disbursement_amount else 0 end)
            as paid_wholesale_seller_tax_share_refund,
        sum(case when bucket = 'other_seller_tax_share' then amount else 0 end)
            as other_seller_tax_share,
        sum(case when bucket = 'other_seller_tax_share' then disbursement_amount else 0 end)
            as paid_other_seller_tax_share,
        sum(case when bucket = 'other_seller_tax_share_refund' then amount else 0 end)
            as other_seller_tax_share_refund,
        sum(case when bucket = 'other_seller_tax_share_refund' then disbursement_amount else 0 end)
            as paid_other_seller_tax_share_refund,
        sum(case when bucket = 'wholesale_other_seller_tax_share' then amount else 0 end)
            as wholesale_other_seller_tax_share,
        sum(case when bucket = 'wholesale_other_seller_tax_share' then disbursement_amount else 0 end)
            as paid_wholesale_other_seller_tax_share,
        sum(case when bucket = 'wholesale_other_seller_tax_share_refund' then amount else 0 end)
            as wholesale_other_seller_tax_share_refund,
        sum(case when bucket = 'wholesale_other_seller_tax_share_refund' then disbursement_amount else 0 end)
            as paid_wholesale_other_seller_tax_share_refund,
        sum(case when bucket = 'infrastructure' then amount else 0 end) as infrastructure,
        sum(case when bucket = 'infrastructure' then disbursement_amount else 0 end)
            as paid_infrastructure,
        sum(case when bucket = 'balance_adjustment' then amount else 0 end) as balance_adjustment,
        sum(case when bucket = 'balance_adjustment' then disbursement_amount else 0 end)
            as paid_balance_adjustment,
        sum(case when counts and transaction_type = 'AWS_TAX_SHARE'
            then amount else 0 end) as aws_tax_that_counts,
        sum(case when counts and transaction_type = 'AWS_TAX_SHARE'
            then disbursement_amount else 0 end) as paid_aws_tax_that_counts,
        sum(case when counts and transaction_type = 'AWS_TAX_SHARE_REFUND'
            then amount else 0 end) as aws_tax_that_counts_refund,
        sum(case when counts and transaction_type = 'AWS_TAX_SHARE_REFUND'
            then disbursement_amount else 0 end) as paid_aws_tax_that_counts_refund,
        sum(case when counts or action = 'COLLECTED' then amount else 0 end) as all_that_counts
    from keyed
    group by seller_id, line_key, line, disbursement_billing_event_id, is_disbursed, is_collected,
        recipient_account_id, broker_id, product_id, currency, line_disbursement_currency,
        agreement_id, proposer_account_id, acceptor_account_id, offer_id, end_user_account_id,
        usage_period_start_date, usage_period_end_date, buyer_transaction_reference_id,
        coalesce(buyer_transaction_reference_id, transaction_reference_id), bank_trace_id,
        disbursement_reference_number, disbursement_date, disbursement_type
), row as materialized (
    select *, not is_disbursed and not is_collected as is_invoiced,
        coalesce(infrastructure, 0)
            + coalesce(gross_revenue, 0)
            + coalesce(gross_refund, 0)
            + coalesce(wholesale_cost, 0)
            + coalesce(wholesale_cost_refund, 0)
            + coalesce(listing_fee, 0)
            + coalesce(listing_fee_refund, 0)
            + coalesce(seller_tax_share, 0)
            + coalesce(seller_tax_share_refund, 0)
            + coalesce(wholesale_seller_tax_share, 0)
            + coalesce(wholesale_seller_tax_share_refund, 0)
            + coalesce(other_seller_tax_share, 0)
            + coalesce(other_seller_tax_share_refund, 0)
            + coalesce(wholesale_other_seller_tax_share, 0)
            + coalesce(wholesale_other_seller_tax_share_refund, 0)
            + coalesce(balance_adjustment, 0)
            + coalesce(aws_tax_that_counts, 0)
            + coalesce(aws_tax_that_counts_refund, 0) as net,
        coalesce(paid_infrastructure, 0)
            + coalesce(paid_gross_revenue, 0)
            + coalesce(paid_gross_refund, 0)
            + coalesce(paid_wholesale_cost, 0)
            + coalesce(paid_wholesale_cost_refund, 0)
            + coalesce(paid_listing_fee, 0)
            + coalesce(paid_listing_fee_refund, 0)
            + coalesce(paid_seller_tax_share, 0)
            + coalesce(paid_seller_tax_share_refund, 0)
            + coalesce(paid_wholesale_seller_tax_share, 0)
            + coalesce(paid_wholesale_seller_tax_share_refund, 0)
            + coalesce(paid_other_seller_tax_share, 0)
            + coalesce(paid_other_seller_tax_share_refund, 0)
            + coalesce(paid_wholesale_other_seller_tax_share, 0)
            + coalesce(paid_wholesale_other_seller_tax_share_refund, 0)
            + coalesce(paid_balance_adjustment, 0)
            + coalesce(paid_aws_tax_that_counts, 0)
            + coalesce(paid_aws_tax_that_counts_refund, 0) as paid_net,
        -- Which of the sums are null: then so is what they come to.
        (gross_revenue is null)::integer
            | ((gross_refund is null)::integer << 1)
            | ((wholesale_cost is null)::integer << 2)
            | ((wholesale_cost_refund is null)::integer << 3)
            | ((listing_fee is null)::integer << 4)
            | ((listing_fee_refund is null)::integer << 5)
            | ((seller_tax_share is null)::integer << 6)
            | ((seller_tax_share_refund is null)::integer << 7)
            | ((wholesale_seller_tax_share is null)::integer << 8)
            | ((wholesale_seller_tax_share_refund is null)::integer << 9)
            | ((other_seller_tax_share is null)::integer << 10)
            | ((other_seller_tax_share_refund is null)::integer << 11)
            | ((wholesale_other_seller_tax_share is null)::integer << 12)
            | ((wholesale_other_seller_tax_share_refund is null)::integer << 13)
            | ((balance_adjustment is null)::integer << 14)
            | ((aws_tax_that_counts is null)::integer << 15)
            | ((aws_tax_that_counts_refund is null)::integer << 16) as nulls,
        (paid_gross_revenue is null)::integer
            | ((paid_gross_refund is null)::integer << 1)
            | ((paid_wholesale_cost is null)::integer << 2)
            | ((paid_wholesale_cost_refund is null)::integer << 3)
            | ((paid_listing_fee is null)::integer << 4)
            | ((paid_listing_fee_refund is null)::integer << 5)
            | ((paid_seller_tax_share is null)::integer << 6)
            | ((paid_seller_tax_share_refund is null)::integer << 7)
            | ((paid_wholesale_seller_tax_share is null)::integer << 8)
            | ((paid_wholesale_seller_tax_share_refund is null)::integer << 9)
            | ((paid_other_seller_tax_share is null)::integer << 10)
            | ((paid_other_seller_tax_share_refund is null)::integer << 11)
            | ((paid_wholesale_other_seller_tax_share is null)::integer << 12)
            | ((paid_wholesale_other_seller_tax_share_refund is null)::integer << 13)
            | ((paid_balance_adjustment is null)::integer << 14)
            | ((paid_aws_tax_that_counts is null)::integer << 15)
            | ((paid_aws_tax_that_counts_refund is null)::integer << 16) as paid_nulls
    from summed
), total as materialized (
    select seller_id, line,
        sum(case when is_invoiced then gross_revenue else 0 end) as gross_revenue,
        sum(case when is_invoiced then gross_refund else 0 end) as gross_refund,
        sum(case when is_invoiced then wholesale_cost else 0 end) as wholesale_cost,
        sum(case when is_invoiced then wholesale_cost_refund else 0 end) as wholesale_cost_refund,
        sum(case when is_invoiced then listing_fee else 0 end) as listing_fee,
        sum(case when is_invoiced then listing_fee_refund else 0 end) as listing_fee_refund,
        sum(case when is_invoiced then aws_tax_share else 0 end) as aws_tax_share,
        sum(case when is_invoiced then aws_tax_share_refund else 0 end) as aws_tax_share_refund,
        sum(case when is_invoiced then aws_tax_share_listing_fee else 0 end)
            as aws_tax_share_listing_fee,
        sum(case when is_invoiced then aws_tax_share_refund_listing_fee else 0 end)
            as aws_tax_share_refund_listing_fee,
        sum(case when is_invoiced then wholesale_aws_tax_share else 0 end)
            as wholesale_aws_tax_share,
        sum(case when is_invoiced then wholesale_aws_tax_share_refund else 0 end)
            as wholesale_aws_tax_share_refund,
        sum(case when is_invoiced then seller_tax_share else 0 end) as seller_tax_share,
        sum(case when is_invoiced then seller_tax_share_refund else 0 end)
            as seller_tax_share_refund,
        sum(case when is_invoiced then wholesale_seller_tax_share else 0 end)
            as wholesale_seller_tax_share,
        sum(case when is_invoiced then wholesale_seller_tax_share_refund else 0 end)
            as wholesale_seller_tax_share_refund,
        sum(case when is_invoiced then other_seller_tax_share else 0 end) as other_seller_tax_share,
        sum(case when is_invoiced then other_seller_tax_share_refund else 0 end)
            as other_seller_tax_share_refund,
        sum(case when is_invoiced then wholesale_other_seller_tax_share else 0 end)
            as wholesale_other_seller_tax_share,
        sum(case when is_invoiced then wholesale_other_seller_tax_share_refund else 0 end)
            as wholesale_other_seller_tax_share_refund,
        sum(case when is_invoiced then infrastructure else 0 end) as infrastructure,
        sum(case when is_invoiced then balance_adjustment else 0 end) as balance_adjustment,
        case when bit_and(case when is_invoiced then nulls else 0 end) = 0
            then coalesce(sum(net) filter (where is_invoiced), 0) end as net,
        case when bit_and(case when is_invoiced then paid_nulls else 0 end) = 0
            then coalesce(sum(paid_net) filter (where is_invoiced), 0) end as paid_net,
        case when bit_and(case when is_disbursed then nulls else 0 end) = 0
            then coalesce(sum(net) filter (where is_disbursed), 0) end as disbursed,
        case when bit_and(case when is_disbursed then paid_nulls else 0 end) = 0
            then coalesce(sum(paid_net) filter (where is_disbursed), 0) end as paid_disbursed,
        sum(case when is_collected then all_that_counts else 0 end) as collected,
        max(collection_date) as last_collection_date,
        max(disbursement_date) as last_disbursement_date,
        -- A line whose payouts are all missing from the feed counts as never disbursed, unless
        -- it has nothing but such entries.
        (array_agg(disbursement_billing_event_id order by is_disbursed desc,
            disbursement_date desc nulls last,
            disbursement_billing_event_id collate "C" nulls first))[1] as last_disbursement_id
    from row
    group by seller_id, line
), invoice as (
    select seller_id, line_key,
        max(payer_account_id collate "C") as payer_account_id,
        max(purchase_invoice_id collate "C") as purchase_invoice_id,
        max(purchase_invoice_date) as purchase_invoice_date
    from row
    group by seller_id, line_key
), entry as materialized (
    select *, row_number() over (
        partition by seller_id, line, kind
        order by invoice_date nulls last, invoice_id collate "C" nulls last) as place
    from (
        select distinct seller_id, line, invoice_variant as kind, invoice_date, invoice_id
        from keyed
        where invoice_variant in ('LISTING_FEE', 'RESALE', 'TAX_VAT') and line <> ''
    ) as entry
), long as (
    -- Entries of other kinds take one more place, the last, which shows from the tenth on.
    select e.seller_id, e.line, n.kind
    from keyed e
    join (
        select seller_id, line, kind from entry group by seller_id, line, kind
        having max(place) >= 9 and bool_and(invoice_date is not null or invoice_id is not null)
    ) as n on n.seller_id = e.seller_id and n.line = e.line
    group by e.seller_id, e.line, n.kind
    having bool_or(e.invoice_variant is distinct from n.kind)
), listed as (
    select seller_id, line,
        nullif(string_agg(shown_id, ',' order by place) filter (where kind = 'LISTING_FEE'),
            '...') as listing_fee_invoice_ids,
        nullif(string_agg(shown_id, ',' order by place) filter (where kind = 'RESALE'),
            '...') as wholesale_invoice_ids,
        nullif(string_agg(shown_id, ',' order by place) filter (where kind = 'TAX_VAT'),
            '...') as seller_issued_invoice_ids,
        nullif(string_agg(shown_kind, ',' order by place) filter (where kind = 'TAX_VAT'),
            '...') as seller_issued_invoice_variants
    from (
        select seller_id, line, kind, place,
            case when place < 10 then invoice_id else '...' end as shown_id,
            case when place < 10 then kind else '...' end as shown_kind
        from entry
        union all
        select seller_id, line, kind, null, '...', '...' from long
    ) as shown
    group by seller_id, line
), payout as (
    select distinct seller_id, line, disbursement_date, bank_trace_id,
        disbursement_reference_number
    from row
    where disbursement_date is not null and line <> ''
), ranked as (
    select *, row_number() over (
        partition by seller_id, line
        order by disbursement_date, bank_trace_id collate "C" nulls last,
            disbursement_reference_number collate "C" nulls last) as place
    from payout
), trace as (
    select seller_id, line,
        string_agg(case when place <= 50 then bank_trace_id else '...' end, ',' order by place)
            as bank_trace_ids
    from (
        select seller_id, line, bank_trace_id,
            row_number() over (partition by seller_id, line order by min(place)) as place
        from ranked group by seller_id, line, bank_trace_id
    ) as once
    group by seller_id, line
), reference as (
    select seller_id, line,
        string_agg(case when place <= 50 then disbursement_reference_number else '...' end, ','
            order by place) as disbursement_reference_numbers
    from (
        select seller_id, line, disbursement_reference_number,
            row_number() over (partition by seller_id, line order by min(place)) as place
        from ranked group by seller_id, line, disbursement_reference_number
    ) as once
    group by seller_id, line
)
select r.seller_id, r.line_key, nullif(r.line, ''),
    case when r.is_invoiced then 'invoiced' else 'disbursed' end,
    r.recipient_account_id, r.broker_id, r.product_id, r.currency, r.line_disbursement_currency,
    r.agreement_id, r.proposer_account_id, r.acceptor_account_id, r.offer_id,
    r.end_user_account_id, r.usage_period_start_date, r.usage_period_end_date,
    r.buyer_transaction_reference_id, r.reference_id, i.payer_account_id, r.payment_due_date,
    r.billing_address_id, i.purchase_invoice_id, i.purchase_invoice_date,
    l.listing_fee_invoice_ids, l.wholesale_invoice_ids, l.seller_issued_invoice_ids,
    l.seller_issued_invoice_variants, r.catalog, r.is_isv_wholesale,
    r.disbursement_billing_event_id,
    case when r.is_invoiced then t.last_disbursement_date else r.disbursement_date end,
    case when r.is_invoiced then nullif(b.bank_trace_ids, '...') else r.bank_trace_id end,
    case when r.is_invoiced then nullif(n.disbursement_reference_numbers, '...')
        else r.disbursement_reference_number end,
    case
        when r.disbursement_type = 'DISBURSEMENT_FAILURE' then 'Failed'
        when t.net + t.disbursed is null then 'Invalid status'
        when t.last_disbursement_id is null then 'Not disbursed'
        when t.net + t.disbursed = 0 then 'Disbursed'
        when t.disbursed = 0 then 'Disbursement reversed'
        when t.net + t.disbursed < 0 then 'Disbursed'
        else 'Partially disbursed'
    end,
    t.last_disbursement_id, t.last_collection_date,
    case when r.is_invoiced then r.currency else r.line_disbursement_currency end,
    case when r.is_invoiced then t.gross_revenue else -r.paid_gross_revenue end,
    case when r.is_invoiced then t.gross_refund else -r.paid_gross_refund end,
    case when r.is_invoiced then t.wholesale_cost else -r.paid_wholesale_cost end,
    case when r.is_invoiced then t.wholesale_cost_refund else -r.paid_wholesale_cost_refund end,
    case when r.is_invoiced then t.listing_fee else -r.paid_listing_fee end,
    case when r.is_invoiced then t.listing_fee_refund else -r.paid_listing_fee_refund end,
    case when r.is_invoiced then t.aws_tax_share else -r.paid_aws_tax_share end,
    case when r.is_invoiced then t.aws_tax_share_refund else -r.paid_aws_tax_share_refund end,
    case when r.is_invoiced then t.aws_tax_share_listing_fee
        else -r.paid_aws_tax_share_listing_fee end,
    case when r.is_invoiced then t.aws_tax_share_refund_listing_fee
        else -r.paid_aws_tax_share_refund_listing_fee end,
    case when r.is_invoiced then t.wholesale_aws_tax_share else -r.paid_wholesale_aws_tax_share end,
    case when r.is_invoiced then t.wholesale_aws_tax_share_refund
        else -r.paid_wholesale_aws_tax_share_refund end,
    case when r.is_invoiced then t.seller_tax_share else -r.paid_seller_tax_share end,
    case when r.is_invoiced then t.seller_tax_share_refund else -r.paid_seller_tax_share_refund end,
    case when r.is_invoiced then t.wholesale_seller_tax_share
        else -r.paid_wholesale_seller_tax_share end,
    case when r.is_invoiced then t.wholesale_seller_tax_share_refund
        else -r.paid_wholesale_seller_tax_share_refund end,
    case when r.is_invoiced then t.other_seller_tax_share else -r.paid_other_seller_tax_share end,
    case when r.is_invoiced then t.other_seller_tax_share_refund
        else -r.paid_other_seller_tax_share_refund end,
    case when r.is_invoiced then t.wholesale_other_seller_tax_share
        else -r.paid_wholesale_other_seller_tax_share end,
    case when r.is_invoiced then t.wholesale_other_seller_tax_share_refund
        else -r.paid_wholesale_other_seller_tax_share_refund end,
    case when r.is_invoiced then t.infrastructure else -r.paid_infrastructure end,
    case when r.is_invoiced then t.balance_adjustment else -r.paid_balance_adjustment end,
    case when r.is_invoiced then t.net when r.paid_nulls = 0 then -r.paid_net end,
    case when r.is_invoiced then t.collected end,
    case when r.is_invoiced then -t.disbursed else -t.paid_disbursed end,
    case when r.is_invoiced then t.net + t.disbursed else t.paid_net + t.paid_disbursed end
from row r
join total t on t.seller_id = r.seller_id and t.line = r.line
join invoice i on i.seller_id = r.seller_id and i.line_key = r.line_key
left join listed l on l.seller_id = r.seller_id and l.line = r.line
left join trace b on b.seller_id = r.seller_id and b.line = r.line
left join reference n on n.seller_id = r.seller_id and n.line = r.line
where r.is_invoiced or r.is_disbursed and t.last_disbursement_id is not null;
end
$$;

comment on function resolved.add_up_lines() is
    'The rows of resolved.billing_line for the lines that marketplace.refresh has found touched.';
