/// What a load came to.
package struct Outcome: Sendable, Equatable {
    /// Raw values are those of `ingest.load.outcome`, but for `unreadable`, which is no load.
    package enum Kind: String, Sendable {
        /// First time that anything of the file was loaded.
        case loaded
        /// Only what was new at the end.
        case extended
        /// Row by row, because what was loaded before had changed.
        case rewritten
        /// Snapshot exchanged.
        case replaced
        /// All of it again from the start, into the table as it is now.
        case reloaded
        /// Not read: another file is the same delivery, and counts.
        case aside
        /// Nothing was new.
        case unchanged
        /// Not read: its bytes cannot be had.
        case unreadable
    }

    package var kind: Kind
    package var rowsRead = 0
    package var rowsLoaded = 0
    package var rowsRejected = 0
    package var rowsStanding = 0
    package var rowsRemoved = 0
    package var rowsVanished = 0
    /// Decompressed bytes that were parsed.
    package var bytesRead = 0
    /// Bytes of the object as stored; 0 if it was not fetched.
    package var bytesFetched = 0

    /// Why nothing was read; only with kind `unreadable`.
    package var unreadable: UnreadableFile?

    package init(_ kind: Kind) {
        self.kind = kind
    }

    init(_ unreadable: UnreadableFile) {
        kind = .unreadable
        self.unreadable = unreadable
    }
}
