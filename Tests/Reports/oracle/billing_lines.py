"""The lines that line rows belong to: totals, status and comma lists."""
import collections
import datetime
import functools

from .billing_events import COLLECTED, INVOICED, events
from .line_rows import Sums, line_rows
from .values import comma_list, greatest, instant, nulls_last, plus

LONG_AGO = datetime.datetime.min


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
        # A line whose key is null is null too, whatever its currencies: all such are one.
        of_line[row.line].append(row)
        of_key[row.event.line_key].append(row)
    line = {name: Line(found) for name, found in of_line.items()}
    key = {name: Key(found) for name, found in of_key.items()}
    return [(row, line[row.line], key[row.event.line_key]) for row in rows]
