-- after: tables, describe
-- Current accounting entries with the sum that each goes into.

create or replace view resolved.entry as
select e.*,
    -- The one sum that an entry goes into by its type.
    case e.transaction_type
        when 'SELLER_REV_SHARE' then
            case when e.charge_variant = 'RESALE' and e.charge_side = 'BUYING'
                then 'wholesale_cost' else 'gross_revenue' end
        when 'SELLER_REV_SHARE_REFUND' then
            case when e.charge_variant = 'RESALE' and e.charge_side = 'BUYING'
                then 'wholesale_cost_refund' else 'gross_refund' end
        when 'SELLER_REV_SHARE_CREDIT' then
            case when e.charge_variant = 'RESALE' and e.charge_side = 'BUYING'
                then 'wholesale_cost_refund' else 'gross_refund' end
        when 'AWS_REV_SHARE' then 'listing_fee'
        when 'AWS_REV_SHARE_REFUND' then 'listing_fee_refund'
        when 'AWS_REV_SHARE_CREDIT' then 'listing_fee_refund'
        when 'AWS_TAX_SHARE' then
            case
                when e.invoice_variant = 'RESALE' then 'wholesale_aws_tax_share'
                when e.invoice_variant = 'LISTING_FEE'
                    or (e.invoice_variant = 'PURCHASE' and e.charge_variant = 'LISTING_FEE')
                    then 'aws_tax_share_listing_fee'
                else 'aws_tax_share'
            end
        when 'AWS_TAX_SHARE_REFUND' then
            case
                when e.invoice_variant = 'RESALE' then 'wholesale_aws_tax_share_refund'
                when e.invoice_variant = 'LISTING_FEE'
                    or (e.invoice_variant = 'PURCHASE' and e.charge_variant = 'LISTING_FEE')
                    then 'aws_tax_share_refund_listing_fee'
                else 'aws_tax_share_refund'
            end
        when 'SELLER_TAX_SHARE' then
            case when e.invoice_variant = 'RESALE'
                then 'wholesale_seller_tax_share' else 'seller_tax_share' end
        when 'SELLER_TAX_SHARE_REFUND' then
            case when e.invoice_variant = 'RESALE'
                then 'wholesale_seller_tax_share_refund' else 'seller_tax_share_refund' end
        when 'OTHER_SELLER_TAX_SHARE' then
            case when e.invoice_variant = 'RESALE'
                then 'wholesale_other_seller_tax_share' else 'other_seller_tax_share' end
        when 'OTHER_SELLER_TAX_SHARE_REFUND' then
            case when e.invoice_variant = 'RESALE'
                then 'wholesale_other_seller_tax_share_refund'
                else 'other_seller_tax_share_refund' end
        when 'AWS_INFRA_SHARE' then 'infrastructure'
        when 'INFRA_FEE_PRETAX' then 'infrastructure'
        when 'BALANCE_ADJUSTMENT' then 'balance_adjustment'
    end as bucket,
    coalesce(e.balance_impacting, false) or coalesce(e.action = 'DISBURSED', false) as counts,
    coalesce(e.invoice_variant = 'RESALE' and e.charge_variant = 'RESALE'
        and e.charge_side = 'SELLING' and e.transaction_type in
            ('SELLER_REV_SHARE', 'SELLER_REV_SHARE_REFUND', 'SELLER_REV_SHARE_CREDIT'),
        false) as is_isv_wholesale,
    -- Between AWS and the bank, and on no invoice.
    coalesce(
        e.transaction_type in ('DISBURSEMENT', 'DISBURSEMENT_FAILURE')
            or (e.transaction_type like 'DISBURSEMENT%' and e.action = 'DISBURSED'),
        false) as is_transfer,
    coalesce(e.action in ('INVOICED', 'FORGIVEN', 'COLLECTED', 'DISBURSED'), false)
        as is_known_action,
    coalesce(
        e.transaction_type = 'DISBURSEMENT' and coalesce(e.action, 'DISBURSED') = 'DISBURSED',
        false) as is_payout,
    coalesce(
        e.transaction_type = 'DISBURSEMENT_FAILURE'
            and coalesce(e.action, 'DISBURSED') = 'DISBURSED',
        false) as is_payout_failure,
    -- Of lines of payouts, resolved.settlement knows the day of the payout.
    case
        when e.transaction_type in ('DISBURSEMENT', 'DISBURSEMENT_FAILURE')
            or e.action = 'INVOICED'
            or (e.transaction_type like 'DISBURSEMENT%' and e.action = 'DISBURSED')
            then coalesce(e.invoice_date, e.action_date)
        when e.action in ('COLLECTED', 'DISBURSED') then e.action_date
        else coalesce(e.action_date, e.invoice_date)
    end as booked_at
from resolved.billing_event e
where e.delete_date is null;

comment on view resolved.entry is
    'Current accounting entries, payouts included, each with the sum that it goes into by its type.';

select resolved.describe_like('resolved.entry', array['resolved.billing_event'::regclass]);
comment on column resolved.entry.bucket is
    'What the amount is, as the sums of resolved.billing_line are called; null for other types.';
comment on column resolved.entry.counts is
    'Whether the amount changes what AWS owes the seller, going by balance_impacting; payouts always do.';
comment on column resolved.entry.is_transfer is
    'Whether it moves money between AWS and the bank: a payout, its failure, or a kin of theirs that nobody knows.';
comment on column resolved.entry.is_known_action is
    'Whether its action is one of those that AWS has explained.';
comment on column resolved.entry.is_isv_wholesale is
    'Whether it is a manufacturer''s wholesale income.';
comment on column resolved.entry.is_payout is
    'Whether it is a payout to the bank, also where AWS left the action empty.';
comment on column resolved.entry.is_payout_failure is
    'Whether it says that the bank sent a payout back: the one that is its parent.';
comment on column resolved.entry.booked_at is
    'Instant (UTC) on which it is booked: what was invoiced and payouts on invoice_date, else action_date; what came in on action_date; what was written off and unknown actions on action_date, else invoice_date; of lines of payouts action_date. Null: no date is known.';
