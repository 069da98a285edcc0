/// CSV as RFC 4180 has it, taken apart without changing a byte: a quoted empty text is not null.
struct ExactCSV {
    let header: [String]
    /// Lines of the file after the header, each with all of its fields as they are written.
    let records: [String]

    init(_ text: String) {
        let all = Self.parts(of: text, at: UInt8(ascii: "\n"))
        header = all.first.map { Self.parts(of: $0, at: UInt8(ascii: ",")) } ?? []
        records = all.dropFirst().filter { !$0.isEmpty }
    }

    /// Fields of a record by column, as they are written.
    func fields(_ record: String) -> [String: String] {
        Dictionary(
            zip(header, Self.parts(of: record, at: UInt8(ascii: ","))), uniquingKeysWith: { $1 })
    }

    /// All records by column.
    var rows: [[String: String]] { records.map(fields) }

    /// Cuts at a delimiter that is not between quotes.
    private static func parts(of text: String, at delimiter: UInt8) -> [String] {
        var isQuoted = false
        return text.utf8.split(omittingEmptySubsequences: false) { byte in
            if byte == UInt8(ascii: "\"") { isQuoted.toggle() }
            return byte == delimiter && !isQuoted
        }.map { String(Substring($0)) }
    }
}
