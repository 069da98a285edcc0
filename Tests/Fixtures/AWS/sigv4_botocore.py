"""Signs a JSON list of requests with botocore and prints its Authorization headers as JSON.

The second opinion of SigV4DifferentialTests. Paths and query come decoded and are encoded here,
by Python, so that the encoders are compared too.
"""
import datetime
import json
import sys
import types
from urllib.parse import quote

import botocore.auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials


def sign(case):
    when = datetime.datetime.fromtimestamp(case["date"], datetime.timezone.utc)
    botocore.auth.get_current_datetime = lambda *_: when
    path = quote(case["path"], safe="/~")
    query = "&".join(
        quote(name, safe="-_.~") + "=" + quote(value, safe="-_.~") for name, value in case["query"]
    )
    host = case["host"] + (":%d" % case.get("port") if case.get("port") else "")
    url = "%s://%s%s%s" % (case["scheme"], host, path, "?" + query if query else "")
    request = AWSRequest(method=case["method"], url=url, data=case["body"].encode() or None)
    for name, value in case["headers"]:
        request.headers[name] = value
    credentials = Credentials(case["key"], case["secret"], case.get("token"))
    kind = botocore.auth.S3SigV4Auth if case["service"] == "s3" else botocore.auth.SigV4Auth
    if case["unsigned"]:
        request.context["payload_signing_enabled"] = False
        request.context["client_config"] = types.SimpleNamespace(
            s3={"payload_signing_enabled": False}
        )
    kind(credentials, case["service"], case["region"]).add_auth(request)
    return {"url": url, "authorization": request.headers["Authorization"]}


json.dump([sign(case) for case in json.load(sys.stdin)], sys.stdout)
