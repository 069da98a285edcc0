"""marketplace.unknown_entry: what nobody knows, by action or by type."""
from .entries import DISBURSED, SALE, TRANSFER


def rows(books):
    for entry in books.entries:
        if entry.role == TRANSFER or entry.role == SALE and entry.unknown_name:
            yield {
                "billing_event_id": entry.id, "recipient_account_id": entry.recipient,
                "action": entry.action, "transaction_type": entry.type, "amount": entry.written,
                "currency": entry.currency,
                # Reading: what was paid out always does.
                "counts": entry.event.counts or entry.action == DISBURSED,
                "invoiced_at": entry.invoiced_at, "acted_at": entry.acted_at,
                "invoice_id": entry.invoice, "product_id": entry["product_id"],
                "agreement_id": entry["agreement_id"],
                "disbursement_id": entry["disbursement_billing_event_id"],
            }
