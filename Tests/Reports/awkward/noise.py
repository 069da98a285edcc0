"""What goes wrong between what happened and what is delivered."""
import datetime

from .dice import END, START, written
from .layout import COLUMNS, content

# How often a column is empty.
GAPS = {
    "action_date": 0.03, "invoice_date": 0.03, "invoice_id": 0.02, "buyer_invoice_id": 0.015,
    "product_id": 0.03, "agreement_id": 0.05, "currency": 0.008, "payment_due_date": 0.06,
    "amount": 0.01, "recipient_account_id": 0.004, "action": 0.008, "transaction_type": 0.008,
    "disbursement_currency": 0.03, "disbursement_amount": 0.03, "parent_billing_event_id": 0.04,
    "disbursement_billing_event_id": 0.01, "balance_impacting": 0.03, "bank_trace_id": 0.1,
    "buyer_line_item_id": 0.02, "line_item_id": 0.03, "buyer_invoice_date": 0.05,
    "invoice_variant": 0.02, "charge_variant": 0.02, "charge_side": 0.02, "broker_id": 0.1,
    "from_account_id": 0.03, "to_account_id": 0.03, "end_user_account_id": 0.1,
    "offer_id": 0.1, "transaction_reference_id": 0.05,
}
NEW_TYPES = ["PIX_FEE", "PIX_FEE_REFUND", "AWS_TAX_SURCHARGE", "AWS_INFRA_SHARE_REFUND",
             "BALANCE_ADJUSTMENT_CREDIT", "SELLER_TAX_SHARE_CREDIT", "AWS_TAX_SHARE_CREDIT",
             "OTHER_SELLER_TAX_SHARE_CREDIT", "DISBURSEMENT_NOTE"]
NEW_ACTIONS = ["NETTED", "DISPUTED", "RELEASED"]
DAY = datetime.timedelta(days=1)


class Deliveries:
    """Rows of all feeds, in all their versions, by month of the file."""

    def __init__(self, dice):
        self.dice = dice
        self.files = {feed: {} for feed in COLUMNS}
        self.taken = set()

    def deliver(self, feed, versions, happened, valid_from=None):
        """Versions of one record, oldest first; the last one is what stands."""
        first = self.moment(self.dice.later(happened, 0, 3))
        updated, number = first, 0
        for number, version in enumerate(versions):
            if number:
                updated = self.moment(self.dice.later(updated, 0, 60))
            row = {
                **version, "insert_date": written(first), "update_date": written(updated),
                "valid_from": written(valid_from or first),
                "delete_date": written(updated) if version.get("delete_date") else "",
            }
            # An entry may hold from another instant once it is corrected.
            if feed == "BillingEventFeed_V1" and number and self.dice.maybe(0.05):
                row["valid_from"] = written(updated)
            self.file(feed, row, updated, is_out_of_place=number > 0 and self.dice.maybe(0.4))
            if self.dice.maybe(0.04):
                self.file(feed, dict(row), updated, is_out_of_place=self.dice.maybe(0.5))

    def moment(self, wanted):
        """No two records are written at once: which of them counts would be open."""
        while wanted in self.taken:
            wanted += datetime.timedelta(seconds=1)
        self.taken.add(wanted)
        return wanted

    def file(self, feed, row, updated, is_out_of_place):
        """Order of arrival means nothing: a correction may come before what it corrects."""
        moment = self.dice.instant() if is_out_of_place else min(max(updated, START), END)
        month = f"year={moment.year}/month={moment.month:02}"
        self.files[feed].setdefault(month, []).append(row)

    def write(self, folder):
        for feed, months in self.files.items():
            for month, rows in sorted(months.items()):
                self.dice.random.shuffle(rows)
                path = folder / feed / month / "data.csv"
                path.parent.mkdir(parents=True)
                path.write_bytes(content(feed, rows))


def versions_of(dice, row):
    """What is delivered of an entry, oldest first."""
    row = {column: "" if dice.maybe(GAPS.get(column, 0)) else value
           for column, value in row.items()}
    # Payouts that nobody knows are told on purpose, not by chance.
    if not row["transaction_type"].startswith("DISBURSEMENT"):
        if dice.maybe(0.015):
            row["transaction_type"] = dice.one(NEW_TYPES)
        if dice.maybe(0.01):
            row["action"] = dice.one(NEW_ACTIONS)
        if row["action"] != "DISBURSED" and dice.maybe(0.005):
            row["disbursement_billing_event_id"] = "of-no-payout"
        if dice.maybe(0.03):
            row["balance_impacting"] = dice.one(["1", "0", ""])
        if row["charge_side"] and dice.maybe(0.15):
            row["charge_variant"] = dice.one(["PURCHASE", ""])
    found = [row]
    if dice.maybe(0.04):
        # Restated after whatever was paid of it.
        found = [row, {**row, **change(dice, row)}]
    elif dice.maybe(0.05):
        found = [{**row, **change(dice, row)}, row]
    if dice.maybe(0.02):
        found.append({**found[-1], "delete_date": "yes"})
        if dice.maybe(0.3):
            found.append(row)
    return found


def change(dice, row):
    column = dice.one(["amount", "amount", "currency", "invoice_date", "action_date",
                       "disbursement_amount", "balance_impacting", "buyer_invoice_id"])
    values = {
        "amount": str(dice.amount(most=400) * dice.one([1, -1])),
        "currency": dice.one(["USD", "EUR", ""]),
        "invoice_date": written(dice.instant()),
        "action_date": written(dice.instant()),
        "disbursement_amount": str(-dice.amount(most=400)) if row["disbursement_amount"] else "",
        "balance_impacting": dice.one(["1", "0", ""]),
        "buyer_invoice_id": dice.one(["", row["invoice_id"]]),
    }
    return {column: values[column]}
