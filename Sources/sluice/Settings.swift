internal import AWS
internal import ArgumentParser
internal import Feeds
internal import Foundation
internal import Yams

/// Settings that every command shares: flags, then the environment, then `sluice.yaml`.
struct SettingsOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Database: a libpq URI or connection string. [SLUICE_DATABASE_URL, PG* variables]",
            discussion: "Without any of them a private Postgres runs in the state folder.",
            valueName: "conninfo"))
    var database: String?

    @Option(help: "Folder for what Sluice keeps on this machine. [SLUICE_STATE]")
    var state: String?

    @Option(help: "The Schema folder, where it is not beside the program. [SLUICE_SCHEMA]")
    var schema: String?

    @Option(help: "Settings file. [SLUICE_CONFIG] (default: /etc/sluice/sluice.yaml)")
    var config: String?

    @Option(
        help: "trace, debug, info, notice, warning or error. [SLUICE_LOG_LEVEL] (default: info)")
    var logLevel: String?

    @Option(
        name: .customLong("set"),
        help: ArgumentHelp(
            "Any setting of the settings file, such as files=8; may be repeated.",
            valueName: "name=value"))
    var assignments: [String] = []

    /// Values of `--set` by name; of several for one name the last.
    var assigned: [String: String] {
        let pairs = assignments.map { $0.split(separator: "=", maxSplits: 1) }
        return Dictionary(
            pairs.map { (String($0.first ?? ""), String($0.dropFirst().first ?? "")) },
            uniquingKeysWith: { _, last in last })
    }

    func validate() throws {
        for assignment in assignments {
            let name = String(assignment.prefix { $0 != "=" })
            guard assignment.contains("="), SettingsFile.names.contains(name) else {
                let known = SettingsFile.names.sorted().joined(separator: ", ")
                throw ValidationError(
                    "--set: \"\(name)\" is not name=value of a setting; known are \(known)")
            }
        }
    }

    func resolve() throws -> Settings {
        try Settings(flags: self, environment: ProcessInfo.processInfo.environment)
    }
}

/// What the settings came to.
struct Settings: Sendable {
    /// `nil`: a private Postgres in the state folder.
    private(set) var database: String?
    /// Which database of the private Postgres.
    private(set) var privateDatabase = PrivatePostgres.booksName
    /// Asked for the database's password before each connection.
    let passwordCommand: PasswordCommand?
    let stateFolder: String
    /// `nil`: looked for beside the program.
    let schemaFolder: String?
    var logLevel: String
    /// Files loaded at a time; each takes a connection and a thread.
    let files: Int
    /// Minutes between two listings of the buckets; 0 switches them off.
    let sweepMinutes: Int
    /// Seconds that loads wait at most until marketplace has them; 0: it is left to others.
    let refreshSeconds: Int
    /// Hours between two readings of all entitlements; 0 switches them off.
    let entitlementSyncHours: Int
    /// Seconds that a message in hand stays invisible unless it is extended.
    let visibilitySeconds: Int
    /// Seconds until a message that failed comes back the first time.
    let retrySeconds: Int
    /// Most calls for data sets that are made for one seller, evenly spaced.
    let requestsPerHour: Int
    let limits: LoadLimits
    var environment: [String: String]

    init(flags: SettingsOptions, environment: [String: String]) throws {
        let file = try SettingsFile(
            explicit: flags.config ?? environment["SLUICE_CONFIG"])
        let assigned = flags.assigned
        func text(_ flag: String?, _ name: String) -> String? {
            flag ?? assigned[name] ?? environment["SLUICE_" + name.uppercased()]
                ?? file.values[name]
        }
        func number(_ name: String, _ fallback: Int, _ range: ClosedRange<Int>) throws -> Int {
            guard let text = text(nil, name) else { return fallback }
            guard let value = Int(text), range.contains(value) else {
                let variable = "SLUICE_" + name.uppercased()
                let place =
                    assigned[name] != nil
                    ? "--set \(name)"
                    : environment[variable] != nil ? variable : "\(file.path): \(name)"
                throw CommandFailure(
                    .configuration,
                    "\(place): \"\(text)\" is not a number from \(range.lowerBound) to "
                        + "\(range.upperBound)")
            }
            return value
        }
        self.environment = environment
        // PGSERVICE and PGHOST are how libpq users say "there is a server"; the others only refine.
        let isLibpqConfigured = ["PGHOST", "PGSERVICE", "PGDATABASE", "PGHOSTADDR"].contains {
            environment[$0] != nil
        }
        database =
            flags.database ?? assigned["database"] ?? environment["SLUICE_DATABASE_URL"]
            ?? file.values["database"]
            ?? (isLibpqConfigured ? "" : nil)
        do {
            passwordCommand = try text(nil, "password_command").map {
                try PasswordCommand($0, name: "password_command")
            }
        } catch {
            throw CommandFailure(.configuration, "\(error)")
        }
        stateFolder = text(flags.state, "state") ?? Self.defaultState(environment)
        schemaFolder = text(flags.schema, "schema")
        logLevel = text(flags.logLevel, "log_level") ?? "info"
        files = try number("files", 4, 1...64)
        sweepMinutes = try number("sweep_minutes", 360, 0...100_000)
        // A refresh takes about a second however small; so it takes at most a part of the time.
        refreshSeconds = try number("refresh_seconds", 60, 0...86_400)
        entitlementSyncHours = try number("entitlement_sync_hours", 24, 0...100_000)
        // Long enough for a heartbeat to be late once, short enough that a killed worker's messages
        // are soon taken by another. SQS: at most twelve hours.
        visibilitySeconds = try number("visibility_seconds", 120, 1...43_200)
        retrySeconds = try number("retry_seconds", 30, 0...900)
        // AWS names no limit. All sets of a day take some minutes so, a month of them two hours.
        requestsPerHour = try number("requests_per_hour", 360, 1...3_600_000)
        var limits = LoadLimits()
        limits.batchRows = try number("batch_rows", limits.batchRows, 1...10_000_000)
        // Each of the files has its share, so that nobody waits for another's record.
        let recordBytes = min(limits.recordBytesMax, LoadLimits.recordBytesBudget / files)
        limits.recordBytesMax = try number("record_bytes_max", recordBytes, 1024...1 << 28)
        limits.inflationRatioMax = try number(
            "inflation_ratio_max", limits.inflationRatioMax, 2...100_000)
        limits.inflatedBytesMax = try number(
            "inflated_bytes_max", limits.inflatedBytesMax, 1024...Int.max)
        self.limits = limits
    }

    /// Works with a database of the private Postgres, whatever was named.
    mutating func usePrivateDatabase(_ name: String) {
        database = nil
        privateDatabase = name
    }

    /// XDG's state folder; as root a place that the unprivileged user of Postgres can reach.
    private static func defaultState(_ environment: [String: String]) -> String {
        if getuid() == 0 { return "/var/lib/sluice" }
        let base =
            environment["XDG_STATE_HOME"]
            ?? (environment["HOME"] ?? FileManager.default.homeDirectoryForCurrentUser.path)
            + "/.local/state"
        return base + "/sluice"
    }
}

/// `sluice.yaml`: a flat mapping of setting names to values.
struct SettingsFile {
    private(set) var values: [String: String] = [:]
    private(set) var path = ""

    static let names: Set = [
        "database", "password_command", "state", "schema", "log_level", "files", "sweep_minutes",
        "visibility_seconds",
        "retry_seconds", "refresh_seconds", "requests_per_hour", "batch_rows",
        "entitlement_sync_hours",
        "record_bytes_max", "inflation_ratio_max", "inflated_bytes_max",
    ]

    // Not the working folder: whoever may write there would choose database and programs.
    private static let systemPath = "/etc/sluice/sluice.yaml"

    init(explicit: String?) throws {
        let path = explicit ?? Self.systemPath
        guard FileManager.default.fileExists(atPath: path) else {
            guard explicit != nil else { return }
            throw CommandFailure(.configuration, "\(path): there is no such settings file")
        }
        self.path = path
        try TrustedPlace.check(path, what: "a settings file")
        let document: Any?
        do {
            document = try Yams.load(yaml: String(contentsOfFile: path, encoding: .utf8))
        } catch {
            throw CommandFailure(.configuration, "\(path): \(Self.complaint(error))")
        }
        guard let document else { return }
        guard let mapping = document as? [String: Any] else {
            throw CommandFailure(.configuration, "\(path): is not a mapping of names to values")
        }
        for (name, value) in mapping.sorted(by: { $0.key < $1.key }) {
            guard Self.names.contains(name) else {
                let known = Self.names.sorted().joined(separator: ", ")
                throw CommandFailure(
                    .configuration, "\(path): there is no setting \"\(name)\"; known are \(known)")
            }
            switch value {
            // A name without a value is as good as no name.
            case is NSNull: continue
            case is [Any], is [AnyHashable: Any]:
                throw CommandFailure(
                    .configuration, "\(path): \(name): give one text or number, not a list of them")
            default: values[name] = "\(value)"
            }
        }
    }

    /// Where and what, without the line itself: it may hold the database's password.
    private static func complaint(_ error: any Error) -> String {
        switch error as? YamlError {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _):
            "line \(mark.line): \(problem); write it as NAME: VALUE, quoted if need be"
        case .duplicatedKeysInMapping(let names, _):
            "\(names.sorted().joined(separator: ", ")): set more than once"
        case nil: "cannot be read: \(error.localizedDescription)"
        default: "is not YAML; write one NAME: VALUE a line"
        }
    }
}
