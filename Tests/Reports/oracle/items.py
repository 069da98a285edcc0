"""Items: what came in of an invoice's line, and with which entry."""
import functools

from .entries import ADJUSTMENT, COLLECTED, INVOICED

STANDS, FAILED, TAKEN_BACK = "stands", "failed", "taken back"


def item_key(entry):
    """Reading: the line of the buyer's invoice is buyer_line_item_id; without one they are one."""
    return (entry.recipient, entry.invoice, entry["buyer_line_item_id"], entry.currency,
            entry.kind)


class Item:
    """Entries with one key, and the state and day of each of its lines of payouts."""

    def __init__(self, entries, state_of, day_of):
        self.entries = entries
        self.owed = [entry for entry in entries if entry.is_owed_side]
        self.collections = [entry for entry in entries if entry.action == COLLECTED]
        lines = [entry for entry in entries if entry.is_line and state_of(entry) != TAKEN_BACK]
        # Reading: a line without a day comes last.
        self.lines = sorted(lines, key=lambda entry: (
            day_of(entry) is None, day_of(entry) or 0, entry.id))
        self.state_of = state_of
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

    def received_with(self, lines):
        """What would have come in with these lines of payouts only."""
        if not lines:
            return self.collected
        disbursed, failed = self.paid_by(lines, STANDS), self.paid_by(lines, FAILED)
        if self.is_negative:
            return min(self.collected, disbursed, max(failed, self.due))
        return max(self.collected, disbursed, min(failed, self.due))

    @property
    def received(self):
        return self.due if self.is_adjustment else self.received_with(self.lines)

    @property
    def outstanding(self):
        return self.due - self.received

    def receipts(self):
        """entry -> what came in with it."""
        came = dict.fromkeys(self.entries, 0)
        if self.is_adjustment:
            return came | {entry: entry.counted for entry in self.owed}
        came |= {entry: entry.counted for entry in self.collections}
        for count, entry in enumerate(self.lines):
            came[entry] = (self.received_with(self.lines[:count + 1])
                           - self.received_with(self.lines[:count]))
        return came
