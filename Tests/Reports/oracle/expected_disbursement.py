"""marketplace.expected_disbursement: what is in transit, and when it should be sent."""
import collections
import datetime

from . import journal
from .entries import PAYOUT


def rows(books):
    balance = collections.Counter()
    for line in journal.rows(books):
        if line["account"] == journal.IN_TRANSIT:
            balance[line["recipient_account_id"], line["currency"]] += line["amount"]
    for (recipient, currency), amount in balance.items():
        if amount:
            yield {"recipient_account_id": recipient, "currency": currency, "amount": amount,
                   **of_payouts(books, recipient, currency)}


def of_payouts(books, recipient, currency):
    """Those of the currency of the price that have a day."""
    paid_at = sorted(
        entry.own_day for entry in books.with_role(PAYOUT)
        if entry.recipient == recipient and entry.currency == currency
        and not books.has_failed(entry.id) and entry.own_day is not None)
    days = sorted({day.date() for day in paid_at})
    usual = median([(later - earlier).days for earlier, later in zip(days, days[1:])])
    return {
        "last_paid_at": paid_at[-1] if paid_at else None,
        "usual_days": usual,
        "expected_on": None if usual is None else days[-1] + datetime.timedelta(days=usual),
    }


def median(values):
    """Reading: of an even number of values the lower of the two in the middle."""
    return sorted(values)[(len(values) - 1) // 2] if values else None
