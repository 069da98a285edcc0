"""The collections and disbursements report: every payout of every line."""
from .billing_lines import lines
from .distinct import distinct
from .line_report import View, common_columns
from .values import first, midnight, negative, plus, quotient, rounded

AMOUNTS = """
    gross_revenue gross_refund listing_fee listing_fee_refund seller_tax_share
    seller_tax_share_refund aws_tax_share_listing_fee aws_tax_share_refund_listing_fee
    wholesale_cost wholesale_cost_refund wholesale_seller_tax_share
    wholesale_seller_tax_share_refund wholesale_other_seller_tax_share
    wholesale_other_seller_tax_share_refund wholesale_aws_tax_share
    wholesale_aws_tax_share_refund""".split()


def rows(seller):
    view = View(seller, seller.live_addresses_updated_last, seller.visibility)
    return distinct(
        (row, {**columns, **of_disbursement(row, line)})
        for row, line, key in lines(seller) if row.is_disbursed
        for columns, _ in common_columns(view, row, line, key))


def of_disbursement(row, line):
    sums = row.disbursement
    days = days_late(row.payment_due_date, row.disbursement_date)
    amounts = {column: rounded(negative(sums[column])) for column in AMOUNTS}
    if row.is_isv_wholesale:
        amounts["wholesale_aws_tax_share"] = 0
    return {
        "disbursement_date": row.disbursement_date,
        "disbursement_time_in_days": days,
        "disbursement_period": period(days),
        "disburse_bank_trace_id": first(row.bank_trace_id, "Not available"),
        "disbursement_reference_number": first(row.disbursement_reference, "Not available"),
        **amounts,
        "listing_fee_percentage": listing_fee_percentage(sums),
        "seller_net_revenue": rounded(negative(sums.net)),
        "disbursed_net_revenue": rounded(negative(sums.net)),
        "undisbursed_net_revenue": rounded(line.undisbursed_in_disbursement_currency),
        "currency": row.event.disbursement_currency,
    }


def days_late(due, disbursed):
    """Calendar days."""
    if due is None or disbursed is None:
        return None
    return (midnight(disbursed) - midnight(due)).days


def period(days):
    if days is None or days > 120:
        return "121+ days late"
    if days <= 0:
        return "Not due"
    first_day = (days - 1) // 30 * 30 + 1
    return f"{first_day}-{first_day + 29} days late"


def listing_fee_percentage(sums):
    gross = plus(sums["gross_revenue"], sums["gross_refund"])
    if not gross:
        return 0
    rate = quotient(plus(sums["listing_fee"], sums["listing_fee_refund"]), gross)
    return rate and abs(rate)
