"""All entries of a seller, and what they are to each other."""
import collections
import functools

from .entries import FAILED_PAYOUT, PAYOUT, SALE, entries
from .items import FAILED, STANDS, TAKEN_BACK, Item, item_key
from .values import first, least


class Books:
    def __init__(self, seller):
        self.seller = seller
        self.entries = entries(seller)
        self.sales = [entry for entry in self.entries if entry.role == SALE]
        self.lines = [entry for entry in self.sales if entry.is_line]
        self.transfers = {entry.id: entry for entry in self.entries if entry.role != SALE}
        self.failures = collections.defaultdict(list)
        for entry in self.transfers.values():
            if entry.role == FAILED_PAYOUT:
                self.failures[entry["parent_billing_event_id"]].append(entry)

    # Payouts

    def with_role(self, *roles):
        return [entry for entry in self.transfers.values() if entry.role in roles]

    def payout(self, name):
        """The payout of an id, None if the feed has none."""
        found = self.transfers.get(name)
        return found if found is not None and found.role == PAYOUT else None

    def has_failed(self, name):
        """Also if the feed does not have the payout."""
        return name is not None and name in self.failures

    def failed_on(self, name):
        """The day of the first failure.

        Reading: failures without a day only count where no other is.
        """
        return least(failure.own_day for failure in self.failures.get(name, []))

    def named(self, line):
        """What a line names as its payout, if it is money that left or came back.

        Reading: a failure or an unknown transfer lends its lines its day as a payout does.
        """
        return self.transfers.get(line["disbursement_billing_event_id"])

    def state(self, line):
        """What became of a line of a payout."""
        if self.has_failed(line["disbursement_billing_event_id"]):
            return FAILED
        named = self.named(line)
        if (named is not None and named.role == FAILED_PAYOUT
                and named["parent_billing_event_id"] is not None):
            return TAKEN_BACK
        return STANDS

    def takes_back(self, line):
        """Whether it names a failure."""
        named = self.named(line)
        return named is not None and named.role == FAILED_PAYOUT

    def day(self, entry):
        named = self.named(entry) if entry.is_line else None
        return first(named and named.own_day, entry.own_day)

    # What came in

    @functools.cached_property
    def items(self):
        found = collections.defaultdict(list)
        for entry in self.sales:
            found[item_key(entry)].append(entry)
        return {key: Item(members, self.state, self.day) for key, members in found.items()}

    @functools.cached_property
    def receipts(self):
        """Entry -> what came in with it."""
        return {entry: amount for item in self.items.values()
                for entry, amount in item.receipts().items()}


def month_of(day):
    """The first day of the month, None for an unknown one."""
    return day and day.date().replace(day=1)


def month_after(month):
    return month.replace(year=month.year + month.month // 12, month=month.month % 12 + 1)
