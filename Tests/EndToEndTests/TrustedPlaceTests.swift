import Foundation
import Support
import Testing

/// Settings and SQL are taken from no place that somebody else may write.
@Suite struct TrustedPlaceTests {
    /// What is done to a file, or to a folder above it, so that others may change or swap it.
    struct Change: Sendable, CustomTestStringConvertible {
        let path: String
        var mode: mode_t?
        var owner: String?
        /// What is said after "is not used as …: ".
        let says: String
        var testDescription: String {
            "\(path): \(mode.map { String($0, radix: 8) } ?? owner ?? "")"
        }
    }

    private static let byMode = [
        Change(path: "a", mode: 0o777, says: "a can be written by everybody"),
        Change(path: "a/b", mode: 0o757, says: "a/b can be written by everybody"),
        Change(path: "a/b/place", mode: 0o777, says: "a/b/place can be written by everybody"),
        // A sticky folder keeps others from swapping what is in it, and not from adding to it.
        Change(path: "a/b/place", mode: 0o1777, says: "a/b/place can be written by everybody"),
    ]
    /// Only root can give a file away.
    private static let byOwner = [
        Change(path: "a", owner: "nobody", says: "a belongs to nobody"),
        Change(path: "a/b/place", owner: "nobody", says: "a/b/place belongs to nobody"),
        Change(
            path: "a", mode: 0o775, owner: "root:nogroup", says: "a can be written by its group"),
    ]
    static let changes = byMode + (geteuid() == 0 ? byOwner : [])

    private static func made(_ change: Change, _ root: String) throws {
        let path = root + "/" + change.path
        if let owner = change.owner { try Command("chown", [owner, path]).output() }
        if let mode = change.mode { #expect(chmod(path, mode) == 0) }
    }

    @Test(arguments: changes)
    func settingsFileThatOthersMayChangeIsRefused(change: Change) throws {
        let root = try ScratchDirectory()
        try FileManager.default.createDirectory(
            atPath: root.path + "/a/b", withIntermediateDirectories: true)
        let file = try root.write("state: /evil\n", to: "a/b/place")
        let done = {
            try Program().run(["database", "url"], environment: ["SLUICE_CONFIG": file])
        }
        #expect(try done().standardOutput.hasPrefix("host=/evil/postgres "))
        try Self.made(change, root.path)
        let refused = try done()
        #expect(refused.status == 78)
        #expect(
            refused.standardError.hasPrefix(
                "sluice: \(file): is not used as a settings file: \(root.path)/\(change.says); use: "
            ),
            "\(refused)")
    }

    @Test(arguments: changes)
    func schemaFolderThatOthersMayChangeIsRefused(change: Change) throws {
        let root = try ScratchDirectory()
        let desk = try Desk()
        let folder = root.path + "/a/b/place"
        try FileManager.default.createDirectory(
            atPath: root.path + "/a/b", withIntermediateDirectories: true)
        try Command("cp", ["-r", Program.packageRoot + "/Schema", folder]).output()
        #expect(try desk.run(["migrate", "--schema", folder]).status == 0)
        try Self.made(change, root.path)
        let refused = try desk.run(["migrate", "--schema", folder])
        #expect(refused.status == 78)
        #expect(
            refused.standardError.hasPrefix(
                "sluice: \(folder): is not used as the Schema folder: \(root.path)/\(change.says);"),
            "\(refused)")
    }

    /// An archive that root unpacks keeps its owners and modes, inside a folder of root's.
    @Test(arguments: ["sdds", "sdds/product.sql"])
    func partOfTheSchemaFolderThatOthersMayChangeIsRefused(part: String) throws {
        let root = try ScratchDirectory()
        let desk = try Desk()
        let folder = root.path + "/Schema"
        try Command("cp", ["-r", Program.packageRoot + "/Schema", folder]).output()
        let path = folder + "/" + part
        #expect(chmod(path, 0o777) == 0)
        for command in [["migrate"], ["status"]] {
            let refused = try desk.run(command + ["--schema", folder])
            #expect(refused.status == 78)
            #expect(
                refused.standardError.hasPrefix(
                    "sluice: \(path): is not used as part of the Schema folder: \(path) can be "
                        + "written by everybody;"), "\(refused)")
        }
        #expect(chmod(path, 0o755) == 0)
        #expect(try desk.run(["migrate", "--schema", folder]).status == 0)
    }

    /// A Schema folder is looked for above the program too, and /tmp is above many programs.
    @Test func schemaFolderNearTheProgramMustBeTrustedToo() throws {
        let root = try ScratchDirectory()
        let bin = root.path + "/open/bin"
        try FileManager.default.createDirectory(atPath: bin, withIntermediateDirectories: true)
        try Command("cp", [Program().path, bin + "/sluice"]).output()
        try Command("cp", ["-r", Program.packageRoot + "/Schema", root.path + "/open"]).output()
        let desk = try Desk()
        let migrate = {
            try Program(at: bin + "/sluice").run(
                ["migrate", "--database", desk.database.conninfo])
        }
        #expect(try migrate().status == 0)
        #expect(chmod(root.path + "/open", 0o777) == 0)
        let refused = try migrate()
        #expect(refused.status == 78)
        #expect(
            refused.standardError.contains("\(root.path)/open can be written by everybody"),
            "\(refused)")
    }

    /// The link is somebody else's to swap, though what it leads to is not.
    @Test func linkInAnOpenFolderIsRefused() throws {
        let root = try ScratchDirectory()
        let file = try root.write("state: /evil\n", to: "sluice.yaml")
        let open = root.path + "/open"
        #expect(mkdir(open, 0o777) == 0 && chmod(open, 0o777) == 0)
        #expect(symlink(file, open + "/link") == 0)
        let done = try Program().run(["database", "url", "--config", open + "/link"])
        #expect(done.status == 78)
        #expect(done.standardError.contains("\(open) can be written by everybody"), "\(done)")
    }
}
