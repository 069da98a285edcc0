import Foundation
import Support

/// An evaluation of the seller reports that shares no code with ours: `Tests/Reports`, in Python.
struct Oracle {
    /// The reports; the relation of each is `marketplace.<name>_report`.
    static let reports = [
        "agreement", "billed_revenue", "collections_and_disbursements", "taxation", "usage",
    ]

    private static let folder = Program.packageRoot + "/Tests/Reports"

    /// Runs a module of it to its end.
    static func python(_ arguments: [String]) throws -> Finished {
        var command = Command("python3", ["-m"] + arguments, directory: folder)
        command.environment["PYTHONDONTWRITEBYTECODE"] = "1"
        return try command.run()
    }

    /// Runs a module that must succeed.
    @discardableResult
    static func output(_ arguments: [String]) throws -> String {
        let done = try python(arguments)
        guard done.succeeded else { throw done }
        return done.standardOutput
    }

    /// The columns of a report in their order.
    static func columns(_ report: String) throws -> [String] {
        try output(["oracle", "columns", report]).split(separator: "\n").map(String.init)
    }

    /// Evaluates all reports over a folder of deliveries; the results go to files in `results`.
    static func evaluate(_ deliveries: String, into results: String) throws {
        try output(["oracle", "evaluate", deliveries, results])
    }

    /// Says what differs in two CSV files of a report; "" for nothing.
    static func differences(_ report: String, _ one: String, _ other: String) throws -> String {
        let done = try python(["oracle", "compare", report, one, other])
        return done.succeeded ? "" : done.standardOutput + done.standardError
    }
}
