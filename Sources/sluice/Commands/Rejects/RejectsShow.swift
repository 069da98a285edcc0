internal import ArgumentParser
internal import Feeds
internal import Foundation
internal import Postgres

struct RejectsShow: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Shows rejects one by one, the newest first, as they were delivered.",
        discussion: """
            Each: number, file, line of the file, bytes before it, column and reason; then the \
            record. Bytes that are not UTF-8 are shown as \\377, a backslash as two.
            """)

    @OptionGroup var options: SettingsOptions
    @OptionGroup var scope: RejectNarrowScope
    @OptionGroup var output: RejectOutput

    func run() async throws {
        let postgres = try Database.open(options.resolve(), for: .reading).connect()
        let selection = scope.selection()
        try selection.throwUnlessKnown(on: postgres)
        let records = try RejectLedger(on: postgres).records(
            selection, withSettled: output.all, limit: output.limit)
        guard !output.json else { return say(text: try jsonText(records.map(\.object))) }
        guard !records.isEmpty else {
            return say(output.all ? "There are no rejects." : "No rejects are waiting.")
        }
        for record in records { say(record.lines) }
    }
}

extension RejectedRecord {
    fileprivate var lines: [String] {
        let column = column.map { ", \($0.oneLine)" } ?? ""
        let settled = settledAt.map { at in
            "    \(state) \(at)" + (settledBy.map { " by \($0)" } ?? "")
                + (note.map { ": \($0)" } ?? "")
        }
        // A record of several lines stays where it is seen to be one.
        let shown = raw.shown.split(separator: "\n", omittingEmptySubsequences: false)
        return ["#\(id) \(file) line \(fileLine), byte \(byteOffset)\(column): \(reason)"]
            + [settled].compactMap(\.self) + shown.map { "    \($0)" }
    }

    /// For programs; `raw` is null where the bytes are not UTF-8.
    var object: [String: Any] {
        let text = String(validating: raw, as: UTF8.self)
        return [
            "id": id, "seller": seller, "feed": feed, "file": file, "line": fileLine,
            "byte_offset": byteOffset, "column": column as Any? ?? NSNull(), "cause": cause,
            "reason": reason, "raw": text as Any? ?? NSNull(),
            "raw_base64": Data(raw).base64EncodedString(), "state": state,
            "noticed_at": noticedAt, "settled_at": settledAt as Any? ?? NSNull(),
            "settled_by": settledBy as Any? ?? NSNull(), "note": note as Any? ?? NSNull(),
        ]
    }
}

extension [UInt8] {
    /// Text, with a backslash as two and what is not UTF-8 as three octal digits after one.
    var shown: String {
        var text = String.UnicodeScalarView()
        var parser = Unicode.UTF8.ForwardParser()
        var bytes = makeIterator()
        var position = startIndex
        while true {
            switch parser.parseScalar(from: &bytes) {
            case .emptyInput: return String(text)
            case .valid(let encoded):
                position += encoded.count
                let scalar = Unicode.UTF8.decode(encoded)
                if scalar == "\\" { text.append(scalar) }
                text.append(scalar)
            case .error(let length):
                for byte in self[position..<position + length] {
                    let octal = String(0o1000 + Int(byte), radix: 8).dropFirst()
                    text.append(contentsOf: "\\\(octal)".unicodeScalars)
                }
                position += length
            }
        }
    }
}
