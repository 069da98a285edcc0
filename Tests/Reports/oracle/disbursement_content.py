"""marketplace.disbursement_content: the lines of every payout."""
from .items import FAILED, TAKEN_BACK


def rows(books):
    for entry in books.lines:
        state = books.state(entry)
        # Reading: a line of 0 is shown; only what takes back a failed payout moves nothing.
        if state == TAKEN_BACK:
            continue
        named = books.named(entry)
        paid_amount, paid_currency = entry.paid
        yield {
            "disbursement_id": entry["disbursement_billing_event_id"],
            "paid_at": books.day(entry),
            "bank_trace_id": None if named is None else named["bank_trace_id"],
            "is_failed": state == FAILED, "invoice_id": entry.invoice, "kind": entry.kind,
            "amount": -entry.amount, "currency": entry.currency,
            "paid_amount": paid_amount, "paid_currency": paid_currency,
            "product_id": entry["product_id"], "agreement_id": entry["agreement_id"],
            "invoiced_billing_event_id": entry["parent_billing_event_id"],
            "billing_event_id": entry.id,
        }
