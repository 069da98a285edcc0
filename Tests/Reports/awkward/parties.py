"""Who and what the entries of an awkward seller's money refer to."""
from .dice import END, START, written

SELF, MAKER = RECIPIENTS = ["account-self", "account-maker"]
BUYERS = [f"account-buyer{number}" for number in range(6)]
PRODUCTS = [f"prod-{number}" for number in range(5)]
AGREEMENTS = [f"agmt-{number}" for number in range(12)]


def deliver(dice, deliveries, moments):
    """The last of each is never delivered. Some hold from the very instant of an entry."""
    def revisions(feed, values, most=3):
        for _ in range(dice.random.randint(1, most)):
            valid_from = dice.one(moments) if dice.maybe(0.4) else dice.instant()
            versions = [values() for _ in range(dice.one([1, 2], [4, 1]))]
            deliveries.deliver(feed, versions, valid_from, valid_from)

    for account in [*RECIPIENTS, *BUYERS[:-1]]:
        number = "".join(dice.random.choices("0123456789", k=12))
        revisions("AccountFeed_V1", lambda: {
            "account_id": account, "aws_account_id": number,
            "encrypted_account_id": f"enc-{account}",
            "mailing_address_id": dice.one([f"addr-{account}", ""], [5, 1]),
            "tax_legal_name": dice.one([f"{account} Ltd", ""]), "catalog": "AWSMarketplace"})
    for product in PRODUCTS[:-1]:
        revisions("ProductFeed_V1", lambda: {
            "product_id": product, "manufacturer_account_id": dice.one(RECIPIENTS),
            "product_code": f"code-{product}", "title": dice.one(["Books", "Maps", ""]),
            "catalog": "AWSMarketplace"})
    for agreement in AGREEMENTS[:-1]:
        revisions("AgreementFeed_V1", lambda: {
            "agreement_id": agreement,
            "status": dice.one(["ACTIVE", "EXPIRED", "SUPERSEDED", ""], [6, 2, 1, 1]),
            "estimated_agreement_value": str(dice.amount()),
            "currency_code": dice.one(["USD", "EUR"]),
            "proposer_account_id": dice.one(RECIPIENTS),
            "acceptor_account_id": dice.one(BUYERS), "offer_id": f"offer-{agreement}",
            "offer_revision_at_acceptance": "1", "start_time": written(dice.instant()),
            "end_time": written(dice.later(END, 1, 300)), "acceptance_time": written(START),
            "intent": dice.one(["NEW", "RENEW", "AMEND"]), "recipient_account_id": SELF,
            "catalog": "AWSMarketplace"}, most=4)
    for offer in ["offer", *(f"offer-{agreement}" for agreement in AGREEMENTS[:-1])]:
        revisions("OfferFeed_V1", lambda: {
            "offer_id": offer, "offer_revision": str(dice.random.randint(1, 3)),
            "name": dice.one(["Spring", "Autumn", ""]), "seller_account_id": SELF,
            "recipient_account_id": dice.one(RECIPIENTS), "catalog": "AWSMarketplace"})
    for legacy, product in (("legacy-0", "prod-0"), ("legacy-1a", "prod-1"),
                            ("legacy-1b", "prod-1")):
        deliveries.deliver("LegacyIdMappingFeed_V1", [{
            "mapping_type": "PRODUCT", "legacy_id": legacy, "new_id": product,
            "catalog": "AWSMarketplace"}], START, START)
