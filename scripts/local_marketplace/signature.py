"""Who signed a request: Signature Version 4, recomputed with botocore's own signer."""
import datetime
import hashlib
import hmac
import re
from collections import namedtuple

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from model import Refused

# Who a key belongs to. The role is none for a key that does not end.
Identity = namedtuple("Identity", "key secret token account role expires")

FORM = re.compile(
    r"AWS4-HMAC-SHA256 Credential=([^/]+)/(\d{8})/([^/]+)/([^/]+)/aws4_request, ?"
    r"SignedHeaders=([a-z0-9;-]+), ?Signature=([0-9a-f]{64})$"
)
SKEW_SECONDS = 300


def verify(request, identities, service, region):
    """The identity that signed; raises Refused as AWS would."""
    header = request.headers.get("Authorization")
    if not header:
        raise Refused("MissingAuthenticationTokenException", "the request is not signed", 403)
    form = FORM.match(header)
    if not form:
        raise Refused("IncompleteSignatureException", "not a signature of version 4: " + header)
    key, day, scope_region, scope_service, names, signature = form.groups()
    identity = identities.get(key)
    if identity is None:
        raise Refused("UnrecognizedClientException", "the access key does not exist", 403)
    if (scope_region, scope_service) != (region, service):
        scope = "%s/%s" % (scope_region, scope_service)
        wanted = "%s/%s" % (region, service)
        raise Refused("InvalidSignatureException", "scoped to %s, not %s" % (scope, wanted), 403)
    check_headers(request, names.split(";"), identity)
    check_date(request.headers["X-Amz-Date"], day)
    expected = compute(request, names.split(";"), identity, service, region)
    if not hmac.compare_digest(expected, signature):
        raise Refused("InvalidSignatureException", "the signature does not match", 403)
    return identity


def check_headers(request, names, identity):
    needed = {"host", "x-amz-date"} | {n.lower() for n in request.headers if is_amazon(n)}
    missing = sorted(needed - set(names) - {"x-amzn-trace-id"})
    if missing:
        raise Refused("InvalidSignatureException", "not signed: " + ", ".join(missing), 403)
    absent = [name for name in names if request.headers.get(name) is None]
    if absent:
        raise Refused("InvalidSignatureException", "signed but absent: " + ", ".join(absent), 403)
    if (request.headers.get("X-Amz-Security-Token") or None) != identity.token:
        raise Refused("UnrecognizedClientException", "the session token is not the key's", 403)
    if identity.expires and identity.expires <= now():
        raise Refused("ExpiredTokenException", "the session has ended", 403)


def is_amazon(name):
    return name.lower().startswith("x-amz-")


def check_date(stamp, day):
    try:
        when = datetime.datetime.strptime(stamp, "%Y%m%dT%H%M%SZ")
    except ValueError:
        raise Refused("InvalidSignatureException", "not a date: " + stamp, 403)
    when = when.replace(tzinfo=datetime.timezone.utc)
    if not stamp.startswith(day) or abs((when - now()).total_seconds()) > SKEW_SECONDS:
        raise Refused("InvalidSignatureException", "signature of another time: " + stamp, 403)


def compute(request, names, identity, service, region):
    url = "http://" + request.headers["Host"] + request.path
    signed = AWSRequest(method=request.command, url=url, data=request.body)
    for name in names:
        signed.headers[name] = request.headers[name]
    stated = request.headers.get("X-Amz-Content-SHA256")
    if stated and stated != hashlib.sha256(request.body).hexdigest():
        raise Refused("InvalidSignatureException", "the body is not the one signed", 403)
    signed.context["timestamp"] = request.headers["X-Amz-Date"]
    signer = SigV4Auth(Credentials(identity.key, identity.secret), service, region)
    canonical = signer.canonical_request(signed)
    return signer.signature(signer.string_to_sign(signed, canonical), signed)


def now():
    return datetime.datetime.now(datetime.timezone.utc)
