import Foundation
import Support
import Testing

/// S3 refuses, or has not got what a message speaks of.
@Suite struct S3TroubleTests {
    /// An answer of S3 in its own words (Amazon S3 API Reference, "Error responses").
    struct Refusal: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let status: Int
        let code: String
        let message: String
        let advice: String

        var body: String {
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?><Error><Code>\(code)</Code><Message>"
                + "\(message)</Message><RequestId>4442587FB7D0A2F9</RequestId></Error>"
        }

        func description(of place: String, _ operation: String) -> String {
            "\(place): \(operation): \(code): \(message) "
                + "(HTTP \(status), request 4442587FB7D0A2F9). \(advice)"
        }
    }

    static let role = "arn:aws:sts::111122223333:assumed-role/sluice/sluice-acme"
    static let refusals = [
        Refusal(
            testDescription: "the key's policy denies",
            status: 403, code: "AccessDenied",
            message: "User: \(role) is not authorized to perform: kms:Decrypt on resource: "
                + "arn:aws:kms:us-east-1:111122223333:key/1234 because no identity-based policy "
                + "allows the kms:Decrypt action",
            advice: "Allow kms:Decrypt on the key that encrypts it, in the role's policy and in "
                + "the key's"),
        Refusal(
            testDescription: "the key is disabled",
            status: 400, code: "KMS.DisabledException",
            message: "arn:aws:kms:us-east-1:111122223333:key/1234 is disabled.",
            advice: "Enable the key that encrypts the object"),
        Refusal(
            testDescription: "the bucket's policy denies",
            status: 403, code: "AccessDenied", message: "Access Denied",
            advice: "Allow s3:GetObject on it, in the role's policy and in the resource's; "
                + "without s3:ListBucket a key that does not exist is refused this way too"),
    ]

    @Test(arguments: refusals)
    func aRefusedObjectIsToldWithWhatToAllowAndOthersAreLoaded(refusal: Refusal) throws {
        let remote = try RemoteDesk()
        let key = Desk.productKey(2)
        try remote.put([
            (Desk.productKey(1), Desk.products(11...12)), (key, Desk.products(21...22)),
            (Desk.productKey(3), Desk.products(31...32)),
        ])
        // The first request for the key is HEAD, the second GET.
        let proxy = try HTTPFaultProxy(
            to: .tcp(port: remote.aws.port),
            fault: .answer(status: refusal.status, body: refusal.body),
            at: .containing("month%3D02", occurrence: 2))
        let done = try remote.run(["backfill", remote.location], through: proxy)
        try #require(proxy.fired?.kind == "GET", "\(proxy.operations)")
        let message = refusal.description(of: "\(remote.location)/\(key)", "GetObject")
        #expect(done.status == 1)
        #expect(done.standardError.contains("] \(message)\n"), "\(done)")
        #expect(try remote.desk.ledger(key) == (message, "failed|0|0|0"))
        #expect(try remote.desk.products() == ["prod-11", "prod-12", "prod-31", "prod-32"])

        #expect(try remote.run(["backfill", remote.location]).status == 0)
        #expect(try remote.desk.products().count == 6)
        #expect(try remote.desk.ledger(key).failure == "")
    }

    @Test func aBucketThatIsNotThereIsToldAndEndsTheRun() throws {
        let remote = try RemoteDesk()
        let other = remote.bucket + "-gone"
        #expect(try remote.run(["seller", "add", "gone", "--location", other]).status == 0)
        let done = try remote.run(["backfill", "s3://\(other)"])
        #expect(done.status == 78)
        #expect(done.standardOutput == "")
        let start = "sluice: s3://\(other)/: ListObjectsV2: NoSuchBucket: "
        #expect(done.standardError.hasPrefix(start), "\(done)")
        #expect(done.standardError.contains(" (HTTP 404, request "))
        #expect(
            done.standardError.hasSuffix(
                ". Check the bucket's name, and that it was not deleted\n"))
    }

    @Test func aListingThatIsDeniedIsToldWithWhatToAllow() throws {
        let remote = try RemoteDesk()
        try remote.put([(Desk.productKey(1), Desk.products())])
        let refusal = Self.refusals[2]
        let proxy = try HTTPFaultProxy(
            to: .tcp(port: remote.aws.port), fault: .answer(status: 403, body: refusal.body),
            at: .containing("list-type=2"))
        let done = try remote.run(["backfill", remote.location], through: proxy)
        #expect(done.status == 78)
        #expect(
            done.standardError
                == "sluice: \(remote.location)/: ListObjectsV2: AccessDenied: Access Denied "
                + "(HTTP 403, request 4442587FB7D0A2F9). Allow s3:ListBucket on it, in the "
                + "role's policy and in the resource's\n")
    }

    @Test func amazonThatCannotBeReachedIsMomentary() throws {
        let remote = try RemoteDesk()
        let done = try remote.desk.run(
            ["backfill", remote.location], environment: remote.aws.environment(port: 1))
        #expect(done.status == 69, "\(done)")
        #expect(
            done.standardError.hasPrefix("sluice: \(remote.location)/: ListObjectsV2: "),
            "\(done)")
    }

    @Test func aMessageAboutAMissingObjectOrAnotherBucketDoesNotStopTheOthers() throws {
        let remote = try RemoteDesk()
        let missing = Desk.productKey(2)
        try remote.put([
            (Desk.productKey(1), Desk.products(11...12)),
            (Desk.productKey(3), Desk.products(31...32)),
        ])
        try remote.announce([
            (remote.bucket, missing), ("somebody-elses", Desk.productKey(1)),
            (remote.bucket, Desk.productKey(1)), (remote.bucket, Desk.productKey(3)),
        ])
        let worker = try remote.desk.start(["worker"], environment: remote.aws.environment())
        defer { worker.signal(SIGKILL) }
        let deadline = Date(timeIntervalSinceNow: 60)
        let settled =
            "select count(*) from ingest.message where outcome in ('recorded', 'refused')"
        while Date() < deadline {
            let messages = try remote.desk.database.psql(settled)
            if messages == "2", try remote.desk.products().count == 4,
                try remote.messagesLeft() == 0
            {
                break
            }
            usleep(50_000)  // a poll: another process works on it
        }
        worker.signal(SIGTERM)
        let done = worker.wait()
        #expect(done.status == 0, "\(done)")
        #expect(try remote.desk.products() == ["prod-11", "prod-12", "prod-31", "prod-32"])

        let failure = try remote.desk.ledger(missing).failure
        #expect(failure.hasPrefix("\(remote.location)/\(missing): is not there, or no longer"))
        #expect(done.standardError.contains("] \(failure)\n"), "\(done)")
        let reasons = try remote.desk.database.psql(
            "select outcome, reason from ingest.message order by outcome")
        #expect(
            reasons == "recorded|\(failure)\n"
                + "refused|s3://somebody-elses/\(Desk.productKey(1)) is not in a location of the "
                + "seller acme, and was not fetched. If it should be, add the location: "
                + "sluice seller add acme --location ...")
        // Neither would be followed if it came again.
        #expect(try remote.messagesLeft() == 0, "\(done)")
    }
}
