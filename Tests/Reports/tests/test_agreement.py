from tests.case import LATER, RESELLER, Case
from oracle.values import instant


class AgreementTests(Case):
    def revisions(self, *statuses):
        """One revision a month, in the order given."""
        self.feeds["AgreementFeed_V1"] = []
        for month, status in enumerate(statuses, start=1):
            self.add("AgreementFeed_V1", self.agreement(status=status),
                     at=f"2026-{month:02}-01T00:00:00Z")

    def test_the_current_revision_is_chosen_by_status_and_then_by_time(self):
        for statuses, month in [
            (["ACTIVE", "EXPIRED"], 2), (["ACTIVE", "SUPERSEDED", "ROLLED_BACK"], 1),
            (["ROLLED_BACK", "SUPERSEDED"], 1), (["SUPERSEDED", "SUPERSEDED"], 2),
            (["ROLLED_BACK", "ROLLED_BACK", "SUPERSEDED"], 2),
        ]:
            self.revisions(*statuses)
            self.assertCells(self.row("agreement"),
                             agreement_updated_date=instant(f"2026-{month:02}-01"))

    def test_an_agreement_whose_newest_status_is_null_is_left_out(self):
        self.revisions("ACTIVE", "")
        self.assertEqual(self.rows("agreement"), [])
        self.revisions("", "ACTIVE")
        self.assertCells(self.row("agreement"), status="ACTIVE")

    def test_next_and_previous(self):
        self.add("AgreementFeed_V1",
                 self.agreement(agreement_id="next-1", preceding_agreement_id="agmt",
                                intent="RENEW", offer_id="", acceptance_time=LATER),
                 self.agreement(agreement_id="next-2", preceding_agreement_id="agmt",
                                intent="", offer_id="offer-2"),
                 self.agreement(agreement_id="next-3", preceding_agreement_id="unknown",
                                intent="AMEND"))
        rows = {row["agreement_id"]: row for row in self.rows("agreement")}
        self.assertCells(
            rows["agmt"], previous_agreement_id="Not applicable",
            next_agreement_id="next-1,next-2", next_offer_id="offer-2",
            next_agreement_acceptance_date=(
                "2026-03-01 00:00:00.000 UTC,2026-01-10 00:00:00.000 UTC"))
        self.assertCells(
            rows["next-1"], previous_agreement_id="agmt", previous_offer_id="offer",
            next_agreement_id="Not available")
        self.assertCells(rows["next-2"], next_agreement_id="Not applicable")
        self.assertCells(rows["next-3"], previous_agreement_id="unknown",
                         previous_offer_id="Not available")

    def test_a_direct_sale(self):
        self.assertCells(
            self.row("agreement"), offer_name="Cheap", offer_visibility="Public",
            offer_revision="1", resale_authorization_id="Not applicable",
            reseller_company_name="Not applicable", reseller_aws_account_id="Not applicable",
            reseller_encrypted_account_id=None, isv_company_name="self Ltd", cppo_flag="N",
            subscriber_aws_account_id="022222222222", subscriber_postal_code="09000",
            subscriber_email_domain="Not provided", product_id="prod", legacy_product_id=None)

    def test_a_resale(self):
        self.change("AgreementFeed_V1", proposer_account_id=RESELLER)
        self.change("OfferFeed_V1", opportunity_id="opp", name="")
        self.assertCells(
            self.row("agreement"), offer_visibility="Private", offer_name=None,
            resale_authorization_id="opp", resale_authorization_name=None, cppo_flag="Y",
            reseller_company_name="reseller Ltd", reseller_aws_account_id="333333333333",
            reseller_encrypted_account_id="enc-reseller", isv_aws_account_id="111111111111")

    def test_a_reseller_without_company_or_account(self):
        self.change("AgreementFeed_V1", proposer_account_id=RESELLER)
        self.feeds["AddressFeed_V1"] = []
        self.assertCells(self.row("agreement"), reseller_company_name="Not available")
        self.change("AgreementFeed_V1", proposer_account_id="unknown")
        self.assertCells(self.row("agreement"), reseller_company_name="Not applicable",
                         reseller_aws_account_id="Not applicable", offer_visibility="Private")

    def test_no_offer_found(self):
        self.change("AgreementFeed_V1", offer_id="unknown")
        self.assertCells(
            self.row("agreement"), offer_id="unknown", offer_name=None,
            offer_visibility="Public", offer_revision=None, product_id="Not provided",
            product_title="Not provided", isv_company_name="Not available",
            resale_authorization_id="Not applicable")

    def test_the_products_are_those_of_the_offer_revision_at_acceptance(self):
        self.add("OfferFeed_V1", {"offer_id": "offer", "offer_revision": "2"}, at=LATER)
        self.add("OfferProductFeed_V1",
                 {"offer_id": "offer", "offer_revision": "2", "product_id": "other"}, at=LATER)
        self.add("OfferProductFeed_V1",
                 {"offer_id": "offer", "offer_revision": "1", "product_id": "third"},
                 at="2026-06-01T00:00:00Z")
        products = sorted(row["product_id"] for row in self.rows("agreement"))
        self.assertEqual(products, ["prod", "third"])
        self.change("AgreementFeed_V1", acceptance_time=LATER)
        self.assertCells(self.row("agreement"), product_id="other", offer_revision="2")

    def test_an_offer_younger_than_the_acceptance_is_found_four_years_back(self):
        self.change("AgreementFeed_V1", acceptance_time="2022-01-11T00:00:00Z")
        self.assertCells(self.row("agreement"), offer_revision="1")
        self.change("AgreementFeed_V1", acceptance_time="2022-01-10T23:59:59Z")
        self.assertCells(self.row("agreement"), offer_revision=None)

    def test_two_legacy_ids_make_two_rows(self):
        self.add("LegacyIdMappingFeed_V1", *(
            {"mapping_type": "PRODUCT", "legacy_id": name, "new_id": "prod", "delete_date": "x"}
            for name in ("old-1", "old-2", "old-1")))
        self.assertEqual(sorted(row["product_id"] for row in self.rows("agreement")),
                         ["old-1", "old-2"])

    def test_two_accounts_of_the_isvs_number_make_two_rows(self):
        self.add("AccountFeed_V1", {"account_id": "twin", "aws_account_id": "111111111111",
                                    "tax_legal_name": "Twin"})
        self.assertEqual(sorted(row["isv_company_name"] for row in self.rows("agreement")),
                         ["Twin", "self Ltd"])

    def test_the_address_is_that_of_the_greatest_valid_from(self):
        self.add("AddressFeed_V1", {"address_id": "addr-buyer", "company_name": "New"}, at=LATER)
        self.add("AddressFeed_V1", {
            "address_id": "addr-buyer", "company_name": "Gone", "update_date": LATER,
            "delete_date": LATER}, at="2026-06-01T00:00:00Z")
        self.assertCells(self.row("agreement"), subscriber_company_name="New",
                         subscriber_city="Not provided")

    def test_the_best_target_of_the_revision_is_the_visibility(self):
        def target(number, kind, value="", revision="1"):
            return {"offer_target_id": str(number), "offer_id": "offer", "target_type": kind,
                    "offer_revision": revision, "value": value}
        for targets, visibility in [
            ([target(1, "CountryCodes", "DE")], "GeoTargeted"),
            ([target(1, "CountryCodes", "DE"), target(2, "BuyerAccounts")], "Private"),
            ([target(1, "ParticipatingPrograms", "b"), target(2, "ParticipatingPrograms", "a"),
              target(3, "CountryCodes")], "Program:a"),
            ([target(1, "")], "Other Targeting"),
            ([target(1, "BuyerAccounts", revision="2")], "Public"),
            ([target(1, "ParticipatingPrograms")], "Public"),
        ]:
            self.feeds["OfferTargetFeed_V1"] = []
            self.add("OfferTargetFeed_V1", *targets)
            self.assertCells(self.row("agreement"), offer_visibility=visibility)
