"""Checks a simulated bucket on disk against itself and against the simulator's truth.

Usage: check_delivery.py FOLDER, which holds the objects under their keys, and truth.json.
Knows nothing of the simulator: csv, gzip, json and decimal only. Prints what is wrong.
"""
import collections
import csv
import datetime
import gzip
import json
import pathlib
import re
import sys
from decimal import Decimal

folder = pathlib.Path(sys.argv[1])
truth = json.loads((folder / "truth.json").read_text())
problems = []
FEEDS = {
    "sdds.account": ("AccountFeed_V1", ["account_id"], {}),
    "sdds.address": ("AddressFeed_V1", ["address_id"], {}),
    "sdds.product": ("ProductFeed_V1", ["product_id"], {}),
    "sdds.legacy_id_mapping": ("LegacyIdMappingFeed_V1", ["mapping_type", "legacy_id"], {}),
    "sdds.offer": ("OfferFeed_V1", ["offer_id", "offer_revision"], {}),
    "sdds.offer_product": ("OfferProductFeed_V1",
                           ["offer_id", "offer_revision", "product_id"], {}),
    "sdds.offer_target": ("OfferTargetFeed_V1", ["offer_target_id"], {}),
    "sdds.agreement": ("AgreementFeed_V1", ["agreement_id"],
                       {"estimated_agreement_value": "currency_code"}),
    "sdds.agreement_term": ("AgreementTermFeed_V1", ["agreement_id", "term_id"], {}),
    "sdds.agreement_charge": ("AgreementChargeFeed_V1", ["agreement_id", "term_id", "time"],
                              {"amount": "currency_code"}),
    "sdds.daily_usage": ("DailyUsageFeed_V1", ["usage_feed_id"],
                         {"estimated_revenue_in_pricing_currency": "pricing_currency"}),
    "sdds.billing_event": ("BillingEventFeed_V1", ["billing_event_id"],
                           {"amount": "currency",
                            "disbursement_amount": "disbursement_currency"}),
    "sdds.tax_item": ("TaxItemFeed_V1", ["tax_item_id"],
                      {"tax_amount": "tax_currency", "legal_amount": "legal_currency"}),
    "sdds.pii_feed_legacy": ("PIIFeed_V1", ["address_id"], {}),
}
REVENUE = {"Customer Billed Amount": "Currency", "AWS Listing Fee": "Currency",
           "Refunds Amount": "Currency", "Partner Revenue Amount": "Currency"}
GROSS_AND_NET = {"Gross Revenue": "Currency", "Net Revenue": "Currency"}
AMOUNTS = {
    "sdds.agreement_details_report": {"total_contract_value": None},
    "cas.daily_business_usage_by_instance_type": {"Estimated Revenue": "Currency"},
    "cas.daily_business_fees": {"Amount": "Currency"},
    "cas.disbursed_amount_by_product": {"Net Amount": None},
    "cas.disbursed_amount_by_customer_geo": {
        "Net Amount by Tax Location": None, "Gross Amount by Tax Location": None},
    "cas.disbursed_amount_by_age_of_uncollected_funds": {"Uncollected (overall)": None},
    "cas.disbursed_amount_by_age_of_disbursed_funds": {"Collected (overall)": None},
    "cas.disbursed_amount_by_age_of_past_due_funds": {"Past Due (overall)": None},
    "cas.disbursed_amount_by_uncollected_funds_breakdown": GROSS_AND_NET,
    "cas.sales_compensation_billed_revenue": GROSS_AND_NET,
    "cas.monthly_revenue_billing_and_revenue_data": REVENUE,
    "cas.monthly_revenue_annual_subscriptions": REVENUE,
    "cas.monthly_revenue_flexible_payment_schedule": {"Invoice Amount (USD)": None},
    "cas.us_sales_and_use_tax_records": {
        "Tax Amount": "Base Currency Code", "Taxable Sale Amount": "Base Currency Code"},
}
for name in (feed["name"] for feed in truth["feeds"]):
    if name not in FEEDS:
        FEEDS[name] = (None, None, AMOUNTS.get(name, {}))
LOGS = [feed for feed in FEEDS if FEEDS[feed][0]]


def check(condition, *words):
    if not condition and len(problems) < 40:
        problems.append(" ".join(map(str, words)))


def read(path):
    content = path.read_bytes()
    if content[:2] == b"\x1f\x8b":
        content = gzip.decompress(content)
    check(b"\r" not in content, path, "has a carriage return")
    check(content.endswith(b"\n"), path, "ends within a line")
    text = content.decode("utf-8")
    rows = list(csv.reader(text.splitlines(keepends=True), strict=True))
    for number, row in enumerate(rows):
        check(len(row) == len(rows[0]), path, "record", number, "has", len(row), "fields")
    check(len(set(rows[0])) == len(rows[0]), path, "repeats a column")
    # Two odd forms of AWS's samples: a blank date as a word, and groups of thousands.
    return [{column: "" if value == "null" else
             value.replace(",", "") if column == "amount" else value
             for column, value in zip(rows[0], row)} for row in rows[1:]]


def paths(feed):
    if feed in LOGS:
        return sorted(folder.glob(FEEDS[feed][0] + "/year=*/month=*/data.csv"))
    name = feed.partition(".")[2]
    return sorted(path for path in folder.glob("*/" + name + "_[0-9]*.csv"))


delivered = {feed: [(path, row) for path in paths(feed) for row in read(path)] for feed in FEEDS}


# Truth per feed.

def check_feed(expected):
    feed = expected["name"]
    _, key, amounts = FEEDS[feed]
    rows = delivered[feed]
    check(len(rows) == expected["rows"], feed, "rows", len(rows), expected["rows"])
    deleted = sum(1 for _, row in rows if row.get("delete_date"))
    check(deleted == expected["deleted"], feed, "deleted", deleted, expected["deleted"])
    totals = collections.defaultdict(Decimal)
    for _, row in rows:
        for column, currency in amounts.items():
            if row[column]:
                totals[column, row[currency] if currency else ""] += Decimal(row[column])
    wanted = {(column, currency): Decimal(total)
              for column, sums in expected["totals"].items() for currency, total in sums.items()}
    check(totals == wanted, feed, "totals", dict(totals), wanted)
    if key:
        distinct = {tuple(row.values()) for _, row in rows}
        repeated = len(rows) - len(distinct)
        check(repeated == expected["repeated"], feed, "repeated", repeated, expected["repeated"])
        identities = {(*key_of(feed, row), row["valid_from"], row["update_date"])
                      for _, row in rows}
        check(len(identities) == len(distinct), feed, "identities are not unique")


def key_of(feed, row):
    return tuple(row[column] for column in FEEDS[feed][1])


def instant(text):
    match = re.fullmatch(r"(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(Z|\.0)", text)
    check(match, "not an instant:", text)
    return match[1] + "T" + match[2]


def current(feed):
    """Newest update_date of each key and valid_from, the deleted ones left out."""
    newest = {}
    for _, row in delivered[feed]:
        version = key_of(feed, row), instant(row["valid_from"])
        if version not in newest or newest[version]["update_date"] < row["update_date"]:
            newest[version] = row
    return [row for row in newest.values() if not row["delete_date"]]


# References: what a row names has arrived in the same delivery or before.

def check_references():
    known = collections.defaultdict(dict)
    for feed in LOGS:
        for path, row in delivered[feed]:
            for target, value in names(feed, row):
                first = known[target].get(value, "9")
                known[target][value] = min(arrival(path, row), first)
    for feed in LOGS:
        for path, row in delivered[feed]:
            for column in row:
                value, target = row[column], target_of(feed, column)
                if not target or not value:
                    continue
                seen = known[target].get(value)
                check(seen is not None and seen <= arrival(path, row),
                      feed, path, column, value, "arrives", seen, "after", row["update_date"])
    revisions = set(known["revision"])
    for path, row in delivered["sdds.agreement"]:
        accepted = row["offer_id"], row["offer_revision_at_acceptance"]
        check(accepted in revisions, path, row["agreement_id"], "accepts unknown", accepted)
    offered = {(row["offer_id"], row["offer_revision"])
               for _, row in delivered["sdds.offer_product"]}
    check(offered == revisions, "offers without product", revisions ^ offered)
    revised = {(row["agreement_id"], instant(row["valid_from"]))
               for row in current("sdds.agreement")
               if row["status"] != "ROLLED_BACK"}
    termed = {(row["agreement_id"], instant(row["valid_from"]))
              for row in current("sdds.agreement_term")}
    check(revised == termed, "revisions without terms", list(revised ^ termed)[:3])


def arrival(path, row):
    """History comes all at once."""
    return "" if "year=2010" in str(path) else row["update_date"][:10]


def names(feed, row):
    """What a row makes known."""
    table = feed.removeprefix("sdds.")
    if table in ("account", "address", "product", "agreement", "billing_event"):
        yield table, row[FEEDS[feed][1][0]]
    elif table == "offer":
        yield "offer", row["offer_id"]
        yield "revision", (row["offer_id"], row["offer_revision"])
    elif table == "agreement_term":
        yield "term", row["term_id"]
    elif table == "tax_item":
        yield "line", row["line_item_id"]
    if table == "billing_event" and row["line_item_id"]:
        yield "line", row["line_item_id"]
        yield "invoice", row["invoice_id"]
        yield "reference", row["transaction_reference_id"]


def target_of(feed, column):
    table = feed.removeprefix("sdds.")
    if column in ("aws_account_id", "encrypted_account_id", "disbursement_reference_number"):
        return None
    if column.endswith("account_id"):
        return None if table == "account" else "account"
    if column.endswith("address_id"):
        return None if table in ("address", "pii_feed_legacy") else "address"
    if column.endswith("billing_event_id"):
        return "billing_event"
    if table == "tax_item" and column == "transaction_reference_id":
        # Nothing is billed as tax where nothing is taxed, but the sale is.
        return "reference"
    return {"product_id": "product", "offer_id": "offer", "agreement_id": "agreement",
            "preceding_agreement_id": "agreement",
            "term_id": "term" if table == "agreement_charge" else None}.get(column)


def check_legacy():
    for _, row in delivered["sdds.legacy_id_mapping"]:
        table = "sdds." + row["mapping_type"].lower()
        check(any(key_of(table, other)[0] == row["new_id"] for _, other in delivered[table]),
              "legacy id of nothing", row)


def check_plans():
    """The planned payments of a contract add up to its value."""
    values = {row["agreement_id"]: Decimal(row["estimated_agreement_value"])
              for row in current("sdds.agreement") if row["intent"] != "AMEND"}
    planned = collections.defaultdict(Decimal)
    corrected, deleted = set(), set()
    for _, row in delivered["sdds.agreement_charge"]:
        if row["delete_date"]:
            deleted.add(row["agreement_id"])
    for row in current("sdds.agreement_charge"):
        planned[row["agreement_id"]] += Decimal(row["amount"])
    for agreement, total in planned.items():
        if agreement in deleted:
            continue
        # A wrong first row stands for two days.
        difference = total - values[agreement]
        check(difference == 0 or difference % 100 == 0 and abs(difference) <= 1000, "plan",
              agreement, total, values[agreement])


def check_taxes(events):
    """The items of a taxed line add up to its tax entries."""
    billed = collections.defaultdict(Decimal)
    for row in events:
        kind = row["transaction_type"]
        if (row["action"] == "INVOICED" and kind.startswith(("AWS_TAX", "SELLER_TAX"))
                and row["charge_variant"] != "LISTING_FEE" and row["invoice_date"] > "2021"):
            billed[row["invoice_id"], row["product_id"], row["line_item_id"],
                   row["transaction_reference_id"]] += row["amount"]
    items = collections.defaultdict(Decimal)
    for row in current("sdds.tax_item"):
        if row["invoice_date"] > "2021":
            items[row["invoice_id"], row["product_id"], row["line_item_id"],
                  row["transaction_reference_id"]] += Decimal(row["tax_amount"])
    for key in set(billed) | set(items):
        check(billed[key] == items[key], "tax", key, billed[key], items[key])


# Money.

def check_money(events):
    by_id = {event["billing_event_id"]: event for event in events}
    failed = {event["parent_billing_event_id"] for event in events
              if event["transaction_type"] == "DISBURSEMENT_FAILURE"}
    lines = collections.defaultdict(list)
    children = collections.defaultdict(list)
    for event in events:
        event["amount"] = Decimal(event["amount"])
        if event["disbursement_amount"]:
            event["disbursement_amount"] = Decimal(event["disbursement_amount"])
        if event["disbursement_billing_event_id"]:
            lines[event["disbursement_billing_event_id"]].append(event)
        if event["action"] in ("FORGIVEN", "DISBURSED") and not is_transfer(event):
            children[event["parent_billing_event_id"]].append(event)
    payouts = [event for event in events if event["transaction_type"] == "DISBURSEMENT"]
    failures = [event for event in events if event["transaction_type"] == "DISBURSEMENT_FAILURE"]
    returned = [event for event in failures if event["billing_event_id"] in lines]
    transfers = payouts + returned
    check(set(lines) == {event["billing_event_id"] for event in transfers},
          "payouts without lines")
    for payout in transfers:
        check_payout(payout, lines[payout["billing_event_id"]])
    for failure in failures:
        paid = by_id[failure["parent_billing_event_id"]]
        check(failure["amount"] == -paid["amount"], "failure", failure, "of", paid)
    void = failed | {event["billing_event_id"] for event in failures}
    for event in events:
        check_sign(event)
        if event["action"] == "INVOICED":
            check_settled(event, children[event["billing_event_id"]], void)
    for failure in failed:
        check_repeated(by_id[failure], payouts, lines)
    return void


def is_transfer(event):
    return event["transaction_type"].startswith("DISBURSEMENT")


def check_repeated(failure, payouts, lines):
    """A failed payout's lines are paid again, by one later payout of the same amount."""
    day = datetime.date.fromisoformat(failure["action_date"][:10])
    today = datetime.date.fromisoformat(truth["day"])
    if today < day + datetime.timedelta(days=9):
        return
    parents = {line["parent_billing_event_id"] for line in lines[failure["billing_event_id"]]}
    again = [payout for payout in payouts if payout is not failure and parents == {
        line["parent_billing_event_id"] for line in lines[payout["billing_event_id"]]}]
    check([payout["amount"] for payout in again] == [failure["amount"]], "no repetition", failure)


def check_snapshots(events):
    """CAS and SDDS tell the same of a paid line."""
    paid = collections.defaultdict(Decimal)
    sales = {}
    for row in events:
        sale = row["buyer_transaction_reference_id"] or row["transaction_reference_id"]
        sales[row["transaction_reference_id"]] = sale
        if row["action"] == "DISBURSED" and row["invoice_id"]:
            paid[row["action_date"][:10], sale] -= row["amount"]
    for path, row in delivered["cas.disbursed_amount_by_product"]:
        published = datetime.date.fromisoformat(path.stem[-10:])
        sale = sales.get(row["Transaction Reference ID"])
        line = str(published - datetime.timedelta(days=1)), sale
        check(paid[line] == Decimal(row["Net Amount"]), path, line, paid[line], row["Net Amount"])


def check_other_snapshots():
    """Data sets of one payout agree with each other, and customers are those of the feeds."""
    accounts = {row["aws_account_id"].zfill(12) for _, row in delivered["sdds.account"]}
    offers = {row["offer_id"] for _, row in delivered["sdds.offer"]}
    codes = {row["product_code"] for _, row in delivered["sdds.product"]}
    references = {row["transaction_reference_id"] for _, row in delivered["sdds.billing_event"]}
    products, places = collections.defaultdict(Decimal), collections.defaultdict(Decimal)
    for feed in set(FEEDS) - set(LOGS):
        for path, row in delivered[feed]:
            made_up = feed == "cas.test_customer_support_contacts_data"
            for column, value in row.items():
                if not value or made_up:
                    continue
                if column in ("Customer AWS Account Number", "Payer AWS Account Number",
                              "AWS Customer Id", "User AWS Account Number",
                              "Reseller account ID"):
                    check(value in accounts, feed, path, column, value)
                elif column in ("Offer ID", "AWS Marketplace Offer ID", "Previous Offer ID"):
                    check(value in offers, feed, path, column, value)
                elif column == "Product Code":
                    check(value in codes, feed, path, column, value)
                elif column == "Transaction Reference ID":
                    check(value in references, feed, path, column, value)
            day = path.stem[-10:]
            if feed == "cas.disbursed_amount_by_product":
                products[day] += Decimal(row["Net Amount"])
            elif feed == "cas.disbursed_amount_by_customer_geo":
                places[day] += Decimal(row["Net Amount by Tax Location"])
            elif feed == "cas.us_sales_and_use_tax_records":
                check(row["Base Currency Code"] == "USD", feed, path, "is not in dollars")
    for day in set(products) | set(places):
        # A first edition by product can lack lines, and is mended three days later.
        age = datetime.date.fromisoformat(truth["day"]) - datetime.date.fromisoformat(day)
        check(age.days < 3 or products[day] == places[day], "paid", day, products[day],
              places[day])


def check_payout(payout, parts):
    for column in ("amount", "disbursement_amount"):
        total = sum((part[column] or Decimal() for part in parts), Decimal())
        check(Decimal(payout[column] or 0) == -total, "payout", payout["billing_event_id"],
              column, payout[column], "but lines", total)
    currencies = {(part["currency"], part["disbursement_currency"]) for part in parts}
    check(currencies == {(payout["currency"], payout["disbursement_currency"])},
          "payout", payout["billing_event_id"], "mixes currencies", currencies)
    check(payout["bank_trace_id"] and not payout["invoice_id"], "payout without trace")


def check_settled(invoiced, followers, failed):
    valid = [row for row in followers if row["disbursement_billing_event_id"] not in failed]
    rest = invoiced["amount"] + sum(row["amount"] for row in valid)
    check(not valid or rest == 0, "event", invoiced["billing_event_id"], "leaves", rest)
    check(not valid or invoiced["balance_impacting"] == "1", "informational row is paid out")


def check_sign(event):
    positive = {"SELLER_REV_SHARE": 1, "SELLER_TAX_SHARE": 1, "AWS_TAX_SHARE": 1,
                "AWS_REV_SHARE": -1, "SELLER_REV_SHARE_REFUND": -1, "AWS_REV_SHARE_REFUND": 1,
                "SELLER_REV_SHARE_CREDIT": -1, "AWS_REV_SHARE_CREDIT": 1,
                "SELLER_TAX_SHARE_REFUND": -1, "AWS_TAX_SHARE_REFUND": -1,
                "OTHER_SELLER_TAX_SHARE": -1, "OTHER_SELLER_TAX_SHARE_REFUND": 1,
                "AWS_INFRA_SHARE": -1}
    sign = positive.get(event["transaction_type"])
    is_bought = event["charge_variant"] == "RESALE" and event["charge_side"] == "BUYING"
    if is_bought and event["transaction_type"].startswith("SELLER_"):
        sign = -sign
    if event["charge_variant"] == "LISTING_FEE" and "TAX" in event["transaction_type"]:
        sign = -sign
    # Before 2021 a cost of goods bears no mark but its parties.
    if sign and (event["charge_variant"] or event["invoice_date"] > "2021"
                 or event["to_account_id"] == event["recipient_account_id"]):
        is_return = event["action"] == "DISBURSED" and is_returned(event)
        opposite = event["action"] in ("FORGIVEN", "DISBURSED") and not is_return
        check(event["amount"] * sign * (-1 if opposite else 1) > 0, "sign", event)


def is_returned(event):
    return event["disbursement_billing_event_id"] in failure_ids


def check_usage_is_billed(events, usage):
    # What a reseller sells at the buyer's price is billed to it at four fifths of that.
    wholesale = {row["agreement_id"] for row in current("sdds.agreement")
                 if row["proposer_account_id"] != row["recipient_account_id"]}
    rated = collections.defaultdict(Decimal)
    for row in usage:
        money = row["agreement_id"], row["pricing_currency"]
        rated[row["usage_date"][:7], *money] += Decimal(
            row["estimated_revenue_in_pricing_currency"])
        rate = Decimal(row["usage_rate_per_unit_in_pricing_currency"])
        exact = rate * Decimal(row["usage_quantity"])
        unit = Decimal(1) if row["pricing_currency"] == "JPY" else Decimal("0.01")
        difference = abs(exact - Decimal(row["estimated_revenue_in_pricing_currency"]))
        check(difference <= unit / 2, "usage", row["usage_feed_id"], "off by", difference)
    billed = collections.defaultdict(Decimal)
    for row in events:
        if (row["action"], row["transaction_type"]) != ("INVOICED", "SELLER_REV_SHARE"):
            continue
        if (row["charge_variant"], row["charge_side"]) == ("RESALE", "BUYING"):
            continue
        period = row["usage_period_start_date"][:7]
        if period > "2021":
            check(row["invoice_date"][8:10] in ("02", "03"), "invoice date", row["invoice_date"])
            billed[period, row["agreement_id"], row["currency"]] += row["amount"]
    for key, total in billed.items():
        if key[1] in wholesale:
            unit = Decimal(1) if key[2] == "JPY" else Decimal("0.01")
            rated[key] = total if abs(rated[key] * 4 / 5 - total) <= 6 * unit else rated[key]
        # A row booked by mistake stands until its deletion arrives.
        check(rated[key] == total or total > rated[key] and key[0] == last_billed(billed),
              "billed", key, total, "used", rated[key])
    # Invoices of the 3rd are delivered on the 4th.
    today = truth["day"]
    used = {key for key, total in rated.items() if total and key[0] > "2021"}
    due = {key for key in used if next_month(key[0]) <= today[:7]}
    if today[8:] >= "04":
        check(due <= set(billed), "not billed", due - set(billed))


def next_month(month):
    year, number = int(month[:4]), int(month[5:])
    return f"{year + number // 12}-{number % 12 + 1:02}"


def last_billed(billed):
    return max(period for period, _, _ in billed)


# The business truth.

def check_business(events, usage, failed):
    sums = collections.defaultdict(Decimal)
    transfers = collections.defaultdict(Decimal)
    adjustments = collections.defaultdict(Decimal)
    for row in events:
        if is_transfer(row):
            transfers[row["currency"]] += row["amount"]
            continue
        if row["transaction_type"] == "BALANCE_ADJUSTMENT":
            if row["action"] == "INVOICED":
                adjustments[row["currency"]] += row["amount"]
            continue
        where = row["product_id"], row["currency"]
        billed, acted = row["invoice_date"][:7], row["action_date"][:7]
        kind, is_fee_charge = row["transaction_type"], row["charge_variant"] == "LISTING_FEE"
        is_cost = (kind.startswith("SELLER_REV_SHARE")
                   and row["from_account_id"] == row["recipient_account_id"])
        is_share = kind.startswith("SELLER_") and not is_cost
        action, amount = row["action"], row["amount"]
        if action == "INVOICED" and "_TAX_" in kind and not kind.startswith("OTHER_"):
            sums["charges" if is_fee_charge else "taxes", billed, *where] += amount
        elif action == "INVOICED" and kind.startswith(("OTHER_SELLER_TAX", "AWS_INFRA")):
            sums["charges", billed, *where] += amount
        elif action == "INVOICED" and is_cost:
            sums["costs", billed, *where] += amount
        # Of taxes that AWS remits only those on its fee count.
        if action == "INVOICED" and (not kind.startswith("AWS_TAX") or is_fee_charge):
            sums["outstanding", billed, *where] += amount
        if action == "INVOICED" and is_share:
            sums["billed", billed, *where] += amount
        elif action == "INVOICED" and kind.startswith("AWS_REV_SHARE"):
            sums["fees", billed, *where] += amount
        elif action == "COLLECTED":
            sums["collected", acted, *where] += amount
            sums["outstanding", billed, *where] -= amount
        elif action == "FORGIVEN":
            sums["forgiven", acted, *where] += amount
            sums["outstanding", billed, *where] += amount
        elif action == "DISBURSED" and row["disbursement_billing_event_id"] not in failed:
            sums["disbursed", acted, *where] -= amount
            # History does not tell what came in: what was paid out did.
            if acted < "2021":
                sums["outstanding", billed, *where] += amount
    for row in usage:
        where = row["usage_date"][:7], row["product_id"], row["pricing_currency"]
        sums["usage", *where] += Decimal(row["estimated_revenue_in_pricing_currency"])
    names = ("billed", "fees", "costs", "taxes", "charges", "collected", "forgiven", "disbursed", "outstanding", "usage")
    wanted = {(name, row["month"], row["product"], row["currency"]): Decimal(row[name])
              for row in truth["months"] for name in names}
    for key in set(sums) | set(wanted):
        check(sums[key] == wanted.get(key, 0), "truth", key, sums[key], wanted.get(key))
    wanted = {row["currency"]: Decimal(row["amount"]) for row in truth["transfers"]}
    check(dict(transfers) == wanted, "transfers", dict(transfers), wanted)
    wanted = {row["currency"]: Decimal(row["amount"]) for row in truth["adjustments"]}
    check(dict(adjustments) == wanted, "adjustments", dict(adjustments), wanted)


def check_entitlements():
    revisions = collections.defaultdict(list)
    for row in current("sdds.agreement"):
        if row["status"] not in ("SUPERSEDED", "ROLLED_BACK"):
            revisions[row["agreement_id"]].append(row)
    licences = active = 0
    for rows in revisions.values():
        row = max(rows, key=lambda row: instant(row["valid_from"]))
        if row["status"] == "ACTIVE":
            active += 1
            licences += len(json.loads(row["license_ids"]))
    wanted = truth["entitlements"]
    check(active == sum(row["activeAgreements"] for row in wanted), "active agreements", active)
    check(licences == sum(row["licences"] for row in wanted), "licences", licences)


def check_forms():
    for _, row in delivered["sdds.account"]:
        # Some have lost their leading zero.
        check(re.fullmatch(r"[0-7]\d{11}|\d{11}", row["aws_account_id"]), "account",
              row["aws_account_id"])
    for _, row in delivered["sdds.billing_event"]:
        check(not row["line_item_id"] or re.fullmatch(r"\d{20}", row["line_item_id"]), "line item")
        for column, value in row.items():
            if column.endswith("_date") and value:
                instant(value)
    for path in (folder / "cas").glob("*.meta.json"):
        location = json.loads(path.read_text())["dataSetS3Location"]["key"]
        check((folder / location).exists(), path, "names", location)


for expected in truth["feeds"]:
    check_feed(expected)
check_forms()
check_references()
check_legacy()
check_plans()
events, usage = current("sdds.billing_event"), current("sdds.daily_usage")
failure_ids = {event["billing_event_id"] for event in events
               if event["transaction_type"] == "DISBURSEMENT_FAILURE"}
failed = check_money(events)
check_taxes(events)
check_snapshots(events)
check_other_snapshots()
check_usage_is_billed(events, usage)
check_business(events, usage, failed)
check_entitlements()
print("\n".join(problems))
sys.exit(1 if problems else 0)
