"""The agreement report: current revision of an agreement by product of its offer."""
import collections
import itertools

from . import history
from .seller import NO_OFFER_TARGET, Party, mailing_company, number_of, value_of
from .values import comma_list, differ, first, instant, number, written

SUPERSEDED, ROLLED_BACK = "SUPERSEDED", "ROLLED_BACK"


def current_revisions(records):
    """agreement_id -> the revision that counts."""
    revisions = collections.defaultdict(list)
    for record in records:
        revisions[record["agreement_id"]].append(record)
    chosen = {name: current_revision(found) for name, found in revisions.items()}
    return {name: record for name, record in chosen.items() if record is not None}


def current_revision(revisions):
    """None if the newest of them has no status."""
    def newest(of):
        return max(of, key=lambda record: instant(record["valid_from"]), default=None)
    effective = [record for record in revisions
                 if record["status"] not in (SUPERSEDED, ROLLED_BACK)]
    if effective:
        record = newest(effective)
        return record if record["status"] is not None else None
    rolled_back = [record for record in revisions if record["status"] == ROLLED_BACK]
    return newest(rolled_back) or newest(revisions)


def rows(seller):
    agreements = current_revisions(seller.current_agreements)
    following = collections.defaultdict(list)
    for record in agreements.values():
        if record["preceding_agreement_id"] is not None:
            following[record["preceding_agreement_id"]].append(record)
    for name, agreement in agreements.items():
        chain = Chain(agreements.get(agreement["preceding_agreement_id"]), agreement,
                      following[name])
        yield from rows_of(seller, agreement, chain)


class Chain:
    """The agreements before and after one, as texts for their columns."""

    def __init__(self, previous, agreement, following):
        is_first = agreement["intent"] in (None, "NEW")
        self.gap = "Not applicable" if is_first else "Not available"
        self.columns = {
            "previous_agreement_id": first(agreement["preceding_agreement_id"], self.gap),
            "previous_offer_id": first(value_of(previous, "offer_id"), self.gap),
            "next_agreement_id": self.list(record["agreement_id"] for record in following),
            "next_offer_id": self.list(record["offer_id"] for record in following),
            "next_agreement_acceptance_date": self.list(
                written(instant(record["acceptance_time"])) for record in following),
        }

    def list(self, values):
        return first(comma_list(values), self.gap)


def rows_of(seller, agreement, chain):
    acceptance = instant(agreement["acceptance_time"])
    offer = seller.offers(history.OFFER_OF_AGREEMENT).at(agreement["offer_id"], acceptance)
    # Reading: a product stands in as many rows as the feed has valid_from of it.
    products = seller.offer_products.get(
        offer and (offer["offer_id"], offer["offer_revision"])) or [None]
    for product_id in products:
        product = seller.products.at(product_id, acceptance)
        manufacturer = seller.early_accounts.at(
            value_of(product, "manufacturer_account_id"), acceptance)
        # Several account ids may have the manufacturer's AWS account id.
        namesakes = [
            revision for revision in seller.early_accounts_by_number[number_of(manufacturer)]
            if acceptance and revision.start <= acceptance < revision.end
        ] if number_of(manufacturer) is not None else []
        for legacy_id, isv in itertools.product(
                seller.legacy_ids_of(product_id), namesakes or [None]):
            yield {
                **of_agreement(agreement), **chain.columns,
                **of_product(product_id, product, legacy_id),
                **of_offer(seller, agreement, offer, product),
                **of_parties(seller, agreement, acceptance, product, offer, manufacturer, isv),
            }


def of_agreement(agreement):
    return {
        "offer_id": agreement["offer_id"],
        "agreement_id": agreement["agreement_id"],
        "status": agreement["status"],
        "status_reason_code": agreement["status_reason_code"],
        "agreement_start_date": instant(agreement["start_time"]),
        "agreement_acceptance_date": instant(agreement["acceptance_time"]),
        "agreement_end_date": instant(agreement["end_time"]),
        "agreement_updated_date": instant(agreement["valid_from"]),
        "agreement_intent": agreement["intent"],
        "agreement_type": "PurchaseAgreement",
        "total_contract_value": number(agreement["estimated_agreement_value"]),
        "currency_code": agreement["currency_code"],
    }


def of_product(product_id, product, legacy_id):
    return {
        "product_title": first(value_of(product, "title"), "Not provided"),
        "product_id": first(legacy_id, product_id, "Not provided"),
        "product_code": first(value_of(product, "product_code"), "Not provided"),
        "legacy_product_id": legacy_id,
        "product_type": None,
    }


def is_resold(agreement, product):
    return differ(agreement["proposer_account_id"], value_of(product, "manufacturer_account_id"))


def of_offer(seller, agreement, offer, product):
    visibility = offer and seller.target_of(offer)
    if is_resold(agreement, product):
        visibility = "Private"
    gap = "Not applicable" if visibility in (None, NO_OFFER_TARGET) else None
    # Reading: here no offer found is not Public, though offer_visibility then shows Public.
    name_gap = "Not applicable" if visibility == NO_OFFER_TARGET else None
    return {
        "offer_name": first(value_of(offer, "name"), name_gap),
        "offer_visibility": first(visibility, NO_OFFER_TARGET),
        "offer_revision": value_of(offer, "offer_revision"),
        "resale_authorization_id": first(value_of(offer, "opportunity_id"), gap),
        "resale_authorization_name": first(value_of(offer, "opportunity_name"), gap),
        "resale_authorization_description": first(
            value_of(offer, "opportunity_description"), gap),
    }


def of_parties(seller, agreement, acceptance, product, offer, manufacturer, isv):
    addresses = seller.addresses_by_validity
    proposer = seller.early_accounts.at(agreement["proposer_account_id"], acceptance)
    acceptor = seller.early_accounts.at(agreement["acceptor_account_id"], acceptance)
    subscriber = Party(acceptor, addresses)
    is_channel_offer = (value_of(offer, "opportunity_id") is not None
                        or differ(number_of(manufacturer), number_of(proposer)))
    return {
        "proposer_aws_account_id": number_of(proposer),
        "proposer_encrypted_account_id": value_of(proposer, "encrypted_account_id"),
        "proposer_company_name": first(mailing_company(proposer, addresses), "Not available"),
        "subscriber_aws_account_id": subscriber.number,
        "subscriber_encrypted_account_id": subscriber.encrypted_id,
        "subscriber_company_name": first(mailing_company(acceptor, addresses), "Not provided"),
        "subscriber_email_domain": first(subscriber.email_domain, "Not provided"),
        "subscriber_city": first(subscriber.city, "Not provided"),
        "subscriber_state_or_region": first(subscriber.state, "Not provided"),
        "subscriber_country": first(subscriber.country, "Not provided"),
        "subscriber_postal_code": first(subscriber.postal_code, "Not provided"),
        **of_reseller(proposer if is_resold(agreement, product) else None, addresses),
        "isv_company_name": first(mailing_company(isv, addresses), "Not available"),
        "isv_aws_account_id": number_of(manufacturer),
        "isv_encrypted_account_id": None,
        "cppo_flag": "Y" if is_channel_offer else "N",
    }


def of_reseller(reseller, addresses):
    """Reading: a reseller whose AWS account id is unknown is treated as one not found."""
    company_name = first(mailing_company(reseller, addresses), "Not available")
    is_known = number_of(reseller) is not None
    return {
        "reseller_company_name": company_name if is_known else "Not applicable",
        "reseller_aws_account_id": first(number_of(reseller), "Not applicable"),
        "reseller_encrypted_account_id": value_of(reseller, "encrypted_account_id"),
    }
