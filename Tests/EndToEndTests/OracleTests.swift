import Foundation
import Support
import Testing

/// The oracle by itself: its rules case by case, and that its comparison can fail.
@Suite struct OracleTests {
    @Test func itsRulesHoldOnHandMadeCases() throws {
        let done = try Oracle.python(["unittest"])
        #expect(done.succeeded, "\(done)")
        #expect(done.standardError.contains(#/Ran \d\d+ tests/#), "\(done)")
    }

    @Test func itFindsOneChangedCellOfASimulatedSeller() throws {
        let folder = try ScratchDirectory()
        let made = try Program().run(
            ["simulate", "./data", "--seed", "5"], directory: folder.path)
        #expect(made.status == 0, "\(made)")
        try Oracle.evaluate(folder.path + "/data", into: folder.path + "/oracle")
        for report in Oracle.reports {
            let path = "\(folder.path)/oracle/\(report).csv"
            let text = try String(contentsOfFile: path, encoding: .utf8)
            #expect(text.split(separator: "\n").count > 20, "\(report)")
            #expect(try Oracle.differences(report, path, path) == "")
            let changed = path + ".changed"
            let rows = text.split(separator: "\n", maxSplits: 1, omittingEmptySubsequences: false)
            try "\(rows[0])\n\(rows[1].replacing("Not ", with: "not ", maxReplacements: 1))"
                .write(toFile: changed, atomically: true, encoding: .utf8)
            let found = try Oracle.differences(report, path, changed)
            #expect(found.contains("; 1 differ, 0 only in left"), "\(found)")
        }
    }

    @Test func anAwkwardSellerIsTheSameForTheSameSeed() throws {
        let folder = try ScratchDirectory()
        for name in ["one", "two"] {
            try Oracle.output(["awkward", "7", "\(folder.path)/\(name)"])
        }
        let done = try Command("diff", ["-r", "one", "two"], directory: folder.path).run()
        #expect(done.succeeded, "\(done)")
    }
}
