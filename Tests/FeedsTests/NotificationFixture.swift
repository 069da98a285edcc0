import Foundation
import Testing

@testable import Feeds

// Foundation has a type of that name too.
typealias Notification = Feeds.Notification

/// A message body on disk, named by what it shows.
struct NotificationFixture {
    let name: String
    let body: String

    init(_ name: String) throws {
        self.name = name
        body = try String(contentsOf: Self.folder.appending(path: "\(name).json"), encoding: .utf8)
    }

    static var names: [String] {
        get throws {
            try FileManager.default.contentsOfDirectory(atPath: folder.path)
                .filter { $0.hasSuffix(".json") }
                .map { String($0.dropLast(5)) }
                .sorted()
        }
    }

    /// The fixture with `change` made to its parsed top level.
    func changed(_ change: (inout [String: Any]) -> Void) throws -> String {
        var top = try #require(JSON.parse(body) as? [String: Any])
        change(&top)
        return try JSON.text(top)
    }

    private static let folder = URL(filePath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "Fixtures/Notifications")
}

/// Foundation's other JSON reader, so that the tests do not lean on the one under test.
enum JSON {
    static func parse(_ text: String) throws -> Any {
        try JSONSerialization.jsonObject(with: Data(text.utf8), options: .fragmentsAllowed)
    }

    static func text(_ value: Any) throws -> String {
        let options: JSONSerialization.WritingOptions = [.fragmentsAllowed, .sortedKeys]
        return String(
            decoding: try JSONSerialization.data(withJSONObject: value, options: options),
            as: UTF8.self)
    }
}

extension String {
    static let wrapTopic = "arn:aws:sns:us-east-1:111122223333:wrap"
    static let wrapID = "0d3b2c1e-7b1d-5f0e-9a55-3c2b8d0e4f99"

    /// The text as SNS delivers it unless raw delivery is on.
    func wrapped(id: String = wrapID) throws -> String {
        try JSON.text([
            "Type": "Notification", "MessageId": id, "TopicArn": Self.wrapTopic, "Message": self,
            "Timestamp": "2026-09-15T23:41:07.512Z", "SignatureVersion": "1",
        ])
    }
}
