"""AssumeRole, so that every call can be told by the role it was made as."""
import datetime
import json
import re
import secrets
import urllib.parse
from xml.sax.saxutils import escape

from model import Refused, iso
from signature import Identity, now


class Roles:
    """Roles by ARN: {"external_id": text or null, "account": digits, "deny": [operation],
    "needs_policy": bool}.

    As long as none is named, every role can be taken on. Names of sessions and their policies
    are checked as STS checks them.
    """

    def __init__(self):
        self.roles = {}

    def assume(self, body):
        form = dict(urllib.parse.parse_qsl(body.decode(), keep_blank_values=True))
        if form.get("Action") != "AssumeRole":
            raise Refused("InvalidAction", "only AssumeRole is known here")
        arn = form.get("RoleArn", "")
        role = self.roles.get(arn, {})
        if self.roles and arn not in self.roles:
            raise Refused("AccessDenied", "not authorized to perform: sts:AssumeRole", 403)
        if role.get("external_id") not in (None, form.get("ExternalId")):
            raise Refused("AccessDenied", "not authorized: the external id is another", 403)
        name, policy = form.get("RoleSessionName", ""), form.get("Policy")
        if not re.fullmatch(r"[\w+=,.@-]{2,64}", name, re.ASCII):
            raise Refused("ValidationError", "RoleSessionName %s is not valid" % name)
        if policy is not None:
            self.check(policy)
        elif role.get("needs_policy"):
            raise Refused("AccessDenied", "not authorized: the session has no policy", 403)
        account = role.get("account") or arn.split(":")[4]
        end = now() + datetime.timedelta(seconds=int(form.get("DurationSeconds", 3600)))
        key = "ASIA" + secrets.token_hex(8).upper()
        return Identity(key, secrets.token_urlsafe(30), secrets.token_urlsafe(60), account, arn, end)

    def check(self, policy):
        try:
            statements = json.loads(policy)["Statement"]
        except (ValueError, KeyError, TypeError):
            raise Refused("MalformedPolicyDocument", "the session policy is not one")
        if len(policy) > 2048 or not statements:
            raise Refused("PackedPolicyTooLarge", "the session policy is too long, or empty")

    def denies(self, identity, operation):
        return operation in self.roles.get(identity.role, {}).get("deny", [])


def document(identity):
    """AssumeRole's answer."""
    return (
        '<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult>'
        "<Credentials><AccessKeyId>%s</AccessKeyId><SecretAccessKey>%s</SecretAccessKey>"
        "<SessionToken>%s</SessionToken><Expiration>%s</Expiration></Credentials>"
        "</AssumeRoleResult><ResponseMetadata><RequestId>r</RequestId></ResponseMetadata>"
        "</AssumeRoleResponse>"
        % (identity.key, identity.secret, identity.token, iso(identity.expires))
    )


def error_document(refused):
    return (
        "<ErrorResponse><Error><Type>Sender</Type><Code>%s</Code><Message>%s</Message></Error>"
        "<RequestId>r</RequestId></ErrorResponse>" % (escape(refused.code), escape(refused.message))
    )
