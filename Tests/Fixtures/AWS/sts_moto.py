"""One user and one role with an external id, made in an emulator that enforces permissions.

Prints one line of JSON with the user's keys and the role.
"""
import json

import boto3

EXTERNAL_ID = "seller/1=a+b"


def policy(action, **more):
    statement = {"Effect": "Allow", "Action": action, **more}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


iam = boto3.client("iam")
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
answer = {"role": role, "externalID": EXTERNAL_ID}
answer.update(key=keys["AccessKeyId"], secret=keys["SecretAccessKey"])
print(json.dumps(answer))
