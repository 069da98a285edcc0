import AWS
import Foundation
import Support
import Testing

/// `sluice dlq`: what was given up, why, and how it goes back.
@Suite struct DeadLetterTests {
    /// A cloud with a dead letter of a file that no table takes, a message into a foreign bucket,
    /// and one that says nothing.
    private func troubledCloud() throws -> SimulatedCloud {
        let cloud = try SimulatedCloud(.none, receiveCountMax: 2)
        let foreign = try cloud.makeForeignBucket()
        let key = try Deliveries.billing(rows: 3).key
        try cloud.put([DeliveredObject(key: key, bytes: Array("not,its,titles\n1,2,3\n".utf8))])
        try cloud.send([
            MessageShape.s3Event.body(key, in: cloud.bucket),
            MessageShape.s3Event.body(key, in: foreign),
            #"{"hello": "world"}"#,
        ])
        let worker = try cloud.startWorker(["--drain"], ["SLUICE_RETRY_SECONDS": "1"])
        #expect(worker.wait(limitSeconds: 60).ending == .exited(1))
        #expect(try cloud.attributes(ofDeadLetters: true).depth == 1)
        return cloud
    }

    private func dlq(_ cloud: SimulatedCloud, _ arguments: [String]) throws -> Finished {
        try Program().run(
            ["dlq"] + arguments + ["--database", cloud.database.conninfo],
            environment: cloud.aws.environment())
    }

    private func id(_ cloud: SimulatedCloud, _ outcome: String) throws -> String {
        try cloud.database.psql(
            "select sqs_message_id from ingest.message where outcome = '\(outcome)'")
    }

    @Test func everyParkedMessageIsListedWithItsReason() throws {
        let cloud = try troubledCloud()
        for _ in 1...2 {
            let listed = try dlq(cloud, ["list"])
            #expect(listed.succeeded, "\(listed)")
            let lines = listed.standardOutput.split(separator: "\n").map(String.init)
            #expect(lines.count == 6, "\(listed)")
            let failed = try id(cloud, "failed")
            #expect(
                lines[0].hasPrefix("\(failed)  acme, dead-letter queue, failed, received 2 times"))
            #expect(lines[1].contains("s3://\(cloud.bucket)/"))
            #expect(lines.contains { $0.contains("acme, database, refused") })
            #expect(lines.contains { $0.contains("was not fetched. If it should be") })
            #expect(lines.contains { $0.contains("acme, database, unknown") })
            #expect(lines.contains { $0.contains("no known field, only: hello") })
        }
        // Looking leaves them where they were.
        #expect(try cloud.attributes(ofDeadLetters: true).depth == 1)
        let json = try JSONSerialization.jsonObject(
            with: Data(dlq(cloud, ["--json"]).standardOutput.utf8))
        let places = (json as? [[String: Any]])?.compactMap { $0["place"] as? String }
        #expect(places == ["dead-letter queue", "database", "database"])
    }

    @Test func redrivenMessageIsWorkedOnAgain() throws {
        let cloud = try troubledCloud()
        let failed = try id(cloud, "failed")
        let before = try dlq(cloud, ["explain", String(failed.prefix(8))])
        #expect(before.standardOutput.contains("  next: mend what the reason names"))
        try cloud.put([try Deliveries.billing(rows: 3)])
        #expect(try dlq(cloud, ["redrive", String(failed.prefix(8))]).succeeded)
        #expect(try cloud.attributes(ofDeadLetters: true).depth == 0)
        #expect(try cloud.attributes().depth == 1)
        try cloud.drain()
        #expect(try cloud.database.rowCount() == 3)
        #expect(
            try cloud.database.psql(
                """
                select outcome, decided_at is not null, decided_by like '%@%' from ingest.message
                where sqs_message_id = '\(failed)'
                """) == "redriven|t|t")
        #expect(try dlq(cloud, []).standardOutput.split(separator: "\n").count == 4)
    }

    @Test func refusedMessageIsFollowedOnceItsPlaceIsTheSellers() throws {
        let cloud = try troubledCloud()
        let refused = try id(cloud, "refused")
        let foreign = "foreign-\(cloud.bucket)"
        try cloud.put([try Deliveries.billing(rows: 3)], into: foreign)
        try cloud.addSeller(to: cloud.database, ["--location", foreign])
        #expect(try dlq(cloud, ["redrive", refused]).succeeded)
        try cloud.drain()
        // A sweep may have found by then that the other one is the same delivery.
        #expect(
            try cloud.database.psql(
                """
                select bucket from ingest.file where is_complete and stands_aside_for is null
                """) == foreign)
    }

    @Test func dismissedMessagesAreNobodysTrouble() throws {
        let cloud = try troubledCloud()
        try cloud.put([try Deliveries.billing(rows: 3)])
        try cloud.drain()
        let failed = try id(cloud, "failed")
        let explained = try dlq(cloud, ["explain", failed]).standardOutput
        #expect(explained.contains(": loaded since, 3 rows"), "\(explained)")
        #expect(explained.contains("  next: its files are loaded: sluice dlq dismiss \(failed)"))
        let check = ["status", "--check", "--no-queues", "--database", cloud.database.conninfo]
        #expect(try Program().run(check).status == 1)
        #expect(
            try dlq(cloud, ["dismiss", "--all"]).standardOutput == "3 messages dismissed\n")
        #expect(try dlq(cloud, []).standardOutput == "No message waits.\n")
        #expect(try cloud.attributes(ofDeadLetters: true).depth == 0)
        #expect(try Program().run(check).status == 0)
    }

    @Test func deadLetterWithoutARecordSaysSo() throws {
        let cloud = try SimulatedCloud(.none)
        let failures = try cloud.sqs.sendMessages(
            queueURL: cloud.deadLettersURL,
            bodies: [MessageShape.s3Event.body("some/key.csv", in: cloud.bucket)])
        #expect(failures.isEmpty)
        let listed = try dlq(cloud, []).standardOutput
        #expect(listed.contains("no reason is on record"), "\(listed)")
        #expect(try dlq(cloud, ["redrive", "--all"]).succeeded)
        #expect(try cloud.attributes(ofDeadLetters: true).depth == 0)
        #expect(try cloud.attributes().depth == 1)
    }

    @Test(
        arguments: [
            (["explain", "zz"], "no message that waits has an id that begins with zz"),
            (["explain", ""], "3 messages have ids that begin with"),
            (["redrive"], "name messages, or say --all"),
            (["redrive", "--all", "a"], "name messages, or say --all"),
            (["--seller", "nobody"], "there is no seller nobody"),
        ])
    func mistakeIsNamed(arguments: [String], message: String) throws {
        let cloud = try SimulatedCloud(.none)
        try cloud.send(["1", "2", "3"])
        try cloud.drain()
        let done = try dlq(cloud, arguments)
        #expect(!done.succeeded)
        #expect(done.standardError.contains(message), "\(done)")
    }
}
