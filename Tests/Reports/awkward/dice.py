"""Chance, instants and amounts of an awkward seller."""
import datetime
import random
import string
from decimal import Decimal

START, END = datetime.datetime(2025, 6, 1), datetime.datetime(2026, 5, 31, 23, 59, 59)
# From here on AWS tells what came in.
TOLD = datetime.datetime(2026, 1, 1)
CENT = Decimal("0.01")


class Dice:
    def __init__(self, seed):
        self.random = random.Random(seed)

    def maybe(self, chance):
        return self.random.random() < chance

    def one(self, values, weights=None):
        return self.random.choices(values, weights)[0]

    def name(self, prefix=""):
        """Small letters and digits only, so that every collation sorts names alike."""
        return prefix + "".join(self.random.choices(string.ascii_lowercase + string.digits, k=16))

    def instant(self, first=START, last=END):
        """Often where a month begins or ends."""
        span = int((max(first, last) - first).total_seconds())
        moment = first + datetime.timedelta(seconds=self.random.randint(0, span))
        if self.maybe(0.2):
            edge = moment.replace(day=1, hour=0, minute=0, second=0)
            edge -= datetime.timedelta(seconds=self.random.choice([0, 1]))
            return edge if first <= edge <= last else moment
        return moment

    def later(self, moment, least, most):
        """So many days later."""
        return moment + datetime.timedelta(
            seconds=self.random.randint(least * 86400, most * 86400))

    def amount(self, least=1, most=5000):
        if self.maybe(0.06):
            return Decimal(self.random.randint(least * 10**6, most * 10**6)).scaleb(-6)
        if self.maybe(0.3):
            return Decimal(self.random.choice([1, 10, 100, 1000]))
        return Decimal(self.random.randint(least * 100, most * 100)).scaleb(-2)

    def part(self, amount, share):
        """To cents; the whole as it is."""
        share = Decimal(share)
        return amount if share == 1 else (amount * share).quantize(CENT)


def written(moment):
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ") if moment else ""
