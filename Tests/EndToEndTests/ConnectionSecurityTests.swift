import Foundation
import Support
import Testing

/// A server that is not on this machine must prove who it is, unless somebody says otherwise.
@Suite struct ConnectionSecurityTests {
    /// Where a connection is named, and whether the server's certificate must be checked.
    struct Case: CustomTestStringConvertible, Sendable {
        let conninfo: String
        var environment: [String: String] = [:]
        /// Lines of a service file.
        var service: String?
        let isVerified: Bool
        var testDescription: String { "\(conninfo) \(environment) \(service ?? "")" }
    }

    // The names lead nowhere (RFC 6761, RFC 5737), so no case takes long.
    static let cases = [
        Case(conninfo: "host=db.invalid", isVerified: true),
        Case(conninfo: "postgresql://u@db.invalid/books", isVerified: true),
        Case(conninfo: "host=127.0.0.1,db.invalid port=1", isVerified: true),
        Case(conninfo: "hostaddr=192.0.2.1", isVerified: true),
        Case(conninfo: "host=localhost hostaddr=192.0.2.1", isVerified: true),
        Case(conninfo: "host=127.0.0.1.db.invalid", isVerified: true),
        Case(conninfo: "host=localhost.db.invalid", isVerified: true),
        Case(conninfo: "host=0.0.0.0", isVerified: true),
        Case(conninfo: "dbname=x", environment: ["PGHOST": "db.invalid"], isVerified: true),
        Case(conninfo: "dbname=x", environment: ["PGHOSTADDR": "192.0.2.1"], isVerified: true),
        Case(conninfo: "service=books", service: "host=db.invalid", isVerified: true),
        Case(
            conninfo: "dbname=x", environment: ["PGSERVICE": "books"], service: "host=db.invalid",
            isVerified: true),
        Case(conninfo: "host=db.invalid sslmode=prefer", isVerified: false),
        Case(conninfo: "postgresql://db.invalid/x?sslmode=require", isVerified: false),
        Case(
            conninfo: "host=db.invalid", environment: ["PGSSLMODE": "prefer"], isVerified: false),
        Case(
            conninfo: "host=db.invalid", environment: ["PGSSLROOTCERT": "/ca"], isVerified: false),
        Case(
            conninfo: "service=books", service: "host=db.invalid\nsslmode=prefer",
            isVerified: false),
        Case(
            conninfo: "service=books", service: "host=db.invalid\nsslmode=disable",
            isVerified: false),
        Case(conninfo: "host=db.invalid sslrootcert=/ca", isVerified: false),
        Case(conninfo: "host=127.0.0.1 port=1", isVerified: false),
        Case(conninfo: "host=LOCALHOST port=1", isVerified: false),
        Case(conninfo: "host=::1 port=1", isVerified: false),
        Case(conninfo: "hostaddr=127.8.8.8 port=1", isVerified: false),
        Case(conninfo: "host=db.invalid hostaddr=127.0.0.1 port=1", isVerified: false),
        Case(conninfo: "host=/nonexistent", isVerified: false),
        Case(conninfo: "host=/nonexistent,127.0.0.1 port=1", isVerified: false),
        Case(conninfo: "port=1", isVerified: false),
    ]

    // libpq 15 knows no certificates of the system's, so it must be told: that is how it shows.
    @Test(arguments: cases)
    func whoIsNotOnThisMachineIsVerifiedUnlessSomebodySaysOtherwise(of test: Case) throws {
        let home = try ScratchDirectory()
        var environment = test.environment
        environment["HOME"] = home.path
        if let service = test.service {
            environment["PGSERVICEFILE"] = try home.write(
                "[other]\nsslmode=disable\n[books]\n\(service)\n[last]\nsslmode=disable\n",
                to: "services")
        }
        let done = try Program().run(
            ["seller", "list", "--database", test.conninfo], environment: environment)
        let isAsked = done.standardError.contains("sslrootcert=/etc/ssl/certs/ca-certificates.crt")
        #expect(isAsked == test.isVerified, "\(done)")
        #expect(done.status == (test.isVerified ? 78 : 69), "\(done)")
    }

    @Test func aServerWithoutAProvenNameGetsNoPassword() throws {
        let folder = try ScratchDirectory()
        let certificate = folder.path + "/server.crt"
        let key = folder.path + "/server.key"
        try Command(
            "openssl",
            [
                "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-keyout", key,
                "-out", certificate, "-subj", "/CN=localhost", "-addext",
                "subjectAltName=DNS:localhost",
            ]
        ).output()
        if geteuid() == 0 { try Command("chown", ["postgres", key]).output() }
        let cluster = try PrivateCluster(
            settings: ["ssl": "on", "ssl_cert_file": certificate, "ssl_key_file": key])
        // One host that is not of this machine makes all of them prove themselves.
        func run(_ words: String) throws -> Finished {
            try Program().run(
                [
                    "seller", "list", "--database",
                    "host=\(words) port=\(cluster.port) user=postgres dbname=postgres",
                ], environment: ["HOME": folder.path])
        }
        let known = try run("localhost,db.invalid sslrootcert=\(certificate)")
        #expect(known.standardError.contains("run: sluice migrate"), "\(known)")
        let nameless = try run("127.0.0.1,db.invalid sslrootcert=\(certificate)")
        #expect(nameless.status == 69)
        #expect(nameless.standardError.contains("does not match host name"), "\(nameless)")
        #expect(nameless.standardError.contains("sslmode=verify-full"), "\(nameless)")
        let chosen = try run("127.0.0.1,db.invalid sslmode=prefer")
        #expect(chosen.standardError.contains("run: sluice migrate"), "\(chosen)")
    }
}
