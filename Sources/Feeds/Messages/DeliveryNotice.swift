package import Postgres

/// What the seller data feed service said of one feed's daily run: a row of
/// `ingest.delivery_notice`.
///
/// The one proof that a feed without news is alive.
package struct DeliveryNotice: Sendable, Equatable {
    /// Id of the run; a repeated notice has the same.
    package let executionID: String
    /// Name of the feed as AWS wrote it.
    package let feedType: String
    /// `COMPLETED`, `SKIPPED`, `FAILED`, or a word that AWS did not publish.
    package let status: String

    /// Writes it; a repeat changes nothing.
    ///
    /// - Throws: `PostgresError`.
    package func record(sellerID: Int32, on postgres: PostgresConnection) throws {
        try postgres.query(
            """
            insert into ingest.delivery_notice (seller_id, execution_id, feed, feed_type, status)
            select $1, $2,
                (select feed from ingest.feed
                 where table_schema = 'sdds' and replace(table_name, '_', '') || 'feed' = $3),
                $4, $5
            on conflict (seller_id, execution_id) do nothing
            """,
            [
                .int(Int64(sellerID)), .text(executionID), .text(FeedListing.fold(feedType)),
                .text(feedType), .text(status),
            ])
    }
}
