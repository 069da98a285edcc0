"""marketplace.journal: every entry on its accounts."""
from .books import month_of
from .entries import COLLECTED, FAILED_PAYOUT, FORGIVEN, PAYOUT, SALE, TRANSFER
from .items import FAILED, TAKEN_BACK

RECEIVABLE, IN_TRANSIT, CLEARING, BANK, EXCHANGE = (
    "receivable", "in_transit", "payout_clearing", "bank", "exchange")
ASSETS = (RECEIVABLE, IN_TRANSIT, CLEARING, BANK, EXCHANGE)

ACCOUNTS = {
    "taxes_to_remit": """seller_tax_share seller_tax_share_refund wholesale_seller_tax_share
        wholesale_seller_tax_share_refund""",
    "revenue": "gross_revenue",
    "refunds": "gross_refund",
    "listing_fees": "listing_fee listing_fee_refund",
    "cost_of_resale": "wholesale_cost wholesale_cost_refund",
    "aws_taxes": """aws_tax_share aws_tax_share_refund aws_tax_share_listing_fee
        aws_tax_share_refund_listing_fee wholesale_aws_tax_share
        wholesale_aws_tax_share_refund""",
    "other_seller_taxes": """other_seller_tax_share other_seller_tax_share_refund
        wholesale_other_seller_tax_share wholesale_other_seller_tax_share_refund""",
    "infrastructure": "infrastructure",
    "balance_adjustments": "balance_adjustment",
}
ACCOUNT_OF = {kind: account for account, kinds in ACCOUNTS.items() for kind in kinds.split()}


def rows(books):
    for entry in books.entries:
        postings = list(merged(entry, books))
        for day, account, currency, amount in postings:
            yield {
                "recipient_account_id": entry.recipient,
                "billing_event_id": entry.id,
                "booked_at": day,
                "month": month_of(day),
                "account": account,
                "currency": currency,
                "amount": amount,
                "kind": entry.kind,
                "action": entry.action,
                "invoice_id": entry.invoice,
                "agreement_id": entry["agreement_id"],
                "product_id": entry["product_id"],
                "disbursement_id": disbursement_id(entry),
                "is_informative": not any(posting[3] for posting in postings),
                "entry_amount": entry.written,
            }


def merged(entry, books):
    """Without lines of 0, unless the entry has no other."""
    found = [posting for posting in postings(entry, books) if posting[3]]
    if found:
        return found
    _, currency = (0, entry.currency) if entry.role == SALE else entry.sent
    return [(books.day(entry), account_of_nothing(entry), currency, 0)]


def disbursement_id(entry):
    if entry.role == FAILED_PAYOUT:
        return entry["parent_billing_event_id"]
    if entry.role != SALE:
        return entry.id
    return entry["disbursement_billing_event_id"] if entry.is_line else None


def own_account(entry):
    """Of what was sold, charged or written off."""
    if entry.role == TRANSFER:
        return entry.transfer_name
    if entry.unknown_name:
        return entry.unknown_name
    return "written_off" if entry.action == FORGIVEN else ACCOUNT_OF[entry.kind]


def account_of_nothing(entry):
    if entry.role in (PAYOUT, FAILED_PAYOUT):
        return BANK
    if entry.is_line:
        return IN_TRANSIT
    return RECEIVABLE if entry.action == COLLECTED and entry.role == SALE else own_account(entry)


def postings(entry, books):
    """(day, account, currency, amount), lines of 0 among them."""
    if entry.role != SALE:
        return of_transfer(entry, books)
    if entry.is_line:
        return of_line(entry, books)
    day, currency = books.day(entry), entry.currency
    came = books.receipts[entry]
    if entry.action == COLLECTED:
        return [(day, IN_TRANSIT, currency, came), (day, RECEIVABLE, currency, -came)]
    counted = entry.counted
    return [(day, RECEIVABLE, currency, counted - came), (day, IN_TRANSIT, currency, came),
            (day, own_account(entry), currency, -counted)]


def of_transfer(entry, books):
    day, (amount, currency) = books.day(entry), entry.sent
    if entry.role == FAILED_PAYOUT:
        payout = books.payout(entry["parent_billing_event_id"])
        amount = abs(amount) if payout and payout.sent[0] < 0 else -abs(amount)
    account = BANK if entry.role in (PAYOUT, FAILED_PAYOUT) else own_account(entry)
    return [(day, account, currency, amount), (day, CLEARING, currency, -amount)]


def of_line(entry, books):
    state, day, currency = books.state(entry), books.day(entry), entry.currency
    if state == TAKEN_BACK:
        return []
    came, counted = books.receipts[entry], entry.counted
    found = [(day, RECEIVABLE, currency, -came), (day, IN_TRANSIT, currency, came + counted)]
    found += paid(entry, day, 1)
    if state == FAILED:
        failed_on = books.failed_on(entry["disbursement_billing_event_id"])
        found.append((failed_on, IN_TRANSIT, currency, -counted))
        found += paid(entry, failed_on, -1)
    return found


def paid(entry, day, sign):
    """The side of a line that is the payout's; the rest of it comes to what counts."""
    own = -entry.counted, entry.currency
    amount, currency = entry.paid
    clearing = [(day, CLEARING, currency, sign * amount)]
    if (amount, currency) == own:
        return clearing
    if currency == entry.currency:
        return clearing + [(day, EXCHANGE, currency, sign * (own[0] - amount))]
    return clearing + [(day, EXCHANGE, entry.currency, sign * own[0]),
                       (day, EXCHANGE, currency, -sign * amount)]
