"""marketplace.collection: what buyers paid, as AWS tells."""
from .entries import COLLECTED


def rows(books):
    for entry in books.sales:
        if entry.action == COLLECTED:
            yield {
                "billing_event_id": entry.id, "recipient_account_id": entry.recipient,
                "collected_at": entry.acted_at, "invoice_id": entry.invoice,
                "kind": entry.kind, "amount": entry.written, "currency": entry.currency,
                "product_id": entry["product_id"], "agreement_id": entry["agreement_id"],
            }
