package import Postgres

/// A file that a message points at, and what the ledger says of it.
package struct PointedFile: Sendable, CustomStringConvertible {
    package enum State: Sendable, Equatable {
        case neverSeen
        case failed(String)
        case loadedInPart(rows: Int)
        case loaded(rows: Int)
    }

    package let location: String
    package let state: State

    package var isLoaded: Bool {
        guard case .loaded = state else { return false }
        return true
    }

    /// One line for a person.
    package var description: String {
        switch state {
        case .neverSeen: "\(location): never looked at"
        case .failed(let reason): "\(location): not loaded: \(reason)"
        case .loadedInPart(let rows): "\(location): loaded in part, \(rows) rows"
        case .loaded(let rows): "\(location): loaded since, \(rows) rows"
        }
    }

    /// All files that a message points at.
    package static func all(
        of body: String, seller: Seller, on postgres: PostgresConnection
    ) throws -> [PointedFile] {
        try Notification.parse(body).pointers.map { pointer in
            let row = try postgres.query(
                """
                select is_complete, rows, failure from ingest.file
                where seller_id = $1 and ($2::text is null or bucket = $2) and key = $3
                order by is_complete limit 1
                """, [.int(Int64(seller.id)), PostgresValue(pointer.bucket), .text(pointer.key)]
            ).first
            return PointedFile(
                location: pointer.location, state: try row.map(State.init) ?? .neverSeen)
        }
    }
}

extension PointedFile.State {
    fileprivate init(_ row: PostgresResult.Row) throws {
        if let failure = try row.optionalString("failure") {
            self = .failed(failure)
        } else if try row.bool("is_complete") {
            self = .loaded(rows: try row.int("rows"))
        } else {
            self = .loadedInPart(rows: try row.int("rows"))
        }
    }
}
