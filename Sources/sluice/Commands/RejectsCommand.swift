internal import ArgumentParser
internal import Feeds
internal import Postgres

struct RejectsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rejects",
        abstract: "Shows rows that their table would not take, newest first, with the reason.",
        discussion: """
            Each line: file, line of the file, column, reason; then the row as delivered. The same \
            is in ingest.reject.
            """)

    @OptionGroup var options: SettingsOptions

    @Option(help: "Only this feed, such as sdds.billing_event.")
    var feed: String?

    @Option(help: "How many.")
    var limit = 20

    func validate() throws {
        guard limit > 0 else { throw ValidationError("--limit must be a number above 0") }
    }

    func run() async throws {
        let postgres = try Database.open(options.resolve()).connect()
        if let feed { try Feed.throwUnlessKnown([feed], on: postgres) }
        let rejects = try postgres.query(
            """
            select f.bucket || '/' || f.key as file, r.file_line, r.column_name, r.reason,
                encode(r.raw, 'escape') as raw
            from ingest.reject r
            join ingest.version v using (version_id)
            join ingest.file f using (file_id)
            where $1::text is null or r.feed = $1
            order by r.reject_id desc limit $2
            """, [PostgresValue(feed), .int(Int64(limit))])
        for row in rejects {
            let column = try row.optionalString("column_name").map { ", \($0)" } ?? ""
            say(
                try "\(row.string("file")) line \(row.int("file_line"))\(column): "
                    + "\(row.string("reason"))\n    \(row.string("raw"))")
        }
        if rejects.isEmpty { say("There are no rejects.") }
    }
}
