import Postgres
import Testing

@testable import Feeds

/// What can be read of a `.meta.json`, whatever is in it.
@Suite struct DataSetMetadataTests {
    struct Case: CustomTestStringConvertible {
        let testDescription: String
        let text: String
        var covers: [String?] = [nil, nil]
        var request: String?
        var key: Int64?
        var isWhole = false
    }

    private static func range(_ start: String, _ end: String) -> String {
        #""dataSetCoverageRange": {"startDateTime": "\#(start)", "endDateTime": "\#(end)"}"#
    }

    private static let august = ["2026-08-14T00:00:00Z", "2026-09-13T23:59:59Z"]

    static let cases = [
        Case(
            testDescription: "as documented",
            text: #"{"dataSetRequestId": "a3", \#(range(august[0], august[1]))}"#,
            covers: august, request: "a3", isWhole: true),
        Case(
            testDescription: "fractions, offsets, blanks, no zone",
            text: "{\(range("2026-08-14 02:00:00+02:00", "2026-09-13T23:59:59.000"))}",
            covers: august, isWhole: true),
        Case(
            testDescription: "days",
            text: "{\(range("2026-08-14", "2026-09-13"))}",
            covers: ["2026-08-14T00:00:00Z", "2026-09-13T00:00:00Z"], isWhole: true),
        Case(
            testDescription: "our own key",
            text: """
                {"customerDefinedValues": {"other": "9", "sluice": "17"}, \
                \(range(august[0], august[1]))}
                """, covers: august, key: 17, isWhole: true),
        Case(
            testDescription: "our own key among the parameters",
            text: """
                {"dataSetRequestParameters": {"customerDefinedValues": {"sluice": 17}}, \
                \(range(august[0], august[1]))}
                """, covers: august, key: 17, isWhole: true),
        Case(testDescription: "one end", text: "{\(range(august[0], "soon"))}"),
        Case(testDescription: "not in the calendar", text: "{\(range("2026-02-30", "x"))}"),
        Case(testDescription: "no range", text: #"{"dataSetRequestId": "a3"}"#, request: "a3"),
        Case(testDescription: "other types", text: #"{"dataSetCoverageRange": [1]}"#),
        Case(testDescription: "an array", text: "[]"),
        Case(testDescription: "cut short", text: #"{"dataSetRequestId": "a3""#),
        Case(testDescription: "empty", text: ""),
    ]

    @Test(arguments: cases)
    func whatCanBeReadIsReadAndTheRestIsNamed(_ test: Case) {
        let metadata = DataSetMetadata(Array(test.text.utf8))
        #expect([metadata.coversFrom, metadata.coversUntil] == test.covers)
        #expect(metadata.requestID == test.request && metadata.requestKey == test.key)
        #expect((metadata.problem == nil) == test.isWhole)
    }

    @Test(arguments: [
        ("cas/x_2026-01-02.meta.json", "cas/x_2026-01-02"), ("x_2026-01-02.csv", "x_2026-01-02"),
        ("x_2026-01-02.csv.gz", "x_2026-01-02"), ("x.CSV", "x"), ("x.json", "x.json"),
    ])
    func dataSetAndItsDescriptionHaveOneStem(key: String, stem: String) {
        #expect(DataSetMetadata.stem(of: key) == stem)
    }

    /// JSON to one reader need not be JSON to the other.
    @Test(arguments: [
        (#"{"a": 1}"#, true), (#"{"a": "\u0000"}"#, false), (#"{"a": "\ud800"}"#, false),
        (#"{"a": 1e400000}"#, false), (#"{"a": 1,}"#, false),
        (
            #"{"a": "# + String(repeating: "[", count: 20_000)
                + String(repeating: "]", count: 20_000) + "}", false
        ),
        (#"{"dataSetRequestId": ""# + String(repeating: "x", count: 9_000) + #""}"#, true),
        (
            #"{"dataSetCoverageRange": {"startDateTime": "99999-01-01T00:00:00Z", "endDateTime": "#
                + #""+300000-01-01T00:00:00Z"}}"#, true
        ),
        (#"{"dataSetRequestParameters": {"dataSetPublicationDate": "0000-00-00"}}"#, true),
        ("\u{0}", false), ("[]", false), ("", false),
    ])
    func whateverTheDocumentHoldsIsKept(_ text: String, _ isKept: Bool) throws {
        let bench = try EventBench()
        try DataSetMetadata(Array(text.utf8)).write(
            bucket: "b", key: "cas/a.meta.json", sellerID: bench.sellerID, on: bench.postgres)
        let row = try bench.postgres.query(
            """
            select document is not null as is_kept, problem is not null as is_told
            from ingest.coverage where seller_id = $1
            """, [.int(Int64(bench.sellerID))]
        ).only()
        #expect(try row.bool("is_kept") == isKept)
        #expect(try row.bool("is_told"))
    }
}
