"""That the awkward seller of money has what it is there for."""
import csv
import pathlib
import tempfile
import unittest

from awkward.layout import COLUMNS
from awkward.money import BILLING, Seller as Awkward
from oracle import disbursement
from oracle.books import Books
from oracle.entries import ACTIONS, COLLECTED, FAILED_PAYOUT, PAYOUT, TRANSFER
from oracle.items import FAILED, STANDS, TAKEN_BACK
from oracle.seller import Seller
from oracle.values import instant

SEEDS = 1, 2, 3
# Of the columns of a billing event these play no part in money.
UNUSED = {"usage_period_start_date", "usage_period_end_date", "billing_address_id",
          "buyer_transaction_reference_id"}
NEVER_EMPTY = {"billing_event_id", "catalog"}


class AwkwardMoneyTests(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.rows, cls.all_books = [], []
        for seed in SEEDS:
            with tempfile.TemporaryDirectory() as folder:
                Awkward(seed).write(folder)
                rows = [row for path in sorted(pathlib.Path(folder, BILLING).rglob("*.csv"))
                        for row in csv.DictReader(path.read_text().splitlines())]
                cls.rows.append(rows)
                cls.all_books.append(Books(Seller(folder)))

    def entries(self):
        return [(books, entry) for books in self.all_books for entry in books.entries]

    def assertAny(self, what, found):
        self.assertTrue(any(found), what)

    def test_it_is_small_and_can_be_loaded(self):
        for rows in self.rows:
            self.assertIn(len(rows), range(600, 1500))
            for row in rows:
                self.assertTrue(
                    row["billing_event_id"] and row["valid_from"] and row["update_date"])
            # Which of two versions counts is never open.
            written = {(row["billing_event_id"], row["update_date"]) for row in rows}
            self.assertEqual(len(written), len({tuple(row.values()) for row in rows}))

    def test_any_column_is_empty_somewhere(self):
        for column in COLUMNS[BILLING].split():
            values = {bool(row[column]) for rows in self.rows for row in rows}
            expected = {True} if column in NEVER_EMPTY else {True, False}
            self.assertEqual(values, {False} if column in UNUSED else expected, column)

    def test_versions_replace_each_other_in_any_order(self):
        for rows in self.rows:
            ids = [row["billing_event_id"] for row in rows]
            self.assertLess(len({tuple(row.values()) for row in rows}), len(rows))
            self.assertLess(len(set(ids)), len(rows) - 50)
            self.assertTrue(any(row["delete_date"] for row in rows))

    def test_every_kind_and_what_nobody_knows(self):
        kinds = {entry.kind for _, entry in self.entries()}
        self.assertGreaterEqual(kinds, set("""
            gross_revenue gross_refund listing_fee listing_fee_refund seller_tax_share
            seller_tax_share_refund aws_tax_share aws_tax_share_refund aws_tax_share_listing_fee
            wholesale_cost wholesale_cost_refund wholesale_seller_tax_share
            wholesale_other_seller_tax_share other_seller_tax_share wholesale_aws_tax_share
            infrastructure balance_adjustment PIX_FEE SELLER_TAX_SHARE_CREDIT
            AWS_TAX_SHARE_CREDIT unknown DISBURSEMENT_REVERSAL""".split()))
        names = {entry.action for _, entry in self.entries()}
        self.assertGreaterEqual(names, {*ACTIONS, None, "NETTED", "DISPUTED"})

    def test_payouts(self):
        rows = [row for books in self.all_books for row in disbursement.rows(books)]
        statuses = {row["status"] for row in rows}
        self.assertGreaterEqual(
            statuses, {"Paid", "Failed", "DISBURSEMENT_REVERSAL", "SENT DISBURSEMENT"})
        self.assertAny("a cent", (abs(row["difference"] or 0) * 100 == 1 for row in rows))
        self.assertAny("a line", (abs(row["difference"] or 0) > 1 for row in rows))
        self.assertAny("mixed", (row["difference"] is None for row in rows))
        for role in (PAYOUT, FAILED_PAYOUT, TRANSFER):
            self.assertAny(role, (entry.role == role and entry.own_day is None
                                  for _, entry in self.entries()))
        self.assertAny("no action", (entry.role == PAYOUT and entry.action is None
                                     for _, entry in self.entries()))

    def test_failures(self):
        failures = [(books, entry) for books, entry in self.entries()
                    if entry.role == FAILED_PAYOUT]
        has_payout = {books.payout(entry["parent_billing_event_id"]) is not None
                      for books, entry in failures}
        self.assertEqual(has_payout, {True, False})
        self.assertEqual({entry.amount > 0 for _, entry in failures}, {True, False})
        for books in self.all_books:
            self.assertAny("twice", (len(found) > 1 for found in books.failures.values()))
            self.assertEqual({books.state(line) for line in books.lines},
                             {STANDS, FAILED, TAKEN_BACK})

    def test_payouts_that_refer_to_others(self):
        of_others = {(entry.role, parent.role) for books, entry in self.entries()
                     for parent in [books.transfers.get(entry["parent_billing_event_id"])]
                     if parent is not None}
        self.assertGreaterEqual(of_others, {
            (PAYOUT, PAYOUT), (FAILED_PAYOUT, PAYOUT), (FAILED_PAYOUT, TRANSFER),
            (FAILED_PAYOUT, FAILED_PAYOUT)})
        self.assertAny("another action of a failure", (
            entry.role == TRANSFER and entry.type == "DISBURSEMENT_FAILURE"
            for _, entry in self.entries()))
        for column in ("invoice_id", "buyer_invoice_id"):
            self.assertAny(column, (entry.role == PAYOUT and entry[column]
                                    for _, entry in self.entries()))

    def test_payouts_come_after_their_lines_and_before(self):
        for rows in self.rows:
            came = {}
            for row in sorted(rows, key=lambda row: row["insert_date"]):
                came.setdefault(row["billing_event_id"], row["insert_date"][:7])
            months = {(month > came[payout], month < came[payout]) for row in rows
                      for month, payout in [(row["insert_date"][:7],
                                             row["disbursement_billing_event_id"])]
                      if payout in came and row["action"] == "DISBURSED"}
            self.assertGreaterEqual(months, {(True, False), (False, True)})

    def test_groups_of_what_is_empty(self):
        for what in ("recipient", "currency"):
            self.assertAny(what, (entry.action == COLLECTED and getattr(entry, what) is None
                                  for _, entry in self.entries()))
        for books in self.all_books:
            for what in ("recipient", "currency"):
                days = {entry.own_day.date() for entry in books.with_role(PAYOUT)
                        if getattr(entry, what) is None and entry.own_day}
                self.assertGreater(len(days), 1, what)
            empty = {(entry.action, entry.does_count) for entry in books.sales
                     if entry.written is None}
            self.assertGreaterEqual(empty, {(action, True) for action in ACTIONS})
        self.assertAny("known in its own currency alone", (
            entry.role == PAYOUT and entry.written is None and entry.sent[0] < 0
            for _, entry in self.entries()))

    def test_items_that_are_invoiced_twice(self):
        items = [item for books in self.all_books for item in books.items.values()]
        for column in ("invoice_date", "payment_due_date", "buyer_invoice_date"):
            self.assertAny(column, (len({entry[column] for entry in item.owed} - {None}) > 1
                                    for item in items))

    def test_what_entries_refer_to_changes_at_their_very_instants(self):
        with tempfile.TemporaryDirectory() as folder:
            Awkward(SEEDS[0]).write(folder)
            moments = {row[column] for row in self.rows[0]
                       for column in ("invoice_date", "action_date")}
            for feed in ("ProductFeed_V1", "AgreementFeed_V1", "OfferFeed_V1", "AccountFeed_V1"):
                self.assertAny(feed, (
                    row["valid_from"] in moments
                    for path in pathlib.Path(folder, feed).rglob("*.csv")
                    for row in csv.DictReader(path.read_text().splitlines())))

    def test_a_twin_has_the_same_ids(self):
        with tempfile.TemporaryDirectory() as folder:
            Awkward(SEEDS[0], is_twin=True).write(folder)
            twin = Books(Seller(folder))
        amounts = {entry.id: entry.amount for entry in self.all_books[0].entries}
        shared = [entry for entry in twin.entries if entry.id in amounts]
        self.assertGreater(len(shared), 500)
        self.assertGreater(sum(entry.amount != amounts[entry.id] for entry in shared), 400)
        left_out = self.all_books[0].transfers.keys() - twin.transfers.keys()
        self.assertGreater(len(left_out), 30)

    def test_lines(self):
        lines = [(books, entry) for books, entry in self.entries() if entry.is_line]
        roles = {named and named.role for books, entry in lines
                 for named in [books.named(entry)]}
        self.assertEqual(roles, {PAYOUT, FAILED_PAYOUT, TRANSFER, None})
        for what, is_so in {
            "another currency": lambda line: line.paid[1] != line.currency,
            "another amount": lambda line: (line.paid[1] == line.currency
                                            and line.paid[0] != -line.amount),
            "no currency": lambda line: (line["disbursement_amount"]
                                         and not line["disbursement_currency"]),
        }.items():
            self.assertAny(what, (is_so(line) for _, line in lines))

    def test_what_came_in(self):
        told = [entry for _, entry in self.entries() if entry.action == COLLECTED]
        turn = instant("2026-01-01")
        self.assertEqual({entry.acted_at < turn for entry in told if entry.acted_at},
                         {True, False})
        came = [(books.state(line), books.receipts[line] != 0)
                for books in self.all_books for line in books.lines]
        self.assertGreaterEqual(set(came), {(state, came) for state in (STANDS, FAILED)
                                            for came in (True, False)})
        items = [item for books in self.all_books for item in books.items.values()]
        self.assertAny("adjusted and paid", (item.is_adjustment and item.lines for item in items))
        self.assertAny("adjusted and told",
                       (item.is_adjustment and item.collections for item in items))
        self.assertEqual({item.is_negative for item in items}, {True, False})
        for item in items:
            self.assertEqual(sum(item.receipts().values()), item.received)
