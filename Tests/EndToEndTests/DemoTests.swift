import Foundation
import Support
import Testing

/// `sluice demo`, from nothing to compared figures.
@Suite struct DemoTests {
    /// A state folder whose server ends with the test.
    private final class State: Sendable {
        private let folder: ScratchDirectory
        private let program: Program
        let exports: String
        var path: String { folder.path + "/state" }

        init() throws {
            folder = try ScratchDirectory()
            exports = folder.path + "/exports"
            program = try Program()
        }

        deinit {
            // There may be none, if the demo ended early.
            _ = try? run(["database", "stop"])
        }

        func run(
            _ arguments: [String], environment: [String: String] = [:]
        ) throws -> Finished {
            let own = ["SLUICE_STATE": path, "SLUICE_VENV": LocalAWS.virtualEnvironment]
            return try program.run(arguments, environment: own.merging(environment) { $1 })
        }

        /// Runs what a command has printed, as a person who pastes it.
        func paste(_ line: some StringProtocol) throws -> String {
            try Command("sh", ["-c", String(line)]).output()
        }
    }

    @Test func aSecondDemoLoadsNothing() throws {
        let state = try State()
        // Somebody's books, which the demo is not to touch.
        let books = try ScratchDatabase.create()
        let environment = ["SLUICE_DATABASE_URL": books.conninfo]
        let first = try state.run(["demo", "--days", "3"], environment: environment)
        #expect(first.status == 0, "\(first)")
        #expect(first.standardOutput.hasLine(#/3 days of deliveries are on S3: .+/#))
        let sum = #/[1-9]\d* rows read = [1-9]\d* loaded \+ 0 rejected/#
        #expect(first.standardOutput.hasLine(sum))
        let verdict = "The tables hold exactly what the generator says they must."
        #expect(first.standardOutput.hasLine(verdict))
        let psql = "psql -h \(state.path)/postgres -U sluice sluice_demo"
        #expect(first.standardOutput.hasLine("  " + psql))
        #expect(try books.psql("select count(*) from pg_namespace where nspname = 'ingest'") == "0")
        let names = "select string_agg(name, ' ' order by name) from ingest.seller"
        #expect(try state.paste("\(psql) -XAtc \"\(names)\"") == "demo\n")

        let second = try state.run(["demo", "--days", "3"])
        #expect(second.status == 0, "\(second)")
        #expect(second.standardOutput.hasLine("0 rows read = 0 loaded + 0 rejected"))
        #expect(second.standardOutput.hasLine(verdict))
        let reports = second.standardOutput.split(separator: "\n")
            .filter { $0.contains(" report ") }
        #expect(reports.count == 2)
        for line in reports { #expect(try !state.paste(line).isEmpty) }

        // Its queue went with its cloud: there is nobody who could not be asked.
        let option = try #require(
            reports.first?.firstMatch(of: /--database '([^']+)'/)
        ).output.1
        let status = try state.run(["status", "--database", String(option)])
        #expect(status.status == 0, "\(status)")
        #expect(!status.standardOutput.contains("Queues"), "\(status)")
        #expect(status.standardOutput.hasSuffix("\nAll is well.\n"), "\(status)")

        // A first backfill afterwards is alone in its database.
        #expect(try state.run(["simulate", state.exports, "--days", "2"]).status == 0)
        let backfill = try state.run(["backfill", state.exports])
        #expect(backfill.status == 0, "\(backfill)")
        let own = psql.replacingOccurrences(of: "sluice_demo", with: "sluice")
        #expect(try state.paste("\(own) -XAtc \"\(names)\"") == "default\n")
    }

    @Test func databaseOfAnotherSellerIsNoPlaceForTheDemo() throws {
        let desk = try Desk()
        #expect(try desk.run(["seller", "add", "acme", "--location", "acme-sdds"]).succeeded)
        let done = try State().run(
            ["demo", "--days", "1", "--database", desk.database.conninfo])
        #expect(done.status == 78, "\(done)")
        #expect(done.standardError.contains("the database has the seller acme"), "\(done)")
        #expect(try desk.database.psql("select string_agg(name, ' ') from ingest.seller") == "acme")
    }

    @Test func withoutTheLocalAWSItSaysHowToGetIt() throws {
        let done = try Program().run(
            ["demo"], environment: ["SLUICE_VENV": "/nonexistent", "PATH": "/usr/bin:/bin"])
        #expect(done.status == 78)
        #expect(
            done.standardError
                == "sluice: ministack is not installed; run scripts/demo, or install it from PyPI "
                + "and set SLUICE_VENV to its virtual environment\n")
    }
}
