package import Postgres

/// What an answer changed in `event.entitlement`.
package struct EntitlementChanges: Sendable, Equatable {
    package var added = 0
    package var changed = 0
    package var closed = 0

    package init(added: Int = 0, changed: Int = 0, closed: Int = 0) {
        self.added = added
        self.changed = changed
        self.closed = closed
    }

    package static func += (sum: inout EntitlementChanges, more: EntitlementChanges) {
        sum.added += more.added
        sum.changed += more.changed
        sum.closed += more.closed
    }
}

/// Everything that is held within a scope, as of the instant at which AWS was asked.
///
/// Answers may come late, twice, and in any order: of two that cover an entitlement the later
/// asked one counts, and the same answer again changes nothing.
package struct EntitlementAnswer: Sendable {
    /// Why it was asked; raw values are those of `event.entitlement_fetch.cause`.
    package enum Cause: Sendable, Equatable {
        case notice(eventKey: String)
        case sync
    }

    package let scope: EntitlementScope
    /// Instant as PostgreSQL writes it.
    package let askedAt: String
    package let cause: Cause
    package let held: [HeldEntitlement]

    package init(
        _ held: [HeldEntitlement], to scope: EntitlementScope, askedAt: String, cause: Cause
    ) {
        self.scope = scope
        self.askedAt = askedAt
        self.cause = cause
        self.held = held.map { $0.filled(from: scope) }
    }

    /// The instant to note before a question is asked, by the one clock that all workers share.
    package static func now(on postgres: PostgresConnection) throws -> String {
        try postgres.query("select clock_timestamp()::text as now").only().string("now")
    }

    /// Makes the table say what the answer says, in one transaction.
    package func apply(
        sellerID: Int32, on postgres: PostgresConnection
    ) throws -> EntitlementChanges {
        try postgres.transaction {
            // Answers about one product take turns: each sees what the one before has changed.
            try postgres.query(
                "select pg_advisory_xact_lock(hashtextextended($1, 0))",
                [.text("event.entitlement \(sellerID) \(scope.productCode)")])
            let fetch = try recordFetch(sellerID, on: postgres)
            let row = try postgres.query(
                Self.applySQL, parameters(sellerID, fetch: fetch)
            ).only()
            return EntitlementChanges(
                added: try row.int("added"), changed: try row.int("changed"),
                closed: try row.int("closed"))
        }
    }
}

extension EntitlementAnswer {
    private func recordFetch(_ sellerID: Int32, on postgres: PostgresConnection) throws -> Int64 {
        try postgres.query(
            """
            insert into event.entitlement_fetch (seller_id, product_code, customer_identifier,
                customer_aws_account_id, license_id, asked_at, cause, event_key, held)
            values ($1, $2, $3, $4, $5, $6, $7, $8, $9) returning fetch_id
            """,
            [
                .int(Int64(sellerID)), .text(scope.productCode),
                PostgresValue(scope.customerIdentifier), PostgresValue(scope.customerAccountID),
                PostgresValue(scope.licenseID), .text(askedAt), .text(cause.name),
                PostgresValue(cause.eventKey), .int(Int64(Set(held).count)),
            ]
        ).only().int64("fetch_id")
    }

    private func parameters(_ sellerID: Int32, fetch: Int64) -> [PostgresValue] {
        func texts(_ text: (HeldEntitlement) -> String?) -> PostgresValue {
            .textArray(held.map(text))
        }
        return [
            .int(Int64(sellerID)), .int(fetch), texts(\.customerIdentifier),
            texts(\.customerAccountID), texts(\.licenseARN), texts(\.dimension),
            texts { if case .integer(let value) = $0.value { "\(value)" } else { nil } },
            texts { if case .double(let value) = $0.value { "\(value)" } else { nil } },
            texts { if case .boolean(let value) = $0.value { "\(value)" } else { nil } },
            texts { if case .string(let value) = $0.value { value } else { nil } },
            texts { $0.expirationSeconds.map { "\($0)" } },
        ]
    }

    // Seconds and their fraction by themselves: as one double they are not exact for the year 9999.
    // Rows are compared by their whole content, made one text: a hash join, and null equals null.
    private static let applySQL = """
        with asked as (
            select * from event.entitlement_fetch where seller_id = $1 and fetch_id = $2
        ), newer as (
            select n.customer_identifier, n.customer_aws_account_id, n.license_id
            from event.entitlement_fetch n, asked f
            where n.seller_id = f.seller_id and n.product_code = f.product_code
                and n.asked_at >= f.asked_at and n.fetch_id <> f.fetch_id
        ), answer as (
            select distinct customer, account, license, event.license_id(license) as license_id,
                dimension, integer_value::bigint, double_value::double precision,
                boolean_value::boolean, string_value,
                to_timestamp(trunc(expiration::numeric)::double precision)
                    + expiration::numeric % 1 * interval '1 second' as expiration_date
            from unnest($3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[],
                $9::text[], $10::text[], $11::text[]) as a (customer, account, license, dimension,
                integer_value, double_value, boolean_value, string_value, expiration)
        ), told as (
            select a.*,
                jsonb_build_array(customer, account, license, dimension)::text as key,
                jsonb_build_array(customer, account, license, dimension, integer_value,
                    double_value, boolean_value, string_value, expiration_date)::text as content
            from answer a, asked f
            where (f.customer_identifier is null or f.customer_identifier = a.customer)
                and (f.customer_aws_account_id is null or f.customer_aws_account_id = a.account)
                and (f.license_id is null or f.license_id = a.license_id)
                and not exists (
                select from newer n
                where (n.customer_identifier is null or n.customer_identifier = a.customer)
                    and (n.customer_aws_account_id is null
                        or n.customer_aws_account_id = a.account)
                    and (n.license_id is null or n.license_id = a.license_id))
        ), known as (
            select e.entitlement_id,
                jsonb_build_array(e.customer_identifier, e.customer_aws_account_id, e.license_arn,
                    e.dimension)::text as key,
                jsonb_build_array(e.customer_identifier, e.customer_aws_account_id, e.license_arn,
                    e.dimension, e.integer_value, e.double_value, e.boolean_value, e.string_value,
                    e.expiration_date)::text as content
            from event.entitlement e, asked f
            where e.seller_id = f.seller_id and e.product_code = f.product_code
                and e.valid_to = 'infinity'
                and (f.customer_identifier is null
                    or e.customer_identifier = f.customer_identifier)
                and (f.customer_aws_account_id is null
                    or e.customer_aws_account_id = f.customer_aws_account_id)
                and (f.license_id is null or e.license_id = f.license_id)
                and not exists (
                    select from newer n
                    where (n.customer_identifier is null
                            or n.customer_identifier = e.customer_identifier)
                        and (n.customer_aws_account_id is null
                            or n.customer_aws_account_id = e.customer_aws_account_id)
                        and (n.license_id is null or n.license_id = e.license_id))
        ), gone as (
            update event.entitlement e set valid_to = f.asked_at, closed_by = f.fetch_id
            from known k, asked f
            where e.seller_id = f.seller_id and e.entitlement_id = k.entitlement_id
                and not exists (select from told t where t.content = k.content)
            returning k.key
        ), come as (
            insert into event.entitlement (seller_id, product_code, customer_identifier,
                customer_aws_account_id, license_arn, dimension, integer_value, double_value,
                boolean_value, string_value, expiration_date, valid_from, fetched_at, fetch_id,
                event_key)
            select f.seller_id, f.product_code, t.customer, t.account, t.license, t.dimension,
                t.integer_value, t.double_value, t.boolean_value, t.string_value,
                t.expiration_date, f.asked_at, f.answered_at, f.fetch_id, f.event_key
            from told t, asked f
            where not exists (select from known k where k.content = t.content)
            returning jsonb_build_array(customer_identifier, customer_aws_account_id, license_arn,
                dimension)::text as key
        ), keys as (
            select coalesce(g.key, c.key) as key, g.key is not null as was_held, c.key is not null as is_held
            from (select distinct key from gone) g
            full join (select distinct key from come) c on c.key = g.key
        ), counts as (
            select count(*) filter (where not was_held) as added,
                count(*) filter (where was_held and is_held) as changed,
                count(*) filter (where not is_held) as closed
            from keys
        )
        update event.entitlement_fetch f
        set added = counts.added, changed = counts.changed, closed = counts.closed
        from counts where f.seller_id = $1 and f.fetch_id = $2
        returning f.added, f.changed, f.closed
        """
}

extension EntitlementAnswer.Cause {
    fileprivate var name: String {
        switch self {
        case .notice: "notice"
        case .sync: "sync"
        }
    }

    fileprivate var eventKey: String? {
        switch self {
        case .notice(let key): key
        case .sync: nil
        }
    }
}
