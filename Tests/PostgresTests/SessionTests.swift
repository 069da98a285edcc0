import Foundation
import Postgres
import Support
import Testing

/// What a session is like, whatever server, database and role have as defaults.
@Suite struct SessionTests {
    /// A setting that somebody else chose, and what it is in a session of ours.
    struct Chosen: CustomTestStringConvertible, Sendable {
        let name: String
        let value: String
        let atWork: String
        let reading: String
        var testDescription: String { "\(name) \(value)" }

        init(_ name: String, _ value: String, atWork: String, reading: String? = nil) {
            (self.name, self.value, self.atWork) = (name, value, atWork)
            self.reading = reading ?? atWork
        }
    }

    static let chosen = [
        Chosen("search_path", "public, trap", atWork: "pg_catalog, pg_temp"),
        Chosen("statement_timeout", "7s", atWork: "0", reading: "7s"),
        Chosen("lock_timeout", "7s", atWork: "0", reading: "7s"),
        Chosen("idle_in_transaction_session_timeout", "7s", atWork: "0", reading: "7s"),
        Chosen("idle_session_timeout", "7s", atWork: "0", reading: "7s"),
        Chosen("default_transaction_isolation", "serializable", atWork: "read committed"),
        Chosen("datestyle", "German", atWork: "ISO, YMD"),
        Chosen("intervalstyle", "iso_8601", atWork: "postgres"),
        Chosen("bytea_output", "escape", atWork: "hex"),
        Chosen("standard_conforming_strings", "off", atWork: "on"),
        Chosen("transform_null_equals", "on", atWork: "off"),
        Chosen("extra_float_digits", "-15", atWork: "1"),
        Chosen("array_nulls", "off", atWork: "on"),
        Chosen("quote_all_identifiers", "on", atWork: "off"),
        Chosen("synchronous_commit", "off", atWork: "on", reading: "off"),
        Chosen("synchronous_commit", "remote_apply", atWork: "remote_apply"),
    ]

    @Test(arguments: chosen)
    func whatOthersChoseDoesNotGetIntoOurSessions(chosen: Chosen) throws {
        let database = try ScratchDatabase.create()
        let list = chosen.name == "search_path" ? chosen.value : "'\(chosen.value)'"
        try database.psql("alter database \(database.name) set \(chosen.name) to \(list)")
        for (purpose, expected) in [
            (SessionPurpose.work, chosen.atWork), (.reading, chosen.reading),
        ] {
            let connection = try PostgresConnection(database.conninfo, for: purpose)
            let value = try connection.query(
                "select current_setting($1) as value", [.text(chosen.name)])
            #expect(try value.only().string("value") == expected, "\(purpose)")
        }
    }

    @Test func whatIsInOurWayOfASearchPathIsNotFound() throws {
        let database = try ScratchDatabase.create()
        try database.psql(
            """
            create schema trap;
            create function trap.lower(text) returns text language sql as $$ select 'caught' $$;
            alter database \(database.name) set search_path to trap, pg_catalog
            """)
        let connection = try PostgresConnection(database.conninfo)
        let row = try connection.query("select lower('A'::text) as text").only()
        #expect(try row.string("text") == "a")
    }

    /// Options of a TCP socket (Linux, tcp(7)), as libpq set them.
    private func option(_ name: Int32, ofSocketTo port: Int) throws -> Int32 {
        for entry in try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd") {
            guard let descriptor = Int32(entry) else { continue }
            var address = sockaddr_in()
            var length = socklen_t(MemoryLayout<sockaddr_in>.size)
            let code = withUnsafeMutableBytes(of: &address) { bytes in
                getpeername(
                    descriptor, bytes.baseAddress?.assumingMemoryBound(to: sockaddr.self), &length)
            }
            guard code == 0, address.sin_family == sa_family_t(AF_INET),
                Int(in_port_t(bigEndian: address.sin_port)) == port
            else { continue }
            var value: Int32 = 0
            length = socklen_t(MemoryLayout<Int32>.size)
            getsockopt(descriptor, Int32(IPPROTO_TCP), name, &value, &length)
            return value
        }
        throw SystemError("find the connection")
    }

    @Test(arguments: [
        ("", [30, 10, 3, 60_000]),
        (
            " keepalives_idle=5 keepalives_interval=6 keepalives_count=7 tcp_user_timeout=8000",
            [5, 6, 7, 8_000]
        ),
    ])
    func aPeerThatIsGoneIsNoticedWithinAMinute(words: String, expected: [Int32]) throws {
        // A port of its own: other tests of the process are connected to the server too.
        let proxy = try FaultProxy(to: .tcp(port: PrivateCluster.shared().port))
        let conninfo = try PrivateCluster.shared().tcpConninfo("postgres", port: proxy.port)
        let connection = try PostgresConnection(conninfo + words)
        let names = [TCP_KEEPIDLE, TCP_KEEPINTVL, TCP_KEEPCNT, TCP_USER_TIMEOUT]
        #expect(try names.map { try option($0, ofSocketTo: proxy.port) } == expected)
        #expect(connection.isAlive)
    }

    @Test func workNeedsAServerThatCanBeWrittenTo() throws {
        let cluster = try PrivateCluster(settings: ["default_transaction_read_only": "on"])
        let conninfo = cluster.conninfo("postgres")
        let error = try #require(try postgresError { _ = try PostgresConnection(conninfo) })
        #expect(error.message.contains("session is read-only"))
        #expect(error.hint?.contains("target_session_attrs=any") == true)
        #expect(error.isTransient)
        #expect(try PostgresConnection(conninfo, for: .reading).isAlive)
        let chosen = try PostgresConnection(conninfo + " target_session_attrs=any")
        let refused = try #require(
            try postgresError { try chosen.execute("create table public.t (n integer)") })
        #expect(refused.sqlState == "25006")
        #expect(refused.isTransient && !refused.isConnectionLost)
    }
}
