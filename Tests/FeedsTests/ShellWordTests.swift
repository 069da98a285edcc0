import Feeds
import Foundation
import Support
import Testing

/// What stands in an advice is pasted into a shell.
struct ShellWordTests {
    static let hostile = [
        "s3://b/Feed_V1/year=2026/month=01/data.csv", "", " ", "a b", "$(touch x)", "`id`", "a;b",
        "a&b", "a|b", "a>b", "~root", "#x", "*", "?", "[a]", "{a,b}", "!1", "\\", "a\\", "'", "''",
        "a'b\"c", "'\u{301}$(id)'\u{301}", "é", "e\u{301}", "日本", "a\nb", "a\r\nb", "\r\nrm x",
        "\t",
        "\u{1B}[2J", "\u{1}7", "\u{202E}gnp", "\u{200B}'\\\u{2028}9", "\u{E0001}'", "$'a'", "-n",
        "=a",
        "a=b", "%s", "\u{7F}", "\u{85}",
    ]

    @Test(arguments: hostile) func aShellReadsExactlyTheText(_ text: String) throws {
        let script = "printf '%s' \(text.shellWord)"
        let finished = try Command("bash", ["--norc", "-c", script]).run()
        #expect(finished.succeeded, "\(finished)")
        #expect(Array(finished.standardOutput.utf8) == Array(text.utf8), "\(script)")
    }

    @Test(arguments: hostile) func nothingInItIsInvisible(_ text: String) {
        let isVisible = text.shellWord.unicodeScalars.allSatisfy { $0.isPrintable }
        #expect(isVisible)
    }

    @Test func namesThatNeedNoQuotesHaveNone() {
        let key = "s3://acme/cas/daily_business_fees_2026-01-02.csv"
        #expect(key.shellWord == key)
    }
}
