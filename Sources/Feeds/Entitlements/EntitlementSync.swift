package import Postgres

/// Which products' entitlements are read, and when they were.
package enum EntitlementSync {
    /// How the sync of a product ended.
    package enum Outcome: Sendable, Equatable {
        case synced
        case failed(String)
        /// AWS does not know the product as one with contracts, and nothing says that it has any.
        case refused
    }

    /// Codes of all products of a seller that files or events have named.
    package static func products(
        of sellerID: Int32, on postgres: PostgresConnection
    ) throws -> [String] {
        try postgres.query(
            """
            select product_code from (
                select distinct on (product_id) product_code, delete_date from sdds.product
                where seller_id = $1
                order by product_id, valid_from desc, update_date desc
            ) p where delete_date is null and product_code is not null
            union \(eventful)
            order by product_code
            """, [.int(Int64(sellerID))]
        ).map { try $0.string("product_code") }
    }

    /// Takes the products that have entitlements, and whose last sync is so long ago.
    ///
    /// What is taken counts as tried: of several workers one gets it, and what does not succeed is
    /// due again after an hour.
    package static func takeDue(
        of sellerID: Int32, afterHours hours: Int, on postgres: PostgresConnection
    ) throws -> [String] {
        try postgres.query(
            """
            insert into event.entitlement_sync as s (seller_id, product_code)
            select $1, product_code from (\(eventful)) p order by product_code
            on conflict (seller_id, product_code) do update set tried_at = now()
                where coalesce(s.synced_at, '-infinity') < now() - make_interval(hours => $2)
                    and s.tried_at < now() - interval '1 hour'
            returning product_code
            """, [.int(Int64(sellerID)), .int(Int64(hours))]
        ).map { try $0.string("product_code") }
    }

    /// Notes how the sync of a product ended.
    package static func record(
        _ outcome: Outcome, ofProduct productCode: String, of sellerID: Int32,
        on postgres: PostgresConnection
    ) throws {
        let failure: String? = if case .failed(let reason) = outcome { reason } else { nil }
        try postgres.query(
            """
            insert into event.entitlement_sync as s
                (seller_id, product_code, synced_at, failure)
            values ($1, $2, case when $4 then now() end, $3)
            on conflict (seller_id, product_code) do update
                set tried_at = now(), synced_at = coalesce(excluded.synced_at, s.synced_at),
                    failure = excluded.failure
            """,
            [
                .int(Int64(sellerID)), .text(productCode), PostgresValue(failure),
                .bool(outcome == .synced),
            ])
    }

    /// Whether any entitlement of the product is held or was ever announced.
    package static func isExpected(
        _ productCode: String, of sellerID: Int32, on postgres: PostgresConnection
    ) throws -> Bool {
        try postgres.query(
            "select $2 in (\(eventful)) as found", [.int(Int64(sellerID)), .text(productCode)]
        ).only().bool("found")
    }

    /// How many entitlements of a licence are held.
    package static func heldCount(
        of license: EntitlementScope, sellerID: Int32, on postgres: PostgresConnection
    ) throws -> Int {
        try postgres.query(
            """
            select count(*) as count from event.entitlement
            where seller_id = $1 and product_code = $2 and license_id = $3
                and valid_to = 'infinity'
            """,
            [
                .int(Int64(sellerID)), .text(license.productCode),
                PostgresValue(license.licenseID),
            ]
        ).only().int("count")
    }

    // A product that is only metered has no entitlements, and need not be asked about each day.
    private static let eventful = """
        select product_code from event.subscription
        where seller_id = $1 and event.folded(event_type) = 'entitlement updated'
            and product_code is not null
        union select product_code from event.license
        where seller_id = $1 and product_code is not null and party is distinct from 'acceptor'
        union select product_code from event.entitlement where seller_id = $1
        """
}
