import Foundation
import Support
import Testing

/// Flags, then the environment, then the settings file.
@Suite struct SettingsTests {
    /// Where a setting can come from; `database url` shows which state folder it came to.
    struct Sources: Sendable, CustomTestStringConvertible {
        var flag = false
        var environment = false
        var file = false
        let expected: String
        var testDescription: String { "flag \(flag), environment \(environment), file \(file)" }
    }

    @Test(arguments: [
        Sources(flag: true, environment: true, file: true, expected: "flag"),
        Sources(flag: true, environment: false, file: true, expected: "flag"),
        Sources(environment: true, file: true, expected: "environment"),
        Sources(file: true, expected: "file"),
    ])
    func theNearerPlaceWins(sources: Sources) throws {
        let folder = try ScratchDirectory()
        var environment: [String: String] = [:]
        if sources.file {
            environment["SLUICE_CONFIG"] = try folder.write("state: /file\n", to: "sluice.yaml")
        }
        if sources.environment { environment["SLUICE_STATE"] = "/environment" }
        let done = try Program().run(
            ["database", "url"] + (sources.flag ? ["--state", "/flag"] : []),
            environment: environment, directory: folder.path)
        #expect(done.standardOutput == Self.url(of: "/" + sources.expected))
    }

    /// What `database url` prints of a state folder.
    private static func url(of state: String) -> String {
        "host=\(state)/postgres port=5432 dbname=sluice user=sluice\n"
    }

    /// How a settings file is found: by flag, by variable, and never in the working folder.
    @Test(arguments: [
        (flag: true, variable: true, expected: "flag"),
        (flag: false, variable: true, expected: "variable"),
        (flag: false, variable: false, expected: "nearest"),
    ])
    func theNearerSettingsFileWins(flag: Bool, variable: Bool, expected: String) throws {
        let folder = try ScratchDirectory()
        try folder.write("state: /folder\n", to: "sluice.yaml")
        let byFlag = try folder.write("state: /flag\n", to: "flag.yaml")
        let byVariable = try folder.write("state: /variable\n", to: "variable.yaml")
        let done = try Program().run(
            ["database", "url"] + (flag ? ["--config", byFlag] : []),
            environment: variable
                ? ["SLUICE_CONFIG": byVariable] : ["SLUICE_STATE": "/nearest"],
            directory: folder.path)
        #expect(done.standardOutput == Self.url(of: "/" + expected))
    }

    /// Whoever may write into the working folder would choose database, programs and SQL.
    @Test func settingsFileOfTheWorkingFolderIsNotRead() throws {
        let folder = try ScratchDirectory()
        try folder.write("fils: 4\nstate: /folder\nschema: /folder\n", to: "sluice.yaml")
        let done = try Program().run(
            ["database", "url"], environment: ["HOME": folder.path], directory: folder.path)
        #expect(done.status == 0)
        #expect(!done.standardOutput.contains("/folder"), "\(done)")
    }

    @Test func aDatabaseCanBeSetInEachPlaceAndTheNearerWins() throws {
        let desk = try Desk()
        let wrong = "host=127.0.0.1 port=1"
        let right = desk.database.conninfo
        let flag = try desk.run(
            ["status", "--database", right], environment: ["SLUICE_DATABASE_URL": wrong])
        #expect(flag.status == 0, "\(flag)")
        var path = try desk.exports.write("database: \(wrong)\n", to: "sluice.yaml")
        #expect(try desk.run(["status", "--config", path]).status == 0)
        path = try desk.exports.write("database: \(right)\n", to: "sluice.yaml")
        let file = try desk.program.run(
            ["status"], environment: ["SLUICE_CONFIG": path], directory: desk.exports.path)
        #expect(file.status == 0, "\(file)")
        // What libpq's variables name counts where nothing else does.
        let cluster = desk.database.cluster
        let variables = [
            "PGHOST": cluster.socketDirectory, "PGPORT": "\(cluster.port)", "PGUSER": "postgres",
            "PGDATABASE": desk.database.name,
        ]
        let other = try ScratchDirectory()
        let libpq = try desk.program.run(["status"], environment: variables, directory: other.path)
        #expect(libpq.status == 0, "\(libpq)")
        #expect(libpq.standardOutput == "Nothing is loaded yet.\n\nAll is well.\n")
    }

    /// Files that are wrong, and what is said of them after their path.
    static let mistakes: [(text: String, says: String)] = [
        (
            "fils: 4\n",
            "there is no setting \"fils\"; known are batch_rows, database, entitlement_sync_hours, files, "
                + "inflated_bytes_max, inflation_ratio_max, log_level, password_command, "
                + "record_bytes_max, "
                + "refresh_seconds, requests_per_hour, retry_seconds, schema, state, sweep_minutes, visibility_seconds"
        ),
        ("files: four\n", "files: \"four\" is not a number from 1 to 64"),
        ("files: 65\n", "files: \"65\" is not a number from 1 to 64"),
        ("batch_rows: 0\n", "batch_rows: \"0\" is not a number from 1 to 10000000"),
        ("- files\n", "is not a mapping of names to values"),
        ("files: [1, 2]\n", "files: give one text or number, not a list of them"),
        (
            "database: \"postgresql://u:hunter2@host/books\nfiles: 4\n",
            "line 3: found unexpected end of stream; write it as NAME: VALUE, quoted if need be"
        ),
        ("files: 1\nfiles: 2\n", "files: set more than once"),
    ]

    @Test(arguments: mistakes)
    func aWrongSettingsFileIsNamedWithWhatIsWrong(text: String, says: String) throws {
        let folder = try ScratchDirectory()
        let path = try folder.write(text, to: "sluice.yaml")
        for command in [["status"], ["backfill", "."], ["worker"], ["database", "url"]] {
            let done = try Program().run(command + ["--config", path], directory: folder.path)
            #expect(done.status == 78)
            #expect(done.standardError == "sluice: \(path): \(says)\n")
        }
    }

    @Test func aSettingsFileThatWasNamedMustBeThere() throws {
        let done = try Program().run(["status", "--config", "/nonexistent/sluice.yaml"])
        #expect(done.status == 78)
        #expect(
            done.standardError
                == "sluice: /nonexistent/sluice.yaml: there is no such settings file\n")
    }

    @Test func aNameWithoutAValueIsNotSet() throws {
        let folder = try ScratchDirectory()
        let path = try folder.write("state:\ndatabase: ~\n", to: "sluice.yaml")
        let done = try Program().run(
            ["database", "url", "--config", path], environment: ["SLUICE_STATE": "/here"])
        #expect(done.standardOutput == Self.url(of: "/here"))
    }

    @Test func setIsTheFlagOfEverySetting() throws {
        let desk = try Desk()
        let wrong = try desk.run(
            ["worker", "--set", "files=8", "--set", "files=none"],
            environment: ["SLUICE_FILES": "5"])
        #expect(wrong.status == 78)
        #expect(
            wrong.standardError
                == "sluice: --set files: \"none\" is not a number from 1 to 64\n", "\(wrong)")
        let unknown = try desk.run(["worker", "--set", "fils=8"])
        #expect(unknown.status == 64)
        #expect(unknown.standardError.contains("--set: \"fils\" is not name=value of a setting"))
    }

    @Test func aWrongVariableIsNamed() throws {
        let done = try Program().run(["status"], environment: ["SLUICE_FILES": "many"])
        #expect(done.status == 78)
        #expect(
            done.standardError == "sluice: SLUICE_FILES: \"many\" is not a number from 1 to 64\n")
    }

    @Test func aLogLevelThatThereIsNotIsAnsweredWithThoseThatThereAre() throws {
        let desk = try Desk()
        let done = try desk.backfill(["--log-level", "loud"])
        #expect(done.status == 78)
        #expect(
            done.standardError
                == "sluice: log_level: \"loud\" is none of trace, debug, info, notice, warning, "
                + "error, critical\n")
    }

    @Test func aSchemaFolderThatIsNotThereIsNamed() throws {
        let desk = try Desk()
        let done = try desk.run(["status", "--schema", "/nonexistent"])
        #expect(done.status == 78)
        #expect(done.standardError.hasPrefix("sluice: /nonexistent: cannot be read: "))
        #expect(
            done.standardError.hasSuffix(
                "Name the Schema folder with --schema or SLUICE_SCHEMA\n"))
    }
}
