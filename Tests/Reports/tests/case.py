"""Hand-made deliveries: records with only what a test is about."""
import importlib
import unittest

from oracle.delivery import Record
from oracle.seller import Seller

SELF, BUYER, RESELLER = "self", "buyer", "reseller"
DAY = "2026-01-10T00:00:00Z"
LATER = "2026-03-01T00:00:00Z"


class Delivered(Seller):
    def __init__(self, feeds):
        super().__init__(None)
        self.feeds = feeds

    def feed(self, name):
        return [Record((column, value if value != "" else None)
                       for column, value in record.items())
                for record in self.feeds.get(name, [])]


def versions(*records, at=DAY):
    """Records of a feed, valid and updated on one day unless they say otherwise."""
    return [{"valid_from": at, "update_date": at, **record} for record in records]


class Case(unittest.TestCase):
    """A seller with an account, a buyer, a product, an offer and an agreement."""
    maxDiff = None

    def setUp(self):
        self.feeds = {}
        self.add("AccountFeed_V1", *(
            {"account_id": name, "aws_account_id": number, "encrypted_account_id": f"enc-{name}",
             "mailing_address_id": f"addr-{name}"}
            for name, number in ((SELF, "111111111111"), (BUYER, "22222222222"),
                                 (RESELLER, "333333333333"))))
        self.add("AddressFeed_V1", *(
            {"address_id": f"addr-{name}", "company_name": f"{name} Ltd", "city": "Ghent",
             "country_code": "BE", "postal_code": "09000"}
            for name in (SELF, BUYER, RESELLER)))
        self.add("ProductFeed_V1", {"product_id": "prod", "manufacturer_account_id": SELF,
                                    "title": "Books", "product_code": "code"})
        self.add("OfferFeed_V1", {"offer_id": "offer", "offer_revision": "1", "name": "Cheap",
                                  "seller_account_id": SELF, "recipient_account_id": SELF})
        self.add("OfferProductFeed_V1", {"offer_id": "offer", "offer_revision": "1",
                                         "product_id": "prod"})
        self.add("AgreementFeed_V1", self.agreement())

    def agreement(self, **values):
        return {"agreement_id": "agmt", "status": "ACTIVE", "proposer_account_id": SELF,
                "acceptor_account_id": BUYER, "offer_id": "offer", "start_time": DAY,
                "acceptance_time": DAY, "intent": "NEW", **values}

    def add(self, feed, *records, at=DAY):
        self.feeds.setdefault(feed, []).extend(versions(*records, at=at))

    def change(self, feed, **values):
        """Of all records of a feed."""
        for record in self.feeds[feed]:
            record.update(values)

    def rows(self, report):
        module = importlib.import_module(f"oracle.{report}")
        return list(module.rows(Delivered(self.feeds)))

    def row(self, report):
        rows = self.rows(report)
        self.assertEqual(len(rows), 1)
        return rows[0]

    def assertCells(self, row, **cells):
        self.assertEqual({column: row[column] for column in cells}, cells)


class BillingCase(Case):
    def setUp(self):
        super().setUp()
        self.count = 0

    def event(self, type="SELLER_REV_SHARE", amount="100", **values):
        """An event of one buyer invoice line; its id."""
        self.count += 1
        record = {
            "billing_event_id": f"e{self.count}", "action": "INVOICED", "transaction_type": type,
            "amount": amount, "currency": "USD", "disbursement_amount": amount,
            "disbursement_currency": "USD", "balance_impacting": "1", "invoice_date": DAY,
            "payment_due_date": "2026-02-09T00:00:00Z", "invoice_id": "inv",
            "invoice_variant": "PURCHASE", "buyer_invoice_id": "inv", "buyer_line_item_id": "1",
            "buyer_invoice_date": DAY, "line_item_id": "1", "from_account_id": BUYER,
            "to_account_id": SELF, "recipient_account_id": SELF, "product_id": "prod",
            "agreement_id": "agmt", "transaction_reference_id": "ref", "broker_id": "AWS_INC",
            **values}
        self.add("BillingEventFeed_V1", record)
        return record["billing_event_id"]

    def payout(self, date=LATER, type="DISBURSEMENT", **values):
        return self.event(type, action="DISBURSED", invoice_date=date, agreement_id="",
                          buyer_invoice_id="", invoice_id="", **values)

    def paid(self, payout, amount="-100", type="SELLER_REV_SHARE", **values):
        return self.event(type, amount, action="DISBURSED", balance_impacting="0",
                          disbursement_billing_event_id=payout, **values)

    def billed(self):
        return self.row("billed_revenue")

    def collected(self):
        return sorted(self.rows("collections_and_disbursements"),
                      key=lambda row: row["disbursement_date"])
