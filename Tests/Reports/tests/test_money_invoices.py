"""What became of an invoice, by hand."""
import datetime

from oracle.values import instant
from tests.money_case import (
    APRIL, FEBRUARY, JANUARY, JUNE, LATE_JUNE, MARCH, TODAY, MoneyCase)

OLD = {"invoice_date": JUNE, "buyer_invoice_date": JUNE}


class ReceivedTests(MoneyCase):
    def invoice(self, **cells):
        self.assertCells(self.only("invoice_to_cash", invoice_id="inv"), **cells)

    def test_before_2026_a_payout_shows_what_came_in(self):
        self.event(**OLD)
        line = self.paid(self.payout(LATE_JUNE), **OLD)
        self.invoice(collected=None, received=100, outstanding=0, disbursed=100, undisbursed=0)
        self.assertEqual(self.lines(line), [
            ("06-25", "receivable", -100), ("06-25", "payout_clearing", 100)])

    def test_what_is_told_after_the_payout_does_not_come_in_twice(self):
        self.event()
        line = self.paid(self.payout(FEBRUARY))
        self.collected(date=MARCH)
        self.invoice(collected=100, received=100, outstanding=0)
        # All of it came in with the collection, and the payout went ahead of it.
        self.assertEqual(self.lines(line), [
            ("02-10", "in_transit", -100), ("02-10", "payout_clearing", 100)])

    def test_lines_bring_in_what_is_not_told_in_their_order(self):
        self.event()
        self.collected("30")
        # Of one day the ids decide, which run from the first to the last.
        first, second = self.payout(FEBRUARY, "20"), self.payout(MARCH, "50")
        third = self.payout(MARCH, "30")
        earlier, _, later = (self.paid(third, "-30"), self.paid(first, "-20"),
                             self.paid(second, "-50"))
        rows = {row["billing_event_id"]: row["amount"] for row in self.relation("journal")
                if row["account"] == "receivable" and row["action"] == "DISBURSED"}
        # The first 20 are less than the 30 that are told; with 30 more they are 50, then 100.
        self.assertEqual(rows, {earlier: -20, later: -50})
        self.invoice(received=100, outstanding=0)

    def test_the_first_half_came_in_before_it_is_told_that_things_do(self):
        self.event(**OLD)
        first = self.paid(self.payout(LATE_JUNE, "50"), "-50", **OLD)
        self.collected("50")
        second = self.paid(self.payout(MARCH, "50"), "-50", **OLD)
        self.invoice(collected=50, received=100, outstanding=0)
        self.assertIn(("06-25", "receivable", -50), self.lines(first))
        self.assertEqual(self.lines(second), [
            ("03-10", "in_transit", -50), ("03-10", "payout_clearing", 50)])

    def test_what_was_paid_out_and_taken_back_by_the_buyer_is_outstanding(self):
        self.event()
        self.collected()
        self.paid(self.payout(MARCH))
        self.collected("-100", date=APRIL)
        self.invoice(collected=0, received=0, outstanding=100, disbursed=100)
        self.assertEqual(self.balances()["in_transit"], -100)

    def test_a_fee_is_negative(self):
        self.event("AWS_REV_SHARE", "-3")
        line = self.paid(self.payout(), "3", "AWS_REV_SHARE")
        self.assertEqual(self.lines(line), [
            ("03-10", "receivable", 3), ("03-10", "payout_clearing", -3)])
        self.invoice(received=-3, outstanding=0, disbursed=-3)

    def test_of_what_failed_no_more_than_what_is_due_came_in(self):
        self.event(amount="60")
        payout = self.payout()
        self.paid(payout)
        self.failure(payout)
        self.invoice(received=60, outstanding=0, failed=100, disbursed=0)
        self.assertEqual(self.balances()["in_transit"], 60)

    def test_a_collection_that_is_reversed(self):
        self.event()
        self.collected()
        self.collected("-100", MARCH)
        self.invoice(collected=0, received=0, outstanding=100)
        self.paid(self.payout(APRIL))
        self.invoice(collected=0, received=100, outstanding=0)

    def test_items_differ_in_line_currency_and_kind(self):
        self.event()
        self.collected("100", buyer_line_item_id="2")
        self.paid(self.payout(), buyer_line_item_id="3")
        self.invoice(due=100, received=200, outstanding=-100)

    def test_sign_of_an_item_without_an_invoice_entry(self):
        for amount, received in (("-5", 5), ("5", -5)):
            self.feeds["BillingEventFeed_V1"] = []
            self.paid("gone", amount)
            self.invoice(received=received, due=0, disbursed=received)
        self.collected("2")
        self.collected("-9")
        # Disbursed says that it is negative: the least of -7 and -5.
        self.invoice(received=-7)


class InvoiceTests(MoneyCase):
    def invoice(self, **cells):
        self.assertCells(self.only("invoice_to_cash", invoice_id="inv"), **cells)

    def test_what_an_invoice_comes_to(self):
        self.event()
        self.event("AWS_REV_SHARE", "-3")
        self.event("SELLER_REV_SHARE_REFUND", "-20", invoice_date=MARCH)
        self.event("AWS_REV_SHARE_CREDIT", "1", invoice_date=MARCH)
        self.event(amount="-10", action="FORGIVEN")
        self.event("PIX_FEE", "-2")
        self.event("PIX_FEE", "-1", action="NETTED")
        self.event("PIX_FEE", "-9", action="NETTED", balance_impacting="0")
        self.invoice(invoiced=95, refunded=-19, forgiven=-10, other=-1, due=65,
                     outstanding=65, undisbursed=65, unknown_names="NETTED PIX_FEE, PIX_FEE")

    def test_failed_and_paid_again(self):
        self.event()
        self.collected()
        first, second, third = (self.payout(day) for day in (
            "2026-02-15T00:00:00Z", "2026-02-23T00:00:00Z", "2026-03-06T00:00:00Z"))
        self.failure(first, "2026-02-18T00:00:00Z")
        self.failure(second, "2026-02-25T00:00:00Z")
        for payout in (first, second, third):
            self.paid(payout, parent_billing_event_id="e1")
        self.invoice(disbursed=100, failed=200, paid_again=100, undisbursed=0,
                     last_disbursed_at=instant("2026-03-06T00:00:00Z"), days_to_cash=54)
        # Another entry was paid for the first time.
        self.event(amount="40", buyer_line_item_id="2")
        self.paid(third, "-40", parent_billing_event_id="other", buyer_line_item_id="2")
        self.invoice(disbursed=140, paid_again=100)

    def test_dates_of_an_invoice(self):
        self.event(invoice_date=FEBRUARY, buyer_invoice_date=JUNE, payment_due_date=MARCH)
        self.invoice(invoiced_at=instant(FEBRUARY), due_at=instant(MARCH))
        self.event("AWS_REV_SHARE", "-3", invoice_variant="LISTING_FEE", invoice_date=APRIL,
                   payment_due_date=APRIL)
        self.event("SELLER_REV_SHARE_REFUND", "-3", payment_due_date="2026-09-01",
                   invoice_date=APRIL)
        self.invoice(invoiced_at=instant(JANUARY), due_at=instant(APRIL))

    def test_dates_of_what_has_no_buyers_date(self):
        self.event(invoice_date=MARCH, buyer_invoice_date="", invoice_variant="")
        self.event(invoice_date=FEBRUARY, action="NETTED", payment_due_date=MARCH)
        self.invoice(invoiced_at=instant(MARCH), due_at=instant("2026-02-09T00:00:00Z"))
        self.feeds["BillingEventFeed_V1"] = self.feeds["BillingEventFeed_V1"][1:]
        self.invoice(invoiced_at=instant(FEBRUARY), due_at=None)

    def test_days_are_counted_once_all_has_come_in(self):
        self.event()
        self.collected("40", "2026-01-20T12:00:00Z")
        self.invoice(days_to_collect=None, last_collected_at=instant("2026-01-20T12:00:00Z"))
        self.collected("60", "2026-02-10T11:59:59Z")
        self.event("SELLER_REV_SHARE_REFUND", "-20", invoice_date=MARCH)
        self.collected("-20", MARCH, "SELLER_REV_SHARE_REFUND")
        self.invoice(days_to_collect=30, days_to_cash=None)
        self.paid(self.payout("2026-02-20T12:00:00Z"))
        self.invoice(days_to_cash=41, days_to_collect=30)

    def test_days_overdue(self):
        self.event(payment_due_date="2026-06-14T23:59:59Z")
        self.invoice(days_overdue=1)
        self.collected()
        self.invoice(days_overdue=None)
        self.feeds["BillingEventFeed_V1"] = []
        self.event(payment_due_date="2026-06-15T00:00:00Z")
        self.invoice(days_overdue=0)
        self.feeds["BillingEventFeed_V1"] = []
        self.event(payment_due_date="")
        self.invoice(days_overdue=None)

    def test_ages(self):
        for days in (-1, 0, 1, 30, 31, 90, 91, 120, 121):
            due = (TODAY - datetime.timedelta(days=days)).isoformat()
            self.event(payment_due_date=due, buyer_invoice_id=f"i{days}")
        self.event(payment_due_date="", buyer_invoice_id="undated")
        self.event(buyer_invoice_id="", invoice_id="", payment_due_date="")
        found = {row["age"]: (row["invoices"], row["outstanding"])
                 for row in self.relation("ageing")}
        self.assertEqual(found, {
            "Not due": (2, 200), "1-30": (2, 200), "31-60": (1, 100), "61-90": (1, 100),
            "91-120": (2, 200), "121+": (1, 100), "Unknown": (2, 200)})


class PayoutTests(MoneyCase):
    def test_lines_of_a_missing_payout_stand(self):
        line = self.paid("gone", parent_billing_event_id="p")
        self.assertCells(
            self.only("disbursement_content"), disbursement_id="gone", is_failed=False,
            paid_at=instant(APRIL), bank_trace_id=None, amount=100, paid_amount=100,
            kind="gross_revenue", invoiced_billing_event_id="p", billing_event_id=line)
        self.assertEqual(self.relation("disbursement"), [])

    def test_what_a_payout_and_its_lines_come_to(self):
        payout = self.payout(amount="96.99", bank_trace_id="trace")
        self.paid(payout)
        self.paid(payout, "3", "AWS_REV_SHARE")
        self.assertCells(self.only("disbursement"), status="Paid", lines=2, lines_amount=97,
                         failed_at=None)
        self.assertEqual(str(self.only("disbursement")["difference"]), "-0.01")
        self.paid(payout, currency="EUR")
        self.assertCells(self.only("disbursement"), lines=3, lines_amount=None, difference=None)
        self.failure(payout, "")
        self.failure(payout, APRIL)
        self.assertCells(self.only("disbursement"), status="Failed", failed_at=instant(APRIL))
        self.assertEqual({row["is_failed"] for row in self.relation("disbursement_content")},
                         {True})

    def test_what_is_expected_next(self):
        self.event()
        self.collected()
        self.assertCells(self.only("expected_disbursement"), amount=100, last_paid_at=None,
                         usual_days=None, expected_on=None)
        for day in ("2026-01-01", "2026-01-08T23:00:00Z", "2026-01-22", "2026-02-05"):
            self.payout(day)
        failed = self.payout("2026-03-01")
        self.failure(failed)
        self.payout("2026-03-02", currency="EUR")
        self.assertCells(self.only("expected_disbursement"), usual_days=14,
                         last_paid_at=instant("2026-02-05"),
                         expected_on=datetime.date(2026, 2, 19))
        self.paid("gone")
        self.assertEqual(self.relation("expected_disbursement"), [])
