internal import Dispatch
internal import Postgres

#if canImport(Glibc)
    internal import Glibc
#endif

extension PostgresConnection {
    /// Marks our advisory locks among those of other programs in the same database: "slu" and a
    /// file id below it.
    private static var fileLockSpace: Int64 { 0x736C75 << 40 }

    // Short beside a load, long beside a query.
    private static var lockPollSeconds: Double { 0.2 }

    /// Runs `body` while no other session loads the file.
    ///
    /// The lock belongs to this connection: a dead worker lets go of it, and one that lost its
    /// connection cannot commit any more.
    func locked<T>(
        _ fileID: Int64, for file: File, _ isStopping: () -> Bool, _ body: () throws -> T
    ) throws -> T {
        try locked(key: Self.fileLockSpace | fileID, for: file, isStopping, body)
    }

    /// The same with any other lock's key.
    func locked<T>(
        key: Int64, for file: File, _ isStopping: () -> Bool, _ body: () throws -> T
    ) throws -> T {
        while try !tryAdvisoryLock(key) {
            guard !isStopping() else {
                throw LoadError(.stop, "\(file): stopped while another worker was loading it")
            }
            usleep(UInt32(Self.lockPollSeconds * 1_000_000))
        }
        defer {
            // A connection that is gone has given its locks back already.
            if isAlive { try? advisoryUnlock(key) }
        }
        return try body()
    }
}
