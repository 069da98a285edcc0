"""marketplace.ageing: what is outstanding, by how long it is overdue."""
import collections

from . import invoice_to_cash
from .values import least


def rows(books, today):
    groups = collections.defaultdict(list)
    for row in invoice_to_cash.rows(books, today):
        if row["outstanding"]:
            groups[row["recipient_account_id"], row["currency"], age(row, today)].append(row)
    for (recipient, currency, name), found in groups.items():
        yield {
            "recipient_account_id": recipient, "currency": currency, "age": name,
            # Reading: what has no invoice counts as one.
            "invoices": len(found),
            "outstanding": sum(row["outstanding"] for row in found),
            "oldest_due_at": least(row["due_at"] for row in found),
        }


def age(row, today):
    if row["due_at"] is None:
        return "Unknown"
    days = (today - row["due_at"].date()).days
    if days <= 0:
        return "Not due"
    if days > 120:
        return "121+"
    start = (days - 1) // 30 * 30 + 1
    return f"{start}-{start + 29}"
