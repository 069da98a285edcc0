import Foundation
import Support
import Testing

/// `sluice migrate`.
@Suite struct MigrateTests {
    @Test func itAppliesEveryDefinitionOnceAndThenNothing() throws {
        let desk = try Desk(isMigrated: false)
        let first = try desk.run(["migrate"])
        #expect(first.status == 0, "\(first)")
        let folder = URL(fileURLWithPath: Program.packageRoot + "/Schema")
        let files = try FileManager.default.subpathsOfDirectory(atPath: folder.path)
            .filter { $0.hasSuffix(".sql") && !$0.hasPrefix("changes/") }
        let lines = first.standardOutput.split(separator: "\n").map(String.init)
        #expect(lines.sorted() == files.map { "applied \($0)" }.sorted())
        #expect(lines.first == "applied ingest/schema.sql")
        let second = try desk.run(["migrate"])
        #expect(second.status == 0)
        #expect(second.standardOutput == "The schema is up to date.\n")
    }

    @Test func twoAtOnceTakeTurns() throws {
        let desk = try Desk(isMigrated: false)
        let children = try (1...2).map { _ in try desk.start(["migrate"]) }
        let answers = children.map { $0.wait() }
        #expect(answers.map(\.status) == [0, 0], "\(answers)")
        let idle = answers.filter { $0.standardOutput == "The schema is up to date.\n" }
        #expect(idle.count == 1)
    }

    @Test func aDefinitionThatFailsIsNamedAndNothingIsApplied() throws {
        let desk = try Desk(isMigrated: false)
        let schema = desk.exports.path + "/Schema"
        try FileManager.default.copyItem(atPath: Program.packageRoot + "/Schema", toPath: schema)
        try desk.deliver("create table sdds.broken (id nonsense);", to: "Schema/sdds/broken.sql")
        let done = try desk.run(["migrate", "--schema", schema])
        #expect(done.status == 78)
        #expect(
            done.standardError.hasPrefix(
                "sluice: Schema/sdds/broken.sql: type \"nonsense\" does not exist (SQLSTATE 42704)"),
            "\(done)")
        let schemas = "select count(*) from pg_namespace where nspname in ('ingest', 'sdds', 'cas')"
        #expect(try desk.database.psql(schemas) == "0")
    }
}
