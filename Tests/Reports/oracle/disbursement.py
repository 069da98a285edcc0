"""marketplace.disbursement: what went to the bank, and what its lines come to."""
import collections

from .entries import PAYOUT


def rows(books):
    lines = collections.defaultdict(list)
    for line in books.lines:
        lines[line["disbursement_billing_event_id"]].append(line)
    for entry in books.payouts_and_transfers():
        amount, currency = entry.sent
        paid = [line.paid for line in lines[entry.id]]
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
    if entry.role != PAYOUT:
        return entry.unknown_name
    return "Failed" if books.has_failed(entry.id) else "Paid"


def failed_at(entry, books):
    return books.failed_on(entry.id) if books.has_failed(entry.id) else None
