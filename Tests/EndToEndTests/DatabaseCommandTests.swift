import Foundation
import Support
import Testing

/// `sluice database`, and the private Postgres that commands use when nothing is configured.
@Suite struct DatabaseCommandTests {
    /// A state folder whose server ends with the test.
    private final class State: Sendable {
        let folder: ScratchDirectory
        let path: String
        /// Whom the commands run as; nil for whoever runs the tests.
        private let user: String?
        private let program: Program

        init(user: String?) throws {
            self.user = user
            folder = try ScratchDirectory()
            path = folder.path + "/state"
            guard let user, let entry = getpwnam(user) else {
                program = try Program()
                return
            }
            // Installed where that user may go: a clone may be in a folder that nobody else enters.
            try Command("cp", [Program().path, folder.path + "/sluice"]).output()
            try Command("cp", ["-r", Program.packageRoot + "/Schema", folder.path]).output()
            program = try Program(at: folder.path + "/sluice")
            _ = chown(folder.path, entry.pointee.pw_uid, entry.pointee.pw_gid)
        }

        deinit {
            // There may be none, if the test ended early.
            _ = try? run(["database", "stop"])
        }

        func run(_ arguments: [String]) throws -> Finished {
            let environment = ["SLUICE_STATE": path, "HOME": folder.path]
            guard let user else {
                return try program.run(
                    arguments, environment: environment, directory: folder.path)
            }
            return try Program(at: "/usr/bin/setpriv").run(
                ["--reuid=\(user)", "--regid=\(user)", "--init-groups", program.path] + arguments,
                environment: environment, directory: folder.path)
        }
    }

    static let users: [String?] = geteuid() == 0 ? [nil, "postgres"] : [nil]

    /// Root, for whom the server runs as another user; and somebody who is not root.
    @Test(arguments: users)
    func aFolderIsLoadedWithNothingConfigured(user: String?) throws {
        let state = try State(user: user)
        let exports = state.folder.path + "/exports/ProductFeed_V1/year=2026/month=01"
        try FileManager.default.createDirectory(
            atPath: exports, withIntermediateDirectories: true)
        try Data(Desk.products().utf8).write(to: URL(fileURLWithPath: exports + "/data.csv"))
        let done = try state.run(["backfill", "./exports"])
        #expect(done.status == 0, "\(done)")
        #expect(done.standardOutput.hasLine("3 rows read = 3 loaded + 0 rejected"))
        // The command that is shown works.
        let shown = try #require(
            done.standardOutput.split(separator: "\n").last?.split(separator: " ").map(String.init))
        let query = "select count(*) from sdds.product"
        let asOwner = user.map { ["setpriv", "--reuid=\($0)", "--regid=\($0)", "--init-groups"] }
        let words = (asOwner ?? []) + shown + ["-XAtc", query]
        #expect(try Command(words[0], Array(words.dropFirst())).output() == "3\n")

        #expect(try state.run(["database", "stop"]).standardOutput == "stopped\n")
        #expect(!FileManager.default.fileExists(atPath: state.path + "/postgres/.s.PGSQL.5432"))
        // The next command starts it again, and the data is there.
        let again = try state.run(["backfill", "./exports"])
        #expect(
            again.standardOutput.hasSuffix(": 1 objects, 0 files to look at (0 B), 1 up to date\n"))
        let start = try state.run(["database", "start"])
        #expect(start.status == 0)
        let hint = "psql -h \(state.path)/postgres -U sluice sluice"
        #expect(start.standardOutput == "running; look around with:\n  \(hint)\n")
        let url = try state.run(["database", "url"]).standardOutput
        #expect(url == "host=\(state.path)/postgres port=5432 dbname=sluice user=sluice\n")
        // Nobody else may enter the folder, which is the only authentication.
        let mode = try FileManager.default.attributesOfItem(atPath: state.path + "/postgres")
        #expect(mode[.posixPermissions] as? Int == 0o700)
    }

    @Test func stoppingWhatDoesNotRunIsNoError() throws {
        let folder = try ScratchDirectory()
        let done = try Program().run(
            ["database", "stop"], environment: ["SLUICE_STATE": folder.path + "/state"])
        #expect(done.status == 0)
        #expect(done.standardOutput == "stopped\n")
    }

    @Test func aFolderWhoseSocketWouldHaveTooLongAPathIsRefused() throws {
        let folder = try ScratchDirectory()
        let long = folder.path + "/" + String(repeating: "x", count: 80)
        let done = try Program().run(["database", "start", "--state", long])
        #expect(done.status == 78)
        #expect(
            done.standardError
                == "sluice: \(long)/postgres: is too long for a unix socket; name a shorter "
                + "--state folder\n")
        #expect(!FileManager.default.fileExists(atPath: long))
    }

    @Test func aFolderThatCannotBeMadeIsNamed() throws {
        let done = try Program().run(["database", "start", "--state", "/proc/sluice"])
        #expect(done.status == 78)
        #expect(done.standardError.hasPrefix("sluice: /proc/sluice/postgres: cannot be made: "))
        #expect(done.standardError.hasSuffix("; name another --state\n"))
    }
}
