"""The taxation report: one row per current tax item revision."""
from .history import current
from .seller import number_of, value_of
from .values import first, instant, number

EXEMPTIONS = (
    "customer_exemption_certificate_id", "customer_exemption_certificate_id_domain",
    "customer_exemption_certificate_level", "customer_exemption_code",
)
AS_THEY_ARE = """
    invoice_id line_item_id customer_bill_id tax_liable_party transaction_type_code product_id
    product_tax_code taxed_customer_country taxed_customer_state_or_region taxed_customer_city
    taxed_customer_postal_code jurisdiction_level taxed_jurisdiction
    display_price_taxability_type tax_currency tax_calculation_reason_code
    transaction_reference_id""".split()


def rows(seller):
    for item in current(seller.feed("TaxItemFeed_V1"), "tax_item_id"):
        invoiced = instant(item["invoice_date"])
        product = seller.products.at(item["product_id"], invoiced)
        yield {
            **{column: item[column] for column in AS_THEY_ARE},
            "product_title": value_of(product, "title"),
            "invoice_date": invoiced,
            "taxed_customer_account_id": number_of(
                seller.accounts.at(item["taxed_customer_account_id"], invoiced)),
            "tax_type": item["tax_type_code"],
            "tax_jurisdiction_rate": number(item["tax_jurisdiction_rate"]),
            "tax_amount": number(item["tax_amount"]),
            "date_used_for_tax_calculation": instant(item["date_used_for_tax_calculation"]),
            **{column: first(item[column], "Not exempt") for column in EXEMPTIONS},
        }
