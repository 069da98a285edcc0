"""The CSV files of the relations of money, read back, and sums over them."""
import pathlib
from decimal import Decimal

from . import canonical
from .columns import NUMBER, kind
from .entries import ADJUSTMENT, COLLECTED, DISBURSED
from .journal import ASSETS, IN_TRANSIT, RECEIVABLE
from .relations import RELATIONS

NULL = canonical.NULL


class Tables:
    """Each relation is an attribute: a list of rows by column name."""

    def __init__(self, folder):
        for name, relation in RELATIONS.items():
            cells = canonical.read(pathlib.Path(folder) / f"{name}.csv", relation)
            setattr(self, name, [row(relation.columns, line) for line in cells])
        self.recipient_of = {line["billing_event_id"]: line["recipient_account_id"]
                             for line in self.journal}
        self.transfers = {row["billing_event_id"]: row for row in self.disbursement}
        for line in self.disbursement_content:
            line["recipient_account_id"] = self.recipient_of.get(line["billing_event_id"], NULL)

    # Parts of the journal

    def on(self, account):
        return [line for line in self.journal if line["account"] == account]

    @property
    def not_assets(self):
        """Income, expense, liability and what nobody knows, transfers apart."""
        return [line for line in self.journal if line["account"] not in ASSETS
                and line["billing_event_id"] not in self.transfers]

    def received(self, columns):
        """What came in by key, as the journal has it.

        Reading: the credit of receivable is what collections and lines of payouts move on it;
        of what is negative it is a debit.
        """
        moves = COLLECTED, DISBURSED
        paid = [line for line in self.on(RECEIVABLE) if line["action"] in moves]
        adjusted = [line for line in self.on(IN_TRANSIT)
                    if line["kind"] == ADJUSTMENT and line["action"] not in moves]
        return sums(paid, columns, sign=-1) + sums(adjusted, columns)


class Sums(dict):
    """By key; one that is not there is 0."""

    def __missing__(self, key):
        return Decimal(0)

    def __add__(self, other):
        total = Sums(self)
        for key, amount in other.items():
            total[key] += amount
        return total


def sums(rows, columns, of="amount", sign=1):
    found = Sums()
    for row in rows:
        found[tuple(row[column] for column in columns)] += sign * number(row[of])
    return found


def differ(name, one, other_name, other):
    for key in sorted(one.keys() | other.keys()):
        if one[key] != other[key]:
            yield f"{name} is {one[key]}, {other_name} {other[key]}: {', '.join(key)}"


def row(columns, cells):
    """Amounts as numbers, all else as it is written."""
    return {column: Decimal(cell) if kind(column) == NUMBER and cell != NULL else cell
            for column, cell in zip(columns, cells)}


def number(value):
    return Decimal(0) if value == NULL else value
