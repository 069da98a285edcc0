internal import AWS
internal import ArgumentParser
internal import Feeds
internal import Logging
internal import Postgres

struct EntitlementsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "entitlements",
        abstract: "Reads what customers may use, and shows what they might at any time.",
        subcommands: [Sync.self, List.self])

    struct Sync: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Asks AWS for all entitlements, and records what changed.",
            discussion: """
                Calls GetEntitlements, which is in us-east-1, for every product that the product feed \
                or an event has named, page by page, at most ten pages a second. An entitlement \
                that is new, changed or gone since the last answer gets its rows in \
                event.entitlement; the same answer again changes nothing. The worker does the same \
                by itself after each notice, and every entitlement_sync_hours.

                The role needs aws-marketplace:GetEntitlements. A product that AWS does not know \
                as one with contracts is told and left out.
                """)

        @OptionGroup var options: SettingsOptions

        @Option(help: ArgumentHelp("Only this product; may be repeated.", valueName: "code"))
        var product: [String] = []

        @Option(help: ArgumentHelp("Only this seller; may be repeated.", valueName: "name"))
        var seller: [String] = []

        func run() async throws {
            let session = try Session(options.resolve(), patienceSeconds: 300)
            try await session.syncEntitlements(of: Set(seller), products: product)
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Shows what customers are entitled to, or were on a day.",
            discussion: """
                As of the end of the day, in UTC, without what had expired by then. What was held \
                before the first answer of AWS is not known.

                  sluice entitlements list --customer X01EXAMPLEX --on 2026-09-15
                """)

        @OptionGroup var options: SettingsOptions

        @Option(
            help: ArgumentHelp("Customer identifier or AWS account number.", valueName: "customer"))
        var customer: String?

        @Option(help: ArgumentHelp("A day such as 2026-09-15; without it now.", valueName: "date"))
        var on: String?

        @Option(help: ArgumentHelp("Only this product.", valueName: "code"))
        var product: String?

        @Option(help: ArgumentHelp("Only this seller; may be repeated.", valueName: "name"))
        var seller: [String] = []

        func validate() throws {
            if let on { _ = try calendarDay(on, option: "--on") }
        }

        func run() async throws {
            let postgres = try Database.open(options.resolve(), for: .reading).connect()
            let sellers = try Seller.chosen(Set(seller), on: postgres)
            var table = TextTable(
                [
                    "seller", "product", "customer", "account", "dimension", "value", "expires",
                    "since",
                ],
                numeric: [5])
            let rows = try postgres.query(
                EntitlementRow.query,
                [
                    PostgresValue(on), .intArray(sellers.map { Int64($0.id) }),
                    PostgresValue(customer), PostgresValue(product),
                ])
            for row in rows {
                table.append(try EntitlementRow.columns.map { try row.optionalString($0) ?? "-" })
            }
            say(table.isEmpty ? ["No entitlements."] : table.lines)
        }
    }
}

extension Session {
    /// Reads the entitlements of sellers, all of them if none is named, and tells what changed.
    ///
    /// - Parameters:
    ///   - sellers: names.
    ///   - products: codes; of all products that are known if there is none.
    /// - Throws: ``CommandFailure`` when some could not be read, or on a request to stop.
    func syncEntitlements(of sellers: Set<String>, products: [String] = []) async throws {
        let postgres = try context.database.connect()
        let slot = LoadSlot(context, number: 0)
        var report = SyncReport()
        for seller in try Seller.chosen(sellers, on: postgres) {
            let codes =
                try products.isEmpty
                ? EntitlementSync.products(of: seller.id, on: postgres) : products
            for code in codes {
                guard !context.shutdown.isRequested else { throw Self.stopped }
                // The product feed lists products of every kind: most have no contracts.
                let isExpected =
                    try !products.isEmpty
                    || EntitlementSync.isExpected(code, of: seller.id, on: postgres)
                do {
                    let changes = try await slot.syncEntitlements(
                        ofProduct: code, of: seller, mayBeRefused: !isExpected)
                    report.add(changes, code, seller)
                } catch let error as AWSError where error.isInterrupted {
                    throw Self.stopped
                } catch let error as AWSError {
                    report.fail(error, code, seller, isFailure: isExpected || !error.isInvalid)
                }
            }
        }
        try report.finish()
    }

    private static var stopped: CommandFailure {
        CommandFailure(.stopped, "stopped on request; run it again for the rest")
    }
}

/// What `entitlements list` shows of a row.
private enum EntitlementRow {
    static let columns = [
        "seller", "product_code", "customer_identifier", "customer_aws_account_id", "dimension",
        "value", "expires", "since",
    ]

    // The end of today has not come: what expires until then is still held now.
    static let query = """
        select s.name as seller, e.product_code, e.customer_identifier, e.customer_aws_account_id,
            e.dimension, coalesce(e.integer_value::text, e.double_value::text,
                e.boolean_value::text, e.string_value) as value,
            to_char(e.expiration_date, 'YYYY-MM-DD') as expires,
            to_char(e.valid_from, 'YYYY-MM-DD') as since
        from event.entitlement_on(
            case when coalesce($1::date, current_date) = current_date then now()
                else ($1::date + 1)::timestamptz - interval '1 microsecond' end) e
        join ingest.seller s using (seller_id)
        where e.seller_id = any($2::int[]) and ($3::text is null
                or $3 in (e.customer_identifier, e.customer_aws_account_id))
            and ($4::text is null or e.product_code = $4)
        order by s.name, e.product_code, e.customer_identifier, e.customer_aws_account_id,
            e.dimension, e.license_id
        """
}

/// What a sync came to, product by product.
private struct SyncReport {
    private var sum = EntitlementChanges()
    private var products = 0
    private var refused = 0
    private var failures = 0

    mutating func add(_ changes: EntitlementChanges, _ code: String, _ seller: Seller) {
        products += 1
        sum += changes
        guard changes != EntitlementChanges() else { return }
        say("\(seller.name) \(code): \(Self.text(changes))")
    }

    mutating func fail(_ error: AWSError, _ code: String, _ seller: Seller, isFailure: Bool) {
        if isFailure { failures += 1 } else { refused += 1 }
        say("\(seller.name) \(code): \(isFailure ? "could not be read" : "left out"): \(error)")
    }

    func finish() throws {
        say(
            "\(products) products read: \(Self.text(sum))"
                + (refused > 0 ? "; \(refused) left out, which have no contracts" : ""))
        guard failures > 0 else { return }
        throw CommandFailure(
            .filesFailed, "the entitlements of \(failures) products could not be read; see above")
    }

    private static func text(_ changes: EntitlementChanges) -> String {
        "\(changes.added) added, \(changes.changed) changed, \(changes.closed) closed"
    }
}
