import Feeds
import Postgres
import Support
import Testing

/// Personal data in rejects of change logs goes with its customer, and with the reject.
@Suite struct ForgottenRejectTests {
    private static let header =
        "Product Id,Product Code,Customer Guid,Subscription Guid,Subscription Start Date,Organization,"
        + "AWS Customer Id,Given Name,Surname,Telephone Number,Email,Title,Country Code,ZIP Code,"
        + "Operation Time,Operation Type\n"

    private static func key(_ export: Int, isTest: Bool = false) -> String {
        (isTest ? "test_" : "") + "customer_support_contacts_data_2022-01-0\(export)T00-00-00Z.csv"
    }

    private static func guid(_ customer: Int) -> String {
        "9c1b3e52-0000-4000-8000-00000000000\(customer)"
    }

    /// A contact whose time cannot be read.
    private static func refused(
        _ customer: Int, guid name: String? = nil, subscription: String? = nil
    ) -> String {
        "p,code,\(name ?? guid(customer)),\(subscription ?? "s\(customer)"),2021-01-01T00:00:00.000Z,Org,000000000001,Ann,"
            + "Müller\(customer),0123,person\(customer)@example.com,CEO,DE,02139,soon,CREATE\n"
    }

    private static func contact(_ customer: Int) -> String {
        refused(customer).replacing("soon", with: "2022-01-01T00:00:00.000Z")
    }

    private static func deletion(_ customer: Int) -> String {
        "p,code,\(guid(customer)),s\(customer),2021-01-01T00:00:00.000Z,,000000000001,,,,,,,,"
            + "2022-01-02T00:00:00.000Z,DELETE\n"
    }

    /// State and whether anything of a person is left, of each reject.
    private func rejects(_ bench: LoadBench) throws -> [String] {
        try bench.texts(
            """
            select concat_ws(' ', r.line, r.state, case when octet_length(r.raw) > 0
                or to_jsonb(r)::text ~ 'Müller|person' or r.reason <> r.cause then 'kept'
                else 'gone' end) as text
            from ingest.reject r where seller_id = $1
            """)
    }

    @Test(arguments: [false, true])
    func theyGoWhenTheCustomerIsDeleted(isTest: Bool) throws {
        let bench = try LoadBench()
        try bench.deliver(
            Self.header + Self.refused(1) + Self.refused(2) + Self.refused(3),
            as: Self.key(1, isTest: isTest))
        try bench.postgres.query(
            """
            update ingest.reject set state = 'dismissed', settled_at = now(), note = 'seen'
            where seller_id = $1 and line = 3
            """, [.int(Int64(bench.sellerID))])
        #expect(try rejects(bench) == ["1 waiting kept", "2 waiting kept", "3 dismissed gone"])
        try bench.deliver(Self.header + Self.deletion(1), as: Self.key(2, isTest: isTest))
        #expect(try rejects(bench) == ["1 superseded gone", "2 waiting kept", "3 dismissed gone"])
        try bench.expectReconciled()
    }

    /// An older export can come last, and the deletion can stand in the same file.
    @Test func theyGoWhateverTheOrder() throws {
        let bench = try LoadBench()
        try bench.deliver(Self.header + Self.deletion(1), as: Self.key(2))
        try bench.deliver(Self.header + Self.refused(1) + Self.refused(2), as: Self.key(1))
        #expect(try rejects(bench) == ["1 superseded gone", "2 waiting kept"])
        try bench.deliver(Self.header + Self.refused(3) + Self.deletion(3), as: Self.key(3))
        #expect(
            try rejects(bench) == ["1 superseded gone", "1 superseded gone", "2 waiting kept"])
    }

    /// A record whose keys are what is damaged is known by the customer's address.
    @Test func aDamagedKeyIsKnownByTheAddress() throws {
        let bench = try LoadBench()
        try bench.deliver(
            Self.header + Self.contact(1) + Self.refused(1, guid: "9c1b", subscription: "s"),
            as: Self.key(1))
        #expect(try rejects(bench) == ["2 waiting kept"])
        try bench.deliver(Self.header + Self.deletion(1), as: Self.key(2))
        #expect(try rejects(bench) == ["2 superseded gone"])
    }

    @Test func oneSellersDeletionIsNotAnothers() throws {
        let bench = try LoadBench()
        let other = try LoadBench(files: bench)
        try other.deliver(Self.header + Self.refused(1), as: Self.key(1))
        try bench.deliver(Self.header + Self.deletion(1), as: Self.key(2))
        #expect(try rejects(other) == ["1 waiting kept"])
    }

    /// What an older version left goes with the migration.
    @Test func aMigrationErasesWhatIsLeft() throws {
        let bench = try LoadBench(on: ScratchDatabase.create(from: LoadBench.schema))
        try bench.postgres.execute("alter table ingest.reject disable trigger user")
        try bench.deliver(Self.header + Self.deletion(1), as: Self.key(2))
        try bench.deliver(
            Self.header + Self.refused(1) + Self.refused(2) + Self.refused(3), as: Self.key(1))
        try bench.postgres.execute(
            """
            update ingest.reject set state = 'dismissed', settled_at = now() where line = 3;
            alter table ingest.reject enable trigger user;
            update ingest.definition set sha256 = '' where path = 'cas/forget_rejects.sql'
            """)
        #expect(try rejects(bench) == ["1 waiting kept", "2 waiting kept", "3 dismissed kept"])
        _ = try SchemaFolder(path: Program.packageRoot + "/Schema").apply(on: bench.postgres)
        #expect(try rejects(bench) == ["1 superseded gone", "2 waiting kept", "3 dismissed gone"])
    }
}
