"""Line rows: the events of a line that agree, and their sums."""
import collections
import dataclasses
import functools

from .billing_events import COLLECTED, INVOICED, TEST_TRACES
from .seller import value_of
from .values import first, greatest, instant, least, money, plus

NET = """
    gross_revenue gross_refund wholesale_cost wholesale_cost_refund listing_fee
    listing_fee_refund seller_tax_share seller_tax_share_refund wholesale_seller_tax_share
    wholesale_seller_tax_share_refund other_seller_tax_share other_seller_tax_share_refund
    wholesale_other_seller_tax_share wholesale_other_seller_tax_share_refund
    counting_aws_tax_share counting_aws_tax_share_refund balance_adjustment""".split()


class Sums:
    """Sums by bucket, of amounts that may be null."""

    def __init__(self):
        self.count = 0
        self.sums = collections.Counter()
        self.nulls = collections.Counter()

    def add(self, buckets, amount):
        """An amount that goes to these buckets; to all others goes zero."""
        self.count += 1
        for bucket in buckets:
            if amount is None:
                self.nulls[bucket] += 1
            else:
                self.sums[bucket] += amount

    def __getitem__(self, bucket):
        """Null only if every amount is: a sum ignores nulls."""
        is_null = self.count > 0 and self.nulls[bucket] == self.count
        return None if is_null else self.sums[bucket]

    @property
    def net(self):
        """What is owed to the seller.

        Reading: that null counts as 0 is said of infrastructure; any other null makes it null.
        """
        return plus(*(self[bucket] for bucket in NET), first(self["infrastructure"], 0))


@dataclasses.dataclass(eq=False)
class LineRow:
    """The events of a line that agree in all the columns of `shared`."""
    shared: tuple
    event: object
    events: list = dataclasses.field(default_factory=list)

    def __getitem__(self, column):
        """Of a column in which all its events agree."""
        return self.event[column]

    @property
    def line(self):
        return self.event.line

    @property
    def side(self):
        return self.event.side

    @property
    def is_disbursed(self):
        return self.side not in (INVOICED, COLLECTED)

    @property
    def proposer_id(self):
        return value_of(self.event.agreement, "proposer_account_id")

    @property
    def acceptor_id(self):
        return value_of(self.event.agreement, "acceptor_account_id")

    @property
    def offer_id(self):
        return offer_id(self.event)

    @property
    def reference(self):
        return reference(self.event)

    @property
    def bank_trace_id(self):
        trace = value_of(self.event.payout, "bank_trace_id")
        return None if trace in TEST_TRACES else trace

    @property
    def disbursement_reference(self):
        return value_of(self.event.payout, "disbursement_reference_number")

    @property
    def disbursement_date(self):
        return instant(value_of(self.event.payout, "invoice_date"))

    @property
    def disbursement_type(self):
        return value_of(self.event.payout, "transaction_type")

    # Of its events

    @functools.cached_property
    def pricing(self):
        return self.sums("amount")

    @functools.cached_property
    def disbursement(self):
        return self.sums("disbursement_amount")

    def sums(self, column):
        sums = Sums()
        for event in self.events:
            sums.add(event.buckets, money(event[column]))
        return sums

    @functools.cached_property
    def payment_due_date(self):
        return greatest(instant(event["payment_due_date"]) for event in self.events)

    @functools.cached_property
    def billing_address_id(self):
        return greatest(event["billing_address_id"] for event in self.events)

    @functools.cached_property
    def is_isv_wholesale(self):
        return any(event.is_isv_wholesale for event in self.events)

    @functools.cached_property
    def catalog(self):
        return least(event["catalog"] for event in self.events)


def offer_id(event):
    """Reading: an agreement that names no offer leaves it to the event."""
    return first(value_of(event.agreement, "offer_id"), event["offer_id"])


def reference(event):
    return first(event["buyer_transaction_reference_id"], event["transaction_reference_id"])


def shared(event):
    """What the events of one line row have in common."""
    return (
        event.line_key, event.line, event.side, event.disbursement_currency,
        *(event[column] for column in (
            "disbursement_billing_event_id", "recipient_account_id", "broker_id", "product_id",
            "currency", "agreement_id", "end_user_account_id",
            "buyer_transaction_reference_id")),
        instant(event["usage_period_start_date"]), instant(event["usage_period_end_date"]),
        value_of(event.agreement, "proposer_account_id"),
        value_of(event.agreement, "acceptor_account_id"), offer_id(event), reference(event),
        # Trace, reference number, date and status are those of the payout, and the side is its id.
    )


def line_rows(found):
    rows = {}
    for event in found:
        name = shared(event)
        if name not in rows:
            rows[name] = LineRow(name, event)
        rows[name].events.append(event)
    return list(rows.values())
