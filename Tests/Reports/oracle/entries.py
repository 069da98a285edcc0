"""Accounting entries as docs/money.md defines them, each by itself."""
import functools
from decimal import Decimal

from .billing_events import PAYOUTS, Event, line_key
from .history import is_live, newest
from .values import first, instant, number

INVOICED, FORGIVEN, COLLECTED, DISBURSED = ACTIONS = (
    "INVOICED", "FORGIVEN", "COLLECTED", "DISBURSED")
DISBURSEMENT, FAILURE = PAYOUTS
ADJUSTMENT = "balance_adjustment"

# What an entry is.
PAYOUT, FAILED_PAYOUT, TRANSFER, SALE = "payout", "failure", "transfer", "sale"


class Entry:
    """A billing event as it stands now."""

    def __init__(self, record):
        self.record = record
        self.event = Event(record, None, None)
        self.id = record["billing_event_id"]
        self.action = record["action"]
        self.type = record["transaction_type"]
        self.recipient = record["recipient_account_id"]
        self.currency = record["currency"]
        self.written = number(record["amount"])
        self.amount = first(self.written, Decimal(0))
        self.line = line_key(record) or ""

    def __getitem__(self, column):
        return self.record[column]

    @functools.cached_property
    def role(self):
        name = self.type or ""
        if name in PAYOUTS:
            if self.action in (DISBURSED, None):
                return PAYOUT if name == DISBURSEMENT else FAILED_PAYOUT
            return TRANSFER
        is_transfer = name.startswith(DISBURSEMENT) and self.action == DISBURSED
        return TRANSFER if is_transfer else SALE

    @property
    def is_line(self):
        """Of a payout."""
        return self.role == SALE and self.action == DISBURSED

    @property
    def is_owed_side(self):
        """Whether it belongs to what is due: neither money in nor money out."""
        return self.role == SALE and self.action not in (COLLECTED, DISBURSED)

    @functools.cached_property
    def known_kind(self):
        """None if nobody knows the type."""
        return next((bucket for bucket in self.event.buckets
                     if bucket != "all" and not bucket.startswith("counting_")), None)

    @property
    def kind(self):
        return first(self.known_kind, self.type, "unknown")

    @property
    def has_known_action(self):
        return self.action in ACTIONS

    @functools.cached_property
    def unknown_name(self):
        """None if everything is known."""
        names = [] if self.has_known_action else [self.action or "no action"]
        if self.known_kind is None:
            names.append(self.type or "no type")
        return " ".join(names) or None

    @property
    def transfer_name(self):
        """Of one that nobody knows."""
        action = None if self.action == DISBURSED else self.action or "no action"
        return " ".join(filter(None, (action, self.type)))

    @property
    def is_refund(self):
        return (self.type or "").endswith(("_REFUND", "_CREDIT"))

    @functools.cached_property
    def does_count(self):
        """Whether the amount is more than information."""
        if self.action in (COLLECTED, DISBURSED) or self.event.counts:
            return True
        return not ((self.type or "").startswith("AWS_TAX") or self.unknown_name)

    @property
    def counted(self):
        return self.amount if self.does_count else Decimal(0)

    @property
    def invoice(self):
        return first(self["buyer_invoice_id"], self["invoice_id"])

    @property
    def invoiced_at(self):
        return instant(self["invoice_date"])

    @property
    def acted_at(self):
        return instant(self["action_date"])

    @property
    def own_day(self):
        """A line of a payout has its payout's before it."""
        if self.role != SALE or self.action == INVOICED:
            return first(self.invoiced_at, self.acted_at)
        if self.action in (COLLECTED, DISBURSED):
            return self.acted_at
        return first(self.acted_at, self.invoiced_at)

    @functools.cached_property
    def other_money(self):
        """(amount, currency) of the payout where AWS gives an amount, else None."""
        amount = number(self["disbursement_amount"])
        currency = first(self["disbursement_currency"], self.currency)
        return None if amount is None else (amount, currency)

    @property
    def sent(self):
        """(amount, currency) of a payout, failure or transfer."""
        return first(self.other_money, (self.amount, self.currency))

    @property
    def paid(self):
        """(amount, currency) that a line of a payout paid."""
        amount, currency = first(self.other_money, (self.amount, self.currency))
        return -amount, currency


def entries(seller, known_at=None):
    """All of a delivery, by id; with an instant, as they were known then."""
    records = [record for record in seller.feed("BillingEventFeed_V1")
               if known_at is None or instant(record["update_date"]) <= known_at]
    found = newest(records, lambda record: record["billing_event_id"])
    return sorted((Entry(record) for record in found if is_live(record)),
                  key=lambda entry: entry.id)
