"""marketplace.trial_balance: what the accounts came to, month by month."""
import collections

from . import journal
from .books import month_after

CLASSES = {
    "taxes_to_remit": "liability", "revenue": "income", "refunds": "income",
    "listing_fees": "expense", "cost_of_resale": "expense", "aws_taxes": "expense",
    "other_seller_taxes": "expense", "infrastructure": "expense",
    "balance_adjustments": "expense", "written_off": "expense",
}


def rows(books):
    lines = collections.defaultdict(list)
    for line in journal.rows(books):
        lines[line["recipient_account_id"], line["currency"]].append(line)
    for (recipient, currency), found in lines.items():
        # Reading: the accounts on which the recipient has a line in the currency, of 0 too.
        for account in {line["account"] for line in found}:
            balance = 0
            for month in months(found):
                amounts = [line["amount"] for line in found
                           if line["account"] == account and line["month"] == month]
                debit = sum(amount for amount in amounts if amount > 0)
                credit = -sum(amount for amount in amounts if amount < 0)
                yield {
                    "recipient_account_id": recipient, "month": month, "currency": currency,
                    "account": account, "class": class_of(account), "opening": balance,
                    "debit": debit, "credit": credit, "closing": balance + debit - credit,
                }
                balance += debit - credit


def class_of(account):
    if account in journal.ASSETS:
        return "asset"
    return CLASSES.get(account, "unknown")


def months(lines):
    """The unknown one, if there is any, and from the first to the last."""
    known = [line["month"] for line in lines if line["month"] is not None]
    if len(known) < len(lines):
        yield None
    month = min(known, default=None)
    while month is not None and month <= max(known):
        yield month
        month = month_after(month)
