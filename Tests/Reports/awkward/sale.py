"""An invoice's line: what it comes to for each seller of the chain, and what follows it."""
from decimal import Decimal

from .dice import TOLD, written
from .parties import AGREEMENTS, PRODUCTS

RESALE = {"charge_variant": "RESALE"}
ON_RESALE = {"invoice_variant": "RESALE"}
ON_FEE = {"invoice_variant": "LISTING_FEE", "charge_variant": "LISTING_FEE"}
# (chance, type, share of the price, other columns) by what the seller is in the sale.
ALWAYS = [
    (0.95, "AWS_REV_SHARE", "-0.03", {"charge_variant": "LISTING_FEE"}),
    (0.15, "AWS_TAX_SHARE", "0.08", {"balance_impacting": "0"}),
    (0.2, "SELLER_TAX_SHARE", "0.1", {}),
    (0.08, "AWS_TAX_SHARE", "-0.003", ON_FEE),
    (0.08, "AWS_TAX_SHARE", "-0.002", {**ON_FEE, "balance_impacting": "0"}),
    (0.06, "AWS_TAX_SHARE", "-0.001", {"charge_variant": "LISTING_FEE"}),
    (0.12, "OTHER_SELLER_TAX_SHARE", "0.02", {}),
    (0.06, "AWS_INFRA_SHARE", "-0.05", {}),
    (0.04, "INFRA_FEE_PRETAX", "-0.01", {}),
    (0.04, "PIX_FEE", "-0.01", {}),
    (0.03, "AWS_TAX_SURCHARGE", "0.01", {"balance_impacting": "0"}),
]
DIRECT = [(1, "SELLER_REV_SHARE", "1", {})] + ALWAYS
RESELLER = DIRECT + [
    (0.95, "SELLER_REV_SHARE", "-0.8", {**RESALE, "charge_side": "BUYING"}),
    (0.25, "SELLER_TAX_SHARE", "-0.06", ON_RESALE),
    (0.15, "OTHER_SELLER_TAX_SHARE", "-0.02", ON_RESALE),
    (0.15, "AWS_TAX_SHARE", "-0.04", ON_RESALE),
]
MANUFACTURER = [
    (1, "SELLER_REV_SHARE", "0.8", {**ON_RESALE, **RESALE, "charge_side": "SELLING"}),
    (0.9, "AWS_REV_SHARE", "-0.024", {"charge_variant": "LISTING_FEE"}),
    (0.25, "SELLER_TAX_SHARE", "0.06", ON_RESALE),
    (0.15, "AWS_TAX_SHARE", "0.05", {**ON_RESALE, "balance_impacting": "0"}),
]


class Sale:
    def __init__(self, seller, invoice, moment, buyer, line, currency, payout_currency):
        self.dice, self.book, self.cashier = seller.dice, seller.book, seller.cashier
        self.moment = moment
        dice = self.dice
        self.common = {
            "from_account_id": buyer, "end_user_account_id": buyer,
            "product_id": dice.one(PRODUCTS), "agreement_id": dice.one(AGREEMENTS),
            "offer_id": "offer", "currency": currency, "_payout_currency": payout_currency,
            "invoice_date": written(moment), "buyer_invoice_date": written(moment),
            "payment_due_date": written(dice.later(moment, 0, 60)),
            "invoice_id": invoice, "buyer_invoice_id": dice.one([invoice, ""], [9, 1]),
            "invoice_variant": "PURCHASE", "line_item_id": line, "buyer_line_item_id": line,
            "transaction_reference_id": f"tx{line}", "broker_id": dice.one(["AWS_INC", ""]),
            "balance_impacting": "1",
        }
        self.price = dice.amount()

    def invoice(self, recipient, parts):
        """The entries of what the sale comes to for a recipient."""
        return [
            self.enter("INVOICED", self.moment, {
                **self.common, "recipient_account_id": recipient, "to_account_id": recipient,
                "transaction_type": kind,
                "amount": str(self.dice.part(self.price, share)),
                "invoice_id": self.common["invoice_id"] + ("f" if other is ON_FEE else ""),
                **other,
            })
            for chance, kind, share, other in parts if self.dice.maybe(chance)
        ]

    def enter(self, action, moment, values):
        return self.book({**values, "action": action, "action_date": written(moment)}, moment)

    def follow(self, action, rows, moment, share=1, **values):
        """Entries that follow invoiced ones, each a share of it."""
        return [
            self.enter(action, moment, {
                **row, "billing_event_id": "",
                "amount": str(self.dice.part(Decimal(row["amount"]), share)),
                "parent_billing_event_id": row["billing_event_id"], **values,
            })
            for row in rows
        ]

    def collect(self, rows, moment, share=1):
        """Told since January 2026, and seldom before."""
        if moment >= TOLD or self.dice.maybe(0.05):
            self.follow("COLLECTED", rows, moment, share,
                        balance_impacting=self.dice.one(["0", "0", "1", ""]))
        return moment

    def invoice_again(self, rows, moment):
        """More of the same, on the same line of the invoice, at another date."""
        dates = {"invoice_date": written(moment), "buyer_invoice_date": written(moment),
                 "payment_due_date": written(self.dice.later(moment, 0, 60))}
        return [self.enter("INVOICED", moment, {**row, "billing_event_id": "", **dates})
                for row in rows]

    def refund(self, rows, moment, share):
        ending = self.dice.one(["_REFUND", "_CREDIT"], [3, 1])
        # On the buyer's invoice, or on a credit note of its own.
        note = self.dice.name("note") if self.dice.maybe(0.3) else ""
        own = {"invoice_id": note, "buyer_invoice_id": note} if note else {}
        return [
            self.enter("INVOICED", moment, {
                **row, "billing_event_id": "", "invoice_date": written(moment),
                "transaction_type": row["transaction_type"] + ending,
                "amount": str(-self.dice.part(Decimal(row["amount"]), share)),
                "parent_billing_event_id": row["billing_event_id"], **own,
                **({"payment_due_date": written(self.dice.later(moment, 0, 60))} if note else {}),
            })
            for row in rows
        ]

    def soon(self, moment=None):
        return self.dice.later(moment or self.moment, 1, 45)
