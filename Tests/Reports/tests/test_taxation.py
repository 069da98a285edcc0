from tests.case import BUYER, LATER, Case


class TaxationTests(Case):
    def test_a_revision_is_a_row(self):
        item = {"tax_item_id": "tax", "invoice_date": "2015-01-01T00:00:00Z",
                "product_id": "prod", "taxed_customer_account_id": BUYER,
                "tax_amount": "1.10", "customer_exemption_code": "X"}
        self.add("TaxItemFeed_V1", item)
        self.add("TaxItemFeed_V1", {**item, "invoice_date": "2020-02-01T00:00:00Z"}, at=LATER)
        early, late = sorted(self.rows("taxation"), key=lambda row: row["invoice_date"])
        self.assertCells(early, product_title=None, taxed_customer_account_id="022222222222",
                         customer_exemption_code="X",
                         customer_exemption_certificate_id="Not exempt")
        self.assertCells(late, product_title="Books")
