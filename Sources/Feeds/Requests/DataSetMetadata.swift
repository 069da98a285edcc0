internal import FoundationEssentials
package import Postgres

/// The `.meta.json` beside a CAS data set: what was asked for, and what time the answer covers.
///
/// AWS Marketplace Seller Guide, "Commerce Analytics Service": dataset metadata.
package struct DataSetMetadata: Sendable, Equatable {
    package private(set) var dataSet: String?
    /// `YYYY-MM-DD`.
    package private(set) var publicationDate: String?
    /// Instants as text that Postgres reads.
    package private(set) var coversFrom: String?
    package private(set) var coversUntil: String?
    package private(set) var requestID: String?
    package private(set) var requestKey: Int64?
    /// What could not be understood; the rest stands.
    package private(set) var problem: String?
    private var document: String?

    /// More than any such file has; what is larger is none, and not worth fetching.
    package static let bytesMax = 1 << 20

    /// Reads the content of the file, whatever it is.
    package init(_ content: [UInt8]) {
        let text = String(decoding: content, as: UTF8.self)
        guard let body = JSONValue.parse(text)?.object else {
            problem = "not a JSON object"
            return
        }
        // Whether Postgres takes it as well, only Postgres knows.
        document = text
        read(body)
    }

    private mutating func read(_ body: JSONObject) {
        let parameters = body.members("dataSetRequestParameters")
        dataSet = parameters.word("dataSetType")
        publicationDate = parameters.word("dataSetPublicationDate").flatMap(Self.instant)
            .map { String($0.prefix(10)) }
        requestID = body.word("dataSetRequestId").flatMap(DataSetNotice.id)
        requestKey = DataSetNotice.key(of: body)
        let range = body.members("dataSetCoverageRange")
        coversFrom = range.word("startDateTime").flatMap(Self.instant)
        coversUntil = range.word("endDateTime").flatMap(Self.instant)
        if coversFrom == nil || coversUntil == nil {
            (coversFrom, coversUntil) = (nil, nil)
            problem = "no dataSetCoverageRange with two instants"
        }
    }

    // A text that is no instant must be no error of the database's.
    private static func instant(_ text: String) -> String? {
        let zoned = text.hasSuffix("Z") || text.dropFirst(10).contains { "+-".contains($0) }
        let iso = text.replacing(" ", with: "T")
        let whole = iso.count == 10 ? iso + "T00:00:00Z" : zoned ? iso : iso + "Z"
        // `try?`: the two forms are told apart only by trying, and neither is "not an instant".
        let date =
            (try? Date.ISO8601FormatStyle().parse(whole))
            ?? (try? Date.ISO8601FormatStyle(includingFractionalSeconds: true).parse(whole))
        // Of any other year Postgres has no such date.
        return date.map { $0.formatted(Date.ISO8601FormatStyle()) }
            .flatMap { $0.utf8.count == 20 ? $0 : nil }
    }
}

extension DataSetMetadata {
    /// Key of the metadata, or of the data set, without its extension.
    package static func stem(of key: String) -> String {
        key.replacing(/(?i)\.(csv(\.gz)?|meta\.json)$/, with: "")
    }

    /// Whether the metadata beside a file was read already.
    package static func isKnown(
        beside file: File, on postgres: PostgresConnection
    ) throws -> Bool {
        try postgres.query(
            """
            select exists (select from ingest.coverage
                where seller_id = $1 and bucket = $2 and stem = $3) as known
            """, [.int(Int64(file.sellerID)), .text(file.bucket), .text(stem(of: file.key))]
        ).only().bool("known")
    }

    /// Keeps it as the newest word on the file beside it, and tells the request that it answers.
    ///
    /// `key` is that of the metadata file.
    package func write(
        bucket: String, key: String, sellerID: Int32, on postgres: PostgresConnection
    ) throws {
        try postgres.query(
            """
            insert into ingest.coverage as c
                (seller_id, bucket, stem, data_set, publication_date, covers_from, covers_until,
                 request_id, request_key, problem, document)
            select $1, $2, $3, $4, $5, $6, $7, $8, $9,
                coalesce($10, case when d is null and $11::text is not null
                    then 'Postgres cannot hold the document: a number, a text or its depth' end), d
            from ingest.jsonb_if_valid($11) as d
            on conflict (seller_id, bucket, stem) do update
                set data_set = excluded.data_set, publication_date = excluded.publication_date,
                    covers_from = excluded.covers_from, covers_until = excluded.covers_until,
                    request_id = excluded.request_id, request_key = excluded.request_key,
                    problem = excluded.problem, document = excluded.document, read_at = now()
            """,
            [
                .int(Int64(sellerID)), .text(bucket), .text(Self.stem(of: key)),
                PostgresValue(dataSet), PostgresValue(publicationDate), PostgresValue(coversFrom),
                PostgresValue(coversUntil), PostgresValue(requestID), PostgresValue(requestKey),
                PostgresValue(problem), PostgresValue(document),
            ])
        try postgres.query(
            """
            update ingest.request set covers_from = $4, covers_until = $5
            where seller_id = $1 and (request_ids @> array[$2::text] or request_key = $3)
            """,
            [
                .int(Int64(sellerID)), PostgresValue(requestID), PostgresValue(requestKey),
                PostgresValue(coversFrom), PostgresValue(coversUntil),
            ])
    }
}
