"""A small seller whose money goes every way that docs/money.md has a rule for.

Usage: python3 -m awkward.money SEED FOLDER [--twin]

Stories of invoices (collected, told or not; forgiven; refunded; paid in part, before the buyer
pays, in another currency, by payouts that fail), and over all of them the gaps and corrections
that a delivery may have. A dozen months, two recipients. One seed is one folder. With --twin it is
another seller's, who has the same ids, other amounts, and not all of the payouts and failures.
"""
import argparse
import collections
import pathlib
from decimal import Decimal

from . import parties, stories
from .dice import Dice
from .noise import Deliveries, versions_of
from .layout import COLUMNS
from .payouts import Cashier, schedule

BILLING = "BillingEventFeed_V1"
CURRENCIES = ["USD", "EUR", "JPY"]
SALES = 66


class Seller:
    def __init__(self, seed, is_twin=False):
        self.dice = Dice(seed)
        self.is_twin = is_twin
        self.booked = []
        payouts = schedule(self.dice, parties.RECIPIENTS, CURRENCIES)
        self.cashier = Cashier(self.dice, payouts, self.book)

    def book(self, values, happened):
        """An entry as it is meant, before anything goes wrong with it."""
        entry = dict.fromkeys(COLUMNS[BILLING].split(), "") | {"_payout_currency": ""} | values
        entry["billing_event_id"] = entry["billing_event_id"] or self.dice.name("be")
        entry["catalog"] = "AWSMarketplace"
        self.booked.append((entry, happened))
        return entry

    def write(self, folder):
        stories.tell(self, SALES)
        deliveries = Deliveries(self.dice)
        parties.deliver(self.dice, deliveries, [happened for _, happened in self.booked])
        for entry, happened in self.twin() if self.is_twin else self.booked:
            row = {column: value for column, value in entry.items() if column[0] != "_"}
            deliveries.deliver(BILLING, versions_of(self.dice, row), happened)
        deliveries.write(pathlib.Path(folder))

    def twin(self):
        seen = collections.Counter()
        for entry, happened in self.booked:
            kind = entry["transaction_type"]
            if kind.startswith("DISBURSEMENT"):
                seen[kind] += 1
                # Of three failures it has one, of four payouts three.
                if kind.endswith("FAILURE") and seen[kind] % 3 or seen[kind] % 4 == 0:
                    continue
            more = {column: str(-2 * Decimal(entry[column]))
                    for column in ("amount", "disbursement_amount") if entry[column]}
            yield entry | more, happened


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        prog="awkward.money", description=__doc__,
        formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("seed", type=int)
    parser.add_argument("folder")
    parser.add_argument("--twin", action="store_true")
    options = parser.parse_args()
    Seller(options.seed, options.twin).write(options.folder)
