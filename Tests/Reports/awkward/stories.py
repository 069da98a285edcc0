"""What may become of an invoice's line, of a correction, and of money that nobody asked for."""
import datetime

from . import gaps
from .dice import END, START, written
from .noise import NEW_ACTIONS
from .parties import BUYERS, MAKER, SELF
from .payouts import FAILED, PAID
from .sale import DIRECT, MANUFACTURER, RESELLER, Sale


def tell(seller, sales):
    """As many sales, each story as often as any other, and all that has no invoice."""
    dice, invoices = seller.dice, []
    for number in range(sales):
        if not invoices or dice.maybe(0.75):
            invoices.append((dice.name("inv"), dice.instant(last=END - datetime.timedelta(20)),
                             dice.one(BUYERS)))
        # Some lines stand on the invoice of another.
        of_invoice = dice.one(invoices[-3:])
        story = STORIES[number % len(STORIES)]
        currency = dice.one(["USD", "EUR"], [3, 1])
        payout_currency = dice.one(["", "USD", "EUR", "JPY"], [12, 1, 2, 1])
        sale = Sale(seller, *of_invoice, str(number), currency, payout_currency)
        if dice.maybe(0.3):
            story(sale, sale.invoice(SELF, RESELLER))
            story(sale, sale.invoice(MAKER, MANUFACTURER))
        else:
            story(sale, sale.invoice(SELF, DIRECT))
    for _ in range(12):
        adjust(seller)
    seller.cashier.close()
    strays(seller)
    gaps.tell(seller)


# Stories

def never_paid(sale, rows):
    pass


def collected_and_paid(sale, rows):
    sale.cashier.pay(rows, sale.collect(rows, sale.soon()))


def paid_in_parts(sale, rows):
    first = sale.collect(rows, sale.soon(), "0.4")
    sale.cashier.pay(rows, first, "0.4")
    sale.cashier.pay(rows, sale.collect(rows, sale.soon(first), "0.6"), "0.6")


def partly_told(sale, rows):
    sale.cashier.pay(rows, sale.collect(rows, sale.soon(), sale.dice.one(["0.3", "0.5", "1.2"])))


def some_told(sale, rows):
    """What came in is told of the price only, or of the fee."""
    moment = sale.soon()
    sale.collect([sale.dice.one(rows)], moment)
    sale.cashier.pay(rows, moment)


def paid_before_the_buyer(sale, rows):
    paid_at = sale.cashier.pay(rows, sale.moment)
    if paid_at:
        # Sometimes at the very instant of the payout.
        moment = sale.dice.one([sale.soon(paid_at), paid_at], [3, 1])
        sale.collect(rows, moment, sale.dice.one([1, 1, "0.5"]))


def reversed_collection(sale, rows):
    came = sale.collect(rows, sale.soon())
    if sale.dice.maybe(0.5):
        sale.cashier.pay(rows, came)
    back = sale.collect(rows, sale.soon(came), "-1")
    if sale.dice.maybe(0.4):
        # A payout's line of nothing.
        sale.cashier.pay(rows, back, "0")
    if sale.dice.maybe(0.5):
        sale.cashier.pay(rows, sale.collect(rows, sale.soon(back)))


def forgiven(sale, rows):
    moment = sale.soon()
    if sale.dice.maybe(0.3):
        # Paid, and taken back by the buyer's bank.
        moment = sale.collect(rows, sale.collect(rows, moment), "-1")
    share = sale.dice.one([1, "0.5"])
    which = rows if sale.dice.maybe(0.7) else rows[1:]
    sale.follow("FORGIVEN", which, moment, "-1" if share == 1 else "-0.5")
    if share != 1:
        sale.cashier.pay(rows, sale.collect(rows, moment, share), share)


def refunded_before_payout(sale, rows):
    came = sale.collect(rows, sale.soon())
    refunds = sale.refund(rows, sale.soon(came), sale.dice.one([1, "0.25"]))
    if sale.dice.maybe(0.7):
        sale.collect(refunds, sale.soon(came))
    sale.cashier.pay(rows + refunds, sale.soon(came))


def refunded_after_payout(sale, rows):
    paid_at = sale.cashier.pay(rows, sale.collect(rows, sale.soon()))
    back = sale.soon(paid_at)
    refunds = sale.refund(rows, back, sale.dice.one([1, "0.25"]))
    if sale.dice.maybe(0.5):
        sale.cashier.pay(refunds, sale.collect(refunds, sale.soon(back)))


def invoiced_twice(sale, rows):
    collected_and_paid(sale, rows + sale.invoice_again(rows, sale.soon()))


def halves_that_fail(sale, rows):
    """The first half fails and is paid again, and then the second fails."""
    failed = sale.cashier.pay_by(FAILED, rows, sale.collect(rows, sale.soon()), "0.5")
    if failed:
        paid = sale.cashier.pay_by(PAID, rows, failed.failed_at, "0.5")
        if paid:
            sale.cashier.pay_by(FAILED, rows, paid.paid_at, "0.5")


def new_action(sale, rows):
    sale.follow(sale.dice.one(NEW_ACTIONS), rows[:2], sale.soon(), "-0.2",
                balance_impacting=sale.dice.one(["1", "1", "0"]))
    collected_and_paid(sale, rows)


STORIES = [
    collected_and_paid, never_paid, paid_in_parts, paid_before_the_buyer, collected_and_paid,
    forgiven, partly_told, refunded_after_payout, some_told, reversed_collection,
    refunded_before_payout, new_action, invoiced_twice, halves_that_fail,
]


# Without a sale

def adjust(seller):
    dice = seller.dice
    moment = dice.instant()
    recipient, amount = dice.one([SELF, MAKER]), dice.amount(most=300) * dice.one([1, -1])
    entry = {
        "transaction_type": "BALANCE_ADJUSTMENT", "amount": str(amount), "currency": "USD",
        "invoice_date": written(moment), "action_date": written(moment),
        "recipient_account_id": recipient, "to_account_id": recipient,
        "balance_impacting": dice.one(["1", "1", "0", ""]),
        "action": dice.one(["INVOICED", "FORGIVEN", "NETTED"], [10, 1, 1]),
    }
    entry = seller.book(entry, moment)
    if dice.maybe(0.2):
        seller.book({**entry, "billing_event_id": "", "action": "COLLECTED"}, moment)
    if dice.maybe(0.6):
        seller.cashier.pay([entry], moment)


def strays(seller):
    """Lines that name nothing that is there, or what is no payout, and payouts of nothing."""
    dice = seller.dice
    lines = [entry for entry, _ in seller.booked if entry["action"] == "DISBURSED"
             and not entry["transaction_type"].startswith("DISBURSEMENT")]
    for _ in range(3):
        line = dice.one(lines)
        named = dice.one(["never-delivered", dice.one(seller.booked)[0]["billing_event_id"], ""])
        moment = dice.instant()
        seller.book({**line, "billing_event_id": "", "action_date": written(moment),
                     "disbursement_billing_event_id": named}, moment)
    for kind in ("DISBURSEMENT", "DISBURSEMENT_REVERSAL", "DISBURSEMENT_FAILURE"):
        moment = dice.instant(START)
        seller.book({
            "transaction_type": kind, "action": "DISBURSED", "currency": "USD",
            "amount": str(dice.amount(most=90)), "recipient_account_id": dice.one([SELF, MAKER]),
            "invoice_date": dice.one([written(moment), ""]), "parent_billing_event_id": dice.one([
                "", "never-delivered", dice.one(lines)["billing_event_id"]]),
        }, moment)
