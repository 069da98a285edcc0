from oracle.values import instant
from tests.case import BUYER, DAY, LATER, RESELLER, SELF, Case


class UsageTests(Case):
    def setUp(self):
        super().setUp()
        self.add("DailyUsageFeed_V1", {
            "usage_feed_id": "u", "usage_date": "2026-01-10", "product_id": "prod",
            "agreement_id": "agmt", "end_user_account_id": BUYER, "payer_account_id": "unknown",
            "offer_id": "own-offer", "recipient_account_id": SELF,
            "estimated_revenue_in_pricing_currency": "1.50"})

    def usage(self, **values):
        self.change("DailyUsageFeed_V1", **values)
        return self.row("usage")

    def test_a_row_of_an_agreement(self):
        self.assertCells(
            self.usage(), usage_date=instant(DAY), offer_id="offer", offer_name="Cheap",
            offer_set_id="Not applicable", offer_visibility="Public", agreement_id="agmt",
            agreement_start_date=instant(DAY), end_user_aws_account_id="022222222222",
            end_user_company_name="buyer Ltd", payer_company_name="Not available",
            payer_aws_account_id=None, payer_city=None, subscriber_city="Ghent",
            subscriber_email_domain="Not provided", reseller_company_name="Not applicable",
            reseller_aws_account_id="Not applicable", resale_authorization_id="Not applicable",
            resale_authorization_description=None, cppo_flag="N",
            isv_aws_account_id="111111111111", isv_company_name="self Ltd")

    def test_without_agreement(self):
        self.assertCells(
            self.usage(agreement_id=""), agreement_id="Not available", offer_id="own-offer",
            offer_set_id="Not available", offer_name=None, offer_visibility=None,
            agreement_start_date=None, subscriber_aws_account_id="Not available",
            subscriber_city="Not available", resale_authorization_id=None, cppo_flag=None)

    def test_of_an_unknown_agreement(self):
        self.assertCells(
            self.usage(agreement_id="unknown"), agreement_id="unknown", offer_id="own-offer",
            offer_set_id="Not applicable", subscriber_aws_account_id=None,
            subscriber_city="Not provided", resale_authorization_id="Not applicable")

    def test_without_any_offer(self):
        self.assertCells(self.usage(agreement_id="", offer_id=""), offer_id="Not available",
                         offer_name="Not available", offer_visibility="Not available")

    def test_an_offer_of_somebody_else_is_private_whatever_its_targets(self):
        self.change("OfferFeed_V1", seller_account_id=RESELLER)
        self.assertCells(self.usage(), offer_visibility="Private", cppo_flag="Y",
                         resale_authorization_id=None)
        self.change("OfferFeed_V1", recipient_account_id="")
        self.assertCells(self.usage(), offer_visibility="Public", cppo_flag="N")

    def test_a_reseller_is_a_proposer_that_is_not_the_recipient(self):
        self.change("AgreementFeed_V1", proposer_account_id=RESELLER)
        self.assertCells(self.usage(), reseller_company_name="reseller Ltd",
                         reseller_aws_account_id="333333333333")
        self.change("AddressFeed_V1", company_name="")
        self.assertCells(self.usage(), reseller_company_name="Not available")

    def test_no_reseller_of_an_offer_with_an_opportunity(self):
        self.change("OfferFeed_V1", opportunity_id="opp")
        self.assertCells(self.usage(), reseller_company_name=None, reseller_aws_account_id=None)
        self.change("ProductFeed_V1", manufacturer_account_id=RESELLER)
        self.assertCells(self.usage(), reseller_company_name="Not applicable",
                         reseller_aws_account_id="Not applicable")

    def test_placeholder_offers_hide_the_dates(self):
        self.change("AgreementFeed_V1", offer_id="aiqoffer-1", offer_set_id="set")
        self.assertCells(self.usage(), agreement_start_date=None, offer_id="aiqoffer-1",
                         offer_set_id="set")

    def test_the_offer_is_found_1700_days_back(self):
        self.change("OfferFeed_V1", valid_from="2030-09-06T00:00:00Z")
        self.assertCells(self.usage(), offer_name="Cheap")
        self.change("OfferFeed_V1", valid_from="2030-09-07T00:00:00Z")
        self.assertCells(self.usage(), offer_name=None)

    def test_terms_are_those_of_the_true_valid_from_by_code_point(self):
        term = {"agreement_id": "agmt", "valid_from": "2026-01-10 00:00:00.0"}
        self.add("AgreementTermFeed_V1", *(
            {**term, "term_id": str(number), "term_type": kind}
            for number, kind in enumerate(["a", "B", "a", "", "Ä"])))
        self.add("AgreementTermFeed_V1",
                 {"agreement_id": "agmt", "term_id": "9", "term_type": "no"}, at=LATER)
        self.assertCells(self.usage(), accepted_term_types="B,a,a,Ä")

    def test_a_revision_of_proposer_or_manufacturer_at_midnight_doubles_the_row(self):
        self.change("AccountFeed_V1", valid_from="2020-01-01T00:00:00Z")
        self.add("AccountFeed_V1", {"account_id": SELF, "tax_legal_name": "New"})
        rows = self.rows("usage")
        # Two for the proposer, two for the manufacturer.
        self.assertEqual(len(rows), 4)
        self.assertEqual({row["isv_company_name"] for row in rows}, {"self Ltd", "New"})
        self.assertEqual({row["isv_aws_account_id"] for row in rows}, {None})

    def test_the_address_is_the_one_updated_last(self):
        self.add("AddressFeed_V1", {"address_id": "addr-buyer", "city": "Old",
                                    "update_date": LATER}, at="2020-01-01T00:00:00Z")
        self.assertCells(self.usage(), end_user_city="Old")
        self.add("AddressFeed_V1", {"address_id": "addr-buyer", "city": "Gone",
                                    "update_date": "2026-04-01T00:00:00Z", "delete_date": DAY})
        self.assertCells(self.usage(), end_user_city=None, end_user_company_name="Not available")

    def test_a_company_has_the_first_name_that_is_set(self):
        self.change("AccountFeed_V1", tax_address_id="addr-reseller")
        self.assertCells(self.usage(), end_user_company_name="reseller Ltd")
        self.change("AccountFeed_V1", tax_legal_name="Legal")
        self.assertCells(self.usage(), end_user_company_name="Legal",
                         isv_company_name="self Ltd")
        self.change("AccountFeed_V1", tax_address_id="unknown", tax_legal_name="")
        self.assertCells(self.usage(), end_user_company_name="buyer Ltd", end_user_city=None)
