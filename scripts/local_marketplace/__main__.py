"""AWS Marketplace's own services on this machine, for the demo and the tests.

    python scripts/local_marketplace [--port N] [--source FOLDER] [--aws URL] [--key ID:SECRET]...
        [--entitlements FILE --at INSTANT]

Answers GenerateDataSet, StartSupportDataExport, GetEntitlements and AssumeRole after checking
signature, target, content type and the request's shape against the models that botocore
publishes. Data sets come from the folder and go to the bucket and the topic of the request, at
the AWS of `--aws` (or AWS_ENDPOINT_URL). Prints its port; serves until it is stopped.

Under /control it is told what to do (see `Control`):
    POST /control/faults        {"fault": ..., "operation": ..., "times": n, "subject": ...}
    POST /control/entitlements  {"products": {...}, "page_size": n, "empty_pages": n}
    POST /control/roles         {arn: {"external_id": ..., "account": ..., "deny": [...]}}
    POST /control/datasets      {"source": folder, "held": true}
    POST /control/release       delivers what was held
    POST /control/reset         forgets faults, requests and calls
    GET  /control/requests      the data sets that were asked for
    GET  /control/pending       those of them that are being delivered
    GET  /control/calls         every call: operation, role, what came of it
"""
import argparse
import json
import os
import socket
import time
import uuid
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import roles
from datasets import DataSets
from entitlements import Entitlements
from faults import ANSWER, Faults
from model import Refused, Service
from signature import Identity, verify

REGION = "us-east-1"


class Marketplace:
    """All that the emulator knows."""

    def __init__(self, options):
        self.services = {
            service.prefix: service
            for service in map(Service, ["marketplacecommerceanalytics", "marketplace-entitlement"])
        }
        self.faults = Faults()
        self.entitlements = Entitlements()
        self.data_sets = DataSets(options.aws, options.source, self.faults)
        self.roles = roles.Roles()
        self.identities = {}
        for pair in options.key:
            key, secret = pair.split(":", 1)
            self.identities[key] = Identity(key, secret, None, options.account, None, None)
        self.calls = []

    def call(self, request):
        """The answer to a signed call, as a document of its operation's shape."""
        service, operation = self.target(request)
        record = {"operation": operation, "role": None, "outcome": "refused"}
        self.calls.append(record)
        try:
            identity = verify(request, self.identities, service.signing_name, REGION)
            record.update(role=identity.role, account=identity.account)
            question = self.question(request, service, operation)
            record["parameters"] = question
            answer = self.answer(operation, question, identity)
            service.check_output(operation, answer)
            record["outcome"] = "answered"
            return answer
        except Refused as refused:
            record["outcome"] = refused.code
            raise

    def target(self, request):
        prefix, _, operation = (request.headers.get("X-Amz-Target") or "").partition(".")
        if prefix not in self.services:
            raise Refused("UnknownOperationException", "no service has the target " + prefix)
        self.services[prefix].operation(operation)
        return self.services[prefix], operation

    def question(self, request, service, operation):
        if request.path != "/":
            raise Refused("UnknownOperationException", "the path is / in this protocol", 404)
        kind = request.headers.get("Content-Type")
        if kind != "application/x-amz-json-" + service.model.metadata["jsonVersion"]:
            raise Refused("SerializationException", "the content type is " + str(kind))
        try:
            question = json.loads(request.body)
        except ValueError as error:
            raise Refused("SerializationException", "the body is not JSON: %s" % error)
        service.check_input(operation, question)
        return question

    def answer(self, operation, question, identity):
        fault = self.faults.take(ANSWER, operation, question)
        if fault and fault["fault"] != "drop-answer":
            trouble(fault, operation)
        if self.roles.denies(identity, operation):
            trouble({"fault": "denied"}, operation)
        if operation == "GetEntitlements":
            answer = self.entitlements.get(question, identity)
        else:
            answer = {"dataSetRequestId": self.data_sets.accept(operation, question, identity)}
        if fault:
            time.sleep(fault.get("seconds", 0))
            raise Silence
        return answer

    def assume(self, request):
        region = request.headers.get("Authorization", "").split("/")[2:3]
        verify(request, self.identities, "sts", region[0] if region else REGION)
        identity = self.roles.assume(request.body)
        self.identities[identity.key] = identity
        return roles.document(identity)


class Silence(Exception):
    """The connection ends without an answer."""


class Malformed(Exception):
    """An answer with status 200 that no client can use."""


def trouble(fault, operation):
    kind, message = fault["fault"], fault.get("message")
    if kind == "timeout":
        time.sleep(fault.get("seconds", 5))
        raise Silence
    if kind in ("malformed", "empty"):
        raise Malformed(b'{"dataSetRequestId": ' if kind == "malformed" else b"{}")
    mine = operation != "GetEntitlements"
    broken = "MarketplaceCommerceAnalyticsException" if mine else "InternalServiceErrorException"
    code, text, status = {
        "throttle": ("ThrottlingException", "Rate exceeded", 400),
        "error": (broken, "An internal error has occurred", 500),
        "unavailable": ("ServiceUnavailable", "Service is unavailable", 503),
        "denied": ("AccessDeniedException", "not authorized to perform: " + operation, 400),
        "unknown-product": ("InvalidParameterException", "the product code is not known", 400),
        "invalid": ("ValidationException", "a value is not as it must be", 400),
    }[kind]
    raise Refused(fault.get("code", code), message or text, fault.get("status", status))


class Control:
    """The emulator's own questions and orders, by path."""

    def __init__(self, marketplace):
        self.marketplace = marketplace

    def get(self, name):
        market = self.marketplace
        return {
            "requests": lambda: market.data_sets.requests,
            "pending": market.data_sets.pending,
            "calls": lambda: market.calls,
            "faults": market.faults.left,
        }[name]()

    def post(self, name, wish):
        market = self.marketplace
        {
            "faults": market.faults.add,
            "entitlements": market.entitlements.configure,
            "roles": market.roles.roles.update,
            "datasets": market.data_sets.configure,
            "release": lambda _: market.data_sets.release(),
            "reset": lambda _: self.reset(),
        }[name](wish)
        return {}

    def reset(self):
        self.marketplace.faults.clear()
        self.marketplace.data_sets.requests.clear()
        self.marketplace.calls.clear()


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    marketplace = control = None

    def log_message(self, *_):
        pass

    def do_GET(self):
        if self.path.startswith("/control/"):
            return self.controlled(lambda name: self.control.get(name))
        self.send(200, "text/plain", b"local marketplace\n")

    def do_POST(self):
        self.body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if self.path.startswith("/control/"):
            wish = json.loads(self.body or b"{}")
            return self.controlled(lambda name: self.control.post(name, wish))
        if self.headers.get("X-Amz-Target") is None:
            return self.role()
        try:
            answer = json.dumps(self.marketplace.call(self)).encode()
            self.send(200, "application/x-amz-json-1.1", answer)
        except Refused as refused:
            document = {"__type": refused.code, "message": refused.message}
            self.send(refused.status, "application/x-amz-json-1.1", json.dumps(document).encode())
        except Malformed as malformed:
            self.send(200, "application/x-amz-json-1.1", malformed.args[0])
        except Silence:
            self.cut()

    def role(self):
        try:
            self.send(200, "text/xml", self.marketplace.assume(self).encode())
        except Refused as refused:
            self.send(refused.status, "text/xml", roles.error_document(refused).encode())

    def controlled(self, answer):
        try:
            document = json.dumps(answer(self.path[len("/control/") :])).encode()
            self.send(200, "application/json", document)
        except (KeyError, ValueError) as error:
            self.send(400, "text/plain", str(error).encode())

    def send(self, status, kind, content):
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("x-amzn-RequestId", str(uuid.uuid4()))
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def cut(self):
        self.close_connection = True
        self.connection.shutdown(socket.SHUT_RDWR)


def options():
    parser = argparse.ArgumentParser(description="AWS Marketplace's own services on this machine")
    parser.add_argument("--port", type=int, default=0, help="0 (default) takes a free one")
    parser.add_argument("--source", default=os.getcwd(), help="folder of the data sets")
    parser.add_argument("--aws", default=os.environ.get("AWS_ENDPOINT_URL"), help="S3 and SNS")
    parser.add_argument("--account", default="000000000000", help="whose the given keys are")
    parser.add_argument("--entitlements", metavar="FILE", help="as sluice simulate writes them")
    parser.add_argument("--at", metavar="INSTANT", help="which of them hold")
    parser.add_argument("--key", action="append", default=[], metavar="ID:SECRET")
    return parser.parse_args()


def main():
    chosen = options()
    Handler.marketplace = Marketplace(chosen)
    Handler.control = Control(Handler.marketplace)
    if chosen.entitlements:
        Handler.marketplace.entitlements.load(chosen.entitlements, chosen.at)
    server = ThreadingHTTPServer(("127.0.0.1", chosen.port), Handler)
    server.daemon_threads = True
    print(server.server_address[1], flush=True)
    server.serve_forever()


main()
