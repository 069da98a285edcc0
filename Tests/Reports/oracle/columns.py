"""The columns of the reports, in their order, and how two cells of one are compared."""
import dataclasses

# Kinds of column.
TEXT = "text"
INSTANT = "instant"
NUMBER = "number"
# An approximate number: two texts are equal if they mean the same IEEE double.
DOUBLE = "double"
# A comma list whose order is undefined.
SET = "set"
DAY = "day"
TRUTH = "truth"

KINDS = {
    INSTANT: """
        agreement_start_date agreement_acceptance_date agreement_end_date agreement_updated_date
        invoice_date payment_due_date usage_period_start_date usage_period_end_date
        disbursement_date last_collection_date usage_date usage_reported_date
        date_used_for_tax_calculation booked_at invoiced_at due_at last_collected_at last_disbursed_at
        oldest_due_at last_paid_at collected_at paid_at failed_at acted_at""",
    NUMBER: """
        gross_revenue gross_refund listing_fee listing_fee_refund listing_fee_percentage
        seller_tax_share seller_tax_share_refund aws_tax_share aws_tax_share_refund
        aws_tax_share_listing_fee aws_tax_share_refund_listing_fee wholesale_cost
        wholesale_cost_refund wholesale_seller_tax_share wholesale_seller_tax_share_refund
        wholesale_other_seller_tax_share wholesale_other_seller_tax_share_refund
        wholesale_aws_tax_share wholesale_aws_tax_share_refund seller_net_revenue
        collected_net_revenue uncollected_net_revenue disbursed_net_revenue
        undisbursed_net_revenue disbursement_time_in_days tax_jurisdiction_rate tax_amount
        estimated_usage_units usage_rate_per_unit amount entry_amount opening debit credit
        closing invoiced refunded forgiven due collected disbursed failed paid_again outstanding
        undisbursed days_to_collect days_to_cash days_overdue received other invoices
        usual_days billed taxes fees costs aws_taxes other_seller_taxes infrastructure
        adjustments lines lines_amount difference paid_amount""",
    DOUBLE: "total_contract_value estimated_revenue",
    SET: "next_agreement_id next_offer_id next_agreement_acceptance_date unknown_names",
    DAY: "month expected_on",
    TRUTH: "is_informative is_failed is_owed counts",
}
# Reading: tax rates and amounts, usage units and rates are text "as written" in the queries. A
# table holds numbers, so they are compared as numbers, and the tax calculation date as an instant.

KIND_OF = {column: name for name, columns in KINDS.items() for column in columns.split()}


def kind(column):
    return KIND_OF.get(column, TEXT)


@dataclasses.dataclass(frozen=True)
class Report:
    name: str
    # By which the published query leaves out what is older than 90 days.
    filter: str
    # Tells a reader which row is meant; rows that agree in it may still be several.
    key: list[str]
    columns: list[str]
    # Whether somebody may write an empty text for null.
    blank_is_null: bool = False


AGREEMENT = Report(
    "agreement", "agreement_start_date", ["agreement_id", "product_id"], """
    product_title product_id product_code legacy_product_id product_type offer_name offer_id
    offer_visibility offer_revision agreement_id status status_reason_code agreement_start_date
    agreement_acceptance_date agreement_end_date agreement_updated_date agreement_intent
    previous_agreement_id next_agreement_id previous_offer_id next_offer_id
    next_agreement_acceptance_date agreement_type proposer_aws_account_id
    proposer_encrypted_account_id proposer_company_name subscriber_aws_account_id
    subscriber_encrypted_account_id subscriber_company_name subscriber_email_domain
    subscriber_city subscriber_state_or_region subscriber_country subscriber_postal_code
    resale_authorization_id resale_authorization_name resale_authorization_description
    reseller_company_name reseller_aws_account_id reseller_encrypted_account_id
    isv_company_name isv_aws_account_id isv_encrypted_account_id cppo_flag
    total_contract_value currency_code""".split())

TAXATION = Report(
    "taxation", "invoice_date",
    "invoice_id line_item_id tax_type jurisdiction_level taxed_jurisdiction".split(), """
    invoice_id line_item_id customer_bill_id tax_liable_party transaction_type_code product_id
    product_title product_tax_code invoice_date taxed_customer_account_id taxed_customer_country
    taxed_customer_state_or_region taxed_customer_city taxed_customer_postal_code tax_type
    jurisdiction_level taxed_jurisdiction display_price_taxability_type tax_jurisdiction_rate
    tax_amount tax_currency tax_calculation_reason_code date_used_for_tax_calculation
    customer_exemption_certificate_id customer_exemption_certificate_id_domain
    customer_exemption_certificate_level customer_exemption_code
    transaction_reference_id""".split())

USAGE = Report(
    "usage", "usage_date", ["internal_usage_line_item_id", "usage_reported_date"], """
    internal_usage_line_item_id usage_date usage_reported_date end_user_company_name
    end_user_aws_account_id end_user_encrypted_account_id end_user_email_domain end_user_city
    end_user_state_or_region end_user_country end_user_postal_code product_title product_id
    product_code offer_id offer_set_id offer_name offer_visibility agreement_id
    agreement_acceptance_date agreement_start_date agreement_end_date accepted_term_types catalog
    dimension_key region estimated_usage_units usage_unit_types charge_item_description
    usage_rate_per_unit estimated_revenue currency subscriber_company_name
    subscriber_aws_account_id subscriber_encrypted_account_id subscriber_email_domain
    subscriber_city subscriber_state_or_region subscriber_country subscriber_postal_code
    payer_company_name payer_aws_account_id payer_encrypted_account_id payer_email_domain
    payer_city payer_state_or_region payer_country payer_postal_code reseller_company_name
    reseller_aws_account_id resale_authorization_id resale_authorization_name
    resale_authorization_description cppo_flag isv_aws_account_id isv_company_name""".split())

# What billed revenue and collections begin with, and what stands in the middle of both.
LINE_HEAD = """
    invoice_date payment_due_date payment_term invoice_id listing_fee_invoice_id
    wholesale_invoice_id seller_issued_invoice_id seller_issued_invoice_variant
    subscriber_company_name subscriber_aws_account_id subscriber_encrypted_account_id
    subscriber_email_domain subscriber_city subscriber_state_or_region subscriber_country
    subscriber_postal_code subscriber_address_id product_title offer_name offer_id offer_set_id
    offer_visibility agreement_id agreement_start_date agreement_acceptance_date
    agreement_end_date"""
LINE_MIDDLE = """
    transaction_reference_id aws_seller_of_record resale_authorization_id
    resale_authorization_name resale_authorization_description reseller_company_name
    reseller_aws_account_id payer_company_name payer_aws_account_id payer_encrypted_account_id
    payer_email_domain payer_city payer_state payer_country payer_postal_code payer_address_id
    isv_account_id isv_company_name product_id"""

BILLED_REVENUE = Report(
    "billed_revenue", "invoice_date",
    ["silent_internal_report_transaction", "transaction_reference_id"], f"""
    {LINE_HEAD} accepted_term_types catalog usage_period_start_date usage_period_end_date
    disbursement_status disbursement_date disburse_bank_trace_id disbursement_reference_number
    gross_revenue gross_refund listing_fee listing_fee_refund listing_fee_percentage
    seller_tax_share seller_tax_share_refund aws_tax_share aws_tax_share_refund
    aws_tax_share_listing_fee aws_tax_share_refund_listing_fee wholesale_cost
    wholesale_cost_refund wholesale_seller_tax_share wholesale_seller_tax_share_refund
    wholesale_other_seller_tax_share wholesale_other_seller_tax_share_refund
    wholesale_aws_tax_share wholesale_aws_tax_share_refund seller_net_revenue
    collected_net_revenue uncollected_net_revenue last_collection_date currency {LINE_MIDDLE}
    disbursed_net_revenue undisbursed_net_revenue
    silent_internal_report_transaction""".split())

COLLECTIONS_AND_DISBURSEMENTS = Report(
    "collections_and_disbursements", "payment_due_date",
    "invoice_id transaction_reference_id disbursement_date disburse_bank_trace_id".split(), f"""
    {LINE_HEAD} catalog usage_period_start_date usage_period_end_date disbursement_status
    disbursement_date disbursement_time_in_days disburse_bank_trace_id
    disbursement_reference_number gross_revenue gross_refund listing_fee listing_fee_refund
    listing_fee_percentage seller_tax_share seller_tax_share_refund aws_tax_share_listing_fee
    aws_tax_share_refund_listing_fee wholesale_cost wholesale_cost_refund
    wholesale_seller_tax_share wholesale_seller_tax_share_refund
    wholesale_other_seller_tax_share wholesale_other_seller_tax_share_refund
    wholesale_aws_tax_share wholesale_aws_tax_share_refund seller_net_revenue currency
    {LINE_MIDDLE} disbursed_net_revenue undisbursed_net_revenue disbursement_period""".split())

REPORTS = {report.name: report for report in (
    AGREEMENT, BILLED_REVENUE, COLLECTIONS_AND_DISBURSEMENTS, TAXATION, USAGE)}
