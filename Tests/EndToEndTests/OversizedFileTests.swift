import Foundation
import Support
import Testing

/// Files that would take too much memory or disk, if they were let.
@Suite struct OversizedFileTests {
    /// A field of a gibibyte, in a file that takes no disk: what is not written reads as NUL.
    @Test func aFieldOfAGigabyteIsRefusedInLittleMemory() throws {
        let desk = try Desk()
        let key = Desk.productKey(1)
        let start = Desk.products(1...2) + "prod-3,\""
        let path = try desk.deliver(start, to: key)
        try #require(truncate(path, off_t(start.utf8.count + 1 << 30)) == 0)
        try desk.deliver(Desk.products(11...12), to: Desk.productKey(2))
        let (done, peak) = try desk.measuredBackfill()
        let message =
            desk.name(key)
            + ": line 4, byte 154, field 2: the record that starts here is longer than 8388608 "
            + "bytes; look for a quote that is never closed, or raise the limit "
            + "(SLUICE_RECORD_BYTES_MAX)"
        #expect(done.status == 1)
        #expect(done.standardError.contains(message), "\(done)")
        #expect(try desk.ledger(key) == (message, "failed|2|2|0"))
        #expect(try desk.products() == ["prod-1", "prod-11", "prod-12", "prod-2"])
        #expect(peak < 128)
    }

    /// 70 MB in some 80 kB: beyond the 64 MiB that are let pass unjudged.
    private static func bomb() throws -> Data {
        let title = String(repeating: "a", count: 4_000)
        let row = "prod-1,\(title),2026-01-01T00:00:00Z,2026-01-01T00:00:00Z"
        let script = "(printf '\(Desk.productHeader.dropLast())\\n'; yes '\(row)' | head -n 17300)"
        let folder = try ScratchDirectory()
        let path = folder.path + "/bomb.gz"
        try Command("sh", ["-c", "\(script) | gzip -n > \(path)"]).output()
        return try Data(contentsOf: URL(fileURLWithPath: path))
    }

    @Test func aGzipBombIsRefusedUntilAnOperatorRaisesTheRatio() throws {
        let desk = try Desk()
        let key = Desk.productKey(1)
        try desk.deliver(Self.bomb(), to: key)
        try desk.deliver(Desk.products(11...12), to: Desk.productKey(2))
        let (refused, peak) = try desk.measuredBackfill()
        let complaint =
            "inflates to more than 200 times its size; if the file is genuine, "
            + "raise the ratio (SLUICE_INFLATION_RATIO_MAX)"
        #expect(refused.status == 1)
        #expect(refused.standardError.contains(complaint), "\(refused)")
        let ledger = try desk.ledger(key)
        #expect(ledger.failure.hasPrefix(desk.name(key) + ": compressed byte "))
        #expect(ledger.failure.hasSuffix(": " + complaint))
        #expect(ledger.load == "failed|0|0|0")
        #expect(try desk.products() == ["prod-11", "prod-12"])
        #expect(peak < 128)

        let (loaded, peakOfLoad) = try desk.measuredBackfill(
            environment: ["SLUICE_INFLATION_RATIO_MAX": "1100"])
        #expect(loaded.status == 0, "\(loaded)")
        #expect(try desk.ledger(key).failure == "")
        let rows = try desk.database.psql(
            "select count(*), count(distinct title) from sdds.product where product_id = 'prod-1'")
        #expect(rows == "17300|1")
        #expect(peakOfLoad < 128)
    }

    @Test func aLimitOfTheInflatedSizeCanBeSetAndRaised() throws {
        let desk = try Desk()
        let key = Desk.productKey(1, gzip: true)
        try desk.deliver(Data(Desk.products(1...200).utf8).gzipped(), to: key)
        let refused = try desk.backfill(environment: ["SLUICE_INFLATED_BYTES_MAX": "4096"])
        #expect(refused.status == 1)
        #expect(
            try desk.ledger(key).failure.hasSuffix(
                "inflates to more than 4096 bytes; if the file is genuine, raise the limit "
                    + "(SLUICE_INFLATED_BYTES_MAX)"))
        #expect(try desk.products().isEmpty)
        #expect(try desk.backfill().status == 0)
        #expect(try desk.products().count == 200)
    }
}
