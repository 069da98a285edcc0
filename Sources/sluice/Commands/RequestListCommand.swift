internal import ArgumentParser
internal import Feeds
internal import Foundation
internal import Postgres

extension RequestCommand {
    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Lists requests, newest first, with what came of each.",
            discussion: """
                waiting, asking, requested, delivered, no_data (AWS has none), failed (asked in vain \
                as often as allowed), superseded (asked again). All of it is in ingest.request.
                """)

        @OptionGroup var options: SettingsOptions

        @Option(help: ArgumentHelp("Only this seller.", valueName: "name"))
        var seller: String?

        @Option(help: ArgumentHelp("Only this data set.", valueName: "data-set"))
        var dataSet: String?

        @Option(help: "Only requests in this status.")
        var status: String?

        @Option(help: "How many.")
        var limit = 50

        @Flag(help: "A JSON array, for programs.")
        var json = false

        private static let statuses = [
            "waiting", "asking", "requested", "delivered", "no_data", "failed", "superseded",
        ]

        func validate() throws {
            guard limit > 0 else { throw ValidationError("--limit must be a number above 0") }
            guard status.map(Self.statuses.contains) ?? true else {
                throw ValidationError(
                    "--status: one of \(Self.statuses.joined(separator: ", "))")
            }
        }

        func run() async throws {
            let postgres = try Database.open(options.resolve(), for: .reading).connect()
            let rows = try rows(on: postgres)
            if json { return say(text: try Self.json(rows)) }
            var table = TextTable(
                ["seller", "data set", "date", "status", "attempts", "asked (UTC)", "reason"],
                numeric: [4])
            for row in rows {
                table.append([
                    try row.string("seller"), try row.string("data_set"), try row.string("date"),
                    try row.string("status"), try row.string("attempts"),
                    try row.optionalString("asked") ?? "-", try row.optionalString("reason") ?? "",
                ])
            }
            say(table.isEmpty ? ["Nothing was asked for."] : table.lines)
        }

        private func rows(on postgres: PostgresConnection) throws -> PostgresResult {
            try postgres.query(
                """
                select s.name as seller, r.data_set, r.status, r.attempts, r.reason,
                    coalesce(r.publication_date::text,
                        to_char(r.from_date, 'YYYY-MM-DD"T"HH24:MI:SS"Z"')) as date,
                    to_char(r.called_at, 'YYYY-MM-DD HH24:MI') as asked,
                    row_to_json(r)::jsonb - 'seller_id' || jsonb_build_object(
                        'seller', s.name, 'file', f.bucket || '/' || f.key) as json
                from ingest.request r
                join ingest.seller s using (seller_id)
                left join ingest.file f using (file_id)
                where ($1::text is null or s.name = $1) and ($2::text is null or r.data_set = $2)
                    and ($3::text is null or r.status = $3)
                order by coalesce(r.publication_date, r.from_date::date) desc, r.data_set,
                    r.request_key desc
                limit $4
                """,
                [
                    PostgresValue(seller), PostgresValue(dataSet), PostgresValue(status),
                    .int(Int64(limit)),
                ])
        }

        private static func json(_ rows: PostgresResult) throws -> String {
            jsonEscaped(
                "[" + (try rows.map { try $0.string("json") }).joined(separator: ",\n ") + "]")
        }
    }
}
