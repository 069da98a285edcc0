"""Small real servers for the credential tests: STS, a container's agent, and instance metadata.

Prints its port and serves until it is stopped. STS answers keys whose name says how they were
asked for, so that a test reads there who took on which role. Instance metadata enforces version 2:
no token, no answer.
"""
import datetime
import json
import time
import urllib.parse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

TOKEN = "metadata-token-56"
ROLES = "/latest/meta-data/iam/security-credentials/"
seen = {}


def later(seconds=3600):
    end = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=seconds)
    return end.strftime("%Y-%m-%dT%H:%M:%SZ")


def document(key, **more):
    return json.dumps(
        {"Code": "Success", "AccessKeyId": key, "SecretAccessKey": "secret of " + key,
         "Token": "token of " + key, "Expiration": later(), **more}
    )


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def answer(self, status, body, kind="application/json"):
        data = body.encode()
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        form = dict(urllib.parse.parse_qsl(body, keep_blank_values=True))
        action, role = form["Action"], form["RoleArn"].rsplit("/", 1)[-1]
        count = seen[role] = seen.get(role, 0) + 1
        if role.startswith("denied"):
            return self.sts_error(403, "AccessDenied", "not authorized to perform: sts:" + action)
        if role.startswith("flaky") and count == 1:
            return self.sts_error(503, "ServiceUnavailable", "try again")
        if role.startswith("garbled"):
            return self.answer(200, "<html>secret-in-body</html>", "text/xml")
        authorization = self.headers.get("Authorization")
        if action == "AssumeRole":
            by = authorization.split("Credential=")[1].split("/")[0]
        elif authorization is None:
            by = form["WebIdentityToken"]
        else:
            return self.sts_error(400, "SignedWebIdentity", "must not be signed")
        key = "%s by %s" % (role, by)
        for name in ("ExternalId", "DurationSeconds", "RoleSessionName"):
            value = form.get(name, "")
            if value and not value.startswith("botocore-session") and value != "sluice":
                key += " %s=%s" % (name, value)
        end = later(int(form.get("DurationSeconds", 3600)))
        self.answer(
            200,
            '<%sResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><%sResult><Credentials>'
            "<AccessKeyId>%s</AccessKeyId><SecretAccessKey>secret of %s</SecretAccessKey>"
            "<SessionToken>token of %s</SessionToken><Expiration>%s</Expiration></Credentials>"
            "</%sResult><ResponseMetadata><RequestId>r-1</RequestId></ResponseMetadata></%sResponse>"
            % (action, action, key, key, key, end, action, action),
            "text/xml",
        )

    def sts_error(self, status, code, message):
        self.answer(
            status,
            "<ErrorResponse><Error><Type>Sender</Type><Code>%s</Code><Message>%s</Message></Error>"
            "<RequestId>r-2</RequestId></ErrorResponse>" % (code, message),
            "text/xml",
        )

    def do_PUT(self):
        if not self.path.endswith("/latest/api/token") or self.path.startswith("/v1only"):
            return self.answer(405, "")
        if self.path.startswith("/stalled"):
            time.sleep(6)
            return
        seconds = int(self.headers.get("X-aws-ec2-metadata-token-ttl-seconds", 0))
        self.answer(200 if 0 < seconds <= 21600 else 400, TOKEN, "text/plain")

    def do_GET(self):
        if ROLES in self.path:
            return self.metadata()
        if self.path == "/container?id=1":
            return self.answer(200, document("CONTAINER"))
        if self.path == "/container/token":
            allowed = self.headers.get("Authorization") == "Bearer container-token"
            return self.answer(200 if allowed else 401, document("CONTAINER TOKEN"))
        if self.path.startswith("/container/flaky"):
            count = seen[self.path] = seen.get(self.path, 0) + 1
            return self.answer(500 if count < 3 else 200, document("CONTAINER FLAKY"))
        if self.path == "/container/garbled":
            return self.answer(200, '{"SecretAccessKey": "secret-in-body"')
        if self.path == "/container/redirect":
            self.send_response(302)
            self.send_header("Location", "/container?id=1")
            self.send_header("Content-Length", "0")
            return self.end_headers()
        self.answer(404, "secret-in-body")

    def metadata(self):
        prefix, role = self.path.split(ROLES)
        if prefix != "/v1only" and self.headers.get("X-aws-ec2-metadata-token") != TOKEN:
            return self.answer(401, "")
        if prefix == "/norole":
            return self.answer(404, "")
        if not role:
            return self.answer(200, "instance-role", "text/plain")
        if prefix == "/failing":
            failure = {"Code": "AssumeRoleUnauthorizedAccess", "Message": "EC2 cannot assume it"}
            return self.answer(200, json.dumps(failure))
        self.answer(200, document("INSTANCE " + role))


server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
server.daemon_threads = True
print(server.server_address[1], flush=True)
server.serve_forever()
