import Foundation
import Support
import Testing

/// Files that are there, but cannot be read.
@Suite struct UnreadableFileTests {
    /// Puts something that is no readable file in the place of a delivery.
    struct Obstacle: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let complaint: String
        let put: @Sendable (_ path: String) -> Bool
    }

    static let obstacles = [
        Obstacle(
            testDescription: "a link to nothing",
            complaint: "is a link to a file that is not there; mend or remove it",
            put: { symlink("/nonexistent/data.csv", $0) == 0 }),
        Obstacle(
            testDescription: "a pipe that nobody writes to",
            complaint: "is not a regular file; put a file in its place",
            put: { mkfifo($0, 0o644) == 0 }),
    ]

    @Test(arguments: obstacles)
    func itIsToldAndRecordedAndOtherFilesAreLoaded(obstacle: Obstacle) throws {
        let desk = try Desk()
        let key = Desk.productKey(1)
        let path = try desk.deliver("", to: key)
        unlink(path)
        try #require(obstacle.put(path))
        try desk.deliver(Desk.products(11...12), to: Desk.productKey(2))
        let done = try desk.backfill()
        let message = path + ": " + obstacle.complaint
        #expect(done.status == 1)
        #expect(done.standardError.contains("] \(message)\n"), "\(done)")
        #expect(try desk.ledger(key) == (message, ""))
        #expect(try desk.products() == ["prod-11", "prod-12"])
        #expect(try desk.run(["status", "--check"]).status == 1)

        unlink(path)
        try desk.deliver(Desk.products(1...1), to: key)
        #expect(try desk.backfill().status == 0)
        #expect(try desk.products() == ["prod-1", "prod-11", "prod-12"])
        #expect(try desk.run(["status", "--check"]).status == 0)
    }

    @Test func aFolderNamedLikeAFileIsAFolder() throws {
        let desk = try Desk()
        try desk.deliver("not a feed", to: Desk.productKey(1) + "/readme.txt")
        try desk.deliver(Desk.products(11...12), to: Desk.productKey(2))
        let done = try desk.backfill()
        #expect(done.status == 0, "\(done)")
        #expect(
            done.standardOutput.hasLine(
                "  1 objects are of no known feed: \(Desk.productKey(1))/readme.txt"))
        #expect(try desk.products() == ["prod-11", "prod-12"])
    }

    /// Root may read everything, so it runs without that capability; another user might not be let
    /// to the program itself.
    private func backfillWithoutOverride(_ desk: Desk) throws -> Finished {
        let command = [
            "--bounding-set=-dac_override,-dac_read_search", desk.program.path, "backfill",
            desk.exports.path,
        ]
        return try Program(at: "/usr/bin/setpriv").run(
            command, environment: desk.environment, directory: desk.exports.path)
    }

    @Test(.enabled(if: geteuid() == 0)) func aFileThatTheUserMayNotReadIsTold() throws {
        let desk = try Desk()
        let path = try desk.deliver(Desk.products(), to: Desk.productKey(1))
        try desk.deliver(Desk.products(11...12), to: Desk.productKey(2))
        try #require(chmod(path, 0) == 0)
        let done = try backfillWithoutOverride(desk)
        #expect(done.status == 1, "\(done)")
        let complaint = "\(path): Permission denied; let the user that runs sluice read it\n"
        #expect(done.standardError.contains("] " + complaint), "\(done)")
        #expect(try desk.products() == ["prod-11", "prod-12"])
        #expect(try desk.backfill().status == 0)
        #expect(try desk.products().count == 5)
    }

    /// What may be in it nobody knows, so nothing is done rather than half of it.
    @Test(.enabled(if: geteuid() == 0)) func aFolderThatTheUserMayNotListEndsTheRun() throws {
        let desk = try Desk()
        let path = try desk.deliver(Desk.products(), to: Desk.productKey(1))
        let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
        try #require(chmod(folder, 0) == 0)
        let done = try backfillWithoutOverride(desk)
        #expect(done.status == 78, "\(done)")
        #expect(
            done.standardError
                == "sluice: \(folder): cannot be listed; let the user that runs sluice read it\n")
        #expect(try desk.products().isEmpty)
    }

    @Test func aFolderThatIsNotThereIsToldAndNothingIsDone() throws {
        let desk = try Desk()
        let done = try desk.run(["backfill", "./nope"])
        #expect(done.status == 78)
        #expect(done.standardOutput == "")
        let path = desk.exports.path + "/nope"
        #expect(
            done.standardError == "sluice: \(path): is not a directory; name an existing one\n")
        #expect(try desk.database.psql("select count(*) from ingest.file") == "0")
    }
}
