import Foundation
import Support
import Testing

/// Four files at a time whose records are all just below the longest that is read: the promise about
/// memory, at its edge.
@Suite(.serialized) struct LargeRecordTests {
    /// What a process with the default settings stays below; deploy/ allows 1 GiB.
    private static let mebibytesMax = 384
    private static let recordBytes = 8 << 20
    private static let recordsPerFile = 4

    enum Case: String, CaseIterable, CustomTestStringConvertible {
        case text = "a field of text"
        case doubledQuotes = "doubled quotes everywhere"
        case controlCharacters = "control characters in a column that the table lacks"
        case manyColumns = "control characters in a thousand such columns"
        case tooFewFields = "records that are rejected as a whole"
        case quotedRejects = "rejects with doubled quotes and bytes that are not UTF-8"

        var testDescription: String { rawValue }

        /// Titles after those of the product feed.
        var titles: String {
            switch self {
            case .controlCharacters: ",Thing"
            case .manyColumns: (1...1_000).map { ",Thing \($0)" }.joined()
            default: ""
            }
        }

        /// A record of nearly `bytes` bytes.
        func record(_ number: Int, bytes: Int) -> Data {
            let dates = "2025-12-01T00:00:00Z,2026-01-01T00:00:00Z"
            let length = bytes - 16_384
            var record = Data("prod-\(number),".utf8)
            switch self {
            case .text: record += Data(repeating: 0x61, count: length) + Data(",\(dates)".utf8)
            case .doubledQuotes:
                record += Data("\"".utf8) + Data(repeating: 0x22, count: length & ~1)
                record += Data("\",\(dates)".utf8)
            case .controlCharacters:
                record += Data("t,\(dates),".utf8) + Data(repeating: 1, count: length)
            case .manyColumns:
                record += Data("t,\(dates)".utf8)
                for _ in 1...1_000 {
                    record += Data(",".utf8) + Data(repeating: 1, count: length / 1_000 - 1)
                }
            case .tooFewFields: record += Data(repeating: 1, count: length)
            case .quotedRejects:
                record += Data("\"".utf8) + Data(repeating: 0x22, count: length & ~1)
                record += Data([0xff, 0x22]) + Data(",\(dates)".utf8)
            }
            return record + Data("\n".utf8)
        }

        var content: Data {
            var content = Data("product_id,title,valid_from,update_date\(titles)\n".utf8)
            for number in 1...recordsPerFile {
                content += record(number, bytes: recordBytes)
            }
            return content
        }

        var isRejected: Bool { self != .text && self != .doubledQuotes }
    }

    @Test(arguments: Case.allCases, [false, true])
    func fourFilesOfTheLargestRecordsFit(kind: Case, isCompressed: Bool) throws {
        let desk = try Desk()
        var content = kind.content
        if isCompressed { content = try content.gzipped() }
        for month in 1...4 {
            try desk.deliver(content, to: Desk.productKey(month, gzip: isCompressed))
        }
        let (done, peak) = try desk.measuredBackfill(
            environment: ["SLUICE_INFLATION_RATIO_MAX": "10000"])
        #expect(done.status == 0, "\(done)")
        #expect(peak < Self.mebibytesMax)
        let rows = Self.recordsPerFile * 4
        let counts = try desk.database.psql(
            "select sum(rows_loaded), sum(rows_rejected) from ingest.load")
        #expect(counts == (kind.isRejected ? "0|\(rows)" : "\(rows)|0"))
    }

    /// A data set is one transaction; its columns are all text.
    @Test func fourDataSetsOfTheLargestRecordsFit() throws {
        let desk = try Desk()
        let text = Data(repeating: 0x22, count: (Self.recordBytes - 1_024) & ~1)
        for day in 1...4 {
            var content = Data("Customer Reference ID,Product Title,Unknown\n".utf8)
            for number in 1...Self.recordsPerFile {
                content += Data("c\(number),\"".utf8) + text + Data("\",1\n".utf8)
            }
            try desk.deliver(
                content, to: "daily_business_usage_by_instance_type_2026-03-0\(day).csv")
        }
        let (done, peak) = try desk.measuredBackfill()
        #expect(done.status == 0, "\(done)")
        #expect(peak < Self.mebibytesMax)
    }

    /// More files at a time have less room for a record each.
    @Test func recordsOfManyFilesShareOneBudget() throws {
        let desk = try Desk()
        let row = "prod-1,\(String(repeating: "a", count: 2 << 20)),"
        let content =
            Desk.productHeader + row + "2025-12-01T00:00:00Z,2026-01-01T00:00:00Z\n"
        try desk.deliver(content, to: Desk.productKey(1))
        let refused = try desk.backfill(environment: ["SLUICE_FILES": "32"])
        #expect(refused.status == 1)
        #expect(refused.standardError.contains("is longer than 1048576 bytes"), "\(refused)")
        let set = ["SLUICE_FILES": "32", "SLUICE_RECORD_BYTES_MAX": "8388608"]
        #expect(try desk.backfill(environment: set).status == 0)
    }
}
