import AWS
import Foundation
import Support
import Testing

/// Places and queues as people name them, and the region and host that each call then goes to.
@Suite struct PlaceTests {
    @Test(arguments: [
        ("--location", "arn:aws:s3:::acme/cas", "locations", "{acme/cas}"),
        (
            "--location", "https://acme.s3.eu-west-1.amazonaws.com/a%20b/", "locations",
            "{\"acme/a b/\"}"
        ),
        (
            "--location", "https://s3.console.aws.amazon.com/s3/buckets/acme?prefix=cas/",
            "locations", "{acme/cas/}"
        ),
        (
            "--queue", "arn:aws:sqs:eu-west-1:111122223333:q", "queue_url",
            "https://sqs.eu-west-1.amazonaws.com/111122223333/q"
        ),
    ])
    func placeIsSavedInTheOneFormThatWorks(
        _ option: String, _ text: String, _ column: String, _ saved: String
    ) throws {
        let desk = try Desk()
        let done = try desk.run(["seller", "add", "acme", option, text])
        #expect(done.succeeded, "\(done)")
        #expect(try desk.database.psql("select \(column) from ingest.seller") == saved)
    }

    @Test(arguments: [
        ("--location", "arn:aws:s3:us-east-1:111122223333:accesspoint/x", "access point"),
        ("--location", "x-abc-s3alias", "alias of an access point"),
        ("--location", "https://example.com/acme", "not an address of S3"),
        ("--cas-location", "arn:aws:sqs:us-east-1:111122223333:x", "ARN of sqs"),
        ("--queue", "arn:aws:sns:us-east-1:111122223333:x", "no ARN of a queue"),
        ("--queue", "my-queue", "https://sqs.us-east-1.amazonaws.com/111122223333/NAME"),
        ("--queue", "https://sqs.us-east-1.evil.example/111122223333/q", "AWS_ENDPOINT_URL_SQS"),
    ])
    func whatCanNeverWorkIsNotSaved(_ option: String, _ text: String, _ says: String) throws {
        let desk = try Desk()
        var arguments = ["seller", "add", "acme", option, text]
        if option == "--cas-location" {
            arguments += ["--cas-role", "arn:aws:iam::1:role/x", "--cas-topic", "arn:aws:sns:::t"]
        }
        let done = try desk.run(arguments)
        #expect(done.status == 64, "\(done)")
        #expect(done.standardError.contains(says), "\(done)")
        #expect(try desk.database.psql("select count(*) from ingest.seller") == "0")
    }

    @Test func roleNeedsTheAccountThatOwnsTheBuckets() throws {
        let desk = try Desk()
        let role = ["--role", "arn:aws:iam::111122223333:role/r", "--external-id", "x"]
        let refused = try desk.run(["seller", "add", "acme"] + role)
        #expect(refused.status == 64)
        #expect(refused.standardError.contains("--role needs --account"))
        #expect(try desk.database.psql("select count(*) from ingest.seller") == "0")
        let account = ["--account", "111122223333"]
        #expect(try desk.run(["seller", "add", "acme"] + account).succeeded)
        #expect(try desk.run(["seller", "add", "acme"] + role).succeeded)
    }

    /// Rows from before: each is named with the command that puts it right.
    @Test(arguments: [
        (
            "locations = '{arn:aws:s3:::acme/cas}'",
            "sluice seller add acme --location acme/cas; then remove this one, in psql: update "
                + "ingest.seller set locations = array_remove(locations, 'arn:aws:s3:::acme/cas')"
        ),
        ("locations = '{acme-s3alias}'", "is the alias of an access point"),
        ("queue_url = 'arn:aws:sqs:eu-west-1:1:q'", "sluice seller add acme --queue URL"),
        (
            "role_arn = 'arn:aws:iam::1:role/r', external_id = 'x'",
            "sluice seller add acme --account 12-DIGITS"
        ),
    ])
    func whatWasSavedWrongIsNamedWithItsFix(_ change: String, _ says: String) throws {
        let cloud = try SimulatedCloud(.none)
        try cloud.database.psql("update ingest.seller set \(change)")
        let worker = try cloud.startWorker().wait(limitSeconds: 60)
        #expect(!worker.succeeded)
        #expect(worker.standardError.contains(says), "\(worker)")
    }

    @Test func sellerThatCannotBeServedDoesNotStopTheOthers() throws {
        let cloud = try SimulatedCloud(.none)
        let billing = try Deliveries.billing(rows: 3)
        try cloud.put([billing])
        try cloud.database.psql(
            "insert into ingest.seller (name, locations) values ('wrong', '{x-s3alias}')")
        let worker = try cloud.startWorker().wait(limitSeconds: 60)
        #expect(worker.status == 1, "\(worker)")
        #expect(worker.standardError.contains("seller wrong: location"), "\(worker)")
        #expect(try cloud.database.psql("select key from ingest.file") == billing.key)
    }

    /// On an emulator that decides as AWS does, with a policy as AWS's guides write it.
    @Test func folderIsListedByWhoeverMayListWhatIsInIt() throws {
        let cloud = try SimulatedCloud(.none, on: .shared(.ministackIAM))
        let billing = try Deliveries.billing(rows: 3)
        let inside = DeliveredObject(key: "cas/" + billing.key, bytes: billing.bytes)
        try cloud.put([inside, DeliveredObject(key: "cas2/" + billing.key, bytes: billing.bytes)])
        let keys = try cloud.aws.python(
            """
            import boto3, json, sys
            bucket = sys.argv[1]
            iam = boto3.client("iam")
            iam.create_user(UserName=bucket)
            iam.put_user_policy(UserName=bucket, PolicyName="p", PolicyDocument=json.dumps({
                "Version": "2012-10-17", "Statement": [
                    {"Effect": "Allow", "Action": "s3:GetObject",
                     "Resource": "arn:aws:s3:::%s/cas/*" % bucket},
                    {"Effect": "Allow", "Action": "s3:ListBucket",
                     "Resource": "arn:aws:s3:::" + bucket,
                     "Condition": {"StringLike": {"s3:prefix": "cas/*"}}}]}))
            key = iam.create_access_key(UserName=bucket)["AccessKey"]
            print(key["AccessKeyId"], key["SecretAccessKey"])
            """, [cloud.bucket]
        ).split { $0.isWhitespace }.map(String.init)
        try #require(keys.count == 2)
        try cloud.database.psql("update ingest.seller set locations = '{\(cloud.bucket)/cas}'")
        let done = try Program().run(
            ["backfill", "s3://\(cloud.bucket)/cas", "--database", cloud.database.conninfo],
            environment: cloud.aws.environment().merging([
                "AWS_ACCESS_KEY_ID": keys[0], "AWS_SECRET_ACCESS_KEY": keys[1],
            ]) { $1 })
        #expect(done.succeeded, "\(done)")
        #expect(try cloud.database.psql("select key from ingest.file") == inside.key)
    }

    /// A location may be one object.
    @Test func locationThatIsOneObjectIsLoaded() throws {
        let cloud = try SimulatedCloud(.none)
        let billing = try Deliveries.billing(rows: 3)
        try cloud.put([billing, DeliveredObject(key: billing.key + ".old", bytes: billing.bytes)])
        try cloud.database.psql(
            "update ingest.seller set locations = '{\(cloud.bucket)/\(billing.key)}'")
        try cloud.drain()
        #expect(try cloud.database.psql("select key from ingest.file") == billing.key)
    }

    /// Nothing but the queue's address names a region, and the profile the endpoint.
    @Test func regionComesFromTheQueueAndTheEndpointFromTheProfile() throws {
        let cloud = try SimulatedCloud(.none)
        let proxy = try HTTPFaultProxy(to: .tcp(port: cloud.aws.port))
        let home = try ScratchDirectory()
        try "[default]\nendpoint_url = \(proxy.endpoint)\n".write(
            toFile: home.path + "/config", atomically: true, encoding: .utf8)
        let name = cloud.bucket
        try cloud.database.psql(
            "update ingest.seller set queue_url = "
                + "'https://sqs.eu-west-3.amazonaws.com/000000000000/\(name)'")
        var environment = cloud.aws.environment()
        for name in ["AWS_REGION", "AWS_DEFAULT_REGION", "AWS_ENDPOINT_URL"] {
            environment[name] = nil
        }
        environment["AWS_CONFIG_FILE"] = home.path + "/config"
        let worker = try Program().start(
            ["worker", "--drain", "--database", cloud.database.conninfo], environment: environment)
        let finished = worker.wait(limitSeconds: 60)
        #expect(!finished.standardError.contains("no region is set"), "\(finished)")
        let loaded = try Program().run(
            ["backfill", "s3://\(cloud.bucket)", "--database", cloud.database.conninfo],
            environment: environment)
        #expect(loaded.succeeded, "\(loaded)")
        let requests = proxy.requests
        #expect(requests.contains { $0.contains("/eu-west-3/sqs/aws4_request") })
        #expect(requests.contains { $0.contains("/eu-west-3/s3/aws4_request") })
        // The emulator's S3 names another region then, and is asked again for that.
        let others = requests.filter { !$0.contains("/eu-west-3/") && !$0.contains("/s3/aws4") }
        #expect(others.isEmpty, "\(others)")
    }
}
