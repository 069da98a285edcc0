"""What billed revenue and collections have in common: a line row and what it looks up."""
import itertools

from . import history
from .resale import authorization, reseller
from .seller import NO_OFFER_TARGET, Party, mailing_company, number_of, value_of
from .values import first, instant


class View:
    """How a report sees addresses and offers: the two reports differ in it."""

    def __init__(self, seller, addresses, visibility):
        self.seller, self.addresses, self.visibility = seller, addresses, visibility


def common_columns(view, row, line, key):
    """The common columns of a line row: once for each legacy id and manufacturer's company.

    Equal ones are one, which is the rule that rows that agree after the look-ups become one.
    """
    seller, moment = view.seller, key.purchase_invoice_date
    product = seller.products.at(row["product_id"], moment)
    manufacturer_id = value_of(product, "manufacturer_account_id")
    companies = {mailing_company(account, view.addresses)
                 for account in seller.early_accounts.touching(manufacturer_id, moment)}
    offer = seller.offers(history.unmoved).at(row.offer_id, moment)
    agreement = seller.agreements.at(row["agreement_id"], moment)
    columns = {
        **of_invoices(row, line, key),
        **of_agreement(row, agreement, offer),
        **of_offer(view, row, offer),
        **of_subscriber(view, row, moment),
        **of_payer(view, row, key),
        **of_reseller(view, row, moment, offer, manufacturer_id),
        "product_title": first(value_of(product, "title"), "Not provided"),
        "isv_account_id": number_of(seller.accounts.at(manufacturer_id, moment)),
        "catalog": row.catalog,
        "disbursement_status": line.status(row),
        "transaction_reference_id": row.reference,
        "aws_seller_of_record": row["broker_id"],
    }
    for legacy_id, company in itertools.product(
            seller.legacy_ids_of(row["product_id"]), companies):
        yield {
            **columns,
            "product_id": first(legacy_id, row["product_id"], "Not provided"),
            "isv_company_name": first(company, "Not available"),
        }, agreement


def of_invoices(row, line, key):
    def shown(text):
        return first(text, "Not applicable")
    return {
        "invoice_date": key.purchase_invoice_date,
        "payment_due_date": row.payment_due_date,
        "payment_term": payment_term(key.purchase_invoice_date, row.payment_due_date),
        "invoice_id": key.purchase_invoice_id,
        "listing_fee_invoice_id": shown(line.invoices("LISTING_FEE")),
        "wholesale_invoice_id": shown(line.invoices("RESALE")),
        "seller_issued_invoice_id": shown(line.invoices("TAX_VAT")),
        "seller_issued_invoice_variant": shown(line.invoices("TAX_VAT", "invoice_variant")),
    }


def payment_term(invoiced, due):
    """Complete periods of 24 hours, sign dropped."""
    if invoiced is None or due is None:
        return None
    days = abs(due - invoiced).days
    return f"Net {days if days <= 180 else '180+'} days"


def of_agreement(row, agreement, offer):
    is_dated = not (value_of(offer, "offer_id") or "").startswith("aiqoffer-")
    # Without an agreement there is none to look up either.
    def date(record, column):
        return instant(value_of(record, column)) if is_dated else None
    return {
        "agreement_id": first(row["agreement_id"], "Not available"),
        "agreement_start_date": date(agreement, "start_time"),
        "agreement_acceptance_date": date(agreement, "acceptance_time"),
        "agreement_end_date": date(agreement, "end_time"),
        "usage_period_start_date": date(row, "usage_period_start_date"),
        "usage_period_end_date": date(row, "usage_period_end_date"),
        "offer_set_id": (
            "Not available" if row["agreement_id"] is None
            else first(value_of(agreement, "offer_set_id"), "Not applicable")),
    }


def of_offer(view, row, offer):
    visibility = view.visibility(offer)
    if offer is None:
        name = "Not available"
    else:
        name = first(offer["name"], "Not applicable" if visibility == NO_OFFER_TARGET else None)
    visibility_gap = None if row["agreement_id"] is None else NO_OFFER_TARGET
    return {
        "offer_id": first(value_of(offer, "offer_id"), "Not available"),
        "offer_name": name,
        "offer_visibility": first(visibility, visibility_gap),
        **authorization(offer, visibility, row["agreement_id"]),
    }


def of_subscriber(view, row, moment):
    party = Party(view.seller.accounts.at(row.acceptor_id, moment), view.addresses)
    columns = {
        "subscriber_company_name": first(party.company_name, "Not provided"),
        "subscriber_aws_account_id": party.number,
        "subscriber_encrypted_account_id": party.encrypted_id,
        "subscriber_email_domain": first(party.email_domain, "Not provided"),
        "subscriber_city": first(party.city, "Not provided"),
        "subscriber_state_or_region": first(party.state, "Not provided"),
        "subscriber_country": first(party.country, "Not provided"),
        "subscriber_postal_code": first(party.postal_code, "Not provided"),
        "subscriber_address_id": first(party.address_id, "Not provided"),
    }
    if row["agreement_id"] is None:
        return dict.fromkeys(columns, "Not available")
    return columns


def of_payer(view, row, key):
    account = view.seller.accounts.at(key.payer_id, key.purchase_invoice_date)
    party = Party(account, view.addresses, row.billing_address_id)
    columns = {
        "payer_company_name": party.company_name,
        "payer_aws_account_id": party.number,
        "payer_email_domain": party.email_domain,
        "payer_city": party.city,
        "payer_state": party.state,
        "payer_country": party.country,
        "payer_postal_code": party.postal_code,
        "payer_address_id": party.address_id,
    }
    return {
        **{column: first(value, "Not available") for column, value in columns.items()},
        "payer_encrypted_account_id": party.encrypted_id,
    }


def of_reseller(view, row, moment, offer, manufacturer_id):
    proposer = view.seller.accounts.at(row.proposer_id, moment)
    return reseller(
        proposer, mailing_company(proposer, view.addresses), offer,
        proposer_id=row.proposer_id, recipient_id=row["recipient_account_id"],
        manufacturer_id=manufacturer_id)
