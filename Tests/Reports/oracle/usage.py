"""The usage report: one row per current usage record, two for two valid_from of one id."""
import itertools

from . import history
from .history import current
from .resale import authorization, reseller
from .seller import (NO_OFFER_TARGET, Party, is_resale, mailing_company, number_of, value_of)
from .values import first, instant, midnight, number


def rows(seller):
    for usage in current(seller.feed("DailyUsageFeed_V1"), "usage_feed_id"):
        day = midnight(instant(usage["usage_date"]))
        agreement = seller.agreements.at(usage["agreement_id"], day)
        product = seller.products.at(usage["product_id"], day)
        offer_id = first(value_of(agreement, "offer_id"), usage["offer_id"])
        offer = seller.offers(history.OFFER_OF_USAGE).at(offer_id, day)
        yield from (
            {
                **of_usage(usage, day), **of_product(usage, product, legacy_id),
                **of_agreement(seller, usage, agreement),
                **of_offer(seller, usage, offer_id, offer),
                **of_buyers(seller, usage, day, agreement),
                **of_sellers(seller, usage, agreement, offer, product, proposer, company),
                "isv_aws_account_id": number_of(
                    seller.accounts.at(value_of(product, "manufacturer_account_id"), day)),
            }
            for legacy_id, proposer, company in itertools.product(
                seller.legacy_ids_of(usage["product_id"]),
                seller.early_accounts.touching(value_of(agreement, "proposer_account_id"), day),
                seller.early_accounts.touching(value_of(product, "manufacturer_account_id"), day))
        )


def of_usage(usage, day):
    return {
        "internal_usage_line_item_id": usage["usage_feed_id"],
        "usage_date": day,
        "usage_reported_date": instant(usage["update_date"]),
        "catalog": usage["catalog"],
        "dimension_key": usage["dimension_key"],
        "region": usage["region"],
        "estimated_usage_units": number(usage["usage_quantity"]),
        "usage_unit_types": usage["usage_unit"],
        "charge_item_description": usage["charge_item_description"],
        "usage_rate_per_unit": number(usage["usage_rate_per_unit_in_pricing_currency"]),
        "estimated_revenue": number(usage["estimated_revenue_in_pricing_currency"]),
        "currency": usage["pricing_currency"],
    }


def of_product(usage, product, legacy_id):
    return {
        "product_title": first(value_of(product, "title"), "Not provided"),
        "product_id": first(legacy_id, usage["product_id"], "Not provided"),
        "product_code": first(value_of(product, "product_code"), "Not provided"),
    }


def of_agreement(seller, usage, agreement):
    """Dates are left out of an agreement whose offer is a placeholder."""
    is_dated = (agreement is not None
                and not (agreement["offer_id"] or "").startswith("aiqoffer-"))
    return {
        "agreement_id": first(usage["agreement_id"], "Not available"),
        "agreement_acceptance_date": instant(agreement["acceptance_time"]) if is_dated else None,
        "agreement_start_date": instant(agreement["start_time"]) if is_dated else None,
        "agreement_end_date": instant(agreement["end_time"]) if is_dated else None,
        "offer_set_id": (
            "Not available" if usage["agreement_id"] is None
            else first(value_of(agreement, "offer_set_id"), "Not applicable")),
        "accepted_term_types": seller.terms_of(agreement),
    }


def of_offer(seller, usage, offer_id, offer):
    visibility = seller.visibility(offer)
    name_gap = "Not applicable" if visibility == NO_OFFER_TARGET else None
    if offer_id is None:
        names = dict.fromkeys(("offer_id", "offer_name", "offer_visibility"), "Not available")
    else:
        names = {"offer_id": offer_id, "offer_visibility": visibility,
                 "offer_name": first(value_of(offer, "name"), name_gap)}
    return {
        **names,
        **authorization(offer, visibility, usage["agreement_id"]),
        "resale_authorization_description": value_of(offer, "opportunity_description"),
        "cppo_flag": None if offer is None else "Y" if is_resale(offer) else "N",
    }


def of_buyers(seller, usage, day, agreement):
    """End user, payer and subscriber."""
    def party(account_id):
        account = seller.early_accounts.at(account_id, day)
        return Party(account, seller.live_addresses_updated_last)
    end_user, payer = party(usage["end_user_account_id"]), party(usage["payer_account_id"])
    subscriber = of_party(
        "subscriber", party(value_of(agreement, "acceptor_account_id")))
    for column, value in subscriber.items():
        if usage["agreement_id"] is None:
            subscriber[column] = "Not available"
        elif not column.endswith("_account_id"):
            subscriber[column] = first(value, "Not provided")
    columns = {**of_party("end_user", end_user), **of_party("payer", payer), **subscriber}
    for who in ("end_user", "payer"):
        columns[f"{who}_company_name"] = first(columns[f"{who}_company_name"], "Not available")
    return columns


def of_party(who, party):
    return {
        f"{who}_company_name": party.company_name,
        f"{who}_aws_account_id": party.number,
        f"{who}_encrypted_account_id": party.encrypted_id,
        f"{who}_email_domain": party.email_domain,
        f"{who}_city": party.city,
        f"{who}_state_or_region": party.state,
        f"{who}_country": party.country,
        f"{who}_postal_code": party.postal_code,
    }


def of_sellers(seller, usage, agreement, offer, product, proposer, company):
    addresses = seller.live_addresses_updated_last
    return {
        **reseller(
            proposer, mailing_company(proposer, addresses), offer,
            proposer_id=value_of(agreement, "proposer_account_id"),
            recipient_id=usage["recipient_account_id"],
            manufacturer_id=value_of(product, "manufacturer_account_id")),
        "isv_company_name": first(mailing_company(company, addresses), "Not available"),
    }
