import Testing

@testable import AWS

/// Which objects S3 has to bring back first, by the headers that it sends with HEAD.
@Suite struct ArchivedObjectTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let headers: [String]
        let isArchived: Bool
        var isBeingRestored = false

        var testDescription: String { headers.joined(separator: "; ") }
    }

    static let cases: [Case] = [
        Case(headers: [], isArchived: false),
        Case(headers: ["x-amz-storage-class: STANDARD_IA"], isArchived: false),
        Case(headers: ["x-amz-storage-class: GLACIER_IR"], isArchived: false),
        Case(headers: ["x-amz-storage-class: GLACIER"], isArchived: true),
        Case(headers: ["x-amz-storage-class: DEEP_ARCHIVE"], isArchived: true),
        Case(
            headers: [
                "x-amz-storage-class: GLACIER", #"x-amz-restore: ongoing-request="true""#,
            ], isArchived: true, isBeingRestored: true),
        Case(
            headers: [
                "x-amz-storage-class: DEEP_ARCHIVE",
                #"x-amz-restore: ongoing-request="false", expiry-date="Fri, 4 Dec 2026 00:00:00 GMT""#,
            ], isArchived: false),
        Case(headers: ["x-amz-storage-class: INTELLIGENT_TIERING"], isArchived: false),
        Case(
            headers: [
                "x-amz-storage-class: INTELLIGENT_TIERING",
                "x-amz-archive-status: DEEP_ARCHIVE_ACCESS",
            ], isArchived: true),
        Case(
            headers: [
                "x-amz-storage-class: INTELLIGENT_TIERING",
                "x-amz-archive-status: ARCHIVE_ACCESS",
                #"x-amz-restore: ongoing-request="true""#,
            ], isArchived: true, isBeingRestored: true),
    ]

    @Test(arguments: cases)
    func headersTellWhetherAnObjectIsArchived(_ one: Case) throws {
        var headers = HTTPHeaders()
        headers.append(line: "ETag: \"abc\"")
        headers.append(line: "Last-Modified: Sun, 06 Nov 1994 08:49:37 GMT")
        headers.append(line: "Content-Length: 3")
        for line in one.headers { headers.append(line: Substring(line)) }
        let object = try #require(S3Object(headers))
        #expect(object.isArchived == one.isArchived)
        #expect(object.isBeingRestored == one.isBeingRestored)
    }
}
