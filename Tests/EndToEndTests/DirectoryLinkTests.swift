import Foundation
import Support
import Testing

/// Links in a directory are followed within it, and not out of it.
@Suite struct DirectoryLinkTests {
    /// A link in the place of a delivery; `OUT` is a folder beside the directory, with a file
    /// `secret.csv` of products 91 and 92 in it.
    struct Link: Sendable, CustomTestStringConvertible {
        let testDescription: String
        /// Path of the link in the directory.
        let at: String
        let target: String
        /// Where it leads in the end.
        let end: String
    }

    static let links = [
        Link(
            testDescription: "a file outside", at: Desk.productKey(1), target: "OUT/secret.csv",
            end: "OUT/secret.csv"),
        Link(
            testDescription: "upwards", at: Desk.productKey(1),
            target: String(repeating: "../", count: 20) + "OUT/secret.csv", end: "OUT/secret.csv"),
        Link(
            testDescription: "a link within that leads out", at: Desk.productKey(1),
            target: "DIR/step", end: "OUT/secret.csv"),
        Link(
            testDescription: "a folder outside, of a feed's files", at: "linked", target: "OUT",
            end: "OUT"),
        Link(
            testDescription: "a folder whose name begins like the directory's",
            at: Desk.productKey(1), target: "DIR-more/secret.csv", end: "DIR-more/secret.csv"),
    ]

    @Test(arguments: links)
    func linkThatLeadsOutIsToldAndNotFollowed(link: Link) throws {
        let desk = try Desk()
        let outside = try ScratchDirectory()
        let real = try #require(realpath(outside.path, nil).map { String(cString: $0) })
        let directory = desk.exports.path
        func filled(_ text: String) -> String {
            text.replacingOccurrences(of: "OUT", with: real)
                .replacingOccurrences(of: "DIR", with: directory)
        }
        for folder in [real, directory + "-more"] {
            try FileManager.default.createDirectory(
                atPath: folder, withIntermediateDirectories: true)
            try Desk.products(91...92).write(
                toFile: folder + "/secret.csv", atomically: true, encoding: .utf8)
        }
        let feed = real + "/" + Desk.productKey(3)
        try FileManager.default.createDirectory(
            atPath: URL(fileURLWithPath: feed).deletingLastPathComponent().path,
            withIntermediateDirectories: true)
        try Desk.products(93...94).write(toFile: feed, atomically: true, encoding: .utf8)
        defer { try? FileManager.default.removeItem(atPath: directory + "-more") }
        try desk.deliver(Desk.products(11...12), to: "other/" + Desk.productKey(2))
        try #require(symlink("\(real)/secret.csv", directory + "/step") == 0)
        let place = "\(directory)/\(link.at)"
        try FileManager.default.createDirectory(
            atPath: URL(fileURLWithPath: place).deletingLastPathComponent().path,
            withIntermediateDirectories: true)
        try #require(symlink(filled(link.target), place) == 0)
        let done = try desk.backfill()
        #expect(done.status == 0, "\(done)")
        let told = try #require(
            done.standardOutput.split(separator: "\n").first {
                $0.contains("links lead out of the directory and are not followed")
            }, "\(done)")
        #expect(told.contains("\(link.at) -> \(filled(link.end))"))
        #expect(told.contains("step -> \(real)/secret.csv"))
        #expect(try desk.products() == ["prod-11", "prod-12"])
    }

    @Test func linkWithinTheDirectoryIsFollowed() throws {
        let desk = try Desk()
        let directory = desk.exports.path
        try desk.deliver(Desk.products(11...12), to: "kept/a.csv")
        try desk.deliver("", to: Desk.productKey(1))
        let place = "\(directory)/\(Desk.productKey(1))"
        unlink(place)
        try #require(symlink("\(directory)/kept/a.csv", place) == 0)
        // The directory may be named by a link: that is the person's own word.
        let other = try ScratchDirectory()
        try #require(symlink(directory, other.path + "/named") == 0)
        let done = try desk.run(["backfill", other.path + "/named"])
        #expect(done.status == 0, "\(done)")
        #expect(!done.standardOutput.contains("lead out"))
        #expect(try desk.products() == ["prod-11", "prod-12"])
    }
}
