internal import Postgres

/// Where a load found a file's checkpoint, and must find it still when it commits.
///
/// The lock keeps two loads of a file apart. That a row is there once rests on this: whoever commits
/// second finds the checkpoint moved, and everything that the load did is rolled back.
struct Position: Equatable {
    /// The version that the checkpoint is in; `nil` until something was loaded.
    let versionID: Int64?
    let rows: Int
    let bytes: Int
    let digest: [UInt8]?

    init(of checkpoint: Checkpoint) {
        versionID = checkpoint.versionID
        rows = checkpoint.rows
        bytes = checkpoint.bytes
        digest = checkpoint.digest
    }

    /// The same with nothing loaded any more.
    init(emptied checkpoint: Checkpoint) {
        versionID = checkpoint.versionID
        rows = 0
        bytes = 0
        digest = nil
    }

    init(versionID: Int64, _ progress: Progress) {
        self.versionID = versionID
        rows = progress.rows
        bytes = progress.bytes
        digest = progress.digest
    }

    var parameters: [PostgresValue] {
        [
            PostgresValue(versionID), .int(Int64(rows)), .int(Int64(bytes)),
            digest.map { .bytes($0) } ?? .null,
        ]
    }
}

/// Another session has loaded the file since its checkpoint was read: nothing of ours is kept, and
/// the file is looked at again.
struct CheckpointMoved: Error, CustomStringConvertible {
    var description: String {
        "another session has loaded it at the same time, so nothing of this load was kept; it is "
            + "looked at again. Two sessions can only do so where the lock between them is lost: is "
            + "there a pooler in front of the database?"
    }
}
