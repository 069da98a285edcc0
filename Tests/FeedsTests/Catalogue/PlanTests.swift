import Feeds
import Foundation
import Support
import Testing

/// What a listing comes to, however much there is of it.
@Suite struct PlanTests {
    @Test func sizesThatDoNotAddUpAreAsManyAsThereAre() {
        #expect([3, 4].sumOfSizes() == 7)
        #expect([Int.max, 1].sumOfSizes() == .max)
        #expect([Int.max, Int.max, 5].sumOfSizes() == .max)
        #expect([-1, 5].sumOfSizes() == 5)
    }

    @Test func filesOfNoFeedAreCountedAndAFewNamed() throws {
        let bench = try LoadBench()
        for number in 1...40 { try bench.put("anything", as: "other/file-\(number).txt") }
        let seller = Seller(
            id: bench.sellerID, name: "bench", locations: [Location(bucket: bench.bucket)])
        let plan = try Plan(
            Location(bucket: bench.bucket), of: seller, in: bench.store, on: bench.postgres)
        #expect(plan.unknownCount == 40)
        #expect(plan.unknownExamples.count == 3)
    }
}
