import Foundation
import Support
import Testing

/// Objects that S3 has archived, that expire before they are loaded, and that are made anew.
///
/// Where something is restored it is moto, which does that; the one that checks no signature,
/// because it refuses those of keys with awkward characters.
@Suite struct UnreadableObjectTests {
    private static let key = Desk.productKey(2)

    /// Findings of a desk: kind, and what to do.
    private func findings(_ remote: RemoteDesk) throws -> [String] {
        try remote.desk.database.psql(
            "select kind, what from ingest.finding where kind <> 'missing' order by kind"
        ).split(separator: "\n").map(String.init)
    }

    /// Each sweep of one worker run, from the start.
    private func drain(_ remote: RemoteDesk) throws -> Finished {
        try remote.desk.database.psql("delete from ingest.sweep")
        let done = try remote.run(["worker", "--drain"])
        try #require(done.succeeded, "\(done)")
        return done
    }

    @Test(arguments: ["GLACIER", "DEEP_ARCHIVE"])
    func archivedObjectIsOneFindingUntilItIsRestored(storageClass: String) throws {
        let remote = try RemoteDesk(.motoTLS)
        // Its own name must not run in the shell that the advice is pasted into.
        let key = "it's $(touch pwned) \(storageClass)/" + Self.key
        try remote.put(Desk.products(21...22), to: key, class: storageClass)
        try remote.put([(Desk.productKey(1), Desk.products(11...12))])
        let first = try remote.run(["backfill", remote.location])
        #expect(first.status == 0, "\(first)")
        #expect(first.standardOutput.contains("\n1 files are archived or gone and were not loaded"))
        #expect(first.standardError.contains("S3 has archived it (\(storageClass))"), "\(first)")
        #expect(try remote.desk.products() == ["prod-11", "prod-12"])

        // Looked at again at every run, and told no more.
        for _ in 1...2 {
            let again = try remote.run(["backfill", remote.location])
            #expect(again.status == 0)
            #expect(again.standardOutput.contains("\n1 files are archived or gone"))
            #expect(!again.standardError.contains("archived"), "\(again)")
        }
        #expect(try drain(remote).standardError.contains("archived") == false)
        let found = try findings(remote)
        #expect(found.count == 1 && found[0].hasPrefix("archived|"), "\(found)")
        #expect(
            try remote.desk.database.number(
                "select count(*) from ingest.load where outcome <> 'loaded'") == 0)
        let status = try remote.desk.run(["status", "--no-queues"])
        #expect(!status.standardOutput.contains("could not be loaded"), "\(status)")

        try pasteAdvice(found[0], remote, key)
        #expect(try remote.run(["backfill", remote.location]).status == 0)
        #expect(try remote.desk.products() == ["prod-11", "prod-12", "prod-21", "prod-22"])
        #expect(try findings(remote).isEmpty)
        #expect(
            try remote.desk.database.number(
                "select count(*) from ingest.file where failure is null and unreadable is null")
                == 2)
    }

    /// Runs the advised command in a shell, where `aws` does what the AWS CLI would.
    private func pasteAdvice(_ finding: String, _ remote: RemoteDesk, _ key: String) throws {
        let advice = try #require(finding.firstMatch(of: /Restore it: (aws .*); the sweep/)?.1)
        let words = try Command(
            "/bin/sh", ["-c", #"aws() { printf '%s\0' "$@"; }; "# + advice],
            environment: [:], directory: remote.desk.exports.path
        ).output().split(separator: "\0").map(String.init)
        #expect(
            words == [
                "s3api", "restore-object", "--bucket", remote.bucket, "--key=\(key)",
                "--restore-request", "Days=7",
            ])
        #expect(!FileManager.default.fileExists(atPath: remote.desk.exports.path + "/pwned"))
        try remote.aws.python(
            """
            import boto3, sys
            boto3.client("s3").restore_object(
                Bucket=sys.argv[1], Key=sys.argv[2], RestoreRequest={"Days": 7})
            """, [remote.bucket, key])
    }

    @Test func messageOfAnArchivedObjectIsSettled() throws {
        let remote = try RemoteDesk()
        try remote.put(Desk.products(), to: Self.key, class: "GLACIER")
        try remote.announce([(remote.bucket, Self.key), (remote.bucket, Self.key)])
        let done = try drain(remote)
        #expect(done.standardError.components(separatedBy: "[sluice] s3://").count == 2, "\(done)")
        #expect(try remote.messagesLeft() == 0)
        #expect(
            try remote.desk.database.psql("select distinct outcome from ingest.message")
                == "recorded")
        #expect(try findings(remote).count == 1)
    }

    @Test func whatIsLoadedMayBeArchived() throws {
        let remote = try RemoteDesk()
        try remote.put(Desk.products(), to: Self.key, class: "STANDARD")
        #expect(try remote.run(["backfill", remote.location]).status == 0)
        try remote.put(Desk.products(), to: Self.key, class: "GLACIER")
        try remote.announce([(remote.bucket, Self.key)])
        _ = try drain(remote)
        #expect(try findings(remote).isEmpty)
        #expect(try remote.desk.ledger(Self.key).failure == "")
        // Its bytes are needed now.
        let again = try remote.run(["reload", "--file", Self.key])
        #expect(again.status == 1 && again.standardError.contains("archived"), "\(again)")
        #expect(try findings(remote).isEmpty)
        #expect(try remote.desk.products().count == 3)
    }

    /// A readable class, an object that S3 brings back, and one that is back.
    @Test(arguments: ["STANDARD", "STANDARD_IA", "GLACIER_IR", "INTELLIGENT_TIERING"])
    func otherStorageClassesAreLoaded(storageClass: String) throws {
        let remote = try RemoteDesk()
        try remote.put(Desk.products(), to: Self.key, class: storageClass)
        #expect(try remote.run(["backfill", remote.location]).status == 0)
        #expect(try remote.desk.products().count == 3)
    }

    @Test func objectThatExpiresBeforeItIsLoadedIsOneFinding() throws {
        let remote = try RemoteDesk()
        try remote.announce([(remote.bucket, Self.key), (remote.bucket, Self.key)])
        let first = try drain(remote)
        #expect(
            first.standardError.components(separatedBy: "[sluice] s3://").count == 2, "\(first)")
        #expect(try remote.messagesLeft() == 0)
        let found = try findings(remote)
        #expect(found.count == 1 && found[0].hasPrefix("gone|"), "\(found)")
        #expect(try remote.desk.run(["status", "--check", "--no-queues"]).status == 1)

        try remote.put([(Self.key, Desk.products())])
        _ = try drain(remote)
        #expect(try findings(remote).isEmpty)
        #expect(try remote.desk.products().count == 3)
    }

    @Test func objectThatExpiresAfterItIsLoadedIsMissedOnlyWhereANewerVersionWasAnnounced()
        throws
    {
        let remote = try RemoteDesk()
        try remote.put([(Self.key, Desk.products())])
        #expect(try remote.run(["backfill", remote.location]).status == 0)
        try remote.expire(Self.key)
        let eTag = try remote.desk.database.psql("select etag from ingest.version")
        try remote.announce([(remote.bucket, Self.key)], eTag: eTag)
        _ = try drain(remote)
        #expect(try findings(remote).isEmpty)
        try remote.announce([(remote.bucket, Self.key)], eTag: "of-a-newer-version")
        _ = try drain(remote)
        #expect(try findings(remote).map { $0.prefix(5) } == ["gone|"])
        #expect(try remote.desk.products().count == 3)
    }

    /// AWS appends to a month file.
    ///
    /// Where the file was removed meanwhile it begins a new one.
    @Test func monthFileThatIsMadeAnewGoesOnAndIsOneFinding() throws {
        let remote = try RemoteDesk()
        try remote.put([(Self.key, Desk.products(1...30))])
        #expect(try remote.run(["backfill", remote.location]).status == 0)
        try remote.expire(Self.key)
        _ = try drain(remote)
        for last in [31, 33, 36] {
            try remote.put([(Self.key, Desk.products(31...last))])
            for _ in 1...2 {
                let done = try drain(remote)
                #expect(!done.standardError.contains(" error "), "\(done)")
            }
            #expect(try remote.desk.products().count == last)
            #expect(
                try remote.desk.database.number(
                    "select count(*) from ingest.vanished where decision is null") == 30)
            #expect(try findings(remote).map { $0.prefix(7) } == ["shrunk|"])
        }
        #expect(
            try remote.desk.database.psql(
                "select string_agg(outcome, ',' order by load_id) from ingest.load")
                == "loaded,rewritten,extended,extended")
        // All of it again: what had vanished is there, once.
        try remote.put([(Self.key, Desk.products(1...36))])
        _ = try drain(remote)
        #expect(try remote.desk.products().count == 36)
        #expect(
            try remote.desk.database.psql(
                "select distinct decision from ingest.vanished") == "returned")
        #expect(try findings(remote).isEmpty)
    }

    @Test func missingBucketIsAFaultAndNoFinding() throws {
        let remote = try RemoteDesk()
        let other = remote.bucket + "-gone"
        #expect(
            try remote.desk.run([
                "seller", "add", "acme", "--location", remote.bucket,
                "--location", other,
            ]).status == 0)
        try remote.announce([(other, Self.key)])
        let worker = try remote.desk.start(["worker"], environment: remote.aws.environment())
        defer { worker.signal(SIGKILL) }
        let deadline = Date(timeIntervalSinceNow: 60)
        let outcomes = "select outcome from ingest.message"
        while Date() < deadline, try remote.desk.database.psql(outcomes).isEmpty {
            usleep(50_000)  // a poll: another process works on it
        }
        #expect(try remote.desk.database.psql(outcomes) == "failed")
        #expect(try remote.messagesLeft() == 1)
        #expect(try findings(remote).isEmpty)
    }
}
