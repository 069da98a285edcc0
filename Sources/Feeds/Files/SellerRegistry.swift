package import Postgres

extension Seller {
    /// Name of the seller that a directory's files belong to when nobody names one.
    package static var defaultName: String { "default" }

    /// All sellers, by name.
    package static func all(on postgres: PostgresConnection) throws -> [Seller] {
        try postgres.query(selection + " order by name").map(Seller.init)
    }

    /// The seller of that name; `nil` where there is none.
    package static func named(_ name: String, on postgres: PostgresConnection) throws -> Seller? {
        try postgres.query(selection + " where name = $1", [.text(name)]).first.map(Seller.init)
    }

    /// Sellers by name; without names all.
    ///
    /// - Throws: ``LoadError`` that says which there is not, and `PostgresError`.
    package static func chosen(
        _ names: Set<String>, on postgres: PostgresConnection
    ) throws -> [Seller] {
        let all = try all(on: postgres)
        if let name = names.subtracting(all.map(\.name)).min() { throw unknown(name) }
        return all.filter { names.isEmpty || names.contains($0.name) }
    }

    /// The seller of that name.
    ///
    /// - Throws: ``LoadError`` where there is none, and `PostgresError`.
    package static func chosen(
        _ name: String, on postgres: PostgresConnection
    ) throws -> Seller {
        guard let found = try named(name, on: postgres) else { throw unknown(name) }
        return found
    }

    private static func unknown(_ name: String) -> LoadError {
        LoadError(.stop, "there is no seller \(name); see: sluice seller list")
    }

    /// The seller of that name, made without locations if it does not exist yet.
    package static func ensure(
        _ name: String, on postgres: PostgresConnection
    ) throws -> Seller {
        if let seller = try named(name, on: postgres) { return seller }
        try postgres.query(
            "insert into ingest.seller (name) values ($1) on conflict (name) do nothing",
            [.text(name)])
        guard let seller = try named(name, on: postgres) else {
            throw LoadError(.retry, "the seller \(name) was removed meanwhile")
        }
        return seller
    }

    /// Adds a seller, or adds to what is known of the one of that name.
    ///
    /// Of a seller that there is, locations are added, what is given replaces what was known, and
    /// what is `nil` stays.
    package static func save(
        name: String, locations: [Location], accountID: String?, region: String?,
        role: (arn: String, externalID: String)?, queueURL: String?,
        requests: RequestSettings? = nil, excluded: [Location] = [],
        on postgres: PostgresConnection
    ) throws {
        try postgres.query(
            """
            insert into ingest.seller as s
                (name, locations, account_id, region, role_arn, external_id, queue_url,
                 cas_role_arn, cas_location, cas_topic_arn, cas_since, excluded)
            values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10,
                case when $8::text is not null then current_date - 1 end, $11)
            on conflict (name) do update
                set locations = array(
                        select distinct l from unnest(s.locations || excluded.locations) l
                        order by l),
                    excluded = array(
                        select distinct l from unnest(s.excluded || excluded.excluded) l
                        order by l),
                    account_id = coalesce(excluded.account_id, s.account_id),
                    region = coalesce(excluded.region, s.region),
                    role_arn = coalesce(excluded.role_arn, s.role_arn),
                    external_id = coalesce(excluded.external_id, s.external_id),
                    queue_url = coalesce(excluded.queue_url, s.queue_url),
                    cas_role_arn = coalesce(excluded.cas_role_arn, s.cas_role_arn),
                    cas_location = coalesce(excluded.cas_location, s.cas_location),
                    cas_topic_arn = coalesce(excluded.cas_topic_arn, s.cas_topic_arn),
                    cas_since = coalesce(s.cas_since, excluded.cas_since)
            """,
            [
                .text(name), .textArray(locations.map(\.description)), PostgresValue(accountID),
                PostgresValue(region), PostgresValue(role?.arn), PostgresValue(role?.externalID),
                PostgresValue(queueURL), PostgresValue(requests?.roleARN),
                PostgresValue(requests?.location.description), PostgresValue(requests?.topicARN),
                .textArray(excluded.map(\.description)),
            ])
    }

    /// Adds topics to those that messages of a seller may come from.
    ///
    /// - Throws: `PostgresError`.
    package static func allow(
        topicARNs: [String], of name: String, on postgres: PostgresConnection
    ) throws {
        try postgres.query(
            """
            update ingest.seller set topics = array(
                select distinct t from unnest(topics || $2::text[]) t order by t)
            where name = $1
            """, [.text(name), .textArray(topicARNs)])
    }

    private static var selection: String {
        """
        select seller_id, name, array_to_string(locations, E'\\n') as locations, account_id, region,
            role_arn, external_id, queue_url, cas_role_arn, cas_location, cas_topic_arn,
            array_to_string(topics, ' ') as topics,
            array_to_string(excluded, E'\\n') as excluded
        from ingest.seller
        """
    }

    private init(_ row: PostgresResult.Row) throws {
        self.init(
            id: Int32(try row.int("seller_id")),
            name: try row.string("name"),
            locations: try row.string("locations").split(separator: "\n")
                .compactMap { Location(String($0)) },
            accountID: try row.optionalString("account_id"),
            region: try row.optionalString("region"),
            roleARN: try row.optionalString("role_arn"),
            externalID: try row.optionalString("external_id"),
            queueURL: try row.optionalString("queue_url"),
            topicARNs: try row.string("topics").split(separator: " ").map(String.init),
            requests: try Self.requests(row),
            excluded: try row.string("excluded").split(separator: "\n")
                .compactMap { Location(String($0)) })
    }

    private static func requests(_ row: PostgresResult.Row) throws -> RequestSettings? {
        guard let role = try row.optionalString("cas_role_arn"),
            let location = try row.optionalString("cas_location").flatMap({ Location($0) }),
            let topic = try row.optionalString("cas_topic_arn")
        else { return nil }
        return RequestSettings(roleARN: role, location: location, topicARN: topic)
    }
}
