"""What usage, billed revenue and collections say about a reseller."""
from .seller import NO_OFFER_TARGET, number_of, value_of
from .values import differ, first


def authorization(offer, visibility, agreement_id):
    """The opportunity of the offer. The visibility is null where no offer was found."""
    is_direct = visibility == NO_OFFER_TARGET or (
        visibility is None and agreement_id is not None)
    gap = "Not applicable" if is_direct else None
    return {f"resale_authorization_{what}": first(value_of(offer, f"opportunity_{what}"), gap)
            for what in ("id", "name", "description")}


def reseller(proposer, company_name, offer, *, proposer_id, recipient_id, manufacturer_id):
    """The proposer's account revision and company, unless the proposer has the feed."""
    if proposer_id is not None and proposer_id == recipient_id:
        proposer = company_name = None
    number = number_of(proposer)
    if number is not None:
        company_name = first(company_name, "Not available")
    elif value_of(offer, "opportunity_id") is None or differ(recipient_id, manufacturer_id):
        number = company_name = "Not applicable"
    return {"reseller_aws_account_id": number, "reseller_company_name": company_name}
