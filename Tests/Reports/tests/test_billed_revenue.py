from decimal import Decimal

from oracle.values import instant
from tests.case import DAY, LATER, RESELLER, SELF, BillingCase


class BilledRevenueTests(BillingCase):
    def test_an_invoice(self):
        self.event()
        self.event("AWS_REV_SHARE", "-3", from_account_id=SELF)
        self.assertCells(
            self.billed(), invoice_date=instant(DAY), payment_term="Net 30 days",
            invoice_id="inv", listing_fee_invoice_id="Not applicable",
            subscriber_company_name="buyer Ltd", subscriber_aws_account_id="022222222222",
            subscriber_address_id="addr-buyer", payer_company_name="buyer Ltd",
            offer_id="offer", offer_name="Cheap", offer_visibility="Public",
            disbursement_status="Not disbursed", disbursement_date=None,
            disburse_bank_trace_id="Not applicable", gross_revenue=100, listing_fee=-3,
            listing_fee_percentage=Decimal("0.03"), seller_net_revenue=97,
            collected_net_revenue=0, uncollected_net_revenue=97, disbursed_net_revenue=0,
            undisbursed_net_revenue=97, currency="USD", transaction_reference_id="ref",
            reseller_aws_account_id="Not applicable", isv_account_id="111111111111",
            silent_internal_report_transaction=(
                "inv:1:self_PricingCurrency:USD_DisbursementCurrency:USD"))

    def test_every_type_has_its_bucket(self):
        fee, resale = {"invoice_variant": "LISTING_FEE"}, {"invoice_variant": "RESALE"}
        buying = {"charge_variant": "RESALE", "charge_side": "BUYING"}
        for bucket, type, values, counts in [
            ("gross_revenue", "SELLER_REV_SHARE", {}, True),
            ("gross_revenue", "SELLER_REV_SHARE", {**resale, "charge_side": "SELLING"}, True),
            ("gross_refund", "SELLER_REV_SHARE_REFUND", {}, True),
            ("gross_refund", "SELLER_REV_SHARE_CREDIT", {}, True),
            ("wholesale_cost", "SELLER_REV_SHARE", buying, True),
            ("wholesale_cost_refund", "SELLER_REV_SHARE_CREDIT", buying, True),
            ("listing_fee", "AWS_REV_SHARE", {}, True),
            ("listing_fee_refund", "AWS_REV_SHARE_CREDIT", {}, True),
            ("aws_tax_share", "AWS_TAX_SHARE", {}, True),
            ("aws_tax_share", "AWS_TAX_SHARE", {"balance_impacting": "0"}, False),
            ("aws_tax_share_refund", "AWS_TAX_SHARE_REFUND", {}, True),
            ("aws_tax_share_listing_fee", "AWS_TAX_SHARE", fee, True),
            ("aws_tax_share_listing_fee", "AWS_TAX_SHARE", {"charge_variant": "LISTING_FEE"},
             True),
            ("aws_tax_share_refund_listing_fee", "AWS_TAX_SHARE_REFUND", fee, True),
            ("wholesale_aws_tax_share", "AWS_TAX_SHARE", resale, True),
            ("wholesale_aws_tax_share_refund", "AWS_TAX_SHARE_REFUND", resale, True),
            ("seller_tax_share", "SELLER_TAX_SHARE", {}, True),
            ("wholesale_seller_tax_share_refund", "SELLER_TAX_SHARE_REFUND", resale, True),
            ("wholesale_other_seller_tax_share", "OTHER_SELLER_TAX_SHARE", resale, True),
            (None, "OTHER_SELLER_TAX_SHARE", {}, True),
            (None, "AWS_INFRA_SHARE", {}, True), (None, "INFRA_FEE_PRETAX", {}, True),
            (None, "BALANCE_ADJUSTMENT", {}, True), (None, "SOMETHING_NEW", {}, False),
            (None, "SELLER_TAX_SHARE_CREDIT", {}, False),
        ]:
            with self.subTest(type=type, values=values):
                self.feeds["BillingEventFeed_V1"] = []
                self.event(type, "1.50", **values)
                row = self.billed()
                filled = [column for column in row if row[column] == Decimal("1.5")
                          and not column.endswith("net_revenue")]
                self.assertEqual(filled, [bucket] if bucket else [])
                self.assertEqual(row["seller_net_revenue"], Decimal("1.5") if counts else 0)

    def test_forgiven_counts_as_invoiced_and_collected_in_no_bucket(self):
        self.event()
        self.event(amount="-40", action="FORGIVEN")
        self.event(amount="60", action="COLLECTED", action_date="2026-02-03 04:05:06.0",
                   balance_impacting="0")
        self.assertCells(
            self.billed(), gross_revenue=60, collected_net_revenue=60,
            uncollected_net_revenue=0, last_collection_date=instant("2026-02-03T04:05:06Z"))

    def test_rounding_is_once_and_at_the_end(self):
        self.event(amount="0.0049999")
        self.event(amount="0.0000001")
        self.event(amount="0.0000005")
        # 0.005 + 0 + 0.000001 after rounding what is read to six digits.
        self.assertCells(self.billed(), gross_revenue=Decimal("0.01"))

    def test_the_fee_percentage_is_rounded_to_six_digits_and_then_cut(self):
        for fee, gross, rate in [("2", "3", "0.6666"), ("-0.19999999", "1", "0.2"),
                                 ("1", "0", "0")]:
            self.feeds["BillingEventFeed_V1"] = []
            self.event(amount=gross)
            self.event("AWS_REV_SHARE", fee)
            self.assertCells(self.billed(), listing_fee_percentage=Decimal(rate))

    def test_null_amounts_are_ignored_by_sums(self):
        self.event(amount="")
        self.assertCells(self.billed(), gross_revenue=None, gross_refund=0,
                         seller_net_revenue=None, disbursement_status="Invalid status")
        self.event(amount="5")
        self.assertCells(self.billed(), gross_revenue=5, seller_net_revenue=5)

    def test_a_correction_replaces_and_a_deletion_removes(self):
        self.event(update_date="2026-02-01T00:00:00Z")
        self.event(billing_event_id="e1", amount="70", valid_from=LATER,
                   update_date="2026-02-02T00:00:00Z")
        self.assertCells(self.billed(), gross_revenue=70)
        self.event(billing_event_id="e1", delete_date=DAY, update_date="2026-02-03T00:00:00Z")
        self.assertEqual(self.rows("billed_revenue"), [])

    def test_events_of_an_unknown_agreement_are_left_out(self):
        self.event(agreement_id="unknown")
        self.assertEqual(self.rows("billed_revenue"), [])

    def test_without_agreement(self):
        self.event(agreement_id="", offer_id="offer")
        self.assertCells(
            self.billed(), agreement_id="Not available", offer_id="offer",
            offer_set_id="Not available", subscriber_city="Not available",
            subscriber_aws_account_id="Not available", agreement_start_date=None)

    def test_no_offer_found(self):
        # Offers are not moved back here.
        self.change("OfferFeed_V1", valid_from=LATER)
        self.event()
        self.assertCells(
            self.billed(), offer_id="Not available", offer_name="Not available",
            offer_visibility="Public", resale_authorization_id="Not applicable")
        self.change("BillingEventFeed_V1", agreement_id="")
        self.assertCells(self.billed(), offer_visibility=None, resale_authorization_id=None)

    def test_currencies_are_rows_and_share_payer_and_invoice(self):
        self.event()
        self.event("AWS_REV_SHARE", "-2", currency="EUR", invoice_variant="LISTING_FEE",
                   invoice_id="fee")
        rows = {row["currency"]: row for row in self.rows("billed_revenue")}
        self.assertCells(rows["USD"], gross_revenue=100, listing_fee=0,
                         listing_fee_invoice_id="Not applicable")
        self.assertCells(rows["EUR"], gross_revenue=0, listing_fee=-2, invoice_id="inv",
                         payer_company_name="buyer Ltd", listing_fee_invoice_id="fee")

    def test_an_empty_disbursement_currency_is_filled_from_the_line(self):
        self.event()
        self.event("AWS_TAX_SHARE", "8", disbursement_currency="", balance_impacting="0")
        self.assertCells(self.billed(), gross_revenue=100, aws_tax_share=8,
                         seller_net_revenue=100)

    def test_a_line_without_buyer_invoice_looks_nothing_up(self):
        self.event(buyer_invoice_id="", invoice_variant="LISTING_FEE")
        self.assertCells(
            self.billed(), invoice_date=None, invoice_id=None, payment_term=None,
            offer_id="Not available", product_title="Not provided",
            payer_company_name="Not available", subscriber_aws_account_id=None,
            silent_internal_report_transaction=(
                "NO_BUYER_INVOICE_FOR:inv:1:self_PricingCurrency:USD"
                "_DisbursementCurrency:USD"))

    def test_a_balance_adjustment(self):
        self.event("BALANCE_ADJUSTMENT", "-7", invoice_id="", invoice_variant="",
                   to_account_id=SELF, from_account_id="aws", buyer_invoice_id="",
                   currency="", disbursement_currency="")
        self.assertCells(
            self.billed(), invoice_date=instant(DAY), payer_company_name="self Ltd",
            seller_net_revenue=-7, gross_revenue=0,
            silent_internal_report_transaction=(
                "BALANCE_ADJUSTMENT:self:2026-01-10 00:00:00.000 UTC"
                "_PricingCurrency:_DisbursementCurrency:"))

    def test_the_payer_is_not_taken_from_fees_costs_or_wholesale_tax(self):
        resale = {"invoice_variant": "RESALE", "charge_variant": "RESALE"}
        self.event("AWS_TAX_SHARE", from_account_id="z")
        self.event(from_account_id="y", **resale, charge_side="BUYING")
        self.event("SELLER_TAX_SHARE", from_account_id="x", invoice_variant="RESALE")
        self.assertCells(self.billed(), payer_encrypted_account_id=None)
        self.event()
        self.assertCells(self.billed(), payer_encrypted_account_id="enc-buyer")

    def test_a_payers_billing_address_stands_between_tax_and_mailing_address(self):
        self.event(billing_address_id="addr-reseller")
        self.assertCells(self.billed(), payer_company_name="reseller Ltd",
                         payer_address_id="addr-reseller",
                         subscriber_company_name="buyer Ltd")
        self.change("AccountFeed_V1", tax_address_id="addr-self")
        self.assertCells(self.billed(), payer_company_name="self Ltd")

    def test_deleted_addresses_are_shown_in_billed_revenue_only(self):
        self.event()
        self.paid(self.payout())
        self.change("AddressFeed_V1", delete_date=DAY)
        self.assertCells(self.billed(), payer_city="Ghent")
        self.assertCells(self.collected()[0], payer_city="Not available")

    def test_targets_of_other_revisions_count_in_billed_revenue_only(self):
        self.event()
        self.paid(self.payout())
        self.add("OfferTargetFeed_V1", *(
            {"offer_target_id": kind, "offer_id": "offer", "offer_revision": revision,
             "target_type": kind}
            for kind, revision in (("BuyerAccounts", "2"), ("CountryCodes", "2"),
                                   ("Others", "3"))))
        self.assertCells(self.billed(), offer_visibility="Other Targeting")
        self.assertCells(self.collected()[0], offer_visibility="Public")

    def test_fee_invoices_are_listed_by_date_up_to_nine(self):
        self.event()
        for number in range(11):
            self.event("AWS_REV_SHARE", "-1", invoice_variant="LISTING_FEE",
                       invoice_id=f"fee-{10 - number:02}",
                       invoice_date=f"2026-01-{11 + number}T00:00:00Z")
        self.event("AWS_REV_SHARE", "-1", invoice_variant="LISTING_FEE", invoice_id="fee-10",
                   invoice_date="2026-01-11T00:00:00Z")
        shown = ",".join(f"fee-{10 - number:02}" for number in range(9))
        # The tenth, the eleventh, and the null entry for the purchase.
        self.assertCells(self.billed(), listing_fee_invoice_id=shown + ",...,...,...")

    def test_seller_issued_invoices_repeat_their_variant(self):
        self.event()
        for number in "12":
            self.event("SELLER_TAX_SHARE", "1", invoice_variant="TAX_VAT",
                       invoice_id=f"vat-{number}")
        self.assertCells(self.billed(), seller_issued_invoice_id="vat-1,vat-2",
                         seller_issued_invoice_variant="TAX_VAT,TAX_VAT")

    def test_placeholder_offers_hide_agreement_dates_and_usage_period(self):
        self.event(usage_period_start_date=DAY)
        self.assertCells(self.billed(), agreement_start_date=instant(DAY),
                         usage_period_start_date=instant(DAY))
        self.change("OfferFeed_V1", offer_id="aiqoffer-1")
        self.change("AgreementFeed_V1", offer_id="aiqoffer-1")
        self.assertCells(self.billed(), agreement_start_date=None, usage_period_start_date=None,
                         offer_id="aiqoffer-1")

    def test_the_agreement_is_looked_up_twice(self):
        self.add("AgreementFeed_V1", self.agreement(acceptor_account_id=RESELLER,
                                                    offer_set_id="set"), at=LATER)
        self.event(invoice_variant="RESALE", invoice_date=DAY, buyer_invoice_date=LATER)
        self.assertCells(self.billed(), offer_set_id="set", subscriber_company_name="buyer Ltd")

    def test_disagreement_within_a_line_doubles_it_with_the_totals_of_the_whole(self):
        self.event()
        self.event(amount="11", broker_id="AWS_EUROPE")
        self.assertEqual([row["gross_revenue"] for row in self.rows("billed_revenue")],
                         [111, 111])

    def test_rows_told_apart_by_the_buyers_reference_alone_are_one(self):
        self.event()
        self.event(buyer_transaction_reference_id="ref")
        self.assertCells(self.billed(), gross_revenue=200)
        self.event(amount="1")
        self.assertEqual([row["gross_revenue"] for row in self.rows("billed_revenue")],
                         [201, 201])

    def test_payment_terms(self):
        for due, term in [("2026-01-10T23:59:59Z", "Net 0 days"), ("2026-01-11", "Net 1 days"),
                          ("2026-01-08T12:00:00Z", "Net 1 days"),
                          ("2026-07-09", "Net 180 days"), ("2026-07-11", "Net 180+ days"),
                          ("", None)]:
            self.feeds["BillingEventFeed_V1"] = []
            self.event(payment_due_date=due)
            self.assertCells(self.billed(), payment_term=term)

    def test_rows_that_agree_after_the_look_ups_are_one(self):
        # A revision of the manufacturer at the very instant that changes nothing that is shown.
        self.event()
        self.change("AccountFeed_V1", valid_from="2020-01-01T00:00:00Z")
        self.add("AccountFeed_V1", {"account_id": SELF, "aws_account_id": "111111111111",
                                    "mailing_address_id": "addr-self"})
        self.assertEqual(len(self.rows("billed_revenue")), 1)
        self.add("AccountFeed_V1", {"account_id": SELF, "tax_legal_name": "New",
                                    "update_date": LATER})
        self.assertEqual({row["isv_company_name"] for row in self.rows("billed_revenue")},
                         {"self Ltd", "New"})
