"""The accounts of each entry, by hand."""
from decimal import Decimal

from tests.case import SELF
from tests.money_case import APRIL, FEBRUARY, JUNE, MARCH, MoneyCase

BUYING = {"charge_variant": "RESALE", "charge_side": "BUYING"}


class JournalTests(MoneyCase):
    def test_a_reseller_from_invoice_to_bank(self):
        parts = [("SELLER_REV_SHARE", 100, {}), ("AWS_REV_SHARE", -3, {}),
                 ("SELLER_REV_SHARE", -80, BUYING), ("SELLER_TAX_SHARE", 10, {}),
                 ("AWS_TAX_SHARE", 8, {"balance_impacting": "0"})]
        for kind, amount, other in parts:
            self.event(kind, str(amount), **other)
        sold = {"revenue": -100, "listing_fees": 3, "cost_of_resale": 80, "taxes_to_remit": -10}
        self.assertEqual(self.balances(), {"receivable": 27, **sold})
        parts = parts[:4]
        for kind, amount, other in parts:
            self.collected(str(amount), type=kind, **other)
        self.assertEqual(self.balances(), {"in_transit": 27, **sold})
        payout = self.payout(amount="27")
        for kind, amount, other in parts:
            self.paid(payout, str(-amount), kind, **other)
        self.assertEqual(self.balances(), {"bank": 27, **sold})

    def test_every_entry_has_a_line_and_what_counts_not_only_informs(self):
        tax = self.event("AWS_TAX_SHARE", "8", balance_impacting="0")
        self.assertEqual(self.lines(tax), [("01-10", "aws_taxes", 0)])
        row = self.only("journal", billing_event_id=tax)
        self.assertCells(row, is_informative=True, entry_amount=8, kind="aws_tax_share")
        counting = self.event("AWS_TAX_SHARE", "8")
        self.assertEqual(self.lines(counting), [
            ("01-10", "receivable", 8), ("01-10", "aws_taxes", -8)])
        # Only taxes of AWS and what nobody knows need AWS's word.
        fee = self.event("AWS_REV_SHARE", "-3", balance_impacting="0")
        self.assertEqual(self.lines(fee), [
            ("01-10", "receivable", -3), ("01-10", "listing_fees", 3)])
        for event, account in [
            (self.event(amount=""), "revenue"), (self.collected(""), "receivable"),
            (self.paid("gone", ""), "in_transit"), (self.payout(amount="0"), "bank"),
            (self.event("PIX_FEE", "0"), "PIX_FEE"),
        ]:
            row = self.only("journal", billing_event_id=event)
            self.assertCells(row, account=account, amount=0, is_informative=True)

    def test_days_fall_back_where_aws_left_them_empty(self):
        gone = {"invoice_date": "", "action_date": ""}
        payout = self.payout(MARCH)
        for event, day in [
            (self.event(action_date=FEBRUARY), "01-10"),
            (self.event(invoice_date="", action_date=FEBRUARY), "02-10"),
            (self.event(**gone), None),
            (self.event(amount="-5", action="FORGIVEN", action_date=FEBRUARY), "02-10"),
            (self.event(amount="-5", action="FORGIVEN", action_date=""), "01-10"),
            (self.event(amount="-5", action="NETTED", action_date=FEBRUARY), "02-10"),
            (self.event(amount="-5", action="", action_date=""), "01-10"),
            (self.collected("5", date=""), None),
            (self.payout(MARCH, "5", action_date=APRIL), "03-10"),
            (self.payout(APRIL, "5", invoice_date=""), "04-10"),
            (self.paid(payout, "-5"), "03-10"),
            (self.paid("gone", "-5"), "04-10"),
            (self.paid(self.payout(MARCH, "5", **gone), "-5", action_date=FEBRUARY), "02-10"),
            (self.paid("gone", "-5", action_date=""), None),
        ]:
            self.assertEqual({line[0] for line in self.lines(event)}, {day}, event)

    def test_what_nobody_knows_is_booked_under_its_name(self):
        for values, name in [
            ({"type": "PIX_FEE"}, "PIX_FEE"), ({"action": "NETTED"}, "NETTED"),
            ({"action": "NETTED", "type": "PIX_FEE"}, "NETTED PIX_FEE"),
            ({"action": ""}, "no action"), ({"type": ""}, "no type"),
            ({"type": "", "action": ""}, "no action no type"),
            ({"type": "PIX_FEE", "action": "FORGIVEN"}, "PIX_FEE"),
            ({"type": "SELLER_TAX_SHARE_CREDIT"}, "SELLER_TAX_SHARE_CREDIT"),
            ({"type": "DISBURSEMENT_NOTE"}, "DISBURSEMENT_NOTE"),
        ]:
            event = self.event(amount="7", **values)
            self.assertEqual(self.lines(event), [
                ("01-10", "receivable", 7), ("01-10", name, -7)])
            informs = self.event(amount="7", balance_impacting="", **values)
            self.assertEqual(self.lines(informs), [("01-10", name, 0)])
        row = self.only("sales", billing_event_id=self.event("", action="NETTED"))
        self.assertCells(row, kind="unknown", is_owed=True)

    def test_transfers_that_nobody_knows(self):
        for values, name in [
            ({"type": "DISBURSEMENT_REVERSAL"}, "DISBURSEMENT_REVERSAL"),
            ({"action": "SENT"}, "SENT DISBURSEMENT"), ({"action": "INVOICED"}, "INVOICED DISBURSEMENT"),
            ({"type": "DISBURSEMENT_FAILURE", "action": "SENT"}, "SENT DISBURSEMENT_FAILURE"),
        ]:
            transfer = self.payout(amount="12", **values)
            self.assertEqual(self.lines(transfer), [
                ("03-10", name, 12), ("03-10", "payout_clearing", -12)])
            row = self.only("disbursement", billing_event_id=transfer)
            self.assertCells(row, status=name, lines=0, lines_amount=0, difference=12)

    def test_a_payout_without_an_action_is_one(self):
        payout = self.payout(action="")
        self.assertEqual(self.lines(payout), [
            ("03-10", "bank", 100), ("03-10", "payout_clearing", -100)])

    def test_a_failure_sends_back_whatever_its_sign(self):
        for amount in ("-100", "100"):
            failure = self.failure("gone", amount=amount)
            self.assertEqual(self.lines(failure), [
                ("04-10", "bank", -100), ("04-10", "payout_clearing", 100)])

    def test_a_line_of_a_payout_that_failed_is_booked_twice(self):
        self.event()
        self.collected()
        payout = self.payout()
        line = self.paid(payout)
        self.failure(payout, "2026-05-10T00:00:00Z")
        # The second failure changes no more than the bank.
        self.failure(payout, "2026-04-20T00:00:00Z")
        self.assertEqual(self.lines(line), [
            ("03-10", "in_transit", -100), ("03-10", "payout_clearing", 100),
            ("04-20", "in_transit", 100), ("04-20", "payout_clearing", -100)])
        self.assertEqual(self.balances(), {
            "in_transit": 100, "bank": -100, "payout_clearing": 100, "revenue": -100})

    def test_what_a_failure_takes_back_moves_nothing(self):
        payout = self.payout()
        self.paid(payout)
        failure = self.failure(payout)
        line = self.paid(failure, "100")
        self.assertEqual(self.lines(line), [("04-10", "in_transit", 0)])
        self.assertEqual(len(self.relation("disbursement_content")), 1)

    def test_a_payout_that_is_missing_fails_too(self):
        self.event()
        self.paid("gone")
        failure = self.failure("gone")
        self.paid(failure, "100")
        # Of the bank only the return is told.
        self.assertEqual(self.balances(), {
            "in_transit": 100, "revenue": -100, "bank": -100, "payout_clearing": 100})
        self.assertCells(self.only("invoice_to_cash", invoice_id="inv"), disbursed=0, failed=100)

    def test_a_negative_payout_that_fails_gives_back(self):
        payout = self.payout(amount="-7")
        self.failure(payout, amount="7")
        self.assertEqual(self.balances(), {})

    def test_a_balance_adjustment_comes_in_at_once(self):
        adjustment = {"type": "BALANCE_ADJUSTMENT", "invoice_id": "", "buyer_invoice_id": ""}
        entry = self.event(amount="-7", **adjustment)
        self.assertEqual(self.lines(entry), [
            ("01-10", "in_transit", -7), ("01-10", "balance_adjustments", 7)])
        told = self.collected("-7", **adjustment)
        self.assertEqual(self.lines(told), [("02-10", "receivable", 0)])
        line = self.paid(self.payout(amount="-7"), "7", **adjustment)
        self.assertEqual(self.lines(line), [
            ("03-10", "in_transit", 7), ("03-10", "payout_clearing", -7)])
        self.assertEqual(self.balances(), {"balance_adjustments": 7, "bank": -7})
        row = self.only("invoice_to_cash", invoice_id=None)
        self.assertCells(row, due=-7, received=-7, collected=-7, outstanding=0, disbursed=-7)

    def test_a_payout_in_another_currency(self):
        self.event()
        payout = self.payout(disbursement_amount="91", disbursement_currency="EUR")
        line = self.paid(payout, disbursement_amount="-90", disbursement_currency="EUR")
        self.assertEqual(self.balances(), {"revenue": -100, "exchange": 100})
        self.assertEqual(self.balances("EUR"), {
            "bank": 91, "payout_clearing": -1, "exchange": -90})
        self.assertCells(self.only("disbursement"), amount=91, currency="EUR", lines_amount=90,
                         difference=1)
        self.assertCells(self.only("disbursement_content"), amount=100, currency="USD",
                         paid_amount=90, paid_currency="EUR", billing_event_id=line)
        self.failure(payout, disbursement_amount="91", disbursement_currency="EUR")
        self.assertEqual(self.balances(), {"revenue": -100, "in_transit": 100})
        self.assertEqual(self.balances("EUR"), {})

    def test_a_payout_in_its_currency_of_another_amount(self):
        line = self.paid("gone", disbursement_amount="-99.5", disbursement_currency="USD")
        self.assertEqual(self.lines(line), [
            ("04-10", "receivable", -100), ("04-10", "payout_clearing", 99.5),
            ("04-10", "exchange", 0.5)])

    def test_an_amount_without_its_currency_is_of_the_price(self):
        line = self.paid("gone", disbursement_amount="-99.5")
        self.assertEqual(self.lines(line)[1:], [
            ("04-10", "payout_clearing", Decimal("99.5")), ("04-10", "exchange", Decimal("0.5"))])

    def test_the_payout_that_an_entry_belongs_to(self):
        payout = self.payout()
        for event, name in [
            (payout, payout), (self.failure(payout), payout), (self.paid(payout), payout),
            (self.paid("gone"), "gone"), (self.failure(""), None),
            (self.event(disbursement_billing_event_id=payout), None),
        ]:
            rows = [row for row in self.relation("journal") if row["billing_event_id"] == event]
            self.assertEqual({row["disbursement_id"] for row in rows}, {name})


class TrialBalanceTests(MoneyCase):
    def test_months_follow_each_other_and_the_unknown_one_comes_first(self):
        self.event(invoice_date=JUNE, buyer_invoice_date=JUNE)
        self.event(amount="5", invoice_date="", action_date="")
        self.collected("60", date="2025-08-31T23:59:59Z")
        rows = self.relation("trial_balance")
        cells = [tuple(str(row[column]) for column in
                       ("month", "opening", "debit", "credit", "closing"))
                 for row in rows if row["account"] == "receivable"]
        self.assertEqual(cells, [
            ("None", "0", "5", "0", "5"), ("2025-06-01", "5", "100", "0", "105"),
            ("2025-07-01", "105", "0", "0", "105"), ("2025-08-01", "105", "0", "60", "45")])
        self.assertEqual({row["account"] for row in rows},
                         {"receivable", "in_transit", "revenue"})
        self.assertEqual(len(rows), 12)

    def test_each_recipient_and_currency_has_its_own(self):
        self.event(invoice_date=JUNE)
        self.event(currency="EUR")
        self.event(currency="", recipient_account_id="")
        self.assertEqual(
            sorted((row["recipient_account_id"] or "", row["currency"] or "", str(row["month"]))
                   for row in self.relation("trial_balance") if row["account"] == "revenue"),
            [("", "", "2026-01-01"), (SELF, "EUR", "2026-01-01"), (SELF, "USD", "2025-06-01")])
