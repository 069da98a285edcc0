import Foundation
import Support
import Testing

/// A disk of a few megabytes for one table: a tablespace on a file system in memory.
private final class SmallDisk: Sendable {
    let path: String
    private let desk: Desk
    private let folder: ScratchDirectory

    init(for table: String, of desk: Desk, mebibytes: Int) throws {
        self.desk = desk
        folder = try ScratchDirectory()
        path = folder.path + "/disk"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        let options = "size=\(mebibytes)m,mode=700,uid=postgres"
        try Command("mount", ["-t", "tmpfs", "-o", options, "tmpfs", path]).output()
        try desk.database.psql("create tablespace \(space) location '\(path)'")
        try desk.database.psql("alter table \(table) set tablespace \(space)")
    }

    deinit {
        desk.database.drop()
        // What stays is removed with the server, and the file system with its folder's last user.
        _ = try? desk.database.cluster.psql("drop tablespace \(space)")
        _ = try? Command("umount", ["-l", path]).run()
    }

    func enlarge() throws {
        try Command("mount", ["-o", "remount,size=64m", path]).output()
    }

    private var space: String { "small_of_\(desk.database.name)" }

    static let canBeMade: Bool = {
        guard geteuid() == 0, let folder = try? ScratchDirectory() else { return false }
        let mounted = try? Command("mount", ["-t", "tmpfs", "tmpfs", folder.path]).run()
        guard mounted?.succeeded == true else { return false }
        return (try? Command("umount", [folder.path]).run().succeeded) == true
    }()
}

@Suite(.enabled(if: SmallDisk.canBeMade)) struct FullDiskTests {
    /// With room made while it waits, and with the operator stopping it first.
    @Test(arguments: [false, true])
    func aFullDiskIsToldAndLosesNothing(isStopped: Bool) throws {
        let desk = try Desk()
        let key = Desk.productKey(1)
        let rows = 20_000
        try desk.deliver(Desk.products(1...rows), to: key)
        let disk = try SmallDisk(for: "sdds.product", of: desk, mebibytes: 1)
        let child = try desk.start(
            ["backfill", desk.exports.path], environment: ["SLUICE_BATCH_ROWS": "1000"])
        try child.waitForOutput(containing: "the database is in trouble")
        let fault = try Regex(
            "could not extend file \"[^\"]+\": No space left on device \\(SQLSTATE 53100\\); "
                + "hint: Check free disk space\\.")
        #expect(child.standardError.contains(fault), "\(child.standardError)")
        let ledger = try desk.ledger(key)
        #expect(ledger.failure.hasPrefix("\(desk.name(key)): database: could not extend file"))
        // The checkpoint stands at the last batch that there was room for.
        let counts = try desk.database.psql(
            "select (select count(*) from sdds.product), rows, rows > 0 and rows < \(rows) "
                + "from ingest.file")
        let parts = counts.split(separator: "|")
        #expect(parts[0] == parts[1] && parts[2] == "t", "\(counts)")

        if isStopped {
            child.signal(SIGINT)
            let stopped = child.wait()
            #expect(stopped.status == 75, "\(stopped)")
            try disk.enlarge()
            #expect(try desk.backfill().status == 0)
        } else {
            try disk.enlarge()
            let done = child.wait()
            #expect(done.status == 0, "\(done)")
        }
        let loaded = try desk.database.psql(
            "select count(*), count(distinct product_id) from sdds.product")
        #expect(loaded == "\(rows)|\(rows)")
        #expect(try desk.ledger(key).failure == "")
        #expect(try desk.run(["status", "--check"]).status == 0)
    }
}
