import Foundation
import Testing

@testable import AWS

@Suite struct CredentialTextTests {
    private static let environment = AWSEnvironment(variables: [:], home: "/")

    @Test(
        arguments: [
            ("a b  c", ["a", "b", "c"]), ("", []), ("  ", []), ("''", [""]), ("a'b c'd", ["ab cd"]),
            ("\"a \\\" \\\\ \\n\"", ["a \" \\ \\n"]), ("a\\ b \\\\", ["a b", "\\"]),
            ("'\\'", ["\\"]), ("é '日 本'", ["é", "日 本"]), ("a\tb\nc", ["a", "b", "c"]),
            ("$HOME `x` *", ["$HOME", "`x`", "*"]), ("'a", nil), ("\"a", nil), ("a\\", nil),
        ] as [(String, [String]?)])
    func commandLineSplitsAsAShellQuotes(line: String, words: [String]?) {
        #expect(shellWords(line) == words)
    }

    @Test(
        arguments: [
            ("2026-03-01T12:00:00Z", 1_772_366_400.0), ("2026-03-01T12:00:00.5Z", 1_772_366_400.5),
            ("2026-03-01T14:00:00+02:00", 1_772_366_400),
            ("2026-03-01T12:00:00+00:00", 1_772_366_400),
            ("2026-03-01", nil), ("soon", nil), ("", nil),
        ] as [(String, Double?)])
    func instantsAreISO8601(text: String, seconds: Double?) {
        #expect(instant(text)?.timeIntervalSince1970 == seconds)
    }

    @Test(arguments: [
        ("http://127.0.0.1:80/x", true), ("http://localhost/", true), ("http://[::1]:8/", true),
        ("http://127.9.9.9", true), ("http://127.0.0.1.example.com", false),
        ("http://127.0.0", false), ("http://10.0.0.1", false), ("http://localhost.example", false),
    ])
    func loopbackIsThisMachine(address: String, expected: Bool) throws {
        let endpoint = try MetadataEndpoint(
            address, source: "test", environment: Self.environment)
        #expect(isLoopback(endpoint.host) == expected)
    }

    @Test(arguments: ["", "localhost:80", "ftp://localhost/", "http://", "http://u:p@localhost/"])
    func othersAreNoAddress(address: String) {
        #expect(throws: CredentialError.self) {
            try MetadataEndpoint(address, source: "test", environment: Self.environment)
        }
    }
}
