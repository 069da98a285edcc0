import Support
import Testing

/// `sluice seller add` and `list`; wrong command lines are in HelpTests.
@Suite struct SellerTests {
    @Test func thereAreNoneUntilOneIsAdded() throws {
        let desk = try Desk()
        let done = try desk.run(["seller", "list"])
        #expect(done.status == 0)
        #expect(done.standardOutput == "There are no sellers yet.\n")
    }

    @Test func whatWasAddedIsListed() throws {
        let desk = try Desk()
        let queue = "https://sqs.us-east-1.amazonaws.com/111122223333/sluice"
        let role = "arn:aws:iam::111122223333:role/sluice"
        let acme = try desk.run([
            "seller", "add", "acme", "--location", "acme-sdds", "--location",
            "s3://acme-reports/cas", "--account", "111122223333", "--queue", queue, "--region",
            "eu-west-1", "--role", role, "--external-id", "sluice-acme",
        ])
        #expect(acme.status == 0, "\(acme)")
        #expect(acme.standardOutput == "acme saved\n")
        #expect(try desk.run(["seller", "add", "bolt"]).status == 0)
        let list = try desk.run(["seller", "list"]).standardOutput
        #expect(
            list.split(separator: "\n").map { $0.split(separator: " ").joined(separator: " ") } == [
                "seller locations queue role",
                "acme acme-sdds acme-reports/cas \(queue) \(role)", "bolt - - -",
            ])
        let kept = try desk.database.psql(
            "select account_id, region, external_id from ingest.seller where name = 'acme'")
        #expect(kept == "111122223333|eu-west-1|sluice-acme")
    }

    @Test func addingItAgainAddsLocationsAndKeepsWhatIsNotNamed() throws {
        let desk = try Desk()
        let first = ["--location", "b", "--location", "a", "--account", "111122223333"]
        #expect(try desk.run(["seller", "add", "acme"] + first).status == 0)
        let second = ["--location", "c", "--location", "a", "--region", "eu-west-1"]
        #expect(try desk.run(["seller", "add", "acme"] + second).status == 0)
        #expect(
            try desk.database.psql(
                "select seller_id, locations, account_id, region from ingest.seller")
                == "1|{a,b,c}|111122223333|eu-west-1")
    }
}
