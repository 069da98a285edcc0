"""Billing events as both line reports see them: line, side, payer and buckets of each."""
import collections
import dataclasses

from .history import is_live, newest
from .values import first, greatest, instant, joined, written

INVOICED, COLLECTED = "<invoiced>", "<collected>"
TEST_TRACES = ("EMEA_MP_TEST_TRACE_ID", "testTraceId")
PAYOUTS = ("DISBURSEMENT", "DISBURSEMENT_FAILURE")
REVENUE = "SELLER_REV_SHARE"
REVENUE_REFUNDS = (REVENUE + "_REFUND", REVENUE + "_CREDIT")


@dataclasses.dataclass(eq=False)
class Event:
    record: dict
    agreement: object
    # The payout that the event belongs to, None if there is none in the feed.
    payout: dict
    line_key: str = None
    disbursement_currency: str = None

    def __getitem__(self, column):
        return self.record[column]

    @property
    def type(self):
        return self["transaction_type"] or ""

    @property
    def line(self):
        """The key by both currencies. A null key stays null."""
        return joined(self.line_key, "_PricingCurrency:", self["currency"] or "",
                      "_DisbursementCurrency:", self.disbursement_currency or "")

    @property
    def side(self):
        if self.payout is not None:
            return self.payout["billing_event_id"]
        return COLLECTED if self["action"] == "COLLECTED" else INVOICED

    @property
    def is_cost_of_goods(self):
        return self.is_buying and self.type in (REVENUE, *REVENUE_REFUNDS)

    @property
    def is_buying(self):
        return self["charge_variant"] == "RESALE" and self["charge_side"] == "BUYING"

    @property
    def is_isv_wholesale(self):
        return (self["invoice_variant"] == "RESALE" and self["charge_variant"] == "RESALE"
                and self["charge_side"] == "SELLING"
                and self.type in (REVENUE, *REVENUE_REFUNDS))

    @property
    def payer(self):
        if self.type.startswith("AWS") or self.is_cost_of_goods:
            return None
        if "TAX" in self.type and self["invoice_variant"] == "RESALE":
            return None
        return self["to_account_id"] if self["invoice_id"] is None else self["from_account_id"]

    @property
    def purchase_invoice_id(self):
        return {"PURCHASE": self["invoice_id"],
                "RESALE": self["buyer_invoice_id"]}.get(self["invoice_variant"])

    @property
    def purchase_invoice_date(self):
        if self["invoice_variant"] == "PURCHASE" or self.type == "BALANCE_ADJUSTMENT":
            return instant(self["invoice_date"])
        return instant(self["buyer_invoice_date"]) if self["invoice_variant"] == "RESALE" else None

    @property
    def collection_date(self):
        return instant(self["action_date"]) if self["action"] == "COLLECTED" else None

    @property
    def counts(self):
        """Whether it changes what is owed to the seller."""
        return self["balance_impacting"] in ("1", "true")

    @property
    def buckets(self):
        """The names of all the sums that the amount goes into."""
        variant = self["invoice_variant"]
        is_resale = variant == "RESALE"
        is_fee = variant == "LISTING_FEE" or (
            variant == "PURCHASE" and self["charge_variant"] == "LISTING_FEE")
        base, refund = self.type, ""
        if base.endswith("_REFUND"):
            base, refund = base.removesuffix("_REFUND"), "_refund"
        elif base in ("SELLER_REV_SHARE_CREDIT", "AWS_REV_SHARE_CREDIT"):
            base, refund = base.removesuffix("_CREDIT"), "_refund"
        if self.counts or self["action"] in ("DISBURSED", "COLLECTED"):
            yield "all"
        match base:
            case "SELLER_REV_SHARE":
                if self.is_buying:
                    yield "wholesale_cost" + refund
                else:
                    yield "gross_refund" if refund else "gross_revenue"
            case "AWS_REV_SHARE":
                yield "listing_fee" + refund
            case "AWS_TAX_SHARE":
                if is_resale:
                    yield "wholesale_aws_tax_share" + refund
                else:
                    yield "aws_tax_share" + refund + ("_listing_fee" if is_fee else "")
                if self.counts or self["action"] == "DISBURSED":
                    yield "counting_aws_tax_share" + refund
            case "SELLER_TAX_SHARE":
                yield ("wholesale_" if is_resale else "") + "seller_tax_share" + refund
            case "OTHER_SELLER_TAX_SHARE":
                yield ("wholesale_" if is_resale else "") + "other_seller_tax_share" + refund
            case "AWS_INFRA_SHARE" | "INFRA_FEE_PRETAX" if not refund:
                yield "infrastructure"
            case "BALANCE_ADJUSTMENT" if not refund:
                yield "balance_adjustment"


def line_key(record):
    recipient = record["recipient_account_id"]
    if record["transaction_type"] == "BALANCE_ADJUSTMENT":
        return joined("BALANCE_ADJUSTMENT:", recipient, ":",
                      written(instant(record["invoice_date"])))
    if record["buyer_invoice_id"] is None:
        return joined("NO_BUYER_INVOICE_FOR:", record["invoice_id"], ":",
                      record["line_item_id"], ":", recipient)
    return joined(record["buyer_invoice_id"], ":", record["buyer_line_item_id"], ":", recipient)


def events(seller):
    """All that are of a line: payouts are not, nor are events of an unknown agreement."""
    records = [record for record in newest(seller.feed("BillingEventFeed_V1"),
                                           lambda record: record["billing_event_id"])
               if is_live(record)]
    payouts = {record["billing_event_id"]: record for record in records
               if record["action"] == "DISBURSED" and record["transaction_type"] in PAYOUTS}
    found = []
    for record in records:
        if (record["transaction_type"] or "").startswith("DISBURSEMENT"):
            continue
        agreement = seller.agreements.at(record["agreement_id"], instant(record["invoice_date"]))
        if record["agreement_id"] is None or agreement is not None:
            payout = payouts.get(record["disbursement_billing_event_id"])
            found.append(Event(record, agreement, payout, line_key(record)))
    fill_disbursement_currency(found)
    return found


def fill_disbursement_currency(found):
    """Information-only tax has none; it takes that of its line.

    Reading: events without a line key share their currency's, as nulls group together.
    """
    currencies = collections.defaultdict(set)
    for event in found:
        currencies[event.line_key, event["currency"]].add(event["disbursement_currency"])
    for event in found:
        event.disbursement_currency = first(
            event["disbursement_currency"],
            greatest(currencies[event.line_key, event["currency"]]))
