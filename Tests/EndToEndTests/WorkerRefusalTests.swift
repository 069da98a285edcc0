import AWS
import Foundation
import Support
import Testing

@Suite struct PoisonTests {
    @Test func fileThatCannotBeReadBecomesADeadLetterWithItsReason() throws {
        let cloud = try SimulatedCloud(receiveCountMax: 2)
        let good = try Deliveries.billing(rows: 10)
        let text = String(decoding: try Deliveries.billing(rows: 3).bytes, as: UTF8.self)
        let poison = DeliveredObject(
            key: "BillingEventFeed_V1/year=2026/month=02/data.csv",
            bytes: Array((text + "\"never closed,\n").utf8))
        try cloud.put([poison, good])
        let worker = try cloud.startWorker(["--drain"], ["SLUICE_RETRY_SECONDS": "1"])
        let finished = worker.wait(limitSeconds: 60)

        #expect(finished.ending == .exited(1), "\(finished)")
        #expect(finished.standardError.contains("1 files could not be loaded"))
        #expect(try cloud.attributes(ofDeadLetters: true).depth == 1)
        #expect(try cloud.isQueueEmpty)
        let reasons = try cloud.database.psql(
            """
            select reason from ingest.message where outcome = 'failed' and times_received = 2
            union all
            select failure from ingest.file where not is_complete and key = '\(poison.key)'
            """
        ).split(separator: "\n")
        #expect(reasons.count == 2)
        for reason in reasons {
            #expect(reason.contains("s3://\(cloud.bucket)/\(poison.key)"))
            #expect(reason.contains("quote"))
        }
        let complete = "select key from ingest.file where is_complete"
        #expect(try cloud.database.psql(complete) == good.key)
    }

    @Test func messageThatFailedAndThenSucceededIsDone() throws {
        let cloud = try SimulatedCloud(.none)
        let billing = try Deliveries.billing(rows: 10)
        try cloud.put([
            DeliveredObject(key: billing.key, bytes: Array("not,its,titles\n1,2,3\n".utf8))
        ])
        try cloud.send([MessageShape.s3Event.body(billing.key, in: cloud.bucket)])
        let worker = try cloud.startWorker(["--drain"], ["SLUICE_RETRY_SECONDS": "1"])
        #expect(try cloud.waitForRow("ingest.message where outcome = 'failed'", while: worker))
        try cloud.put([billing])
        let finished = worker.wait(limitSeconds: 60)
        #expect(finished.succeeded, "\(finished)")
        #expect(try cloud.database.messages() == ["s3_event|done|1"])
        #expect(try cloud.database.rowCount() == 10)
        #expect(try cloud.database.unfinishedFiles() == "")
    }
}

/// On moto, which checks permissions; it refuses keys with an equals sign, so only CAS files here.
@Suite struct PermissionTests {
    @Test func deniedFileIsRecordedWithThePermissionAndTheOthersAreLoaded() throws {
        let cloud = try SimulatedCloud(.none, receiveCountMax: 2, on: .shared(.moto))
        let (open, denied) = try cloud.putSnapshots()
        let keys = try cloud.makeUser(
            deny: ["Action": "s3:GetObject", "Resource": "arn:aws:s3:::*/\(denied)"])
        try cloud.send([
            MessageShape.s3Event.body(denied, in: cloud.bucket),
            MessageShape.s3Event.body(open, in: cloud.bucket),
        ])
        let worker = try cloud.startWorker(
            ["--drain"], keys.environment.merging(["SLUICE_RETRY_SECONDS": "1"]) { $1 })
        let finished = worker.wait(limitSeconds: 60)
        #expect(finished.ending == .exited(1), "\(finished)")
        #expect(try cloud.attributes(ofDeadLetters: true).depth == 1)
        #expect(try cloud.database.psql("select key from ingest.file where is_complete") == open)
        let reason = try cloud.database.psql("select reason from ingest.message")
        #expect(reason.contains("s3://\(cloud.bucket)/\(denied)"))
        #expect(reason.contains("Allow s3:GetObject"))
        #expect(try cloud.database.rowCount() > 0)
    }

    @Test(arguments: [true, false])
    func sellersRoleIsAssumedWithItsExternalID(isRight: Bool) throws {
        let cloud = try SimulatedCloud(.none, on: .shared(.moto))
        let (open, _) = try cloud.putSnapshots()
        try cloud.send([MessageShape.s3Event.body(open, in: cloud.bucket)])
        let keys = try cloud.makeUser(deny: ["Action": ["s3:*", "sqs:*"], "Resource": "*"])
        let role = try cloud.makeRole(for: keys, externalID: "right-\(cloud.bucket)")
        let externalID = "\(isRight ? "right" : "wrong")-\(cloud.bucket)"
        try cloud.addSeller(
            to: cloud.database,
            ["--role", role, "--external-id", externalID, "--account", "123456789012"])
        let worker = try cloud.startWorker([], keys.environment)
        if isRight {
            #expect(try cloud.waitForRow("ingest.file where is_complete", while: worker))
        } else {
            try worker.waitForOutput(containing: "the queue cannot be read")
        }
        worker.signal(SIGTERM)
        let stopped = worker.wait(limitSeconds: 30)
        #expect(stopped.succeeded, "\(stopped)")
        #expect(stopped.standardError.contains("Allow sts:AssumeRole") == !isRight)
        #expect(try (cloud.database.rowCount() > 0) == isRight)
    }
}

/// A user of moto, made for one test.
private struct MotoUser: Sendable {
    let arn: String
    let accessKey: String
    let secretKey: String

    var environment: [String: String] {
        ["AWS_ACCESS_KEY_ID": accessKey, "AWS_SECRET_ACCESS_KEY": secretKey]
    }
}

extension SimulatedCloud {
    /// Puts two snapshots whose keys moto can take, and returns these.
    fileprivate func putSnapshots() throws -> (open: String, denied: String) {
        let snapshots = try Deliveries.last.get().filter { $0.isSnapshot && !$0.isMetadata }
        try #require(snapshots.count >= 2)
        try put(Array(snapshots.prefix(2)))
        return (snapshots[0].key, snapshots[1].key)
    }

    /// Makes a user who may do all but what `deny` says.
    fileprivate func makeUser(deny: [String: Any]) throws -> MotoUser {
        let denial = deny.merging(["Effect": "Deny"]) { $1 }
        let allowance = ["Effect": "Allow", "Action": "*", "Resource": "*"]
        let words = try aws.python(
            """
            import boto3, sys
            iam = boto3.client("iam")
            user = iam.create_user(UserName=sys.argv[1])["User"]
            iam.put_user_policy(UserName=sys.argv[1], PolicyName="p", PolicyDocument=sys.argv[2])
            key = iam.create_access_key(UserName=sys.argv[1])["AccessKey"]
            print(user["Arn"], key["AccessKeyId"], key["SecretAccessKey"])
            """, [bucket, try policy([allowance, denial])]
        ).split { $0.isWhitespace }.map(String.init)
        try #require(words.count == 3)
        return MotoUser(arn: words[0], accessKey: words[1], secretKey: words[2])
    }

    /// Makes a role that may do everything, for a user who knows the external id; returns its ARN.
    fileprivate func makeRole(for user: MotoUser, externalID: String) throws -> String {
        let trust: [String: Any] = [
            "Effect": "Allow", "Action": "sts:AssumeRole", "Principal": ["AWS": user.arn],
            "Condition": ["StringEquals": ["sts:ExternalId": externalID]],
        ]
        let arn = try aws.python(
            """
            import boto3, sys
            iam = boto3.client("iam")
            role = iam.create_role(RoleName=sys.argv[1], AssumeRolePolicyDocument=sys.argv[2])
            iam.put_role_policy(RoleName=sys.argv[1], PolicyName="p", PolicyDocument=sys.argv[3])
            print(role["Role"]["Arn"])
            """,
            [
                bucket, try policy([trust]),
                try policy([["Effect": "Allow", "Action": "*", "Resource": "*"]]),
            ])
        return arn.trimmingCharacters(in: .whitespacesAndNewlines)
    }

    private func policy(_ statements: [[String: Any]]) throws -> String {
        let data = try JSONSerialization.data(
            withJSONObject: ["Version": "2012-10-17", "Statement": statements])
        return String(decoding: data, as: UTF8.self)
    }
}
