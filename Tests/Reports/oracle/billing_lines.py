"""Line rows and the totals of their lines, between billing events and the two reports."""
import collections
import dataclasses
import datetime
import functools

from .billing_events import COLLECTED, INVOICED, TEST_TRACES, events
from .seller import value_of
from .values import comma_list, first, greatest, instant, least, money, nulls_last, plus

LONG_AGO = datetime.datetime.min

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


class Total:
    """A bucket over the rows of a line, those of other sides counting as 0."""

    def __init__(self, rows, money_of, is_counted):
        self.rows = [(money_of(row), is_counted(row)) for row in rows]

    def __getitem__(self, bucket):
        values = [sums[bucket] if counted else 0 for sums, counted in self.rows]
        known = [value for value in values if value is not None]
        return sum(known) if known else None

    net = Sums.net


class Line:
    """All rows that share line and currencies."""

    def __init__(self, rows):
        self.rows = rows
        self.name = rows[0].line

    def total(self, money_of, is_counted):
        return Total(self.rows, money_of, is_counted)

    @functools.cached_property
    def invoiced(self):
        return self.total(lambda row: row.pricing, lambda row: row.side == INVOICED)

    @functools.cached_property
    def disbursed(self):
        return self.total(lambda row: row.pricing, lambda row: row.is_disbursed)

    @functools.cached_property
    def invoiced_in_disbursement_currency(self):
        return self.total(lambda row: row.disbursement, lambda row: row.side == INVOICED)

    @functools.cached_property
    def disbursed_in_disbursement_currency(self):
        return self.total(lambda row: row.disbursement, lambda row: row.is_disbursed)

    @functools.cached_property
    def collected(self):
        """Reading: nothing collected is 0."""
        return self.total(lambda row: row.pricing, lambda row: row.side == COLLECTED)["all"]

    @functools.cached_property
    def undisbursed(self):
        return plus(self.invoiced.net, self.disbursed.net)

    @functools.cached_property
    def undisbursed_in_disbursement_currency(self):
        return plus(self.invoiced_in_disbursement_currency.net,
                    self.disbursed_in_disbursement_currency.net)

    @functools.cached_property
    def last_collection_date(self):
        return greatest(event.collection_date for row in self.rows for event in row.events)

    @functools.cached_property
    def last_disbursement_date(self):
        return greatest(row.disbursement_date for row in self.rows)

    @functools.cached_property
    def last_disbursement_id(self):
        """Null if the line was never disbursed.

        Reading: where it has no disbursed row but one of a payout that is not in the feed, the
        queries show that one or nothing, as it happens. Here nothing, unless all rows have one.
        """
        disbursed = [row for row in self.rows if row.is_disbursed]
        if disbursed:
            last = max(disbursed, key=lambda row: row.disbursement_date or LONG_AGO)
            return last["disbursement_billing_event_id"]
        ids = {row["disbursement_billing_event_id"] for row in self.rows}
        return None if None in ids else min(ids)

    def status(self, row):
        """Of one of its rows."""
        if row.disbursement_type == "DISBURSEMENT_FAILURE":
            return "Failed"
        if self.undisbursed is None:
            return "Invalid status"
        if self.last_disbursement_id is None:
            return "Not disbursed"
        if self.undisbursed == 0:
            return "Disbursed"
        if self.disbursed.net == 0:
            return "Disbursement reversed"
        return "Disbursed" if self.undisbursed < 0 else "Partially disbursed"

    # Comma lists. Reading: a line whose key is null has none, as null equals nothing.

    def invoices(self, variant, shown="invoice_id"):
        """The invoices of a variant. Events of another variant make one null entry together."""
        if self.name is None:
            return None
        columns = ["invoice_id"] if variant != "TAX_VAT" else ["invoice_variant", "invoice_id"]
        entries = {
            (instant(event["invoice_date"]), *(event[column] for column in columns))
            if event["invoice_variant"] == variant else (None,) * (1 + len(columns))
            for row in self.rows for event in row.events
        }
        place = 1 + columns.index(shown)
        return comma_list(
            entry[place] if number < 10 else "..."
            for number, entry in enumerate(sorted(entries, key=nulls_last), start=1))

    @functools.cached_property
    def bank_traces(self):
        return self.payouts(1)

    @functools.cached_property
    def disbursement_references(self):
        return self.payouts(2)

    def payouts(self, place):
        """Each distinct value of its payouts that have a date, where it first occurs."""
        if self.name is None:
            return None
        entries = {(row.disbursement_date, row.bank_trace_id, row.disbursement_reference)
                   for row in self.rows if row.disbursement_date is not None}
        distinct = dict.fromkeys(entry[place] for entry in sorted(entries, key=nulls_last))
        return comma_list(value if number <= 50 else "..."
                          for number, value in enumerate(distinct, start=1))


class Key:
    """What the rows of one line key share, whatever their currencies."""

    def __init__(self, rows):
        found = [event for row in rows for event in row.events]
        self.payer_id = greatest(event.payer for event in found)
        self.purchase_invoice_id = greatest(event.purchase_invoice_id for event in found)
        self.purchase_invoice_date = greatest(event.purchase_invoice_date for event in found)


def lines(seller):
    """(row, its line, its key) for every line row."""
    rows = line_rows(events(seller))
    of_line, of_key = collections.defaultdict(list), collections.defaultdict(list)
    for row in rows:
        # Without a key the currencies still tell... nothing: the text is null, all such are one.
        of_line[row.line].append(row)
        of_key[row.event.line_key].append(row)
    line = {name: Line(found) for name, found in of_line.items()}
    key = {name: Key(found) for name, found in of_key.items()}
    return [(row, line[row.line], key[row.event.line_key]) for row in rows]
