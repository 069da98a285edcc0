import argparse
import gzip
import pathlib
import random

from . import __doc__ as description
from .layout import COLUMNS, content

# Revisions, invoices, usage and acceptances all happen at these.
INSTANTS = [
    "2011-06-01T00:00:00Z", "2021-03-31T23:59:59Z", "2021-04-01T00:00:00Z",
    "2026-01-10T00:00:00Z", "2026-01-10T12:00:00Z", "2026-02-01T00:00:00Z",
    "2026-02-01T00:00:01Z", "2026-02-20T08:30:00Z", "2026-03-01T00:00:00Z",
]
LATE = INSTANTS[3:]
MONTHS = ["year=2010/month=01", "year=2026/month=04", "year=2026/month=05"]
ACCOUNTS = [f"account-{number}" for number in range(8)]
SELF = ACCOUNTS[0]
ADDRESSES = [f"addr-{number}" for number in range(8)]
PRODUCTS = [f"prod-{number}" for number in range(5)]
OFFERS = ["offer-1", "offer-2", "offer-3", "offer-4", "aiqoffer-5"]
AGREEMENTS = [f"agmt-{number}" for number in range(20)]
AMOUNTS = ["100", "40.005", "0.0000005", "12.345678", "3.1", "7", "1,000.5", "0", "0.015"]
TYPES = ["SELLER_REV_SHARE"] * 4 + [
    base + ending for ending in ("", "_REFUND") for base in (
        "SELLER_REV_SHARE", "AWS_REV_SHARE", "AWS_TAX_SHARE", "SELLER_TAX_SHARE",
        "OTHER_SELLER_TAX_SHARE")
] + ["SELLER_REV_SHARE_CREDIT", "AWS_REV_SHARE_CREDIT", "AWS_INFRA_SHARE", "INFRA_FEE_PRETAX",
     "BALANCE_ADJUSTMENT", "SOMETHING_NEW"]


class Awkward:
    def __init__(self, seed, has_orphans):
        self.random = random.Random(seed)
        self.has_orphans = has_orphans
        self.rows = {feed: [] for feed in COLUMNS}
        self.updates = 0

    def one(self, values, null=0.15):
        """One of the values, or nothing."""
        return "" if self.random.random() < null else self.random.choice(values)

    def maybe(self, chance):
        return self.random.random() < chance

    def text(self, *words, null=0.2):
        return self.one([f"{word} {letter}" for word in words for letter in "aBé,"], null)

    def record(self, feed, make, valid_from, corrections=0.3, deletions=0.06):
        """A record, perhaps its corrections, perhaps its deletion, in any order of arrival.

        `make` makes the values anew, so that a correction has others.
        """
        versions = []
        while True:
            self.updates += 1
            # No two have one update_date: which of them counts would be open.
            update = f"2026-04-{1 + self.updates // 86400 % 28:02}T{self.clock(self.updates)}Z"
            deleted = update if self.maybe(deletions) else ""
            versions.append({**make(), "valid_from": valid_from, "insert_date": update,
                             "update_date": update, "delete_date": deleted})
            if not self.maybe(corrections):
                break
        if self.maybe(0.3):
            versions.append(dict(versions[-1]))
        self.random.shuffle(versions)
        self.rows[feed] += versions

    def clock(self, seconds):
        return f"{seconds // 3600 % 24:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"

    def revisions(self, feed, make, instants=INSTANTS, most=3):
        for valid_from in self.random.sample(instants, self.random.randint(1, most)):
            self.record(feed, make, valid_from)

    # What is looked up

    def parties(self):
        for number, account_id in enumerate(ACCOUNTS):
            if account_id == ACCOUNTS[-1]:
                continue  # never delivered
            numbers = [f"12345678901{number % 3}", f"1234567890{number}", "0123456789012"]
            # Of all revisions: the queries double rows where a number changes.
            own = self.one(numbers, 0.1)
            self.revisions("AccountFeed_V1", lambda: {
                "account_id": account_id,
                "aws_account_id": own,
                "encrypted_account_id": self.one([f"enc-{number}"]),
                "mailing_address_id": self.one(ADDRESSES),
                "tax_address_id": self.one(ADDRESSES, 0.4),
                "tax_legal_name": self.text("Legal", null=0.6), "catalog": "AWSMarketplace",
            })
        for address_id in ADDRESSES[:-1]:
            self.revisions("AddressFeed_V1", lambda: {
                "address_id": address_id, "company_name": self.text("Company", null=0.3),
                "email_domain": self.one(["a.example", "b.example"]),
                "country_code": self.one(["US", "DE"]), "state_or_region": self.text("State"),
                "city": self.text("City"), "postal_code": self.one(["01234", "SW1A 1AA"]),
            }, most=2)

    def goods(self):
        for product_id in PRODUCTS[:-1]:
            self.revisions("ProductFeed_V1", lambda: {
                "product_id": product_id,
                "manufacturer_account_id": self.one([SELF, SELF, *ACCOUNTS]),
                "product_code": self.one(["code-1", "code-2"]), "title": self.text("Title"),
                "catalog": "AWSMarketplace",
            })
        for legacy_id, new_id, kind in [
            ("legacy-1", "prod-1", "PRODUCT"), ("legacy-2a", "prod-2", "PRODUCT"),
            ("legacy-2b", "prod-2", "PRODUCT"), ("legacy-3", "prod-3", "OFFER"),
        ]:
            self.record("LegacyIdMappingFeed_V1", lambda: {
                "mapping_type": kind, "legacy_id": legacy_id, "new_id": new_id,
                "catalog": "AWSMarketplace"}, INSTANTS[0])

    def offers(self):
        for offer_id in OFFERS:
            self.revisions("OfferFeed_V1", lambda: {
                "offer_id": offer_id, "offer_revision": self.random.choice("123"),
                "name": self.text("Offer", null=0.4), "opportunity_id": self.one(["opp-1"], 0.6),
                "opportunity_name": self.text("Opportunity", null=0.6),
                "opportunity_description": self.text("Description", null=0.6),
                "seller_account_id": self.one([SELF, SELF, *ACCOUNTS[:3]]),
                "recipient_account_id": self.one([SELF]), "catalog": "AWSMarketplace",
            })
            self.revisions("OfferProductFeed_V1", lambda: {
                "offer_id": offer_id, "offer_revision": self.random.choice("123"),
                "product_id": self.random.choice(PRODUCTS)}, most=6)
            for number in range(self.random.choice([0, 0, 1, 3])):
                self.revisions("OfferTargetFeed_V1", lambda: {
                    "offer_target_id": f"target-{offer_id}-{number}",
                    "offer_id": self.one([offer_id], 0.05),
                    "offer_revision": self.one("123", 0.05),
                    "target_type": self.one(["BuyerAccounts", "ParticipatingPrograms",
                                             "CountryCodes", "CountryCodes", "Others"]),
                    "polarity": "PositiveTargeting",
                    "value": self.one(["EDU", "GOV"]), "catalog": "AWSMarketplace",
                }, most=2)

    def agreements(self):
        for agreement_id in AGREEMENTS[:-1]:
            self.revisions("AgreementFeed_V1", lambda: {
                "agreement_id": agreement_id,
                "status": self.one(["ACTIVE", "EXPIRED", "SUPERSEDED", "ROLLED_BACK"] * 2, 0.1),
                "status_reason_code": self.one(["RENEWED"], 0.7),
                "estimated_agreement_value": self.one(["1200", "99.90", "0.1"]),
                "currency_code": self.one(["USD", "EUR"]),
                "proposer_account_id": self.one([SELF, SELF, *ACCOUNTS[:3]]),
                "acceptor_account_id": self.one(ACCOUNTS),
                "offer_id": self.one(OFFERS + ["offer-unknown"]),
                "offer_revision_at_acceptance": self.one("123"),
                "offer_set_id": self.one(["set-1"], 0.7), "start_time": self.one(INSTANTS),
                "end_time": self.one(LATE), "acceptance_time": self.one(INSTANTS),
                "intent": self.one(["NEW", "RENEW", "AMEND"]),
                "preceding_agreement_id": self.one(AGREEMENTS, 0.5),
                "recipient_account_id": SELF, "catalog": "AWSMarketplace",
            })
        valid_from = {(row["agreement_id"], row["valid_from"])
                      for row in self.rows["AgreementFeed_V1"]}
        for agreement_id, start in sorted(valid_from):
            for number in range(self.random.choice([0, 1, 3])):
                self.record("AgreementTermFeed_V1", lambda: {
                    "agreement_id": agreement_id, "term_id": f"term-{number}",
                    "term_type": self.one(["LegalTerm", "SupportTerm", "ByolPricingTerm"]),
                }, start.replace("T", " ").replace("Z", ".0"))

    # Facts

    def usage(self):
        for number in range(60):
            self.revisions("DailyUsageFeed_V1", lambda: {
                "usage_feed_id": f"usage-{number}",
                "usage_date": self.one(INSTANTS, 0.05)[:10],
                "product_id": self.one(PRODUCTS), "agreement_id": self.one(AGREEMENTS, 0.3),
                "end_user_account_id": self.one(ACCOUNTS),
                "payer_account_id": self.one(ACCOUNTS), "region": self.one(["eu-west-3"]),
                "dimension_key": self.one(["hours"]), "usage_unit": self.one(["Hours"]),
                "usage_quantity": self.one(["2.50", "0.000001"]),
                "pricing_currency": self.one(["USD"]),
                "estimated_revenue_in_pricing_currency": self.one(["0.30", "12.3456"]),
                "recipient_account_id": self.one([SELF]),
                "offer_id": self.one(OFFERS + ["offer-unknown"]),
                "usage_rate_per_unit_in_pricing_currency": self.one(["0.02349"]),
                "charge_item_description": self.text("Per \"hour\"\nof use"),
                "catalog": self.one(["AWSMarketplace", "Other"]),
            }, most=2)

    def taxes(self):
        for number in range(40):
            self.revisions("TaxItemFeed_V1", lambda: {
                "tax_item_id": f"tax-{number}", "invoice_id": self.one(["inv-1", "inv-2"]),
                "line_item_id": self.one(["1", "2"]), "customer_bill_id": self.one(["bill"]),
                "tax_liable_party": self.one(["AWS", "Seller"]),
                "transaction_type_code": self.one(["SALE", "REFUND"]),
                "product_id": self.one(PRODUCTS), "product_tax_code": self.one(["SaaS"]),
                "invoice_date": self.one(INSTANTS),
                "taxed_customer_account_id": self.one(ACCOUNTS),
                "taxed_customer_country": self.one(["US"]),
                "taxed_customer_postal_code": self.one(["02139"]),
                "tax_type_code": self.one(["Sales"]), "jurisdiction_level": self.one(["State"]),
                "taxed_jurisdiction": self.one(["WA"]),
                "tax_jurisdiction_rate": self.one(["0.0650"]),
                "tax_amount": self.one(["40.99", "-1.10"]), "tax_currency": self.one(["USD"]),
                "date_used_for_tax_calculation": self.one(INSTANTS),
                "customer_exemption_code": self.one(["X1"], 0.7),
                "transaction_reference_id": self.one(["ref-1"]),
            }, most=2)

    def billing(self):
        payouts = [self.payout(number) for number in range(14)]
        for number in range(70):
            self.line(number, payouts)
        self.busy_line(payouts[0])

    def event(self, values):
        count = len(self.rows["BillingEventFeed_V1"])
        def make():
            record = {"billing_event_id": f"event-{count}", **values}
            return {name: value() if callable(value) else value
                    for name, value in record.items()}
        # The events of a payout that is gone are orphans.
        is_payout = values["transaction_type"].startswith("DISBURSEMENT")
        self.record(
            "BillingEventFeed_V1", make, self.random.choice(LATE), corrections=0.1,
            deletions=0 if is_payout and not self.has_orphans else 0.06)
        return f"event-{count}"

    def payout(self, number):
        return self.event({
            "action": "DISBURSED", "from_account_id": "aws", "to_account_id": SELF,
            "transaction_type": self.random.choice(["DISBURSEMENT"] * 3 + [
                "DISBURSEMENT_FAILURE"]),
            "amount": "100", "currency": "USD", "balance_impacting": "1",
            "invoice_date": self.one(LATE, 0.1), "bank_trace_id": self.one(
                [f"trace-{number % 9}", "testTraceId", "EMEA_MP_TEST_TRACE_ID"]),
            "disbursement_reference_number": self.one([f"reference-{number % 9}"]),
            "recipient_account_id": SELF, "broker_id": "AWS_INC", "catalog": "AWSMarketplace",
        })

    def line(self, number, payouts):
        """The events of a buyer invoice line, or of what has none."""
        has_buyer = self.maybe(0.8)
        currencies = self.random.choice([["USD"], ["EUR"], ["USD", "EUR"], ["USD", ""]])
        same = {
            "recipient_account_id": self.one([SELF], 0.03),
            "product_id": self.one(PRODUCTS, 0.1), "agreement_id": self.one(AGREEMENTS, 0.3),
            "end_user_account_id": self.one(ACCOUNTS), "offer_id": self.one(OFFERS, 0.4),
            "usage_period_start_date": self.one(LATE, 0.5),
            "usage_period_end_date": self.one(LATE, 0.5),
            "broker_id": self.one(["AWS_INC", "AWS_EUROPE"]),
            "buyer_transaction_reference_id": self.one([f"buyer-ref-{number}"], 0.4),
            "transaction_reference_id": self.one([f"ref-{number}"]),
            "buyer_invoice_id": f"buyer-{number}" if has_buyer else "",
            "buyer_line_item_id": self.one(["1"], 0.05), "line_item_id": self.one(["7"], 0.05),
            "buyer_invoice_date": self.one(LATE), "charge_variant": "", "charge_side": "",
        }
        disbursement_currency = self.one(["USD", "JPY"])
        is_resale = self.maybe(0.3)
        for place in range(self.random.randint(1, 8)):
            resale = is_resale and self.maybe(0.6)
            variant = "RESALE" if resale else self.one(
                ["PURCHASE"] * 4 + ["LISTING_FEE", "TAX_VAT", "RESALE"], 0.1)
            is_paid = self.maybe(0.8)
            event = {
                **same, "transaction_type": self.one(TYPES, 0.04),
                "action": self.one(["INVOICED"] * 5 + ["FORGIVEN", "COLLECTED"], 0.04),
                "amount": lambda: self.one(AMOUNTS, 0.05),
                "currency": self.random.choice(currencies),
                "disbursement_amount": self.one(AMOUNTS, 0.1),
                "disbursement_currency": disbursement_currency if self.maybe(0.8) else "",
                "balance_impacting": self.random.choice(["1", "1", "0", ""]),
                "invoice_date": self.one(LATE, 0.05),
                "payment_due_date": self.one(LATE + ["2026-09-01T00:00:00Z"]),
                "invoice_id": self.one([f"inv-{number}", f"inv-{number}-{place}"], 0.1),
                "billing_address_id": self.one(ADDRESSES, 0.6),
                "from_account_id": self.one(ACCOUNTS), "to_account_id": self.one(ACCOUNTS),
                "invoice_variant": variant, "action_date": self.one(LATE),
                "charge_variant": "RESALE" if resale else self.one(["LISTING_FEE"], 0.8),
                "charge_side": self.one(["BUYING", "SELLING"]) if resale else "",
                "catalog": self.one(["AWSMarketplace", "Other"]),
            }
            if self.maybe(0.1):
                event["product_id"] = self.one(PRODUCTS)
            self.event(event)
            if is_paid:
                self.pay(event, payouts)

    def pay(self, event, payouts):
        """Some of what was invoiced is disbursed, once or twice."""
        for payout in self.random.sample(payouts, self.random.choice([0, 1, 1, 2])):
            amount = event["amount"]() or "1"
            amount = amount[1:] if amount.startswith("-") else "-" + amount
            if self.has_orphans and self.maybe(0.1):
                payout = "never-delivered"
            self.event({**event, "action": "DISBURSED", "amount": amount,
                        "balance_impacting": "0", "disbursement_billing_event_id": payout})

    def busy_line(self, payout):
        """One line with a dozen of fee invoices and threescore payouts."""
        same = {
            "recipient_account_id": SELF, "transaction_reference_id": "busy",
            "buyer_invoice_id": "busy", "buyer_line_item_id": "1", "currency": "USD",
            "disbursement_currency": "USD", "invoice_variant": "PURCHASE",
            "invoice_date": LATE[0], "amount": "10", "disbursement_amount": "10",
        }
        self.event({**same, "action": "INVOICED", "transaction_type": "SELLER_REV_SHARE",
                    "invoice_id": "busy", "balance_impacting": "1"})
        for number in range(12):
            self.event({**same, "action": "INVOICED", "transaction_type": "AWS_REV_SHARE",
                        "invoice_id": f"fee-{number:02}", "amount": "-1",
                        "invoice_date": self.random.choice(LATE),
                        "invoice_variant": self.random.choice(["LISTING_FEE"] * 6 + [
                            "TAX_VAT", "TAX_VAT"])})
        for number in range(60):
            payout = self.event({
                "action": "DISBURSED", "transaction_type": "DISBURSEMENT", "amount": "1",
                "invoice_date": f"2026-03-{1 + number % 20:02}T00:00:00Z", "currency": "USD",
                "bank_trace_id": self.one([f"busy-{number:02}"], 0.05),
                "disbursement_reference_number": self.one([f"busy-{number % 30:02}"], 0.05),
                "recipient_account_id": SELF})
            self.event({**same, "action": "DISBURSED", "transaction_type": "SELLER_REV_SHARE",
                        "amount": "-0.125", "disbursement_amount": "-0.125",
                        "disbursement_billing_event_id": payout})

    # Files

    def write(self, folder):
        self.parties()
        self.goods()
        self.offers()
        self.agreements()
        self.usage()
        self.taxes()
        self.billing()
        for feed, rows in self.rows.items():
            # Order of arrival means nothing: a correction may come before what it corrects.
            of_month = {month: [] for month in MONTHS}
            for row in rows:
                of_month[self.random.choice(MONTHS)].append(row)
            for month, delivered in of_month.items():
                path = pathlib.Path(folder) / feed / month / "data.csv"
                path.parent.mkdir(parents=True)
                file = content(feed, delivered)
                is_compressed = self.maybe(0.5)
                path.write_bytes(gzip.compress(file, mtime=0) if is_compressed else file)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        prog="awkward", description=description, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("seed", type=int)
    parser.add_argument("folder")
    parser.add_argument("--orphans", action="store_true")
    options = parser.parse_args()
    Awkward(options.seed, options.orphans).write(options.folder)
