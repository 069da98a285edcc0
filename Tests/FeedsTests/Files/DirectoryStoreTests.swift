import Feeds
import Foundation
import Support
import Testing

/// What is in a directory may change between its listing and its reading.
@Suite struct DirectoryStoreTests {
    private let inside: ScratchDirectory
    private let outside: ScratchDirectory
    private let store: DirectoryStore
    private let file: File

    init() throws {
        inside = try ScratchDirectory()
        outside = try ScratchDirectory()
        for folder in [inside.path + "/month", outside.path + "/month"] {
            try FileManager.default.createDirectory(
                atPath: folder, withIntermediateDirectories: false)
        }
        try inside.write("mine", to: "month/data.csv")
        try outside.write("secret", to: "month/data.csv")
        store = try DirectoryStore(path: inside.path)
        file = File(sellerID: 1, bucket: store.bucket, key: "month/data.csv")
    }

    private func text() throws -> String {
        var bytes: [UInt8] = []
        try store.read(file, store.newestVersion(of: file)) { span in
            span.withUnsafeBytes { bytes += $0 }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// A part of the file's path, which somebody replaces by a link to the one outside.
    @Test(arguments: ["month/data.csv", "month"])
    func whatIsSwappedForALinkIsNotRead(part: String) throws {
        #expect(try text() == "mine")
        let version = try store.newestVersion(of: file)
        try FileManager.default.moveItem(
            atPath: "\(inside.path)/\(part)", toPath: inside.path + "/aside")
        try #require(symlink("\(outside.path)/\(part)", "\(inside.path)/\(part)") == 0)
        #expect(throws: StoreError.self) { try store.newestVersion(of: file) }
        // Also where the swap comes after the version was looked up.
        var read = 0
        let error = #expect(throws: StoreError.self) {
            try store.read(file, version) { read += $0.byteCount }
        }
        #expect(read == 0)
        #expect(error?.kind == .denied)
        #expect(
            error?.description.contains(
                "leads out of the directory, to \(outside.path)/month/data.csv") == true)
    }

    @Test func pipeThatTakesTheFilesPlaceIsNotWaitedFor() throws {
        let version = try store.newestVersion(of: file)
        let path = inside.path + "/month/data.csv"
        unlink(path)
        try #require(mkfifo(path, 0o600) == 0)
        #expect(throws: StoreError.self) { try store.read(file, version) { _ in } }
    }
}
