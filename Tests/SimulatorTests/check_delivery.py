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
    "sdds.account": ("AccountFeed_V1", "account_id", {}),
    "sdds.product": ("ProductFeed_V1", "product_id", {}),
    "sdds.agreement": ("AgreementFeed_V1", "agreement_id",
                       {"estimated_agreement_value": "currency_code"}),
    "sdds.daily_usage": ("DailyUsageFeed_V1", "usage_feed_id",
                         {"estimated_revenue_in_pricing_currency": "pricing_currency"}),
    "sdds.billing_event": ("BillingEventFeed_V1", "billing_event_id",
                           {"amount": "currency",
                            "disbursement_amount": "disbursement_currency"}),
    "cas.daily_business_usage_by_instance_type": (None, None, {"Estimated Revenue": "Currency"}),
    "cas.disbursed_amount_by_product": (None, None, {"Net Amount": None, "SellerRev": None}),
}


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
    return [dict(zip(rows[0], row)) for row in rows[1:]]


def paths(feed):
    if feed.startswith("sdds."):
        return sorted(folder.glob(FEEDS[feed][0] + "/year=*/month=*/data.csv"))
    return sorted((folder / "cas").glob(feed.removeprefix("cas.") + "_????-??-??.csv"))


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
        identities = {(row[key], row["valid_from"], row["update_date"]) for _, row in rows}
        check(len(identities) == len(distinct), feed, "identities are not unique")


def instant(text):
    match = re.fullmatch(r"(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(Z|\.0)", text)
    check(match, "not an instant:", text)
    return match[1] + "T" + match[2]


def current(feed):
    """Newest update_date of each key and valid_from, the deleted ones left out."""
    newest = {}
    for _, row in delivered[feed]:
        version = row[FEEDS[feed][1]], instant(row["valid_from"])
        if version not in newest or newest[version]["update_date"] < row["update_date"]:
            newest[version] = row
    return [row for row in newest.values() if not row["delete_date"]]


# References: what a row names has arrived in the same delivery or before.

def month(path):
    return str(path.parent)[-len("year=2026/month=01"):]


def check_references():
    known = {}
    for feed in ("sdds.account", "sdds.product", "sdds.agreement", "sdds.billing_event"):
        first = known.setdefault(feed, {})
        for _, row in delivered[feed]:
            name, written = row[FEEDS[feed][1]], row["update_date"][:10]
            first[name] = min(written, first.get(name, written))
    for feed in FEEDS:
        if not feed.startswith("sdds."):
            continue
        for path, row in delivered[feed]:
            for column, value in row.items():
                target = target_of(feed, column)
                if not target or not value:
                    continue
                seen = known[target].get(value)
                check(seen and seen <= row["update_date"][:10],
                      feed, path, column, value, "arrives", seen, "after", row["update_date"])


def target_of(feed, column):
    if column == FEEDS[feed][1] or column in ("aws_account_id", "encrypted_account_id"):
        return None
    if column.endswith("account_id"):
        return "sdds.account"
    if column == "product_id":
        return "sdds.product"
    if column in ("agreement_id", "preceding_agreement_id"):
        return "sdds.agreement"
    return "sdds.billing_event" if column.endswith("billing_event_id") else None


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
        if event["action"] in ("FORGIVEN", "DISBURSED") and event["invoice_id"]:
            children[event["parent_billing_event_id"]].append(event)
    payouts = [event for event in events if event["transaction_type"] == "DISBURSEMENT"]
    check(set(lines) == {event["billing_event_id"] for event in payouts}, "payouts without lines")
    for payout in payouts:
        check_payout(payout, lines[payout["billing_event_id"]])
    for event in events:
        check_sign(event)
        if event["action"] == "INVOICED":
            check_settled(event, children[event["billing_event_id"]], failed)
    for failure in failed:
        check_repeated(by_id[failure], payouts, lines)
    return failed


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
    for row in events:
        if row["action"] == "DISBURSED" and row["invoice_id"]:
            paid[row["action_date"][:10], row["transaction_reference_id"]] -= row["amount"]
    for path, row in delivered["cas.disbursed_amount_by_product"]:
        published = datetime.date.fromisoformat(path.stem[-10:])
        line = str(published - datetime.timedelta(days=1)), row["Transaction Reference ID"]
        check(paid[line] == Decimal(row["Net Amount"]), path, line, paid[line], row["Net Amount"])


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
                "AWS_REV_SHARE": -1, "SELLER_REV_SHARE_REFUND": -1, "AWS_REV_SHARE_REFUND": 1}
    sign = positive.get(event["transaction_type"])
    if sign:
        opposite = event["action"] in ("FORGIVEN", "DISBURSED")
        check(event["amount"] * sign * (-1 if opposite else 1) > 0, "sign", event)


def check_usage_is_billed(events, usage):
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
        period = row["usage_period_start_date"][:7]
        if period > "2021":
            check(row["invoice_date"][8:10] in ("02", "03"), "invoice date", row["invoice_date"])
            billed[period, row["agreement_id"], row["currency"]] += row["amount"]
    for key, total in billed.items():
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
    for row in events:
        if row["transaction_type"].startswith("DISBURSEMENT"):
            transfers[row["currency"]] += row["amount"]
            continue
        where = row["product_id"], row["currency"]
        billed, acted = row["invoice_date"][:7], row["action_date"][:7]
        is_share = row["transaction_type"].startswith("SELLER_")
        action, amount = row["action"], row["amount"]
        if action == "INVOICED" and is_share:
            sums["billed", billed, *where] += amount
            sums["outstanding", billed, *where] += amount
        elif action == "INVOICED" and row["transaction_type"].startswith("AWS_REV_SHARE"):
            sums["fees", billed, *where] += amount
        elif action == "COLLECTED" and is_share:
            sums["collected", acted, *where] += amount
            sums["outstanding", billed, *where] -= amount
        elif action == "FORGIVEN" and is_share:
            sums["forgiven", acted, *where] += amount
            sums["outstanding", billed, *where] += amount
        elif action == "DISBURSED" and row["disbursement_billing_event_id"] not in failed:
            sums["disbursed", acted, *where] -= amount
    for row in usage:
        where = row["usage_date"][:7], row["product_id"], row["pricing_currency"]
        sums["usage", *where] += Decimal(row["estimated_revenue_in_pricing_currency"])
    names = ("billed", "fees", "collected", "forgiven", "disbursed", "outstanding", "usage")
    wanted = {(name, row["month"], row["product"], row["currency"]): Decimal(row[name])
              for row in truth["months"] for name in names}
    for key in set(sums) | set(wanted):
        check(sums[key] == wanted.get(key, 0), "truth", key, sums[key], wanted.get(key))
    wanted = {row["currency"]: Decimal(row["amount"]) for row in truth["transfers"]}
    check(dict(transfers) == wanted, "transfers", dict(transfers), wanted)


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
        check(re.fullmatch(r"\d{12}", row["aws_account_id"]), "account", row["aws_account_id"])
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
events, usage = current("sdds.billing_event"), current("sdds.daily_usage")
failed = check_money(events)
check_snapshots(events)
check_usage_is_billed(events, usage)
check_business(events, usage, failed)
check_entitlements()
print("\n".join(problems))
sys.exit(1 if problems else 0)
