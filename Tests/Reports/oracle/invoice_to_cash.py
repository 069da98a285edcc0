"""marketplace.invoice_to_cash: what became of each invoice."""
import collections
import datetime

from .entries import COLLECTED, FORGIVEN, INVOICED
from .items import FAILED, STANDS
from .values import first, greatest, instant, least


def rows(books, today):
    groups = collections.defaultdict(list)
    for item in books.items.values():
        entry = item.entries[0]
        groups[entry.recipient, entry.invoice, entry.currency].append(item)
    for (recipient, invoice, currency), items in groups.items():
        yield {
            "recipient_account_id": recipient, "invoice_id": invoice, "currency": currency,
            **Invoice(books, items).columns(today),
        }


class Invoice:
    """All items of one invoice in one currency."""

    def __init__(self, books, items):
        self.books, self.items = books, items
        self.entries = [entry for item in items for entry in item.entries]

    def with_action(self, action):
        return [entry for entry in self.entries if entry.action == action]

    @property
    def unknown_actions(self):
        return [entry for entry in self.entries if not entry.has_known_action]

    @property
    def sale(self):
        """What is no refund."""
        return [entry for entry in self.entries if not entry.is_refund]

    def paid(self, state):
        return [entry for entry in self.entries
                if entry.is_line and self.books.state(entry) == state]

    def columns(self, today):
        invoiced = self.with_action(INVOICED)
        collected = self.with_action(COLLECTED)
        due = sum(item.due for item in self.items)
        received = sum(item.received for item in self.items)
        disbursed = -total(self.paid(STANDS))
        due_at = self.due_at()
        names = {entry.unknown_name for entry in self.entries} - {None}
        return {
            "invoiced_at": self.invoiced_at(),
            "due_at": due_at,
            "invoiced": total(entry for entry in invoiced if not entry.is_refund),
            "refunded": total(entry for entry in invoiced if entry.is_refund),
            "forgiven": total(self.with_action(FORGIVEN)),
            "due": due,
            "collected": total(collected) if collected else None,
            "disbursed": disbursed,
            "failed": -total(self.paid(FAILED)),
            "paid_again": self.paid_again(),
            "outstanding": due - received,
            "undisbursed": due - disbursed,
            **self.days(),
            "days_overdue": days_overdue(due_at, today) if due != received else None,
            "received": received,
            "other": total(self.unknown_actions),
            "unknown_names": ", ".join(sorted(names)) or None,
        }

    def invoiced_at(self):
        invoiced = self.with_action(INVOICED)
        return first(
            least(map(buyers_date, invoiced)),
            least(item.invoiced_at for item in self.items))

    def due_at(self):
        """Reading: in rows without an invoice too, though no age follows from it."""
        def latest(entries):
            return greatest(instant(entry["payment_due_date"]) for entry in entries)
        invoiced = self.with_action(INVOICED)
        return first(latest(entry for entry in invoiced if not entry.is_refund),
                     latest(invoiced))

    def paid_again(self):
        """Of what stands, what an earlier payout that failed had paid already.

        They agree in the invoice's line and in parent, whatever the currency; a day that is unknown is not later.
        """
        failed = collections.defaultdict(set)
        for entry in self.books.lines:
            if self.books.state(entry) != FAILED:
                continue
            day = self.books.failed_on(entry["disbursement_billing_event_id"])
            if day is not None and entry["parent_billing_event_id"] is not None:
                failed[place(entry)].add(day)
        return -total(
            entry for entry in self.paid(STANDS)
            if not self.books.takes_back(entry) and failed[place(entry)]
            and self.books.day(entry) is not None
            and self.books.day(entry) >= min(failed[place(entry)]))

    def days(self):
        """Reading: all of the sale has come in when no more than what is due of it is missing."""
        sale = self.sale
        collected = [entry for entry in sale if entry.action == COLLECTED]
        standing = [entry for entry in self.paid(STANDS) if not entry.is_refund]
        due = total(entry for entry in sale if entry.is_owed_side)
        last_collected = greatest(entry.acted_at for entry in collected)
        last_disbursed = greatest(self.books.day(entry) for entry in standing)
        return {
            "last_collected_at": last_collected,
            "last_disbursed_at": last_disbursed,
            "days_to_collect": (whole_days(self.invoiced_at(), last_collected)
                                if is_whole(due, total(collected)) else None),
            "days_to_cash": (whole_days(self.invoiced_at(), last_disbursed)
                             if is_whole(due, -total(standing)) else None),
        }


def total(entries):
    return sum(entry.counted for entry in entries)


def buyers_date(entry):
    if entry["invoice_variant"] == "PURCHASE":
        return entry.invoiced_at
    return instant(entry["buyer_invoice_date"])


def place(entry):
    return entry["parent_billing_event_id"], entry.line


def is_whole(due, came):
    return due > 0 and came >= due


def whole_days(start, end):
    """Complete periods of 24 hours."""
    if start is None or end is None:
        return None
    return int((end - start) / datetime.timedelta(days=1))


def days_overdue(due_at, today):
    """Calendar days."""
    return None if due_at is None else max(0, (today - due_at.date()).days)
