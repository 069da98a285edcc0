"""What is empty, or refers to something odd, where it matters most: seldom so by chance."""
from .dice import END, START, written
from .parties import PRODUCTS, SELF


def tell(seller):
    for column in ("recipient_account_id", "currency"):
        without(seller, column)
    without_amounts(seller)
    failures_of_no_payout(seller)


def sale(seller, action, moment, **values):
    name = seller.dice.name("gap")
    return seller.book({
        "action": action, "transaction_type": "SELLER_REV_SHARE", "amount": "40",
        "currency": "USD", "recipient_account_id": SELF, "balance_impacting": "1",
        "invoice_date": written(moment), "action_date": written(moment), "invoice_id": name,
        "buyer_invoice_id": name, "line_item_id": "1", "buyer_line_item_id": "1",
        "invoice_variant": "PURCHASE", "product_id": seller.dice.one(PRODUCTS), **values,
    }, moment)


def transfer(seller, moment, kind="DISBURSEMENT", **values):
    return seller.book({
        "action": "DISBURSED", "transaction_type": kind, "amount": "30", "currency": "USD",
        "recipient_account_id": SELF, "invoice_date": written(moment),
        "action_date": written(moment), **values,
    }, moment)["billing_event_id"]


def failure(seller, moment, of, **values):
    return transfer(seller, moment, "DISBURSEMENT_FAILURE", parent_billing_event_id=of, **values)


def line(seller, moment, payout, **values):
    sale(seller, "DISBURSED", moment,
         **{"amount": "-20", "disbursement_billing_event_id": payout, **values})


def without(seller, column):
    """Of what has no recipient or no currency, payouts are expected too."""
    moment = seller.dice.instant(last=END.replace(month=3))
    for action in ("INVOICED", "COLLECTED"):
        sale(seller, action, moment, **{column: ""})
    for _ in range(3):
        moment = seller.dice.later(moment, 3, 20)
        transfer(seller, moment, **{column: ""})


def without_amounts(seller):
    dice = seller.dice
    moment = dice.instant(START)
    for action in ("INVOICED", "FORGIVEN", "COLLECTED", "NETTED"):
        for counts in ("1", "0", ""):
            sale(seller, action, moment, amount="", balance_impacting=counts)
    # The only line of its payout.
    line(seller, moment, transfer(seller, moment), amount="")
    transfer(seller, moment, amount="")
    # Known in the payout's currency alone: a line, a payout, and what came back.
    owed = {"amount": "", "disbursement_amount": "-7", "disbursement_currency": "USD"}
    payout = transfer(seller, moment, **owed)
    line(seller, moment, payout, **owed)
    failure(seller, dice.later(moment, 1, 40), payout, **{**owed, "disbursement_amount": "7"})


def failures_of_no_payout(seller):
    """Of another transfer, and of a failure; of what sent money to AWS, too."""
    moment = seller.dice.instant()
    for amount in ("30", "-30"):
        reversal = transfer(seller, moment, "DISBURSEMENT_REVERSAL", amount=amount)
        line(seller, moment, reversal)
        failed = failure(seller, moment, reversal)
        line(seller, moment, failed)
        line(seller, moment, failure(seller, moment, failed))
