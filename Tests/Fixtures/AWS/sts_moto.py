"""moto with permissions enforced, one user, and one role with an external id.

Prints one line of JSON with its address, the user's keys and the role; serves until standard input
ends.
"""
import json
import os
import sys
import urllib.request

os.environ["INITIAL_NO_AUTH_ACTION_COUNT"] = "1000"
os.environ.update(AWS_ACCESS_KEY_ID="x", AWS_SECRET_ACCESS_KEY="x", AWS_DEFAULT_REGION="us-east-1")

import boto3
from moto.server import ThreadedMotoServer

EXTERNAL_ID = "seller/1=a+b"


def policy(action, **more):
    statement = {"Effect": "Allow", "Action": action, **more}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
server.start()
url = "http://%s:%d" % server.get_host_and_port()
iam = boto3.client("iam", endpoint_url=url)
user = iam.create_user(UserName="worker")["User"]
trust = policy(
    "sts:AssumeRole",
    Principal={"AWS": user["Arn"]},
    Condition={"StringEquals": {"sts:ExternalId": EXTERNAL_ID}},
)
role = iam.create_role(RoleName="reader", AssumeRolePolicyDocument=trust)["Role"]["Arn"]
iam.put_role_policy(
    RoleName="reader", PolicyName="p", PolicyDocument=policy("sqs:ListQueues", Resource="*")
)
iam.put_user_policy(
    UserName="worker", PolicyName="p", PolicyDocument=policy("sts:AssumeRole", Resource=role)
)
keys = iam.create_access_key(UserName="worker")["AccessKey"]
reset = urllib.request.Request(url + "/moto-api/reset-auth", b"0", {"Content-Type": "text/plain"})
urllib.request.urlopen(reset).read()
answer = {"url": url, "role": role, "externalID": EXTERNAL_ID}
answer.update(key=keys["AccessKeyId"], secret=keys["SecretAccessKey"])
print(json.dumps(answer), flush=True)
sys.stdin.read()
os._exit(0)
