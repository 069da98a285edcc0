"""GetEntitlements over what the control endpoint was told."""
import base64
import json
from datetime import datetime

from model import Refused

FIELDS = {
    "CUSTOMER_IDENTIFIER": "CustomerIdentifier",
    "CUSTOMER_AWS_ACCOUNT_ID": "CustomerAWSAccountId",
    "LICENSE_ARN": "LicenseArn",
    "DIMENSION": "Dimension",
}


class Entitlements:
    """Products by code: {"account": seller or null, "entitlements": [as in the model]}.

    `page_size` makes pages smaller than they were asked for; `empty_pages` puts so many empty
    ones, each with a token, before every full one.
    """

    def __init__(self):
        self.products = {}
        # Where entitlements came from a file, a product without one is still a product.
        self.knows_all = False
        self.page_size = 25
        self.empty_pages = 0

    def configure(self, wish):
        self.products.update(wish.get("products", {}))
        for code in wish.get("forget", []):
            self.products.pop(code, None)
        self.page_size = wish.get("page_size", self.page_size)
        self.empty_pages = wish.get("empty_pages", self.empty_pages)

    def load(self, path, instant):
        """Takes those of `entitlements.jsonl`, as `sluice simulate` writes it, that hold then."""
        products = {}
        with open(path, encoding="utf-8") as file:
            for item in map(json.loads, file):
                product = products.setdefault(item["ProductCode"], {"entitlements": []})
                since, until = seconds(item.pop("ValidFrom")), seconds(item.pop("ValidTo"))
                item["ExpirationDate"] = seconds(item["ExpirationDate"])
                if since <= seconds(instant) < until:
                    product["entitlements"].append(item)
        self.configure({"products": products})
        self.knows_all = True

    def get(self, question, identity):
        code, filters = question["ProductCode"], question.get("Filter") or {}
        product = self.products.get(code, {"entitlements": []} if self.knows_all else None)
        if product is None or product.get("account") not in (None, identity.account):
            raise Refused("InvalidParameterException", "product code %s is not known" % code)
        if {"CUSTOMER_IDENTIFIER", "CUSTOMER_AWS_ACCOUNT_ID"} <= set(filters):
            raise Refused("InvalidParameterException", "two filters that exclude each other")
        found = [e for e in product["entitlements"] if fits(e, filters)]
        return self.page(found, question, {"product": code, "filters": filters})

    def page(self, found, question, asked):
        place = {"from": 0, "empty": self.empty_pages}
        if "NextToken" in question:
            place = self.read(question["NextToken"], asked)
        if place["empty"] > 0:
            rest = {"from": place["from"], "empty": place["empty"] - 1}
            return {"Entitlements": [], "NextToken": self.write(rest, asked)}
        end = place["from"] + min(question.get("MaxResults", 25), self.page_size)
        answer = {"Entitlements": found[place["from"] : end]}
        if end < len(found):
            rest = {"from": end, "empty": self.empty_pages}
            answer["NextToken"] = self.write(rest, asked)
        return answer

    @staticmethod
    def write(place, asked):
        return base64.urlsafe_b64encode(json.dumps({**place, **asked}).encode()).decode()

    @staticmethod
    def read(token, asked):
        try:
            place = json.loads(base64.urlsafe_b64decode(token))
        except ValueError:
            raise Refused("InvalidParameterException", "not a NextToken of ours")
        if {name: place.get(name) for name in asked} != asked:
            raise Refused("InvalidParameterException", "the NextToken is of another question")
        return place


def fits(entitlement, filters):
    """Values of one filter are alternatives; all filters must hold."""
    return all(entitlement.get(FIELDS[name]) in values for name, values in filters.items())


def seconds(instant):
    """Seconds since 1970 of `2026-01-31T23:59:59Z`, in which the service writes instants."""
    return datetime.fromisoformat(instant).timestamp()
