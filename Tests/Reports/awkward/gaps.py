"""What is empty, or refers to something odd, where it matters most: seldom so by chance."""
from .dice import END, START, written
from .parties import MAKER, PRODUCTS, SELF


def tell(seller):
    for column in ("recipient_account_id", "currency"):
        without(seller, column)
    without_amounts(seller)
    failures_of_no_payout(seller)
    at_one_instant(seller)
    failed_twice_and_collected(seller)
    unknown_alone(seller)
    without_a_line(seller)
    of_two_products(seller)
    forgiven_and_taken_back(seller)
    transfers_like_lines(seller)


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
        # Two of a day are one.
        for hour in (3, 5):
            transfer(seller, moment.replace(hour=hour), **{column: ""})


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
    line(seller, moment, payout, **{**owed, "amount": "-6", "currency": ""})
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


# Items of which the order or the sign of what came in is hard to see

def item(seller):
    name = seller.dice.name("gap")
    return {"invoice_id": name, "buyer_invoice_id": name}


def at_one_instant(seller):
    """Half of it comes in when half of it is paid; the other half is never told."""
    dice = seller.dice
    for _ in range(3):
        moment, of_item = dice.instant(), item(seller)
        sale(seller, "INVOICED", moment, **of_item)
        line(seller, moment, transfer(seller, moment), **of_item)
        sale(seller, "COLLECTED", moment, amount="20", **of_item)
        later = dice.later(moment, 20, 60)
        line(seller, later, transfer(seller, later), **of_item)


def failed_twice_and_collected(seller):
    """More failed than was due, before anything came in."""
    moment, of_item = seller.dice.instant(), item(seller)
    sale(seller, "INVOICED", moment, **of_item)
    for _ in range(2):
        payout = transfer(seller, moment)
        line(seller, moment, payout, amount="-40", **of_item)
        failure(seller, moment, payout)
    sale(seller, "COLLECTED", seller.dice.later(moment, 10, 40), **of_item)


def unknown_alone(seller):
    """What nobody knows says alone that the item is negative, and when it was invoiced."""
    moment, of_item = seller.dice.instant(), item(seller)
    for number in range(2):
        day = seller.dice.later(moment, number * 40, number * 60)
        sale(seller, "NETTED", day, amount="-20", **of_item)
    payout = transfer(seller, moment, amount="-30")
    line(seller, moment, payout, amount="30", **of_item)
    failure(seller, moment, payout)


def without_a_line(seller):
    """Of two recipients, on one invoice."""
    moment = seller.dice.instant()
    common = {**item(seller), "line_item_id": "", "buyer_line_item_id": ""}
    for recipient in (SELF, MAKER):
        of_item = {**common, "recipient_account_id": recipient}
        sale(seller, "INVOICED", moment, **of_item)
        moment = seller.dice.later(moment, 1, 9)
        line(seller, moment, transfer(seller, moment, recipient_account_id=recipient), **of_item)


def of_two_products(seller):
    moment, of_item = seller.dice.instant(), item(seller)
    for product in PRODUCTS[:2]:
        sale(seller, "INVOICED", moment, product_id=product, **of_item)


def forgiven_and_taken_back(seller):
    """Nothing is due, and nothing is left of what came in and was paid."""
    moment, of_item = seller.dice.instant(), item(seller)
    sale(seller, "INVOICED", moment, **of_item)
    sale(seller, "FORGIVEN", moment, amount="-40", **of_item)
    for amount in ("20", "-20"):
        sale(seller, "COLLECTED", moment, amount=amount, **of_item)
        line(seller, moment, transfer(seller, moment), amount=amount, **of_item)


def transfers_like_lines(seller):
    """Of a type that nobody knows: one names a payout that failed, one was never sent."""
    dice = seller.dice
    moment, of_item = dice.instant(), item(seller)
    parent = sale(seller, "INVOICED", moment, **of_item)["billing_event_id"]
    of_item["parent_billing_event_id"] = parent
    failed = transfer(seller, moment)
    failure(seller, moment, failed)
    line(seller, moment, failed, transaction_type="DISBURSEMENT_NOTE", **of_item)
    later = dice.later(moment, 40, 60)
    line(seller, later, transfer(seller, later), amount="-40", **of_item)
    sale(seller, "NETTED", moment, transaction_type="DISBURSEMENT_NOTE",
         action_date=written(later))
    # A currency without an amount in it.
    transfer(seller, moment, disbursement_currency="JPY")
