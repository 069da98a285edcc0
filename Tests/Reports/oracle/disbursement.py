"""marketplace.disbursement: what went to the bank, and what its lines come to."""
import collections

from .entries import FAILED_PAYOUT, PAYOUT
from .items import TAKEN_BACK


def rows(books):
    lines = collections.defaultdict(list)
    for line in books.lines:
        lines[line["disbursement_billing_event_id"]].append(line)
    for entry in books.transfers.values():
        amount, currency = entry.sent
        if entry.role == FAILED_PAYOUT:
            # A failure is told with the payout that failed, if that is there.
            if books.payout(entry["parent_billing_event_id"]) is not None:
                continue
            amount = -abs(amount)
        # What takes back a payout is counted with that payout's lines.
        paid = [line.paid for line in lines[entry.id] if books.state(line) != TAKEN_BACK]
        is_comparable = all(other == currency for _, other in paid)
        lines_amount = sum(part for part, _ in paid) if is_comparable else None
        yield {
            "billing_event_id": entry.id, "recipient_account_id": entry.recipient,
            "paid_at": entry.own_day, "amount": amount, "currency": currency,
            "status": status(entry, books), "failed_at": failed_at(entry, books),
            "lines": len(paid), "lines_amount": lines_amount,
            "difference": None if lines_amount is None else amount - lines_amount,
        }


def status(entry, books):
    if entry.role == FAILED_PAYOUT:
        return "Failure of a payout that is not there"
    if entry.role != PAYOUT:
        return entry.transfer_name
    return "Failed" if books.has_failed(entry.id) else "Paid"


def failed_at(entry, books):
    return books.failed_on(entry.id) if books.has_failed(entry.id) else None
