internal import CPostgres

/// What a statement returned: rows, in text format, or a count of affected rows.
package struct PostgresResult: Sequence {
    fileprivate let storage: Storage

    /// Takes ownership of a libpq result.
    init(owning result: OpaquePointer) {
        storage = Storage(result)
    }

    /// Number of rows returned.
    package var count: Int { storage.rowCount }

    /// Whether no row was returned.
    package var isEmpty: Bool { count == 0 }

    /// Number of rows that the statement inserted, changed, removed, or returned.
    package var affectedRows: Int { Int(String(cString: PQcmdTuples(storage.result))) ?? 0 }

    /// What the server says that it did, such as `COMMIT` or `INSERT 0 1`.
    package var commandTag: String { String(cString: PQcmdStatus(storage.result)) }

    /// The first row, or nil.
    package var first: Row? { isEmpty ? nil : self[0] }

    /// The row at an index below `count`.
    package subscript(index: Int) -> Row {
        precondition(index >= 0 && index < count, "row \(index) of \(count)")
        return Row(storage: storage, index: Int32(index))
    }

    /// The only row.
    ///
    /// - Throws: `PostgresError` when there is none, or more than one.
    package func only() throws(PostgresError) -> Row {
        guard count == 1 else { throw PostgresError("expected one row, got \(count)") }
        return self[0]
    }

    /// Goes through the rows in the server's order.
    package func makeIterator() -> Iterator { Iterator(result: self) }

    /// Walks over the rows.
    package struct Iterator: IteratorProtocol {
        fileprivate let result: PostgresResult
        private var index = 0

        fileprivate init(result: PostgresResult) { self.result = result }

        /// The next row, or nil.
        package mutating func next() -> Row? {
            guard index < result.count else { return nil }
            defer { index += 1 }
            return result[index]
        }
    }

    /// Owns the libpq result for as long as a row looks at it.
    fileprivate final class Storage {
        let result: OpaquePointer
        let rowCount: Int
        let columns: [String: Int32]

        init(_ result: OpaquePointer) {
            self.result = result
            rowCount = Int(PQntuples(result))
            // The answer to a COPY has columns without names.
            let names = (0..<PQnfields(result)).compactMap { column in
                PQfname(result, column).map { (String(cString: $0), column) }
            }
            columns = Dictionary(names, uniquingKeysWith: { first, _ in first })
        }

        deinit {
            PQclear(result)
        }
    }
}

extension PostgresResult {
    /// One row; its values are read by column name.
    ///
    /// Every reader throws `PostgresError` for a column that is not there, and for a value that is
    /// not of the kind asked for; those not called optional throw for NULL.
    package struct Row {
        fileprivate let storage: Storage
        fileprivate let index: Int32

        /// The text of a value.
        package func string(_ name: String) throws(PostgresError) -> String {
            try required(optionalString(name), name)
        }

        /// The text of a value, or nil for NULL.
        package func optionalString(_ name: String) throws(PostgresError) -> String? {
            guard let column = storage.columns[name] else {
                throw PostgresError("the result has no column \"\(name)\"", column: name)
            }
            guard PQgetisnull(storage.result, index, column) == 0 else { return nil }
            return String(cString: PQgetvalue(storage.result, index, column))
        }

        /// An integer.
        package func int(_ name: String) throws(PostgresError) -> Int {
            try required(optionalInt(name), name)
        }

        /// An integer, or nil for NULL.
        package func optionalInt(_ name: String) throws(PostgresError) -> Int? {
            try converted(name, "an integer") { Int($0) }
        }

        /// A 64-bit integer.
        package func int64(_ name: String) throws(PostgresError) -> Int64 {
            try required(optionalInt64(name), name)
        }

        /// A 64-bit integer, or nil for NULL.
        package func optionalInt64(_ name: String) throws(PostgresError) -> Int64? {
            try converted(name, "an integer") { Int64($0) }
        }

        /// A boolean.
        package func bool(_ name: String) throws(PostgresError) -> Bool {
            try required(optionalBool(name), name)
        }

        /// A boolean, or nil for NULL.
        package func optionalBool(_ name: String) throws(PostgresError) -> Bool? {
            try converted(name, "a boolean") { ["t": true, "f": false][$0] }
        }

        /// The content of a bytea.
        package func bytes(_ name: String) throws(PostgresError) -> [UInt8] {
            try required(optionalBytes(name), name)
        }

        /// The content of a bytea, or nil for NULL.
        package func optionalBytes(_ name: String) throws(PostgresError) -> [UInt8]? {
            try converted(name, "a bytea in hex format", hexBytes)
        }

        private func converted<T>(
            _ name: String, _ kind: String, _ convert: (String) -> T?
        ) throws(PostgresError) -> T? {
            guard let text = try optionalString(name) else { return nil }
            guard let value = convert(text) else {
                throw PostgresError("column \"\(name)\" is not \(kind)", column: name)
            }
            return value
        }

        private func required<T>(_ value: T?, _ name: String) throws(PostgresError) -> T {
            guard let value else {
                throw PostgresError("column \"\(name)\" is null", column: name)
            }
            return value
        }
    }
}

/// Decodes `\x` and pairs of hexadecimal digits ("PostgreSQL: bytea Hex Format").
private func hexBytes(_ text: String) -> [UInt8]? {
    let digits = text.utf8.dropFirst(2)
    guard text.hasPrefix("\\x"), digits.count.isMultiple(of: 2) else { return nil }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(digits.count / 2)
    var high: UInt8?
    for digit in digits {
        guard let value = hexValue(digit) else { return nil }
        if let upper = high {
            bytes.append(upper << 4 | value)
            high = nil
        } else {
            high = value
        }
    }
    return bytes
}
