/// CAS "Product support connection": what customers changed in their contacts.
///
/// Asked for once a month; each export holds the last change of each contact since two days
/// before the export before, so that some changes come twice.
struct SupportContacts: Snapshot {
    struct Row {
        let contact: SupportContact
        let change: SupportContact.Change
    }

    let world: World

    let name = "cas.customer_support_contacts_data"
    let header = SupportContact.header
    let metadata = MetadataKind.supportExport

    private static let dayOfMonth = 25
    private static let overlapDays = 2

    func coverage(publishedOn day: SimulatedDay) -> ClosedRange<SimulatedDay>? {
        guard day.date.day == Self.dayOfMonth else { return nil }
        return max(world.start, (day.month + -1).day(Self.dayOfMonth) + -Self.overlapDays)...day
    }

    func stem(of published: SimulatedDay) -> String {
        let from = coverage(publishedOn: published)?.lowerBound ?? published
        return "cas/\(type)_\(from)T00-00-00Z"
    }

    func forEachRow(
        published: SimulatedDay, edition: Edition, _ body: (borrowing Row) throws -> Void
    ) rethrows {
        guard let period = coverage(publishedOn: published) else { return }
        try world.forEachCustomer { customer in
            guard let contact = SupportContact(of: customer, in: world),
                let change = contact.changes.last(where: { period.contains($0.day) })
            else { return }
            try body(Row(contact: contact, change: change))
        }
    }

    // A table keeps one row of each contact that was ever told of.
    func stored(asOf day: SimulatedDay) -> Int? {
        let last = (world.start.number...max(world.start, day).number)
            .last { SimulatedDay(number: $0).date.day == Self.dayOfMonth }
        guard let last else { return 0 }
        var count = 0
        world.forEachCustomer { customer in
            guard let contact = SupportContact(of: customer, in: world),
                contact.created.number <= last
            else { return }
            count += 1
        }
        return count
    }

    func write(_ row: borrowing Row, into writer: inout RowWriter) {
        row.contact.write(row.change, in: world, into: &writer)
    }
}

/// The same with data that AWS makes up for testing.
struct TestSupportContacts: Snapshot {
    typealias Row = SupportContact

    let world: World

    let name = "cas.test_customer_support_contacts_data"
    let header = SupportContact.header
    let metadata = MetadataKind.supportExport

    func coverage(publishedOn day: SimulatedDay) -> ClosedRange<SimulatedDay>? {
        day == world.start + 2 ? world.start...day : nil
    }

    // The guide and the API model name such files differently: one each.
    func stem(of published: SimulatedDay) -> String {
        "cas/\(type)_\(world.start)T00-00-00Z_to_\(published)T23-45-00Z"
    }

    func forEachRow(
        published: SimulatedDay, edition: Edition,
        _ body: (borrowing SupportContact) throws -> Void
    ) rethrows {
        for index in 0..<3 {
            let customer = Customer(index: index, of: world)
            try body(SupportContact(made: customer, in: world))
        }
    }

    func write(_ contact: borrowing SupportContact, into writer: inout RowWriter) {
        contact.write(contact.changes[0], in: world, into: &writer)
    }
}

/// The person whom a customer names for support.
struct SupportContact {
    enum Operation: Sendable {
        case create
        case update
        case delete
    }

    struct Change: Sendable {
        let operation: Operation
        let day: SimulatedDay
    }

    static let header: StaticString = """
        Product Id,Product Code,Customer Guid,Subscription Guid,Subscription Start Date,\
        Organization,AWS Customer Id,Given Name,Surname,Telephone Number,Email,Title,\
        Country Code,ZIP Code,Operation Time,Operation Type
        """

    private static let names: [(given: String, family: String)] = [
        ("Žofie", "Nováková"), ("Seán", "Ó Briain"), ("花子", "山田"), ("Anne-Marie", "d’Arc"),
        ("Bob \"Bobby\"", "Tables, Jr."),
    ]

    let customer: Customer
    let key: Key
    let created: SimulatedDay
    /// In order of time.
    let changes: [Change]

    /// The contact of every third customer; nil for the others.
    init?(of customer: Customer, in world: World) {
        guard customer.key.child(.contact).below(3) == 0 else { return nil }
        self.init(made: customer, in: world)
    }

    init(made customer: Customer, in world: World) {
        self.customer = customer
        key = customer.key.child(.contact)
        created = max(customer.joined, world.start) + 1
        var changes = [Change(operation: .create, day: created)]
        if key.bits & 1 == 0 { changes.append(.init(operation: .update, day: created + 23)) }
        if key.bits & 6 == 0 { changes.append(.init(operation: .delete, day: created + 40)) }
        self.changes = changes
    }

    fileprivate func write(_ change: Change, in world: World, into writer: inout RowWriter) {
        let product = Product(index: key.below(6), of: world)
        writer.guid(product.legacy)
        writer.name("", product.code, 25)
        writer.guid(key)
        writer.guid(key.child(.agreement))
        writer.milliseconds(customer.joined.midnight)
        let isGone = change.operation == .delete
        if isGone { writer.empty() } else { writer.text(CompanyName.of(customer.account)) }
        writer.accountNumber(customer.account)
        if isGone { for _ in 0..<6 { writer.empty() } } else { person(change, &writer) }
        if isGone || customer.market != .unitedStates {
            writer.empty()
        } else {
            writer.quoted(customer.market.postalCode)
        }
        writer.milliseconds(change.day.midnight + 40_000 + Int64(key.below(30_000)))
        switch change.operation {
        case .create: writer.quoted("CREATE")
        case .update: writer.quoted("UPDATE")
        case .delete: writer.quoted("DELETE")
        }
    }

    private func person(_ change: Change, _ writer: inout RowWriter) {
        let name = Self.names[key.below(Self.names.count)]
        writer.text(name.given)
        writer.text(name.family)
        writer.quoted(change.operation == .update ? "+1 555 0199" : "+1 555 0100")
        writer.emailAddress(customer.account)
        writer.empty()
        writer.quoted(customer.market.country)
    }
}

extension RowWriter {
    // 2026-01-02T03:04:05.000Z
    fileprivate mutating func milliseconds(_ seconds: Int64) {
        instantText(seconds, .iso)
        takeBack()
        literal(".000Z,")
    }

    fileprivate mutating func emailAddress(_ account: Key) {
        literal("support@")
        emailDomain(account)
    }
}
