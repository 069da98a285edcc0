import Postgres
import Testing

@testable import Feeds

/// Names that Swift takes for equal and S3 does not.
struct ExactTextTests {
    static let composed = "caf\u{E9}"
    static let decomposed = "cafe\u{301}"

    @Test(
        arguments: [
            (composed, composed, true), (decomposed, composed, false),
            ("\u{212B}", "\u{C5}", false),
            ("a\r\nb", "a\r\nb", true), ("\u{1E9B}\u{323}", "\u{1E9B}\u{323}", true),
            ("\u{1100}\u{1161}", "\u{AC00}", false),
        ])
    func onlyTheSameBytesAreTheSameName(_ one: String, _ other: String, _ isSame: Bool) {
        #expect((ExactText(one) == ExactText(other)) == isSame)
        #expect(Set([ExactText(one), ExactText(other)]).count == (isSame ? 1 : 2))
        let files = Set([one, other].map { File(sellerID: 1, bucket: "b", key: $0) })
        #expect(files.count == (isSame ? 1 : 2))
        let place = Location(bucket: "b", prefix: one)
        #expect(place.contains(bucket: "b", key: other + "/x.csv") == isSame)
        #expect(place.contains(bucket: "b", key: other) == isSame)
        #expect(
            Location(bucket: "b", prefix: one + "/").contains(bucket: "b", key: other + "/x")
                == isSame)
    }

    /// A letter of the prefix and an accent of the key are one character to Swift.
    @Test func prefixMayEndWithinACharacter() {
        #expect(Location(bucket: "b", prefix: "a/").contains(bucket: "b", key: "a/\u{301}x"))
        #expect(Location(bucket: "b", prefix: "a").contains(bucket: "b", key: "a/\u{301}x"))
        #expect(!Location(bucket: "b", prefix: "a").contains(bucket: "b", key: "a\u{301}/x"))
    }

    @Test func keysThatLookAlikeAreTwoFilesOfTheirFeed() throws {
        let bench = try EventBench()
        let keys = [Self.composed, Self.decomposed].map {
            "\($0)/BillingEventFeed_V1/year=2026/month=01/data.csv"
        }
        let feeds = try Feed.matching(keys, on: bench.postgres)
        #expect(feeds.count == 2)
        for key in keys { #expect(feeds[ExactText(key)]?.name == "sdds.billing_event") }
    }

    @Test func titlesThatLookAlikeAreTwo() throws {
        let bench = try EventBench()
        let feed = try Feed.named("sdds.billing_event", on: bench.postgres)
        let table = try bench.postgres.columns(of: "sdds.billing_event")
        let titles = table.columns.map(\.name).filter { !HeaderBinding.loaderColumns.contains($0) }
        let binding = try HeaderBinding(
            titles: titles + [Self.composed, Self.decomposed], feed: feed, table: table)
        #expect(
            binding.unknownTitles.map { Array($0.utf8) }
                == [Self.composed, Self.decomposed].map { Array($0.utf8) })
    }
}
