import Foundation
import Support
import Testing

@testable import AWS

/// A role that may do everything, taken on with our session policy: what is left, as an emulator
/// that enforces policies decides it.
@Suite struct SessionPolicyTests {
    /// Two buckets, two queues and a role that may do all, in the emulator's account.
    struct World {
        let aws: LocalAWS
        let role: String
        let mine: String
        let foreign: String
        let queue: String

        static let shared = Result { try World() }

        init() throws {
            aws = try LocalAWS.shared(.ministackIAM)
            (mine, foreign) = (uniqueName("mine"), uniqueName("foreign"))
            let made = try aws.python(
                """
                import boto3, json, sys
                mine, foreign, name = sys.argv[1:]
                s3, sqs, iam = (boto3.client(name) for name in ("s3", "sqs", "iam"))
                for bucket in (mine, foreign):
                    s3.create_bucket(Bucket=bucket)
                    for key in ("cas/a.csv", "other/a.csv", "cas2/a.csv"):
                        s3.put_object(Bucket=bucket, Key=key, Body=b"a")
                def statement(**extra):
                    return json.dumps({"Version": "2012-10-17", "Statement": [extra]})
                trust = statement(Effect="Allow", Action="sts:AssumeRole",
                                  Principal={"AWS": "arn:aws:iam::000000000000:root"})
                role = iam.create_role(RoleName=name, AssumeRolePolicyDocument=trust)["Role"]
                iam.put_role_policy(RoleName=name, PolicyName="all", PolicyDocument=statement(
                    Effect="Allow", Action="*", Resource="*"))
                print(role["Arn"], sqs.create_queue(QueueName=name)["QueueUrl"])
                """, [mine, foreign, uniqueName("role")])
            let words = made.split { $0.isWhitespace }.map(String.init)
            try #require(words.count == 2)
            (role, queue) = (words[0], words[1])
        }

        func policy(places: [(bucket: String, prefix: String)]) throws -> String {
            try SessionPolicy(
                roleARN: role, accountID: "000000000000", places: places, queueURL: queue,
                asksForDataSets: false
            ).text
        }

        func client(policy: String?) throws -> AWSClient {
            let configuration = try AWSConfiguration(
                environment: ["AWS_REGION": "us-east-1", "AWS_ENDPOINT_URL": aws.endpoint])
            let keys = FixedCredentials(
                AWSCredentials(accessKeyID: aws.accessKey, secretAccessKey: aws.secretKey))
            let session = RoleSession(
                roleARN: role, sessionName: RoleSession.sessionName("sluice-acme"),
                policy: policy)
            let assumed = AssumedRole(session, source: keys, configuration: configuration)
            return AWSClient(
                configuration: configuration, credentials: CachedCredentials(assumed) { _ in })
        }

        /// Each with the tongue's usual way: nil where it was allowed.
        func refusal(_ call: (S3, SQS) throws -> Void, _ client: AWSClient) -> AWSError? {
            awsError { try call(S3(client: client), SQS(client: client)) }
        }
    }

    @Test func sessionReadsTheSellersPlacesAndNoOthers() throws {
        let world = try World.shared.get()
        let limited = try world.client(
            policy: try world.policy(places: [(world.mine, "cas")]))
        let unlimited = try world.client(policy: nil)
        let (mine, foreign) = (world.mine, world.foreign)
        let allowed: [(S3, SQS) throws -> Void] = [
            { s3, _ in _ = try s3.bytes(bucket: mine, key: "cas/a.csv") },
            { s3, _ in try s3.listObjects(bucket: mine, prefix: "cas/") { _ in } },
            { _, sqs in _ = try sqs.receiveMessages(queueURL: world.queue, waitSeconds: 0) },
            { _, sqs in _ = try sqs.queueAttributes(queueURL: world.queue) },
        ]
        let denied: [(S3, SQS) throws -> Void] = [
            { s3, _ in _ = try s3.bytes(bucket: mine, key: "other/a.csv") },
            { s3, _ in _ = try s3.bytes(bucket: mine, key: "cas2/a.csv") },
            { s3, _ in _ = try s3.bytes(bucket: foreign, key: "cas/a.csv") },
            { s3, _ in try s3.listObjects(bucket: foreign) { _ in } },
            { s3, _ in _ = try s3.putObject(bucket: mine, key: "cas/b", body: .bytes([1])) },
            { _, sqs in _ = try sqs.createQueue(name: uniqueName("queue")) },
        ]
        for call in allowed { #expect(world.refusal(call, limited) == nil) }
        for call in denied {
            #expect(world.refusal(call, limited)?.isAccessDenied == true)
            // It is the session that is limited, not the role.
            #expect(world.refusal(call, unlimited) == nil)
        }
    }

    /// Too many places for one policy: buckets then, and in the end the account.
    @Test(arguments: [(40, 1), (400, 400)])
    func policyFitsIntoWhatSTSTakes(places: Int, buckets: Int) throws {
        let world = try World.shared.get()
        let many = (0..<places).map { number in
            let bucket = number % buckets == 0 ? world.mine : "bucket-\(number)"
            return (bucket: bucket, prefix: "cas\(number)")
        }
        let policy = try world.policy(places: many + [(world.mine, "cas")])
        #expect(policy.utf8.count <= SessionPolicy.charactersMax)
        let client = try world.client(policy: policy)
        let mine = world.mine
        #expect(
            world.refusal(
                { s3, _ in _ = try s3.bytes(bucket: mine, key: "cas/a.csv") }, client) == nil)
        #expect(
            world.refusal(
                { s3, _ in try s3.putObject(bucket: mine, key: "x", body: .bytes([1])) }, client)?
                .isAccessDenied == true)
    }

    /// What stands for anything in a policy, and is a letter like any in a prefix.
    @Test func wildcardsInAPrefixStandForThemselves() throws {
        let policy = try World.shared.get().policy(places: [("b", "a*b?c$d/")])
        #expect(policy.contains("arn:aws:s3:::b/a${*}b${?}c${$}d/*"))
    }
}
