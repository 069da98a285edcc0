"""The payouts of an awkward seller: what they pay, how they fail, and what AWS tells of it."""
import dataclasses
import datetime
from decimal import Decimal

from .dice import CENT, END, START, written

PAID, FAILED, MISSING, NO_ACTION, NEW_ACTION, NEW_TYPE = FATES = (
    "paid", "failed", "missing", "no action", "new action", "new type")
WEIGHTS = [60, 24, 5, 5, 3, 3]
HALF_A_DAY = datetime.timedelta(hours=12)


@dataclasses.dataclass
class Payout:
    id: str
    paid_at: datetime.datetime
    recipient: str
    currency: str
    fate: str
    failed_at: datetime.datetime = None
    failures: list = dataclasses.field(default_factory=list)
    # Whether AWS tells the payout, its failures, and what those take back line by line.
    is_told: bool = True
    has_failure: bool = True
    takes_back: bool = False
    lines: list = dataclasses.field(default_factory=list)


def schedule(dice, recipients, currencies):
    """(recipient, currency) -> payouts by day."""
    return {(recipient, currency): sorted(plan(dice, recipient, currency),
                                          key=lambda payout: payout.paid_at)
            for recipient in recipients for currency in currencies}


def plan(dice, recipient, currency):
    moment = dice.later(START, 2, 30)
    while moment < END:
        payout = Payout(dice.name("pay"), moment, recipient, currency,
                        dice.one(FATES, WEIGHTS))
        if payout.fate == MISSING:
            payout.is_told = False
            # Its failure may be there all the same.
            if dice.maybe(0.4):
                fail(dice, payout)
        elif payout.fate == FAILED:
            fail(dice, payout)
            payout.is_told = dice.maybe(0.9)
        yield payout
        # Two may go on the same instant, or the same day.
        moment = dice.one([moment, moment + HALF_A_DAY / 6, dice.later(moment, 10, 40)],
                          [5, 5, 90])


def fail(dice, payout):
    payout.failed_at = dice.later(payout.paid_at, 1, dice.one([4, 45]))
    payout.failures = [dice.name("fail") for _ in range(dice.one([1, 2], [4, 1]))]
    payout.takes_back = dice.maybe(0.4)


class Cashier:
    """Assigns what is to be paid to payouts, and writes the entries of both."""

    def __init__(self, dice, schedule, book):
        self.dice, self.schedule, self.book = dice, schedule, book

    def pay(self, rows, after, share=1, tries=0):
        """Pays a share of invoiced rows with the next payout; when, or None for never."""
        recipient, currency = rows[0]["recipient_account_id"], self.payout_currency(rows[0])
        payout = next((payout for payout in self.schedule.get((recipient, currency), [])
                       if payout.paid_at > after), None)
        if payout is None:
            return None
        self.add(payout, rows, share)
        if payout.failed_at and tries < 3 and self.dice.maybe(0.8):
            return self.pay(rows, payout.failed_at, share, tries + 1)
        return payout.paid_at

    def pay_by(self, fate, rows, after, share=1):
        """Pays a share with the next payout of a fate, once; that payout or None."""
        of_seller = self.schedule.get(
            (rows[0]["recipient_account_id"], self.payout_currency(rows[0])), [])
        payout = next((payout for payout in of_seller
                       if payout.fate == fate and payout.paid_at > after), None)
        if payout is not None:
            self.add(payout, rows, share)
        return payout

    def payout_currency(self, row):
        return row["_payout_currency"] or row["currency"]

    def add(self, payout, rows, share):
        for row in rows:
            amount = -self.dice.part(Decimal(row["amount"]), share)
            line = {
                **row, "billing_event_id": "", "action": "DISBURSED", "amount": str(amount),
                "action_date": written(payout.paid_at + HALF_A_DAY * self.dice.one([0, 1, 3])),
                "balance_impacting": self.dice.one(["0", "0", "1", ""]),
                "parent_billing_event_id": row["billing_event_id"],
                "disbursement_billing_event_id": payout.id,
                **self.other_money(row, amount, payout.currency),
            }
            payout.lines.append(self.book(line, payout.paid_at))

    def other_money(self, row, amount, currency):
        if currency != row["currency"]:
            rate = Decimal(self.dice.one(["1.0847", "0.91", "148.2"]))
            return {"disbursement_amount": str((amount * rate).quantize(CENT)),
                    "disbursement_currency": currency}
        if self.dice.maybe(0.06):
            # In its own currency, sometimes another amount.
            other = amount + self.dice.one([0, 0, CENT, -CENT, 5])
            return {"disbursement_amount": str(other), "disbursement_currency": currency}
        return {}

    def close(self):
        for payouts in self.schedule.values():
            for before, payout in zip([None, *payouts], payouts):
                self.tell(payout, before)

    def arrival(self, moment):
        """Mostly at once; a payout may come long after its lines, and its failure before it."""
        return self.dice.later(moment, 20, 100) if self.dice.maybe(0.25) else moment

    def tell(self, payout, before):
        amount = -sum(Decimal(line["disbursement_amount"] or line["amount"])
                      for line in payout.lines)
        if payout.lines and self.dice.maybe(0.2):
            left_out = self.dice.one(payout.lines)
            amount += self.dice.one([
                CENT, -CENT, Decimal(left_out["disbursement_amount"] or left_out["amount"])])
        entry = {
            "billing_event_id": payout.id, "action": "DISBURSED",
            "transaction_type": "DISBURSEMENT", "amount": str(amount),
            "currency": payout.currency, "recipient_account_id": payout.recipient,
            "invoice_date": written(payout.paid_at),
            "action_date": written(payout.paid_at + HALF_A_DAY * self.dice.one([0, 0, 1, 3])),
            "to_account_id": payout.recipient, "balance_impacting": self.dice.one(["1", "0"]),
            "bank_trace_id": self.dice.name("trace"), "broker_id": "AWS_INC",
            "disbursement_reference_number": self.dice.name("ref"),
        }
        if self.dice.maybe(0.06):
            entry |= {"disbursement_amount": str(amount * 2), "disbursement_currency": "JPY"}
        if self.dice.maybe(0.1):
            one, other = ({"invoice_id": self.dice.name("inv")},
                          {"buyer_invoice_id": self.dice.name("inv")})
            entry |= self.dice.one([one, other, one | other])
        # One that is sent once more names the one before it.
        again = {"parent_billing_event_id": before.id} if before and self.dice.maybe(0.08) else {}
        gap = self.dice.one([
            {}, {"invoice_date": "", "action_date": ""}, {"invoice_date": ""}], [24, 2, 1])
        odd = {
            NO_ACTION: {"action": ""}, NEW_ACTION: {"action": self.dice.one(["SENT", "INVOICED", "COLLECTED", "FORGIVEN"])},
            NEW_TYPE: {"transaction_type": "DISBURSEMENT_REVERSAL"},
        }
        if payout.is_told:
            self.book({**entry, **odd.get(payout.fate, {}), **gap, **again},
                      self.arrival(payout.paid_at))
        for number, name in enumerate(payout.failures):
            failed_at = payout.failed_at + number * 5 * HALF_A_DAY
            self.book({
                **entry, "billing_event_id": name, "transaction_type": "DISBURSEMENT_FAILURE",
                "amount": str(-abs(amount) if self.dice.maybe(0.75) else abs(amount)),
                "action": self.dice.one(["DISBURSED", "", "SENT"], [17, 2, 1]),
                "invoice_date": written(failed_at),
                "action_date": written(failed_at + HALF_A_DAY * self.dice.one([0, 1])),
                "parent_billing_event_id": payout.id,
                **self.dice.one([{}, {"invoice_date": "", "action_date": ""}], [12, 1]),
            }, self.arrival(failed_at))
            if payout.takes_back and number == 0:
                self.take_back(payout, name, failed_at)

    def take_back(self, payout, failure, failed_at):
        for line in payout.lines:
            other = line["disbursement_amount"]
            self.book({
                **line, "billing_event_id": "", "amount": str(-Decimal(line["amount"])),
                "disbursement_amount": str(-Decimal(other)) if other else "",
                "action_date": written(failed_at), "disbursement_billing_event_id": failure,
            }, failed_at)
