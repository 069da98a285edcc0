"""Says where botocore sends a call, and which region and service it signs for.

The second opinion of EndpointDifferentialTests: a JSON list of cases in, a list of answers out.
Nothing leaves the machine: each request is taken from botocore's hands before it is sent.
"""
import json
import os
import re
import sys
import tempfile

import botocore.loaders
import botocore.session

LOADER = botocore.loaders.create_loader()


class Taken(Exception):
    pass


def call(client, case):
    service = case["service"]
    if service == "s3":
        client.head_object(Bucket=case["bucket"], Key="a/b.csv")
    elif service == "sqs":
        client.receive_message(QueueUrl="https://sqs.us-east-1.amazonaws.com/111122223333/q")
    elif service == "sns":
        client.publish(TopicArn="arn:aws:sns:us-east-1:111122223333:t", Message="m")
    elif service == "sts":
        client.get_caller_identity()
    elif service == "marketplacecommerceanalytics":
        client.start_support_data_export(
            dataSetType="customer_support_contacts_data", fromDate=0, roleNameArn="a",
            destinationS3BucketName="b", snsTopicArn="c")
    else:
        client.get_entitlements(ProductCode="p")


def ask(case):
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        del os.environ[name]
    with tempfile.TemporaryDirectory() as folder:
        with open(folder + "/config", "w") as config:
            config.write(case["config"])
        os.environ.update(case["environment"])
        os.environ["AWS_CONFIG_FILE"] = folder + "/config"
        os.environ["AWS_SHARED_CREDENTIALS_FILE"] = folder + "/none"
        os.environ["AWS_ACCESS_KEY_ID"] = "AKIDEXAMPLE"
        os.environ["AWS_SECRET_ACCESS_KEY"] = "secret"
        taken = []

        def take(request, **_):
            taken.append(request)
            raise Taken()

        try:
            session = botocore.session.Session()
            session.register_component("data_loader", LOADER)
            client = session.create_client(case["service"])
            client.meta.events.register("before-send", take)
            call(client, case)
        except Taken:
            pass
        except Exception as error:
            if not taken:
                return {"error": "%s: %s" % (type(error).__name__, error)}
        header = taken[0].headers["Authorization"]
        if isinstance(header, bytes):
            header = header.decode()
        scope = re.search(r"Credential=[^/]+/\d+/([^/]+)/([^/]+)/", header)
        return {
            "url": taken[0].url.split("?")[0], "region": scope.group(1), "name": scope.group(2)}


json.dump([ask(case) for case in json.load(sys.stdin)], sys.stdout)
