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
        as is_known_action
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
