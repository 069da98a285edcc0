"""Items: what came in of an invoice's line, and with which entry."""
import functools

from .entries import ADJUSTMENT, COLLECTED, INVOICED
from .values import first, least

STANDS, FAILED, TAKEN_BACK = "stands", "failed", "taken back"


def item_key(entry):
    return entry.recipient, entry.invoice, entry.line, entry.currency, entry.kind


class Item:
    """Entries with one key, and the state and day of each of its lines of payouts."""

    def __init__(self, entries, state_of, day_of):
        self.entries = entries
        self.owed = [entry for entry in entries if entry.is_owed_side]
        self.collections = [entry for entry in entries if entry.action == COLLECTED]
        lines = [entry for entry in entries if entry.is_line and state_of(entry) != TAKEN_BACK]
        self.lines = sorted(lines, key=lambda entry: (
            day_of(entry) is None, day_of(entry) or 0, entry.id))
        self.state_of, self.day_of = state_of, day_of
        self.is_adjustment = entries[0].kind == ADJUSTMENT
        self.due = sum(entry.counted for entry in self.owed)
        self.collected = sum(entry.counted for entry in self.collections)
        self.disbursed = self.paid_by(self.lines, STANDS)
        self.failed = self.paid_by(self.lines, FAILED)

    def paid_by(self, lines, state):
        return -sum(entry.counted for entry in lines if self.state_of(entry) == state)

    @functools.cached_property
    def is_negative(self):
        """Reading: of the whole item, also where only some of its lines are looked at."""
        invoiced = sum(entry.counted for entry in self.owed if entry.action == INVOICED)
        unknown = sum(entry.counted for entry in self.owed if not entry.has_known_action)
        sums = invoiced, self.disbursed, self.collected, unknown
        return next((value for value in sums if value), 0) < 0

    @property
    def sign(self):
        return -1 if self.is_negative else 1

    def sent_by(self, lines):
        """What these lines of payouts sent to the bank, turned around for what is negative."""
        return max(self.sign * self.paid_by(lines, STANDS),
                   min(self.sign * self.paid_by(lines, FAILED), self.sign * self.due))

    def collected_until(self, day):
        return sum(entry.counted for entry in self.collections
                   if day is None
                   or (self.day_of(entry) is not None and self.day_of(entry) <= day))

    @property
    def untold(self):
        """What payouts have sent in the end beyond what was collected in the end."""
        return max(0, self.sent_by(self.lines) - self.sign * self.collected)

    @property
    def received(self):
        return sum(self.receipts().values())

    @property
    def invoiced_at(self):
        """Of its invoiced entries, else of those of unknown actions."""
        def earliest(entries):
            return least(entry.invoiced_at for entry in entries)
        return first(earliest(entry for entry in self.owed if entry.action == INVOICED),
                     earliest(entry for entry in self.owed if not entry.has_known_action))

    @property
    def outstanding(self):
        return self.due - self.received

    def receipts(self):
        """entry -> what came in with it."""
        came = dict.fromkeys(self.entries, 0)
        if self.is_adjustment:
            return came | {entry: entry.counted for entry in self.owed}
        came |= {entry: entry.counted for entry in self.collections}
        taken = 0
        for count, entry in enumerate(self.lines):
            sent = self.sent_by(self.lines[:count + 1])
            before = self.sign * self.collected_until(self.day_of(entry))
            more = max(0, min(self.untold, sent - before) - taken)
            came[entry] = self.sign * more
            taken += more
        return came
