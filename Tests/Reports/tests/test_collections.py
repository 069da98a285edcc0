from decimal import Decimal

from oracle.values import instant
from tests.case import DAY, LATER, RESELLER, BillingCase


class CollectionsTests(BillingCase):
    def test_a_payout(self):
        self.event()
        self.event("AWS_REV_SHARE", "-3")
        payout = self.payout("2026-02-10T00:00:01Z", bank_trace_id="trace",
                             disbursement_reference_number="number")
        self.paid(payout)
        self.paid(payout, "3", "AWS_REV_SHARE")
        cells = dict(disbursement_status="Disbursed", disburse_bank_trace_id="trace",
                     disbursement_reference_number="number", listing_fee=-3,
                     gross_revenue=100, undisbursed_net_revenue=0, disbursed_net_revenue=97)
        self.assertCells(self.billed(), **cells, listing_fee_percentage=Decimal("0.03"))
        row, = self.collected()
        self.assertCells(row, **cells, seller_net_revenue=97, disbursement_time_in_days=1,
                         disbursement_period="1-30 days late", currency="USD",
                         listing_fee_percentage=Decimal("0.03"))

    def test_a_failed_payout_and_the_second(self):
        self.event()
        first = self.payout("2026-02-01T00:00:00Z", bank_trace_id="testTraceId")
        self.paid(first)
        failure = self.payout("2026-02-05T00:00:00Z", "DISBURSEMENT_FAILURE")
        self.paid(failure, "100")
        self.assertCells(self.billed(), disbursement_status="Disbursement reversed",
                         disburse_bank_trace_id="Not available", undisbursed_net_revenue=100)
        second = self.payout("2026-02-20T00:00:00Z", bank_trace_id="second")
        self.paid(second)
        rows = self.collected()
        self.assertEqual([row["gross_revenue"] for row in rows], [100, -100, 100])
        self.assertEqual([row["disbursement_status"] for row in rows],
                         ["Disbursed", "Failed", "Disbursed"])
        self.assertEqual([row["disburse_bank_trace_id"] for row in rows],
                         ["Not available", "Not available", "second"])
        self.assertCells(self.billed(), disburse_bank_trace_id="second",
                         disbursement_date=instant("2026-02-20T00:00:00Z"))

    def test_statuses_are_of_the_line(self):
        self.event()
        payout = self.payout()
        self.paid(payout, "-40")
        self.assertCells(self.billed(), disbursement_status="Partially disbursed")
        self.assertEqual([row["undisbursed_net_revenue"] for row in self.collected()], [60])
        self.paid(payout, "-61")
        self.assertCells(self.billed(), disbursement_status="Disbursed",
                         undisbursed_net_revenue=-1)

    def test_a_payout_that_is_not_in_the_feed_makes_a_second_invoiced_row(self):
        self.event()
        self.paid("unknown", "-30")
        rows = self.rows("billed_revenue")
        self.assertEqual([row["gross_revenue"] for row in rows], [70, 70])
        self.assertEqual({row["disbursement_status"] for row in rows}, {"Not disbursed"})
        self.assertEqual(self.collected(), [])

    def test_a_deleted_payout_is_not_in_the_feed(self):
        self.event()
        payout = self.payout()
        self.paid(payout)
        self.payout(billing_event_id=payout, delete_date=DAY, update_date=LATER)
        self.assertEqual(self.collected(), [])

    def test_amounts_are_in_disbursement_currency(self):
        self.event(disbursement_amount="90", disbursement_currency="EUR")
        self.paid(self.payout(), disbursement_amount="-81.005", disbursement_currency="EUR")
        row, = self.collected()
        self.assertCells(row, gross_revenue=Decimal("81.01"), currency="EUR",
                         undisbursed_net_revenue=Decimal("9.00"),
                         disbursement_status="Disbursed")

    def test_aws_tax_counts_once_disbursed(self):
        self.event("AWS_TAX_SHARE", "20", balance_impacting="0")
        self.paid(self.payout(), "-20", "AWS_TAX_SHARE")
        row, = self.collected()
        self.assertCells(row, seller_net_revenue=20, undisbursed_net_revenue=-20)

    def test_wholesale_tax_is_nothing_to_the_manufacturer(self):
        resale = {"invoice_variant": "RESALE", "charge_variant": "RESALE"}
        payout = self.payout()
        self.paid(payout, "-20", "AWS_TAX_SHARE", invoice_variant="RESALE")
        row, = self.collected()
        self.assertCells(row, wholesale_aws_tax_share=20)
        self.paid(payout, "-80", **resale, charge_side="SELLING")
        row, = self.collected()
        self.assertCells(row, wholesale_aws_tax_share=0, gross_revenue=80, seller_net_revenue=100)

    def test_lateness_is_in_calendar_days(self):
        for due, date, days, period in [
            ("2026-02-09T23:59:59Z", "2026-02-10T00:00:00Z", 1, "1-30 days late"),
            ("2026-02-09", "2026-02-09T23:00:00Z", 0, "Not due"),
            ("2026-02-09", "2026-03-11", 30, "1-30 days late"),
            ("2026-02-09", "2026-03-12", 31, "31-60 days late"),
            ("2026-02-09", "2026-05-10", 90, "61-90 days late"),
            ("2026-02-09", "2026-06-09", 120, "91-120 days late"),
            ("2026-02-09", "2026-06-10", 121, "121+ days late"),
            ("", "2026-06-10", None, "121+ days late"),
        ]:
            self.feeds["BillingEventFeed_V1"] = []
            self.paid(self.payout(date), payment_due_date=due)
            row, = self.collected()
            self.assertCells(row, disbursement_time_in_days=days, disbursement_period=period)

    def test_traces_are_listed_up_to_fifty_each_where_it_first_occurs(self):
        self.event()
        for number in range(53):
            # Reversed in time; the first two share a trace, one has none.
            trace = {52: "b", 51: "b", 50: ""}.get(number, f"t{number:02}")
            self.paid(self.payout(f"2026-03-{1 + (52 - number) // 24:02}"
                                  f"T{(52 - number) % 24:02}:00:00Z", bank_trace_id=trace))
        # b, the place of the null, 48 others; two more from the 51st place on.
        shown = ",".join(["b", *(f"t{number:02}" for number in range(49, 1, -1)), "...", "..."])
        row, = self.rows("billed_revenue")
        self.assertCells(row, disburse_bank_trace_id=shown,
                         disbursement_reference_number="Not available")

    def test_a_resale_seen_by_the_manufacturer(self):
        self.change("AgreementFeed_V1", proposer_account_id=RESELLER)
        self.change("OfferFeed_V1", seller_account_id=RESELLER, opportunity_id="opp")
        self.event(invoice_variant="RESALE", invoice_id="wholesale", charge_variant="RESALE",
                   charge_side="SELLING", from_account_id=RESELLER)
        self.assertCells(
            self.billed(), invoice_id="inv", wholesale_invoice_id="wholesale",
            reseller_company_name="reseller Ltd", reseller_aws_account_id="333333333333",
            resale_authorization_id="opp", offer_visibility="Private",
            payer_company_name="reseller Ltd", isv_company_name="self Ltd")
