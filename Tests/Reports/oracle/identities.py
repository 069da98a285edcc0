"""What the relations of money say of each other: the last table of docs/money.md.

Only their CSV files are read, so that those of a database can be checked as well.
"""
import collections
from decimal import Decimal

from .journal import BANK, CLEARING, IN_TRANSIT, RECEIVABLE
from .relations import RELATIONS
from .tables import NULL, Sums, Tables, differ, number, sums

FAILURE = "DISBURSEMENT_FAILURE"
SELLER = "recipient_account_id", "currency"
INVOICE = "recipient_account_id", "invoice_id", "currency"
MONTH = "recipient_account_id", "month", "currency"


def violations(folder):
    """Lines that say what is not as it should be."""
    tables = Tables(folder)
    for check in CHECKS:
        yield from check(tables)


def equal(relation, row, name, value, other_name, other):
    if value != other:
        key = ", ".join(f"{column}={row[column]}" for column in RELATIONS[relation].key)
        yield f"{relation} {key}: {name} is {value}, {other_name} {other}"


def rows_add_up(tables):
    for relation, total, parts in [
        ("invoice_to_cash", "due", "invoiced refunded forgiven other"),
        ("monthly_totals", "due", "invoiced forgiven"),
        ("monthly_totals", "invoiced", "billed fees costs aws_taxes other_seller_taxes "
                                       "infrastructure adjustments other"),
    ]:
        for row in getattr(tables, relation):
            yield from equal(relation, row, total, number(row[total]), parts,
                             sum(number(row[part]) for part in parts.split()))
    for row in tables.invoice_to_cash:
        for column, less in (("outstanding", "received"), ("undisbursed", "disbursed")):
            yield from equal("invoice_to_cash", row, column, number(row[column]),
                             f"due - {less}", number(row["due"]) - number(row[less]))


def journal_is_whole(tables):
    by_entry = sums(tables.journal, ("billing_event_id", "currency", "booked_at"))
    for (entry, currency, day), amount in sorted(by_entry.items()):
        if amount:
            yield f"journal: entry {entry} comes to {amount} in {currency} on {day}"
    for name in ("sales", "collection", "disbursement", "disbursement_content",
                 "unknown_entry"):
        for row in getattr(tables, name):
            if row["billing_event_id"] not in tables.recipient_of:
                yield f"journal: has no entry {row['billing_event_id']} of {name}"
    for line in tables.journal:
        if line["is_informative"] == "true" and line["amount"]:
            yield f"journal: {line['billing_event_id']} only informs, but moves money"


def unknown_entries_are_booked(tables):
    written = {line["billing_event_id"]: line["entry_amount"] for line in tables.journal}
    for row in tables.unknown_entry:
        yield from equal("unknown_entry", row, "amount", row["amount"], "journal.entry_amount",
                         written.get(row["billing_event_id"]))


def trial_balance_is_even(tables):
    rows = tables.trial_balance
    for column, of_column in [
        ("opening", sums(rows, MONTH, "opening")),
        ("debit - credit", sums(rows, MONTH, "debit") + sums(rows, MONTH, "credit", sign=-1)),
        ("closing", sums(rows, MONTH, "closing")),
    ]:
        yield from differ(f"trial_balance: {column} of all accounts", of_column, "even", Sums())


def trial_balance_is_the_journal(tables):
    """From one month to the next, and month by month."""
    of_account = collections.defaultdict(list)
    for row in tables.trial_balance:
        of_account[tuple(row[column] for column in (*SELLER, "account"))].append(row)
    for rows in of_account.values():
        balance = Decimal(0)
        rows.sort(key=lambda row: "" if row["month"] == NULL else row["month"])
        for row in rows:
            yield from equal("trial_balance", row, "opening", row["opening"], "what was", balance)
            balance += row["debit"] - row["credit"]
            yield from equal("trial_balance", row, "closing", row["closing"],
                             "opening + debit - credit", balance)
    columns = *MONTH, "account"
    yield from differ("debit - credit", sums(tables.trial_balance, columns, "debit")
                      + sums(tables.trial_balance, columns, "credit", sign=-1),
                      "the journal", sums(tables.journal, columns))


def due_agrees(tables):
    due = sums(tables.invoice_to_cash, SELLER, "due")
    owed = [row for row in tables.sales if row["is_owed"] == "true"]
    for name, other in [
        ("sales.amount where is_owed", sums(owed, SELLER)),
        ("income, expense, liability and unknown accounts turned around",
         sums(tables.not_assets, SELLER, sign=-1)),
        ("monthly_totals.due", sums(tables.monthly_totals, SELLER, "due")),
    ]:
        yield from differ(name, other, "invoice_to_cash.due", due)


def money_in_agrees(tables):
    received = sums(tables.invoice_to_cash, SELLER, "received")
    yield from differ("receivable's credit and balance adjustments", tables.received(SELLER),
                      "invoice_to_cash.received", received)
    yield from differ("monthly_totals.received", sums(tables.monthly_totals, SELLER, "received"),
                      "invoice_to_cash.received", received)
    outstanding = sums(tables.invoice_to_cash, SELLER, "outstanding")
    for name, other in [
        ("balance of receivable", sums(tables.on(RECEIVABLE), SELLER)),
        ("ageing.outstanding", sums(tables.ageing, SELLER, "outstanding")),
        ("monthly_totals.outstanding", sums(tables.monthly_totals, SELLER, "outstanding")),
    ]:
        yield from differ(name, other, "invoice_to_cash.outstanding", outstanding)
    yield from differ("collection.amount", sums(tables.collection, INVOICE),
                      "invoice_to_cash.collected",
                      sums(tables.invoice_to_cash, INVOICE, "collected"))
    yield from differ("collection.amount", sums(tables.collection, SELLER),
                      "monthly_totals.collected",
                      sums(tables.monthly_totals, SELLER, "collected"))


def money_out_agrees(tables):
    standing = [line for line in tables.disbursement_content if line["is_failed"] == "false"]
    failed = [line for line in tables.disbursement_content if line["is_failed"] == "true"]
    for column, lines in (("disbursed", standing), ("failed", failed)):
        yield from differ(f"invoice_to_cash.{column}",
                          sums(tables.invoice_to_cash, INVOICE, column),
                          "disbursement_content.amount", sums(lines, INVOICE))
    yield from differ("monthly_totals.disbursed",
                      sums(tables.monthly_totals, SELLER, "disbursed"),
                      "invoice_to_cash.disbursed",
                      sums(tables.invoice_to_cash, SELLER, "disbursed"))
    paid = [row for row in tables.disbursement if row["status"] == "Paid"]
    yield from differ("disbursement.amount that has not failed, and what failures differ by",
                      sums(paid, SELLER) + odd_failures(tables), "balance of bank",
                      sums(tables.on(BANK), SELLER))
    left = [row for row in tables.disbursement
            if row["status"] not in ("Failed", "Failure of a payout that is not there")]
    rest = sums(standing, ("recipient_account_id", "paid_currency"), "paid_amount")
    rest += sums(left, SELLER, sign=-1)
    yield from differ("disbursement_content.paid_amount less disbursement.amount",
                      rest + odd_failures(tables, sign=-1), "balance of payout_clearing",
                      sums(tables.on(CLEARING), SELLER))
    yield from differ("expected_disbursement.amount",
                      sums(tables.expected_disbursement, SELLER), "balance of in_transit",
                      sums(tables.on(IN_TRANSIT), SELLER))


def odd_failures(tables, sign=1):
    """What failures took off the bank but for the amounts of payouts that failed."""
    failures = [line for line in tables.on(BANK) if line["kind"] == FAILURE]
    failed = [row for row in tables.disbursement if row["status"] == "Failed"]
    return sums(failures, SELLER, sign=sign) + sums(failed, SELLER, sign=sign)


def payouts_are_their_lines(tables):
    lines = collections.defaultdict(list)
    for line in tables.disbursement_content:
        lines[line["disbursement_id"]].append(line)
    for name, row in tables.transfers.items():
        found = lines[name]
        yield from equal("disbursement", row, "lines", row["lines"],
                         "disbursement_content", len(found))
        if {line["paid_currency"] for line in found} <= {row["currency"]}:
            paid = sum(line["paid_amount"] for line in found)
            yield from equal("disbursement", row, "lines_amount", row["lines_amount"],
                             "disbursement_content", paid)
            yield from equal("disbursement", row, "difference", row["difference"],
                             "amount less that", row["amount"] - paid)
        elif row["lines_amount"] != NULL:
            yield f"disbursement {name}: has lines in other currencies, and a lines_amount"


def months_agree(tables):
    """Reading: what is counted in a month is what is booked in it, by product too."""
    columns = *MONTH, "product_id"
    for column, booked in [
        ("due", sums(tables.not_assets, columns, sign=-1)),
        ("received", tables.received(columns)),
    ]:
        yield from differ(f"monthly_totals.{column}", sums(tables.monthly_totals, columns, column),
                          "the journal's", booked)


CHECKS = (rows_add_up, journal_is_whole, unknown_entries_are_booked, trial_balance_is_even,
          trial_balance_is_the_journal, due_agrees, money_in_agrees, money_out_agrees,
          payouts_are_their_lines, months_agree)
