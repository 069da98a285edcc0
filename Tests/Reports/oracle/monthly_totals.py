"""marketplace.monthly_totals: what happened in each month, by product."""
import collections

from .books import month_of
from .entries import COLLECTED, FORGIVEN, INVOICED
from .items import FAILED, TAKEN_BACK
from .journal import ACCOUNT_OF
from .values import least

COLUMN_OF = {
    "revenue": "billed", "refunds": "billed", "taxes_to_remit": "billed",
    "listing_fees": "fees", "cost_of_resale": "costs", "aws_taxes": "aws_taxes",
    "other_seller_taxes": "other_seller_taxes", "infrastructure": "infrastructure",
    "balance_adjustments": "adjustments",
}
TAXES = """seller_tax_share seller_tax_share_refund wholesale_seller_tax_share
    wholesale_seller_tax_share_refund aws_tax_share aws_tax_share_refund wholesale_aws_tax_share
    wholesale_aws_tax_share_refund""".split()
COLUMNS = """billed taxes fees costs aws_taxes other_seller_taxes infrastructure adjustments
    other invoiced forgiven due collected received disbursed outstanding""".split()


def rows(books):
    sums = collections.defaultdict(collections.Counter)
    for item in books.items.values():
        month = month_of(item.invoiced_at)
        came = item.receipts()
        product = least(entry["product_id"] for entry in item.entries)
        entry = item.entries[0]
        sums[entry.recipient, month, product, entry.currency]["outstanding"] += item.outstanding
        for entry in item.entries:
            for day_month, column, amount in amounts(entry, books, came[entry]):
                sums[key(entry, day_month)][column] += amount
    for (recipient, month, product, currency), found in sums.items():
        if any(found.values()):
            yield {"recipient_account_id": recipient, "month": month, "product_id": product,
                   "currency": currency, **{column: found[column] for column in COLUMNS}}


def key(entry, month):
    return entry.recipient, month, entry["product_id"], entry.currency


def amounts(entry, books, came):
    """(month, column, amount)"""
    month, counted = month_of(books.day(entry)), entry.counted
    yield month, "received", came
    if entry.action == COLLECTED:
        yield month, "collected", counted
    elif entry.is_line:
        yield from paid(entry, books, month)
    else:
        yield month, "due", counted
        if entry.action == FORGIVEN and not entry.unknown_name:
            yield month, "forgiven", counted
        else:
            yield month, "invoiced", counted
            yield month, column(entry), counted
        if entry.action == INVOICED and entry.kind in TAXES:
            yield month, "taxes", entry.amount


def column(entry):
    return "other" if entry.unknown_name else COLUMN_OF[ACCOUNT_OF[entry.kind]]


def paid(entry, books, month):
    state = books.state(entry)
    if state == TAKEN_BACK:
        return
    yield month, "disbursed", -entry.counted
    if state == FAILED:
        failed_on = books.failed_on(entry["disbursement_billing_event_id"])
        yield month_of(failed_on), "disbursed", entry.counted
