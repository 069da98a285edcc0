"""The billed revenue report: the invoiced side of every line."""
import decimal
from decimal import Decimal

from .billing_events import INVOICED
from .billing_lines import lines
from .line_report import View, common_columns
from .distinct import distinct
from .values import first, negative, plus, quotient, rounded

AMOUNTS = """
    gross_revenue gross_refund listing_fee listing_fee_refund seller_tax_share
    seller_tax_share_refund aws_tax_share aws_tax_share_refund aws_tax_share_listing_fee
    aws_tax_share_refund_listing_fee wholesale_cost wholesale_cost_refund
    wholesale_seller_tax_share wholesale_seller_tax_share_refund
    wholesale_other_seller_tax_share wholesale_other_seller_tax_share_refund
    wholesale_aws_tax_share wholesale_aws_tax_share_refund""".split()


def rows(seller):
    view = View(seller, seller.addresses_updated_last, seller.visibility_whatever_revision)
    return distinct(
        (row, {
            **columns,
            **of_line(row, line),
            "accepted_term_types": seller.terms_of(agreement),
        })
        for row, line, key in lines(seller) if row.side == INVOICED
        for columns, agreement in common_columns(view, row, line, key))


def of_line(row, line):
    def shown(text):
        return "Not applicable" if line.last_disbursement_id is None else first(
            text, "Not available")
    return {
        "disbursement_date": line.last_disbursement_date,
        "disburse_bank_trace_id": shown(line.bank_traces),
        "disbursement_reference_number": shown(line.disbursement_references),
        **{column: rounded(line.invoiced[column]) for column in AMOUNTS},
        "listing_fee_percentage": listing_fee_percentage(line.invoiced),
        "seller_net_revenue": rounded(line.invoiced.net),
        "collected_net_revenue": rounded(line.collected),
        "uncollected_net_revenue": rounded(plus(line.invoiced.net, negative(line.collected))),
        "last_collection_date": line.last_collection_date,
        "currency": row["currency"],
        "disbursed_net_revenue": negative(rounded(line.disbursed.net)),
        "undisbursed_net_revenue": rounded(line.undisbursed),
        "silent_internal_report_transaction": line.name,
    }


def listing_fee_percentage(sums):
    """Rounded to six digits, as every quotient, and then cut to four."""
    gross = plus(sums["gross_revenue"], sums["gross_refund"])
    if not gross:
        return 0
    rate = quotient(plus(sums["listing_fee"], sums["listing_fee_refund"]), gross)
    return rate and abs(rate).quantize(Decimal("0.0001"), decimal.ROUND_DOWN)
