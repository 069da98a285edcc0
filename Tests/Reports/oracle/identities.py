"""What the relations of money say of each other: the last table of docs/money.md.

Only their CSV files are read, so that those of a database can be checked as well.
"""
import collections
import pathlib
from decimal import Decimal

from . import canonical
from .columns import NUMBER, kind
from .journal import ASSETS, BANK, CLEARING, IN_TRANSIT, RECEIVABLE
from .relations import RELATIONS

ADJUSTMENT = "balance_adjustment"
MOVES_IN_OR_OUT = ("COLLECTED", "DISBURSED")
FAILURE = "DISBURSEMENT_FAILURE"
BY_SELLER = ("recipient_account_id", "currency")
NULL = canonical.NULL


def violations(folder):
    """Lines that say what is not as it should be."""
    return Tables(folder).check()


class Tables:
    def __init__(self, folder):
        for name, relation in RELATIONS.items():
            cells = canonical.read(pathlib.Path(folder) / f"{name}.csv", relation)
            setattr(self, name, [row(relation.columns, line) for line in cells])
        self.recipient_of = {line["billing_event_id"]: line["recipient_account_id"]
                             for line in self.journal}
        self.transfers = {row["billing_event_id"]: row for row in self.disbursement}
        for line in self.disbursement_content:
            line["recipient_account_id"] = self.recipient_of.get(line["billing_event_id"], NULL)

    def check(self):
        for check in (self.rows, self.entries, self.balance, self.due, self.money_in,
                      self.money_out, self.months, self.books):
            yield from check()

    # Rows by themselves

    def rows(self):
        for relation, total, parts in [
            ("invoice_to_cash", "due", "invoiced refunded forgiven other"),
            ("monthly_totals", "due", "invoiced forgiven"),
            ("monthly_totals", "invoiced", "billed fees costs aws_taxes other_seller_taxes "
                                           "infrastructure adjustments other"),
        ]:
            for row in getattr(self, relation):
                yield from self.equal(relation, row, total, number(row[total]),
                                      parts, sum(number(row[part]) for part in parts.split()))
        for row in self.invoice_to_cash:
            for column, less in (("outstanding", "received"), ("undisbursed", "disbursed")):
                yield from self.equal(
                    "invoice_to_cash", row, column, number(row[column]),
                    f"due - {less}", number(row["due"]) - number(row[less]))

    def equal(self, relation, row, name, value, other_name, other):
        if value != other:
            key = ", ".join(f"{column}={row[column]}" for column in RELATIONS[relation].key)
            yield f"{relation} {key}: {name} is {value}, {other_name} {other}"

    # The journal by itself

    def entries(self):
        columns = "billing_event_id", "currency", "day"
        for key, amount in sums(self.journal, columns).items():
            if amount:
                yield f"journal: entry {key[0]} comes to {amount} in {key[1]} on {key[2]}"
        booked = self.recipient_of.keys()
        for name in ("sales", "collection", "disbursement", "disbursement_content"):
            for row in getattr(self, name):
                if row["billing_event_id"] not in booked:
                    yield f"journal: has no entry {row['billing_event_id']} of {name}"
        for line in self.journal:
            if line["is_informative"] == "true" and line["amount"]:
                yield f"journal: {line['billing_event_id']} only informs, but moves money"

    # Between relations

    def due(self):
        due = sums(self.invoice_to_cash, BY_SELLER, "due")
        owed = [row for row in self.sales if row["is_owed"] == "true"]
        yield from differ("sales.amount where is_owed", sums(owed, BY_SELLER),
                          "invoice_to_cash.due", due)
        booked = [line for line in self.journal if line["account"] not in ASSETS
                  and line["billing_event_id"] not in self.transfers]
        yield from differ("income, expense, liability and unknown accounts turned around",
                          sums(booked, BY_SELLER, sign=-1), "invoice_to_cash.due", due)
        yield from differ("monthly_totals.due", sums(self.monthly_totals, BY_SELLER, "due"),
                          "invoice_to_cash.due", due)

    def money_in(self):
        paid = [line for line in self.journal
                if line["account"] == RECEIVABLE and line["action"] in MOVES_IN_OR_OUT]
        adjusted = [line for line in self.journal
                    if line["account"] == IN_TRANSIT and line["kind"] == ADJUSTMENT
                    and line["action"] not in MOVES_IN_OR_OUT]
        received = sums(self.invoice_to_cash, BY_SELLER, "received")
        yield from differ("receivable's credit and balance adjustments",
                          sums(paid, BY_SELLER, sign=-1) + Sums(sums(adjusted, BY_SELLER)),
                          "invoice_to_cash.received", received)
        yield from differ("monthly_totals.received",
                          sums(self.monthly_totals, BY_SELLER, "received"),
                          "invoice_to_cash.received", received)
        outstanding = sums(self.invoice_to_cash, BY_SELLER, "outstanding")
        for name, other in [
            ("balance of receivable", sums(self.on(RECEIVABLE), BY_SELLER)),
            ("ageing.outstanding", sums(self.ageing, BY_SELLER, "outstanding")),
            ("monthly_totals.outstanding",
             sums(self.monthly_totals, BY_SELLER, "outstanding")),
        ]:
            yield from differ(name, other, "invoice_to_cash.outstanding", outstanding)
        by_invoice = "recipient_account_id", "invoice_id", "currency"
        yield from differ("collection.amount", sums(self.collection, by_invoice),
                          "invoice_to_cash.collected",
                          sums(self.invoice_to_cash, by_invoice, "collected"))
        yield from differ("collection.amount", sums(self.collection, BY_SELLER),
                          "monthly_totals.collected",
                          sums(self.monthly_totals, BY_SELLER, "collected"))

    def money_out(self):
        standing = [line for line in self.disbursement_content if line["is_failed"] == "false"]
        failed = [line for line in self.disbursement_content if line["is_failed"] == "true"]
        by_invoice = "recipient_account_id", "invoice_id", "currency"
        for column, lines in (("disbursed", standing), ("failed", failed)):
            yield from differ(f"invoice_to_cash.{column}",
                              sums(self.invoice_to_cash, by_invoice, column),
                              "disbursement_content.amount", sums(lines, by_invoice))
        yield from differ("monthly_totals.disbursed",
                          sums(self.monthly_totals, BY_SELLER, "disbursed"),
                          "invoice_to_cash.disbursed",
                          sums(self.invoice_to_cash, BY_SELLER, "disbursed"))
        paid = [row for row in self.disbursement if row["status"] == "Paid"]
        yield from differ(
            "disbursement.amount of payouts that have not failed, less failures without one",
            sums(paid, BY_SELLER) + self.odd_failures(), "balance of bank",
            sums(self.on(BANK), BY_SELLER))
        yield from self.contents()
        # What payouts paid to lines, less what left.
        paid_currency = "recipient_account_id", "paid_currency"
        open_transfers = [row for row in self.disbursement if row["status"] != "Failed"]
        yield from differ(
            "disbursement_content.paid_amount less disbursement.amount",
            sums(standing, paid_currency, "paid_amount") + sums(open_transfers, BY_SELLER, sign=-1)
            + Sums(self.odd_failures(sign=-1)), "balance of payout_clearing",
            sums(self.on(CLEARING), BY_SELLER))
        yield from differ("expected_disbursement.amount",
                          sums(self.expected_disbursement, BY_SELLER), "balance of in_transit",
                          sums(self.on(IN_TRANSIT), BY_SELLER))

    def odd_failures(self, sign=1):
        """What failures sent back but for the amounts of their payouts; negative.

        Reading: besides failures without a payout also what a failure differs from its payout
        by, as when AWS tells it twice.
        """
        failures = [line for line in self.on(BANK) if line["kind"] == FAILURE]
        failed = [row for row in self.disbursement if row["status"] == "Failed"]
        return sums(failures, BY_SELLER, sign=sign) + sums(failed, BY_SELLER, sign=sign)

    def contents(self):
        """Each payout and its lines."""
        lines = collections.defaultdict(list)
        for line in self.disbursement_content:
            lines[line["disbursement_id"]].append(line)
        for name, row in self.transfers.items():
            found = lines[name]
            yield from self.equal("disbursement", row, "lines", row["lines"],
                                  "disbursement_content", len(found))
            currencies = {line["paid_currency"] for line in found}
            if currencies <= {row["currency"]}:
                yield from self.equal("disbursement", row, "lines_amount", row["lines_amount"],
                                      "disbursement_content",
                                      sum(line["paid_amount"] for line in found))
                yield from self.equal("disbursement", row, "difference", row["difference"],
                                      "amount - lines_amount",
                                      row["amount"] - number(row["lines_amount"]))
            elif row["lines_amount"] != NULL:
                yield f"disbursement {name}: has lines in other currencies, and a lines_amount"

    def months(self):
        """Reading: what is counted in a month is what is booked in it."""
        by_month = "recipient_account_id", "currency", "month", "product_id"
        booked = [line for line in self.journal if line["account"] not in ASSETS
                  and line["billing_event_id"] not in self.transfers]
        yield from differ("monthly_totals.due", sums(self.monthly_totals, by_month, "due"),
                          "the journal's", sums(booked, by_month, sign=-1))
        paid = [line for line in self.journal
                if line["account"] == RECEIVABLE and line["action"] in MOVES_IN_OR_OUT]
        adjusted = [line for line in self.journal
                    if line["account"] == IN_TRANSIT and line["kind"] == ADJUSTMENT
                    and line["action"] not in MOVES_IN_OR_OUT]
        yield from differ("monthly_totals.received",
                          sums(self.monthly_totals, by_month, "received"), "the journal's",
                          sums(paid, by_month, sign=-1) + sums(adjusted, by_month))

    def on(self, account):
        return [line for line in self.journal if line["account"] == account]

    # The trial balance

    def balance(self):
        by_month = "recipient_account_id", "currency", "month"
        for column, of_column in [
            ("opening", sums(self.trial_balance, by_month, "opening")),
            ("debit - credit", sums(self.trial_balance, by_month, "debit")
             + sums(self.trial_balance, by_month, "credit", sign=-1)),
            ("closing", sums(self.trial_balance, by_month, "closing")),
        ]:
            yield from differ(f"trial_balance: {column} of all accounts", of_column, "nothing",
                              Sums())

    def books(self):
        """From one month to the next, and to the journal."""
        account = *BY_SELLER, "account"
        of_account = collections.defaultdict(list)
        for row in self.trial_balance:
            of_account[tuple(row[column] for column in account)].append(row)
        for key, rows in of_account.items():
            balance = Decimal(0)
            rows.sort(key=lambda row: "" if row["month"] == NULL else row["month"])
            for row in rows:
                yield from self.equal("trial_balance", row, "opening", row["opening"],
                                      "what was", balance)
                balance += row["debit"] - row["credit"]
                yield from self.equal("trial_balance", row, "closing", row["closing"],
                                      "opening + debit - credit", balance)
        columns = *account, "month"
        yield from differ("debit - credit", sums(self.trial_balance, columns, "debit")
                          + sums(self.trial_balance, columns, "credit", sign=-1),
                          "the journal", sums(self.journal, columns))


class Sums(collections.Counter):
    """By key; those of 0 mean nothing."""

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
