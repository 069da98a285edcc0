package import Postgres

/// What the loads of one process came to, as the ledger has it.
package struct RunSummary: Sendable, Equatable {
    package struct Money: Sendable, Equatable {
        package let feed: String
        package let column: String
        package let currency: String
        /// Exact, as Postgres prints it.
        package let amount: String
        package let rows: Int
    }

    package let files: Int
    package let loads: Int
    package let failedLoads: Int
    package let interruptedLoads: Int
    package let rowsRead: Int
    package let rowsLoaded: Int
    package let rowsRejected: Int
    package let rowsStanding: Int
    package let rowsVanished: Int
    package let money: [Money]

    /// Sums up the loads that carry the worker's name.
    package init(worker: String, on postgres: PostgresConnection) throws {
        let row = try postgres.query(
            """
            select count(distinct file_id) as files, count(*) as loads,
                count(*) filter (where outcome = 'failed') as failed_loads,
                count(*) filter (where outcome in ('interrupted', 'running')) as interrupted_loads,
                coalesce(sum(rows_read), 0) as rows_read,
                coalesce(sum(rows_loaded), 0) as rows_loaded,
                coalesce(sum(rows_rejected), 0) as rows_rejected,
                coalesce(sum(rows_standing), 0) as rows_standing,
                coalesce(sum(rows_vanished), 0) as rows_vanished
            from ingest.load where worker = $1
            """, [.text(worker)]
        ).only()
        files = try row.int("files")
        loads = try row.int("loads")
        failedLoads = try row.int("failed_loads")
        interruptedLoads = try row.int("interrupted_loads")
        rowsRead = try row.int("rows_read")
        rowsLoaded = try row.int("rows_loaded")
        rowsRejected = try row.int("rows_rejected")
        rowsStanding = try row.int("rows_standing")
        rowsVanished = try row.int("rows_vanished")
        money = try postgres.query(
            """
            select f.feed, t.column_name, t.currency, sum(t.amount) as amount, sum(t.rows) as rows
            from ingest.load_total t
            join ingest.load l using (load_id)
            join ingest.file f using (file_id)
            where l.worker = $1
            group by 1, 2, 3 order by 1, 2, 3
            """, [.text(worker)]
        ).map { row in
            Money(
                feed: try row.string("feed"), column: try row.string("column_name"),
                currency: try row.string("currency"), amount: try row.string("amount"),
                rows: try row.int("rows"))
        }
    }
}
