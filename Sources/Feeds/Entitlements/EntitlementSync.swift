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
                .int(Int64(sellerID)), .text(productCode), PostgresValue(failure?.boundedReason),
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

    /// Whether an entitlement within the scope is held.
    package static func isHeld(
        _ scope: EntitlementScope, of sellerID: Int32, on postgres: PostgresConnection
    ) throws -> Bool {
        try postgres.query(
            """
            select exists (select from event.entitlement
                where seller_id = $1 and product_code = $2 and valid_to = 'infinity'
                    and ($3::text is null or customer_identifier = $3)
                    and ($4::text is null or customer_aws_account_id = $4)
                    and ($5::text is null or license_id = $5)) as is_held
            """,
            [
                .int(Int64(sellerID)), .text(scope.productCode),
                PostgresValue(scope.customerIdentifier), PostgresValue(scope.customerAccountID),
                PostgresValue(scope.licenseID),
            ]
        ).only().bool("is_held")
    }

    /// The scope as it may be asked for.
    ///
    /// An answer closes what is held of the licence's id. A message that spells the rest of the ARN
    /// otherwise would be answered with nothing: what AWS itself called the licence is asked for.
    package static func asked(
        _ scope: EntitlementScope, of sellerID: Int32, on postgres: PostgresConnection
    ) throws -> EntitlementScope {
        guard case .license = scope.holder else { return scope }
        let known = try postgres.query(
            """
            select distinct license_arn from event.entitlement
            where seller_id = $1 and product_code = $2 and license_id = $3
                and valid_to = 'infinity' and license_arn is not null limit 2
            """,
            [.int(Int64(sellerID)), .text(scope.productCode), PostgresValue(scope.licenseID)]
        ).map { try $0.string("license_arn") }
        guard let arn = known.first else { return scope }
        return EntitlementScope(
            productCode: scope.productCode, holder: known.count == 1 ? .license(arn) : .everybody)
    }

    /// Has the product read again by the next sync, an hour from now, whatever was read today.
    package static func readAgain(
        _ productCode: String, of sellerID: Int32, on postgres: PostgresConnection
    ) throws {
        try postgres.query(
            """
            insert into event.entitlement_sync as s (seller_id, product_code) values ($1, $2)
            on conflict (seller_id, product_code) do update
                set tried_at = now(), synced_at = null
            """, [.int(Int64(sellerID)), .text(productCode)])
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
