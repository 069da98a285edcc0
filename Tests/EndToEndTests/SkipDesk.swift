import Foundation
import Support
import Testing

/// A desk with a month file that stops at damage without a certain end, and a shell to paste into.
struct SkipDesk {
    let desk: Desk

    init() throws { desk = try Desk() }

    /// Lines 2 and 3 of the file, and the damaged line 4: a quote that nobody closes.
    static let before = Desk.productRows(1...2)
    static let damaged = "prod-3,\"Title 3,2025-12-01T00:00:00Z,2026-01-01T00:00:00Z\n"
    /// Line 5, lines 6 and 7, whose quote shows the damage, and line 8.
    static let after =
        Desk.productRows(4...4)
        + "prod-5,\"Title\n5\",2025-12-01T00:00:00Z,2026-01-01T00:00:00Z\n"
        + Desk.productRows(6...6)
    static let file = Desk.productHeader + before + damaged + after
    static let loaded = ["prod-1", "prod-2", "prod-4", "prod-5", "prod-6"]

    func deliver(_ text: String, to key: String, isCompressed: Bool = false) throws {
        let content = Data(text.utf8)
        try desk.deliver(isCompressed ? try content.gzipped() : content, to: key)
    }

    /// The commands that `sluice status` advises, each to its line's end.
    func advised() throws -> [String] {
        try Self.commands(in: desk.run(["status", "--no-queues"]).standardOutput)
    }

    static func commands(in text: String) -> [String] {
        text.split(separator: "\n").compactMap { line in
            line.range(of: "sluice reload --file").map { String(line[$0.lowerBound...]) }
        }
    }

    /// What `sh` makes of a text, in the folder of exports, where `sluice` is a program like any.
    func paste(_ text: String, environment: [String: String] = [:]) throws -> Finished {
        let folder = URL(fileURLWithPath: desk.program.path).deletingLastPathComponent().path
        var all = desk.environment.merging(environment) { $1 }
        all["PATH"] = folder + ":/usr/bin:/bin"
        return try Command(
            "/bin/sh", ["-c", text], environment: all, directory: desk.exports.path
        ).run(limitSeconds: 120)
    }

    func reload(_ key: String, from line: String, because: String = "case 12") throws -> Finished {
        try desk.run(["reload", "--file", key, "--from-line", line, "--because", because])
    }

    /// `state|line|file_line|byte_offset|reason` of each reject.
    func rejects() throws -> String {
        try desk.database.psql(
            """
            select state, line, file_line, byte_offset, reason from ingest.reject order by reject_id
            """)
    }

    /// `file_line|lines|bytes|note` of each decision.
    func decisions() throws -> String {
        try desk.database.psql(
            """
            select file_line, lines, bytes, note from ingest.skipped_content order by decided_at
            """)
    }

    func titles() throws -> String {
        try desk.database.psql(
            "select product_id, title from sdds.product order by product_id, title")
    }
}
