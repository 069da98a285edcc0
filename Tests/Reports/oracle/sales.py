"""marketplace.sales: what was sold, charged and written off."""
from .books import month_of
from .values import first


def rows(books):
    for entry in books.sales:
        if entry.is_owed_side:
            yield {
                "billing_event_id": entry.id, "recipient_account_id": entry.recipient,
                "month": month_of(entry.invoiced_at), "action": entry.action,
                "kind": entry.kind, "amount": entry.written, "currency": entry.currency,
                "is_owed": entry.does_count, "invoice_id": entry["invoice_id"],
                "buyer_invoice_id": entry.invoice, "agreement_id": entry["agreement_id"],
                # The first of several older ids.
                "product_id": first(books.seller.legacy_ids_of(entry["product_id"])[0],
                                    entry["product_id"]),
            }
