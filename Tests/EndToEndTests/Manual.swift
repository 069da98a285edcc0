import Foundation
import Support

/// The pages that people read, as text.
struct Manual {
    /// Path below the package's folder.
    let path: String
    let text: String

    init(_ path: String) throws {
        self.path = path
        text = try String(contentsOfFile: Program.packageRoot + "/" + path, encoding: .utf8)
    }

    /// README, changelog and everything in `docs`.
    static func all() throws -> [Manual] {
        let docs = try FileManager.default.contentsOfDirectory(
            atPath: Program.packageRoot + "/docs"
        ).filter { $0.hasSuffix(".md") }.sorted().map { "docs/" + $0 }
        return try (["README.md", "CHANGELOG.md"] + docs).map(Manual.init)
    }

    /// Rows of the table whose first title is this one; cells without blanks and backticks around.
    func table(_ title: String) -> [[String]] {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        guard let start = lines.firstIndex(where: { $0.hasPrefix("| \(title) |") }) else {
            return []
        }
        return lines.dropFirst(start + 2).prefix { $0.hasPrefix("|") }.map { line in
            line.split(separator: "|").map { $0.trimmingCharacters(in: [" ", "`"]) }
        }
    }

    /// Targets of links to other files of the repository, without the anchor.
    var linkedFiles: [String] {
        text.matches(of: /\]\(([^)#\s]+)(?:#[^)]*)?\)/).map { String($0.output.1) }
            .filter { !$0.contains("://") }
    }

    /// Fenced blocks of SQL.
    var sqlBlocks: [String] {
        text.components(separatedBy: "```sql\n").dropFirst()
            .compactMap { $0.components(separatedBy: "```").first }
    }

    /// Lines of indented or fenced code that run the program, long ones put together again.
    var commands: [String] {
        text.replacing("\\\n", with: " ").split(separator: "\n")
            .map { $0.trimmingCharacters(in: .whitespaces) }
            .filter { $0.hasPrefix("sluice ") }
    }
}

/// A promise and the tests that are said to show it.
struct Promise {
    let title: String
    /// Test file below the package's folder, and names of test functions in it.
    let evidence: [(file: String, names: [String])]

    /// The paragraphs of `docs/guarantees.md` that begin in bold.
    static func all() throws -> [Promise] {
        try Manual("docs/guarantees.md").text.components(separatedBy: "\n\n").compactMap { text in
            guard let title = text.firstMatch(of: /^\*\*(.+?)\*\*/)?.output.1 else { return nil }
            let proof = text.components(separatedBy: "Shown by").dropFirst().joined()
            let files = proof.matches(of: /\]\(\.\.\/(Tests\/[^)]+)\)([^\[]*)/)
            return Promise(
                title: String(title),
                evidence: files.map { file in
                    let names = file.output.2.matches(of: /`([A-Za-z0-9_]+)`/)
                    return (String(file.output.1), names.map { String($0.output.1) })
                })
        }
    }
}
