"""Months, and the lists of single entries, by hand."""
import datetime

from oracle.values import instant
from tests.money_case import APRIL, FEBRUARY, JANUARY, MARCH, MoneyCase


def month(number):
    return datetime.date(2026, number, 1)


class MonthTests(MoneyCase):
    def month(self, number, **cells):
        row = self.only("monthly_totals", month=number and month(number))
        self.assertEqual({column: value for column, value in row.items() if value
                          and column not in ("recipient_account_id", "month", "product_id",
                                             "currency")}, cells)

    def test_columns_are_of_invoiced_entries_by_kind(self):
        for kind, amount, values in [
            ("SELLER_REV_SHARE", "100", {}), ("SELLER_REV_SHARE_REFUND", "-20", {}),
            ("SELLER_TAX_SHARE", "10", {}), ("AWS_REV_SHARE", "-3", {}),
            ("SELLER_REV_SHARE", "-50", {"charge_variant": "RESALE", "charge_side": "BUYING"}),
            ("AWS_TAX_SHARE", "8", {"balance_impacting": "0"}),
            ("AWS_TAX_SHARE", "-1", {"invoice_variant": "LISTING_FEE"}),
            ("OTHER_SELLER_TAX_SHARE", "2", {}), ("AWS_INFRA_SHARE", "-4", {}),
            ("BALANCE_ADJUSTMENT", "5", {}), ("PIX_FEE", "-0.5", {}),
            ("SELLER_REV_SHARE", "-7", {"action": "NETTED"}),
        ]:
            self.event(kind, amount, **values)
        self.month(1, billed=90, fees=-3, costs=-50, taxes=18, aws_taxes=-1,
                   other_seller_taxes=2, infrastructure=-4, adjustments=5, other=-7.5,
                   invoiced=31.5, due=31.5, received=5, outstanding=26.5)

    def test_what_is_forgiven_is_of_known_types(self):
        self.event(amount="-30", action="FORGIVEN", action_date=FEBRUARY)
        self.event("PIX_FEE", "-1", action="FORGIVEN", action_date=FEBRUARY)
        self.month(2, forgiven=-30, other=-1, invoiced=-1, due=-31)
        # What was never invoiced is open in no month.
        self.month(None, outstanding=-31)

    def test_what_is_outstanding_stays_in_the_month_of_the_invoice(self):
        self.event()
        self.collected("30")
        payout = self.payout(MARCH)
        self.paid(payout)
        self.failure(payout, APRIL)
        self.event(amount="-10", action="FORGIVEN", action_date=FEBRUARY)
        self.month(1, billed=100, invoiced=100, due=100)
        self.month(2, forgiven=-10, due=-10, collected=30, received=30)
        self.month(3, received=60, disbursed=100)
        self.month(4, disbursed=-100)

    def test_outstanding_is_of_the_first_product_of_the_item(self):
        self.event()
        self.collected("60", product_id="other")
        self.assertEqual(
            {(row["product_id"], row["month"].month, row["due"], row["outstanding"])
             for row in self.relation("monthly_totals")},
            {("prod", 1, 100, 0), ("other", 1, 0, 40), ("other", 2, 0, 0)})

    def test_rows_of_nothing_are_left_out(self):
        self.event(amount="0")
        self.assertEqual(self.relation("monthly_totals"), [])


class ListTests(MoneyCase):
    def test_sales_are_what_neither_came_in_nor_went_out(self):
        self.collected()
        self.payout()
        self.payout(action="SENT")
        self.paid("gone")
        self.event("DISBURSEMENT_NOTE", "1")
        tax = self.event("AWS_TAX_SHARE", "8", balance_impacting="0", action_date=MARCH)
        rows = self.relation("sales")
        self.assertEqual([row["kind"] for row in rows], ["DISBURSEMENT_NOTE", "aws_tax_share"])
        self.assertCells(rows[1], billing_event_id=tax, month=month(1), amount=8, is_owed=False,
                         invoice_id="inv", action="INVOICED")

    def test_collections(self):
        event = self.collected("-3", type="AWS_REV_SHARE", buyer_invoice_id="buyers")
        self.assertCells(self.only("collection"), billing_event_id=event, invoice_id="buyers",
                         collected_at=instant(FEBRUARY), kind="listing_fee", amount=-3)

    def test_only_what_stands_of_an_entry_counts(self):
        event = self.event()
        self.event(amount="80", billing_event_id=event, update_date=APRIL, valid_from=APRIL)
        self.event(amount="90", billing_event_id=event, update_date=JANUARY)
        self.assertEqual([row["amount"] for row in self.relation("sales")], [80])
        self.event(billing_event_id=event, update_date="2026-05-01", delete_date="2026-05-01")
        self.assertEqual(self.relation("journal"), [])
