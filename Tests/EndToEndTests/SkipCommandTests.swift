import Foundation
import Support
import Testing

/// `sluice reload --from-line`: files that stop at damage without a certain end go on where an operator
/// says.
@Suite struct SkipCommandTests {
    private static let key = Desk.productKey()

    @Test(arguments: [false, true])
    func pastedAdviceLoadsWhatIsAroundTheDamageAndLaterVersionsNeedNone(
        isCompressed: Bool
    ) throws {
        let skip = try SkipDesk()
        let desk = skip.desk
        let key = Desk.productKey(gzip: isCompressed)
        try skip.deliver(SkipDesk.file, to: key, isCompressed: isCompressed)
        let stopped = try desk.backfill()
        #expect(stopped.status == 1)
        let command =
            "sluice reload --file '\(desk.name(key))' --seller default --from-line 5 "
            + "--because 'line 4 is damaged'"
        #expect(SkipDesk.commands(in: stopped.standardError) == [command], "\(stopped)")
        #expect(try skip.advised() == [command])
        // Nothing vouches for the bytes of a gzip member that was not read to its end.
        #expect(try desk.products() == (isCompressed ? [] : ["prod-1", "prod-2"]))

        let done = try skip.paste(command)
        #expect(done.status == 0, "\(done)")
        #expect(try desk.products() == SkipDesk.loaded)
        #expect(try desk.ledger(key).failure == "")
        let place = (Desk.productHeader + SkipDesk.before).utf8.count
        let size = SkipDesk.damaged.utf8.count
        let who = try desk.database.psql("select decided_by from ingest.skipped_content")
        #expect(who.contains(/.@./))
        let reject =
            "waiting|3|4|\(place)|was skipped by \(who) (1 line, \(size) bytes): line 4 is damaged"
        #expect(try skip.rejects() == reject)
        #expect(try skip.decisions() == "4|1|\(size)|line 4 is damaged")
        #expect(
            try desk.database.psql("select convert_from(raw, 'UTF8') from ingest.reject") + "\n"
                == SkipDesk.damaged + "\n")
        let shown = try desk.run(["rejects", "show"]).standardOutput
        #expect(shown.contains("was skipped by \(who)"), "\(shown)")
        #expect(try desk.run(["status", "--check", "--no-queues"]).status == 0)

        // The next day's version is longer, the one after it has another beginning as well.
        try skip.deliver(
            SkipDesk.file + Desk.productRows(7...7), to: key, isCompressed: isCompressed)
        #expect(try desk.backfill().status == 0)
        #expect(try desk.ledger(key) == ("", "extended|1|1|0"))
        #expect(try desk.products() == SkipDesk.loaded + ["prod-7"])
        let rewritten =
            SkipDesk.file.replacing("Title 1", with: "A title of another length")
            + Desk.productRows(7...8)
        try skip.deliver(rewritten, to: key, isCompressed: isCompressed)
        let gone = try desk.backfill()
        #expect(gone.status == 0, "\(gone)")
        #expect(try desk.database.psql("select failure from ingest.file") == "")
        #expect(
            try desk.products() == ["prod-1"] + SkipDesk.loaded + ["prod-7", "prod-8"])
        #expect(try skip.rejects() == reject)
        #expect(try desk.run(["accept", "--all"]).status == 0)

        // Whatever is done with the file afterwards, nothing is loaded twice and nothing is lost.
        let titles = try skip.titles()
        #expect(try desk.run(["rejects", "replay"]).succeeded)
        #expect(try skip.rejects() == reject)
        let again = try desk.run(["reload", "--file", key])
        #expect(again.status == 0, "\(again)")
        #expect(try skip.titles() == titles)
        #expect(
            try desk.database.psql("select count(*), min(reason) from ingest.reject")
                == "1|was skipped by \(who) (1 line, \(size) bytes): line 4 is damaged")
    }

    /// Names are other people's text; what is pasted means them and nothing else.
    @Test(arguments: [
        "a b", "it's", "say \"x\"", "$(touch pwned)", "`touch pwned`", "x; touch pwned #", "\\",
        "a*",
        "-n", "é $HOME",
    ])
    func pastedAdviceMeansTheKeyWhateverItsCharacters(name: String) throws {
        let skip = try SkipDesk()
        let key = name + "/" + Self.key
        try skip.deliver(SkipDesk.file, to: key)
        #expect(try skip.desk.backfill().status == 1)
        let advised = try skip.advised()
        try #require(advised.count == 1, "\(advised)")
        let done = try skip.paste(advised[0])
        #expect(done.status == 0, "\(done)")
        #expect(try skip.desk.products() == SkipDesk.loaded)
        #expect(!FileManager.default.fileExists(atPath: skip.desk.exports.path + "/pwned"))
    }

    @Test func adviceMeansTheSellerWhoseFileItIs() throws {
        let skip = try SkipDesk()
        try skip.deliver(SkipDesk.file, to: Self.key)
        for seller in ["acme", "bolt"] {
            #expect(try skip.desk.run(["seller", "add", seller]).succeeded)
            #expect(try skip.desk.backfill(["--seller", seller]).status == 1)
        }
        let advised = try skip.advised()
        #expect(advised.filter { $0.contains(" --seller acme ") }.count == 1)
        for command in advised {
            let done = try skip.paste(command)
            #expect(done.status == 0, "\(done)")
        }
        let rows = "select seller_id, count(*) from sdds.product group by 1 order by 1"
        #expect(
            try skip.desk.database.psql(rows).split(separator: "\n").map { $0.suffix(2) }
                == ["|5", "|5"])
    }

    @Test func adviceForAFileInABucketWorks() throws {
        let remote = try RemoteDesk()
        let key = "o'ne (two)/" + Self.key
        try remote.put([(key, SkipDesk.file)])
        #expect(try remote.run(["backfill", remote.location]).status == 1)
        let status = try remote.desk.run(["status", "--no-queues"]).standardOutput
        let advised = SkipDesk.commands(in: status)
        try #require(advised.count == 1, "\(status)")
        let folder = URL(fileURLWithPath: remote.desk.program.path).deletingLastPathComponent()
        let environment = remote.desk.environment.merging(remote.aws.environment()) { $1 }
        let done = try Command(
            "/bin/sh", ["-c", advised[0]],
            environment: environment.merging(["PATH": folder.path + ":/usr/bin:/bin"]) { $1 }
        ).run()
        #expect(done.status == 0, "\(done)")
        #expect(try remote.desk.products() == SkipDesk.loaded)
    }

    @Test func snapshotGoesOnToo() throws {
        let skip = try SkipDesk()
        let key = "disbursed_amount_by_product_2026-02-01.csv"
        let rows =
            "select string_agg(product_code, ' ' order by line) from "
            + "cas.disbursed_amount_by_product"
        let header = "Product,Product Code\n"
        try skip.deliver(header + "r0,p0\n", to: key)
        #expect(try skip.desk.backfill().status == 0)
        let damaged = header + "r1,p1\n\"r2,p2\nr3,p3\n\"r4\",p4\n"
        try skip.deliver(damaged, to: key)
        #expect(try skip.desk.backfill().status == 1)
        #expect(try skip.desk.database.psql(rows) == "p0")
        let advised = try skip.advised()
        try #require(advised.count == 1)
        let done = try skip.paste(advised[0])
        #expect(done.status == 0, "\(done)")
        #expect(try skip.desk.database.psql(rows) == "p1 p3 p4")
        // A regenerated data set that is damaged as before.
        try skip.deliver(
            header + "r0,p0\n" + damaged.dropFirst(header.count) + "r5,p5\n", to: key)
        #expect(try skip.desk.backfill().status == 0)
        #expect(try skip.desk.database.psql(rows) == "p0 p1 p3 p4 p5")
        #expect(try skip.desk.database.psql("select count(*) from ingest.reject") == "1")
    }

    /// An operator's typing mistake must not cost sound rows for good.
    @Test func lineThatWasTooFarIsCorrectedByAnEarlierOne() throws {
        let skip = try SkipDesk()
        try skip.deliver(SkipDesk.file, to: Self.key)
        #expect(try skip.desk.backfill().status == 1)
        #expect(try skip.reload(Self.key, from: "8").status == 0)
        #expect(try skip.desk.products() == ["prod-1", "prod-2", "prod-6"])
        let done = try skip.reload(Self.key, from: "5", because: "8 was wrong")
        #expect(done.status == 0, "\(done)")
        #expect(try skip.desk.products() == SkipDesk.loaded)
        let size = SkipDesk.damaged.utf8.count
        #expect(
            try skip.desk.database.psql("select octet_length(raw) from ingest.reject")
                == "\(size)")
        // Both decisions are known, and the shorter one holds.
        #expect(try skip.decisions().split(separator: "\n").count == 2)
        try skip.deliver(SkipDesk.file + Desk.productRows(7...7), to: Self.key)
        #expect(try skip.desk.backfill().status == 0)
        #expect(try skip.desk.products() == SkipDesk.loaded + ["prod-7"])
    }

    @Test func sameDecisionAgainIsNoMistake() throws {
        let skip = try SkipDesk()
        try skip.deliver(SkipDesk.file, to: Self.key)
        #expect(try skip.desk.backfill().status == 1)
        for _ in 1...2 {
            let done = try skip.reload(Self.key, from: "5")
            #expect(done.status == 0, "\(done)")
        }
        #expect(try skip.desk.products() == SkipDesk.loaded)
        #expect(try skip.desk.database.psql("select count(*) from ingest.reject") == "1")
    }

    /// Support contacts that were skipped are personal data all the same.
    @Test func skippedPersonalDataGoesWithItsCustomer() throws {
        let skip = try SkipDesk()
        let key = "contacts/customer_support_contacts_data_2022-01-01T00-00-00Z.csv"
        let header =
            "Product Id,Product Code,Customer Guid,Subscription Guid,Subscription Start Date,"
            + "Organization,AWS Customer Id,Given Name,Surname,Telephone Number,Email,Title,"
            + "Country Code,ZIP Code,Operation Time,Operation Type\n"
        func contact(_ customer: String, _ organization: String) -> String {
            "p,code,\(customer),s-\(customer),2021-01-01T00:00:00Z,\(organization),000000000001,Ann,"
                + "Müller,0123,a@example.com,CEO,DE,02139,2022-01-01T00:00:01Z,CREATE\n"
        }
        let first = "0b9c8a52-54a4-4f2e-9c64-0d1f0c3f7a01"
        let damaged = contact(first, "\"Org") + contact("c2", "Org")
        let file = header + damaged + contact("c3", "\"Org, Ltd\"")
        try skip.deliver(file, to: key)
        #expect(try skip.desk.backfill().status == 1)
        #expect(try skip.reload(key, from: "4").status == 0)
        let held = "select state, octet_length(raw) from ingest.reject"
        #expect(try skip.desk.database.psql(held) == "waiting|\(damaged.utf8.count)")
        let deletion =
            "p,code,\(first),s,2021-01-01T00:00:00Z,,000000000001,,,,,,,,2022-01-02T00:00:00Z,DELETE\n"
        try skip.deliver(
            header + deletion,
            to: "contacts/customer_support_contacts_data_2022-01-02T00-00-00Z.csv")
        #expect(try skip.desk.backfill().status == 0)
        let reason = "was skipped by an operator; see ingest.skipped_content"
        let erased = "superseded|0"
        #expect(try skip.desk.database.psql(held) == erased)
        #expect(try skip.desk.database.psql("select reason from ingest.reject") == reason)
        // Read again, it goes on at the same line, and brings nothing back.
        #expect(try skip.desk.run(["reload", "--file", key]).status == 0)
        #expect(try skip.desk.database.psql(held) == erased)
        // A name that stands at a line's start, as whole records do in what is skipped.
        let found = try skip.desk.database.psql(
            "select cas.names_customer(E'x,y\\nc2,z\\r\\nw', array['c2'])")
        #expect(found == "t")
        let everything = try skip.desk.database.psql("select s::text from ingest.skipped_content s")
        #expect(!everything.contains("Org") && !everything.contains("Ann"))
    }
}

/// Lines and options with which a file does not go on.
@Suite struct SkipRefusalTests {
    private static let key = Desk.productKey()

    @Test(arguments: [
        ("2", "is damaged from line 4 on (line 6, byte "),
        ("4", "so it cannot go on from line 4. Name the line behind the damage"),
        ("7", "cannot go on from line 7, on which no sound record begins: line 7, byte "),
        ("10", "has no line 10. Name a line that it has"),
        ("9223372036854775807", "has no line 9223372036854775807. Name a line that it has"),
    ])
    func lineFromWhichAFileCannotGoOnIsRefused(line: String, complaint: String) throws {
        let skip = try SkipDesk()
        try skip.deliver(SkipDesk.file, to: Self.key)
        #expect(try skip.desk.backfill().status == 1)
        let failure = try skip.desk.ledger(Self.key).failure
        let done = try skip.reload(Self.key, from: line)
        #expect(done.status == 1, "\(done)")
        #expect(done.standardError.contains(complaint), "\(done)")
        #expect(try skip.decisions() == "")
        #expect(try skip.desk.products() == ["prod-1", "prod-2"])
        #expect(try skip.desk.ledger(Self.key).failure == failure)
    }

    @Test(arguments: [
        (["--from-line", "1", "--because", "x"], "line 1 is the header"),
        (["--from-line", "0", "--because", "x"], "name a line behind the damage, 2 or more"),
        (["--from-line=-5", "--because", "x"], "name a line behind the damage, 2 or more"),
        (["--from-line", "-5", "--because", "x"], "--from-line"),
        (["--from-line", "five", "--because", "x"], "'five' is invalid for '--from-line"),
        (
            ["--from-line", "99999999999999999999", "--because", "x"],
            "'99999999999999999999' is invalid for '--from-line"
        ),
        (["--from-line", "5"], "--from-line needs one --file, and --because with a reason"),
        (["--from-line", "5", "--because", " "], "and --because with a reason"),
        (["--because", "x"], "--from-line needs one --file"),
    ])
    func commandLineThatSaysTooLittleIsRefused(arguments: [String], complaint: String) throws {
        let skip = try SkipDesk()
        let done = try skip.desk.run(["reload", "--file", Self.key] + arguments)
        #expect(done.status == 64, "\(done)")
        #expect(done.standardError.contains(complaint), "\(done)")
    }

    @Test(arguments: [[], ["--feed", "sdds.product"], ["--file", "a", "--file", "b"]])
    func decisionIsAboutOneFile(arguments: [String]) throws {
        let done = try Desk().run(
            ["reload", "--from-line", "5", "--because", "x"] + arguments)
        #expect(done.status == 64)
        #expect(done.standardError.contains("--from-line needs one --file"), "\(done)")
    }

    @Test func soundFileHasNothingToSkip() throws {
        let skip = try SkipDesk()
        try skip.deliver(Desk.products(), to: Self.key)
        #expect(try skip.desk.backfill().status == 0)
        let done = try skip.reload(Self.key, from: "3")
        #expect(done.status == 1)
        #expect(
            done.standardError.contains("can be read to its end: there is nothing to skip"),
            "\(done)")
    }
}
