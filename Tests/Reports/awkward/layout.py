"""The columns of the feeds, and their files, as delivered."""
import csv
import io

HISTORY = ["valid_from", "insert_date", "update_date", "delete_date"]
COLUMNS = {
    "AccountFeed_V1": """account_id aws_account_id encrypted_account_id mailing_address_id
        tax_address_id tax_registration_number tax_legal_name catalog""",
    "AddressFeed_V1": """address_id email_domain company_name country_code state_or_region city
        postal_code address_line_1 address_line_2 address_line_3 valid_to""",
    "AgreementFeed_V1": """agreement_id status status_reason_code estimated_agreement_value
        currency_code license_ids proposer_account_id acceptor_account_id offer_id
        offer_revision_at_acceptance offer_set_id start_time end_time acceptance_time intent
        preceding_agreement_id recipient_account_id catalog""",
    "AgreementTermFeed_V1": "agreement_id term_id term_type term_configuration",
    "BillingEventFeed_V1": """billing_event_id from_account_id to_account_id
        end_user_account_id product_id action transaction_type parent_billing_event_id
        disbursement_billing_event_id amount currency disbursement_amount disbursement_currency
        balance_impacting invoice_date payment_due_date usage_period_start_date
        usage_period_end_date invoice_id billing_address_id transaction_reference_id
        bank_trace_id broker_id buyer_transaction_reference_id action_date recipient_account_id
        offer_id buyer_invoice_date line_item_id buyer_line_item_id charge_variant charge_side
        agreement_id buyer_invoice_id invoice_variant disbursement_reference_number catalog""",
    "DailyUsageFeed_V1": """usage_feed_id usage_date product_id agreement_id
        end_user_account_id payer_account_id region dimension_key usage_unit usage_quantity
        pricing_currency estimated_revenue_in_pricing_currency recipient_account_id offer_id
        usage_rate_per_unit_in_pricing_currency charge_item_description catalog""",
    "LegacyIdMappingFeed_V1": "mapping_type legacy_id new_id catalog",
    "OfferFeed_V1": """offer_id offer_revision name expiration_date opportunity_id
        opportunity_name opportunity_description seller_account_id recipient_account_id
        catalog""",
    "OfferProductFeed_V1": "offer_id offer_revision product_id",
    "OfferTargetFeed_V1": """offer_target_id offer_id offer_revision target_type polarity value
        catalog""",
    "ProductFeed_V1": "product_id manufacturer_account_id product_code title catalog",
    "TaxItemFeed_V1": """tax_item_id invoice_id line_item_id customer_bill_id tax_liable_party
        transaction_type_code product_id product_tax_code invoice_date
        taxed_customer_account_id taxed_customer_country taxed_customer_state_or_region
        taxed_customer_city taxed_customer_postal_code tax_location_code_taxed_jurisdiction
        tax_type_code jurisdiction_level taxed_jurisdiction display_price_taxability_type
        taxable_amount nontaxable_amount tax_jurisdiction_rate tax_amount tax_currency
        tax_calculation_reason_code date_used_for_tax_calculation
        customer_exemption_certificate_id customer_exemption_certificate_id_domain
        customer_exemption_certificate_level customer_exemption_code
        customer_exemption_domain transaction_reference_id legal_amount legal_currency
        tax_invoice_id tax_invoice_date""",
}


def content(feed, rows):
    """A file of rows, as bytes."""
    text = io.StringIO()
    lines = csv.DictWriter(
        text, COLUMNS[feed].split() + HISTORY, restval="", lineterminator="\n")
    lines.writeheader()
    lines.writerows(rows)
    return text.getvalue().encode()
