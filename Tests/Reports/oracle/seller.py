"""What the reports look up: accounts, addresses, products, offers, agreements, terms."""
import collections
import functools

from . import delivery, history
from .history import History, current, newest
from .values import differ, first, instant, joined, least

NO_OFFER_TARGET = "Public"


class Seller:
    """One seller's delivery; each part is read when it is first asked for."""

    def __init__(self, folder):
        self.folder = folder

    @functools.cache
    def feed(self, name):
        return delivery.read(self.folder, name)

    # Accounts

    @functools.cached_property
    def accounts(self):
        return History(current(self.feed("AccountFeed_V1"), "account_id"), "account_id",
                       history.always)

    @functools.cached_property
    def early_accounts(self):
        """The same, 212 days earlier."""
        return History(current(self.feed("AccountFeed_V1"), "account_id"), "account_id",
                       history.long_before)

    @functools.cached_property
    def early_accounts_by_number(self):
        """All revisions by AWS account id, which several account ids may share."""
        revisions = collections.defaultdict(list)
        for versions in self.early_accounts.revisions.values():
            for revision in versions:
                revisions[number_of(revision)].append(revision)
        return revisions

    # Addresses: one record per address_id, chosen in three ways

    @functools.cached_property
    def addresses_by_validity(self):
        """Agreement report: the greatest valid_from of the current ones."""
        chosen = {}
        for record in sorted(current(self.feed("AddressFeed_V1"), "address_id"),
                             key=lambda record: instant(record["valid_from"])):
            if record["address_id"]:
                chosen[record["address_id"]] = record
        return chosen

    @functools.cached_property
    def addresses_updated_last(self):
        """Billed revenue: the greatest update_date, deleted or not.

        Reading: records of one update_date are chosen among as everywhere, valid_from plays
        no part; the queries leave it open.
        """
        records = newest(self.feed("AddressFeed_V1"), lambda record: record["address_id"])
        return {record["address_id"]: record for record in records if record["address_id"]}

    @functools.cached_property
    def live_addresses_updated_last(self):
        """Usage, collections and disbursements: gone if that record is deleted."""
        return {name: record for name, record in self.addresses_updated_last.items()
                if history.is_live(record)}

    # Products

    @functools.cached_property
    def products(self):
        return History(current(self.feed("ProductFeed_V1"), "product_id"), "product_id",
                       history.PRODUCT)

    @functools.cached_property
    def legacy_ids(self):
        """product_id -> its legacy ids; deletions and corrections play no part."""
        legacy = collections.defaultdict(set)
        for record in self.feed("LegacyIdMappingFeed_V1"):
            if record["mapping_type"] == "PRODUCT" and record["new_id"] is not None:
                legacy[record["new_id"]].add(record["legacy_id"])
        return legacy

    def legacy_ids_of(self, product_id):
        """At least one value: None where there is no legacy id."""
        return sorted(self.legacy_ids.get(product_id, [None]), key=lambda name: name or "")

    # Offers

    @functools.cache
    def offers(self, first_start):
        return History(current(self.feed("OfferFeed_V1"), "offer_id"), "offer_id", first_start)

    @functools.cached_property
    def offer_products(self):
        """(offer_id, offer_revision) -> product ids; valid_from plays no part."""
        products = collections.defaultdict(list)
        for record in current(self.feed("OfferProductFeed_V1"), "offer_id"):
            products[record["offer_id"], record["offer_revision"]].append(record["product_id"])
        return products

    @functools.cached_property
    def targets(self):
        """offer_id -> offer_revision -> the best target; only offers that have one."""
        names = collections.defaultdict(lambda: collections.defaultdict(list))
        for record in current(self.feed("OfferTargetFeed_V1"), "offer_target_id"):
            names[record["offer_id"]][record["offer_revision"]].append(target(record))
        return {offer_id: {revision: least(found)[1:]
                           for revision, found in revisions.items() if least(found)}
                for offer_id, revisions in names.items()}

    def target_of(self, offer):
        """The audience of an offer revision."""
        revisions = self.targets.get(offer["offer_id"], {})
        return revisions.get(offer["offer_revision"], NO_OFFER_TARGET)

    def visibility(self, offer):
        """Usage, collections and disbursements; null without an offer revision."""
        if offer is None:
            return None
        return "Private" if is_resale(offer) else self.target_of(offer)

    def visibility_whatever_revision(self, offer):
        """Billed revenue: the targets of the offer's other revisions count as well.

        Reading: the best target of each revision, and of these the smallest text.
        """
        if offer is None:
            return None
        if is_resale(offer):
            return "Private"
        return min(self.targets.get(offer["offer_id"], {}).values(), default=NO_OFFER_TARGET)

    # Agreements

    @functools.cached_property
    def current_agreements(self):
        return current(self.feed("AgreementFeed_V1"), "agreement_id")

    @functools.cached_property
    def agreements(self):
        return History(self.current_agreements, "agreement_id", history.an_hour_before_always)

    @functools.cached_property
    def term_types(self):
        """(agreement_id, valid_from) -> comma list of the accepted terms, by code point."""
        types = collections.defaultdict(list)
        for record in current(self.feed("AgreementTermFeed_V1"), "agreement_id", "term_id"):
            types[record["agreement_id"], instant(record["valid_from"])].append(
                record["term_type"])
        return {key: ",".join(sorted(filter(None, found))) or None
                for key, found in types.items()}

    def terms_of(self, agreement):
        """Of an agreement revision, by its true valid_from."""
        return agreement and self.term_types.get((agreement["agreement_id"],
                                                  agreement.valid_from))


def target(record):
    """An offer target, its rank before it.

    Reading: a programme without a value has no text and counts as no target.
    """
    match record["target_type"]:
        case "BuyerAccounts":
            return "1Private"
        case "ParticipatingPrograms":
            return joined("2Program:", record["value"])
        case "CountryCodes":
            return "3GeoTargeted"
        case _:
            return "4Other Targeting"


def is_resale(offer):
    return differ(offer["seller_account_id"], offer["recipient_account_id"])


def number_of(account):
    """The AWS account id: twelve digits, whose leading zeros may have been lost."""
    number = account and account["aws_account_id"]
    return None if number is None else number.rjust(12, "0")[-12:]


def value_of(record, column):
    """Null where there is no record."""
    return None if record is None else record[column]


def mailing_company(account, addresses):
    """Proposer and manufacturer everywhere, all parties of the agreement report."""
    if account is None:
        return None
    return first(value_of(addresses.get(account["mailing_address_id"]), "company_name"),
                 account["tax_legal_name"])


class Party:
    """Company and address of an account revision, which may be None."""

    def __init__(self, account, addresses, billing_address_id=None):
        """A payer has a billing address besides."""
        ids = (value_of(account, "tax_address_id"), billing_address_id,
               value_of(account, "mailing_address_id"))
        self.number = number_of(account)
        self.encrypted_id = value_of(account, "encrypted_account_id")
        self.address_id = first(*ids)
        self.company_name = first(
            value_of(account, "tax_legal_name"),
            *(value_of(addresses.get(name), "company_name") for name in ids))
        address = addresses.get(self.address_id)
        self.email_domain = value_of(address, "email_domain")
        self.city = value_of(address, "city")
        self.state = value_of(address, "state_or_region")
        self.country = value_of(address, "country_code")
        self.postal_code = value_of(address, "postal_code")
