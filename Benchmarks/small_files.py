"""Puts small files on a local S3, announced through SNS to SQS, and times a worker on them.

    python small_files.py SLUICE FILES        with SLUICE_VENV and SLUICE_DATABASE_URL set
"""

import json
import os
import resource
import socket
import subprocess
import sys
import time

import boto3

BUCKET = "bench-queue"
HEADER = (
    "Customer Reference ID,Product Title,Product Code,Instance Type,Usage Units,"
    "Estimated Revenue,Currency\n")


def main():
    sluice, files = sys.argv[1], int(sys.argv[2])
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    aws = subprocess.Popen(
        [os.path.join(os.environ["SLUICE_VENV"], "bin/ministack")],
        env={**os.environ, "BIND_HOST": "127.0.0.1", "GATEWAY_PORT": str(port)},
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL)
    try:
        while True:
            try:
                socket.create_connection(("127.0.0.1", port)).close()
                break
            except OSError:
                time.sleep(0.05)
        measure(sluice, files, f"http://127.0.0.1:{port}", aws.pid)
    finally:
        aws.kill()
        aws.wait()


def cpu_seconds(pid):
    """CPU seconds that a process has used (proc(5), stat: utime and stime)."""
    with open(f"/proc/{pid}/stat") as stat:
        fields = stat.read().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def children_seconds():
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def measure(sluice, files, endpoint, aws):
    variables = {
        "AWS_ENDPOINT_URL": endpoint, "AWS_REGION": "us-east-1", "AWS_ACCESS_KEY_ID": "bench",
        "AWS_SECRET_ACCESS_KEY": "bench"}
    environment = {**os.environ, **variables}

    def client(service):
        return boto3.client(
            service, endpoint_url=endpoint, region_name="us-east-1",
            aws_access_key_id="bench", aws_secret_access_key="bench")

    s3, sns, sqs = client("s3"), client("sns"), client("sqs")
    s3.create_bucket(Bucket=BUCKET)
    queue = sqs.create_queue(QueueName="bench")["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"]
    topic = sns.create_topic(Name="bench")["TopicArn"]
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn["QueueArn"])
    s3.put_bucket_notification_configuration(
        Bucket=BUCKET,
        NotificationConfiguration={
            "TopicConfigurations": [{"TopicArn": topic, "Events": ["s3:ObjectCreated:*"]}]})
    for number in range(files):
        body = HEADER + "".join(
            f"customer{number}-{row},Product,code{row},m5.large,{row},{row}.25,USD\n"
            for row in range(20))
        day = f"{2000 + number // 336}-{number // 28 % 12 + 1:02}-{number % 28 + 1:02}"
        s3.put_object(
            Bucket=BUCKET, Key=f"daily_business_usage_by_instance_type_{day}.csv",
            Body=body.encode())
    subprocess.run(
        [sluice, "seller", "add", "bench", "--location", BUCKET, "--queue", queue],
        check=True, env=environment, stdout=subprocess.DEVNULL)
    for what in ("loaded", "looked at again"):
        if what != "loaded":
            republish(sns, topic, files)
        started, aws_before, own_before = time.monotonic(), cpu_seconds(aws), children_seconds()
        done = subprocess.run(
            [sluice, "worker", "--drain"], env=environment, check=True, capture_output=True,
            text=True)
        seconds = time.monotonic() - started
        print(f"  {files} files {what}, 4 at a time: {seconds:.1f} s, "
              f"{files / seconds:.0f} files/s", flush=True)
        print(f"    CPU: local AWS {cpu_seconds(aws) - aws_before:.1f} s, "
              f"sluice {children_seconds() - own_before:.1f} s")
        print("    " + "; ".join(done.stdout.strip().split("\n")[:2]))


def republish(sns, topic, files):
    """Announces every file once more, as AWS may: nothing is fetched then."""
    for number in range(files):
        day = f"{2000 + number // 336}-{number // 28 % 12 + 1:02}-{number % 28 + 1:02}"
        key = f"daily_business_usage_by_instance_type_{day}.csv"
        record = {
            "eventSource": "aws:s3", "eventName": "ObjectCreated:Put",
            "s3": {"bucket": {"name": BUCKET}, "object": {"key": key}}}
        sns.publish(TopicArn=topic, Message=json.dumps({"Records": [record]}))


if __name__ == "__main__":
    main()
