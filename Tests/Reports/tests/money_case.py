"""Hand-made entries, and the relations of money as a test reads them."""
import collections
import datetime
import importlib

from oracle.books import Books
from oracle.relations import AS_OF_TODAY
from tests.case import BillingCase, Delivered

TODAY = datetime.date(2026, 6, 15)
JUNE, LATE_JUNE = "2025-06-10T12:00:00Z", "2025-06-25T12:00:00Z"
JANUARY, FEBRUARY, MARCH, APRIL = (
    "2026-01-10T12:00:00Z", "2026-02-10T12:00:00Z", "2026-03-10T12:00:00Z",
    "2026-04-10T12:00:00Z")


class MoneyCase(BillingCase):
    """Entries are of the invoice `inv` and its line 1, in USD, unless they say otherwise."""

    def event(self, type="SELLER_REV_SHARE", amount="100", **values):
        return super().event(type, amount, **{
            "disbursement_amount": "", "disbursement_currency": "", "action_date": JANUARY,
            "invoice_date": JANUARY, "buyer_invoice_date": JANUARY, **values})

    def collected(self, amount="100", date=FEBRUARY, type="SELLER_REV_SHARE", **values):
        return self.event(type, amount, action="COLLECTED", action_date=date, **values)

    def payout(self, date=MARCH, amount="100", type="DISBURSEMENT", **values):
        return self.event(type, amount, **{
            "action": "DISBURSED", "invoice_date": date, "action_date": date,
            "invoice_id": "", "buyer_invoice_id": "", **values})

    def failure(self, payout, date=APRIL, amount="-100", **values):
        return self.payout(date, amount, "DISBURSEMENT_FAILURE", parent_billing_event_id=payout,
                           **values)

    def paid(self, payout, amount="-100", type="SELLER_REV_SHARE", **values):
        return self.event(type, amount, **{
            "action": "DISBURSED", "action_date": APRIL,
            "disbursement_billing_event_id": payout, **values})

    @property
    def books(self):
        return Books(Delivered(self.feeds))

    def relation(self, name):
        module = importlib.import_module(f"oracle.{name}")
        return list(module.rows(self.books, *([TODAY] if name in AS_OF_TODAY else [])))

    def only(self, name, **where):
        row, = (row for row in self.relation(name)
                if all(row[column] == value for column, value in where.items()))
        return row

    def lines(self, entry):
        """(month and day, account, amount) of an entry, in the order of the rules."""
        return [(line["booked_at"] and f"{line['booked_at']:%m-%d}", line["account"], line["amount"])
                for line in self.relation("journal") if line["billing_event_id"] == entry]

    def balances(self, currency="USD"):
        found = collections.Counter()
        for line in self.relation("journal"):
            if line["currency"] == currency:
                found[line["account"]] += line["amount"]
        return {account: amount for account, amount in found.items() if amount}
