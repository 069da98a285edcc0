"""GenerateDataSet and StartSupportDataExport: files into the bucket, a notice to the topic."""
import datetime
import json
import os
import threading
import uuid

import boto3

from faults import DELIVERY
from model import iso, moment

NO_DATA = "There is no data available for the given data set type and publication date"
DISBURSEMENT_LOOKBACK_DAYS = 31
SUPPORT = "StartSupportDataExport"


class DataSets:
    """Requests in the order in which they came, and what became of each.

    Data sets are read from `source`: `<account>/<type>_<date>.csv`, else `<type>_<date>.csv`; a
    `.meta.json` beside it can tell its `dataSetCoverageRange`. Set `held` and nothing is
    delivered until it is released.
    """

    def __init__(self, endpoint, source, faults):
        self.endpoint, self.source, self.faults = endpoint, source, faults
        self.lock = threading.RLock()
        self.requests = []
        self.held = False

    def accept(self, operation, question, identity):
        request = {
            "id": str(uuid.uuid4()), "operation": operation, "parameters": question,
            "account": identity.account, "role": identity.role, "state": "accepted",
            "received": iso(datetime.datetime.now(datetime.timezone.utc)),
        }
        with self.lock:
            self.requests.append(request)
            if not self.held:
                threading.Thread(target=self.deliver, args=[request], daemon=True).start()
        return request["id"]

    def configure(self, wish):
        self.source = wish.get("source", self.source)
        with self.lock:
            self.held = wish.get("held", self.held)

    def pending(self):
        return [r for r in self.requests if r["state"] == "accepted" and not self.held]

    def release(self):
        """Delivers what was held, one after the other, in the caller's thread."""
        with self.lock:
            waiting = [r for r in self.requests if r["state"] == "accepted"]
            for request in waiting:
                request["state"] = "delivering"
        for request in waiting:
            self.deliver(request)

    def deliver(self, request):
        wished = self.faults.take(DELIVERY, request["operation"], request["parameters"])
        try:
            self.write(request, wished or {"fault": None})
        except Exception as error:  # what a wrong bucket or topic leads to is the service's word
            request["state"], request["error"] = "failed", str(error)
            self.publish(request, failure(request, "Could not deliver the data set: %s" % error))

    def write(self, request, wished):
        found = None if wished["fault"] == "fail" else self.find(request)
        if found is None:
            request["state"] = "failed"
            return self.publish(request, failure(request, wished.get("message", NO_DATA)))
        notice, meta = documents(request, found)
        csv, side = notice["dataSetS3Location"], notice["dataSetMetaDataS3Location"]
        steps = [
            ("csv", lambda: self.put(csv, found["content"])),
            ("meta", lambda: self.put(side, text(meta, wished))),
            ("notice", lambda: self.publish(request, notice)),
        ]
        for step in ordered(steps, wished["fault"]):
            step()
        request["state"] = "delivered"
        request["key"] = csv["key"]

    def find(self, request):
        """The data set that a request means: content, date of publication and coverage."""
        question = request["parameters"]
        kind = question["dataSetType"]
        if request["operation"] == SUPPORT:
            stamp = moment(question["fromDate"]).strftime("%Y-%m-%dT%H-%M-%SZ")
            return self.read(request, kind, stamp) or self.read(request, kind, None)
        date = moment(question["dataSetPublicationDate"]).date()
        for day in candidates(kind, date):
            found = self.read(request, kind, day.isoformat())
            if found:
                found.setdefault("coverage", coverage(kind, day))
                return found
        return None

    def read(self, request, kind, stamp):
        for folder in [os.path.join(self.source, request["account"]), self.source]:
            stem = os.path.join(folder, kind + ("_" + stamp if stamp else ""))
            if os.path.exists(stem + ".csv"):
                with open(stem + ".csv", "rb") as file:
                    found = {"content": file.read()}
                if os.path.exists(stem + ".meta.json"):
                    with open(stem + ".meta.json", "rb") as file:
                        found["coverage"] = json.load(file)["dataSetCoverageRange"]
                return found
        return None

    def put(self, place, content):
        client = self.client("s3")
        client.put_object(Bucket=place["bucketName"], Key=place["key"], Body=content)

    def publish(self, request, notice):
        topic = request["parameters"]["snsTopicArn"]
        self.client("sns").publish(TopicArn=topic, Message=json.dumps(notice))

    def client(self, service):
        return boto3.session.Session().client(
            service, endpoint_url=self.endpoint, region_name="us-east-1",
            aws_access_key_id="marketplace", aws_secret_access_key="marketplace")


def candidates(kind, date):
    """The dates of publication that a request for a date can be answered with."""
    if kind.startswith("disbursed_amount"):
        return [date - datetime.timedelta(days=n) for n in range(DISBURSEMENT_LOOKBACK_DAYS + 1)]
    if is_monthly(kind):
        return [date.replace(day=day) for day in [15] + list(range(1, 29))]
    return [date]


def is_monthly(kind):
    return kind.startswith(("monthly_", "sales_compensation", "us_sales_and_use_tax"))


def coverage(kind, published):
    """What a data set covers where nobody said so."""
    first = last = published - datetime.timedelta(days=1)
    if kind.startswith("disbursed_amount"):
        first = published - datetime.timedelta(days=30)
    elif is_monthly(kind):
        last = published.replace(day=1) - datetime.timedelta(days=1)
        first = last.replace(day=1)
    return {"startDateTime": "%sT00:00:00Z" % first, "endDateTime": "%sT23:59:59Z" % last}


def documents(request, found):
    """The notice and the metadata file of a data set."""
    question = request["parameters"]
    parameters = {"sellerAccountId": request["account"], **question}
    parameters.pop("customerDefinedValues", None)
    if request["operation"] == SUPPORT:
        when = moment(question["fromDate"])
        stamp, parameters["fromDate"] = when.strftime("%Y-%m-%dT%H-%M-%SZ"), iso(when)
    else:
        when = moment(question["dataSetPublicationDate"])
        stamp, parameters["dataSetPublicationDate"] = when.date().isoformat(), iso(when)
    prefix = (question.get("destinationS3Prefix") or "").strip("/")
    stem = (prefix + "/" if prefix else "") + "%s_%s" % (question["dataSetType"], stamp)
    bucket = question["destinationS3BucketName"]
    shared = {
        "dataSetRequestId": request["id"],
        "dataSetS3Location": {"bucketName": bucket, "key": stem + ".csv"},
        "dataSetMetaDataS3Location": {"bucketName": bucket, "key": stem + ".meta.json"},
    }
    if "customerDefinedValues" in question:
        shared["customerDefinedValues"] = question["customerDefinedValues"]
    meta = {**shared, "dataSetRequestParameters": parameters}
    if "coverage" in found:
        meta["dataSetCoverageRange"] = found["coverage"]
    return {**shared, "success": True}, meta


def failure(request, message):
    notice = {"dataSetRequestId": request["id"], "success": False, "message": message}
    if "customerDefinedValues" in request["parameters"]:
        notice["customerDefinedValues"] = request["parameters"]["customerDefinedValues"]
    return notice


def ordered(steps, fault):
    """What a delivery consists of, as the fault leaves it."""
    named = dict(steps)
    names = {
        "lose-notice": ["csv", "meta"],
        "no-meta": ["csv", "notice"],
        "notice-twice": ["csv", "meta", "notice", "notice"],
        "notice-first": ["notice", "csv", "meta"],
        "meta-first": ["meta", "csv", "notice"],
    }.get(fault, ["csv", "meta", "notice"])
    return [named[name] for name in names]


def text(meta, wished):
    content = json.dumps(meta, indent=2).encode()
    return content[: len(content) // 2] if wished["fault"] == "damaged-meta" else content
