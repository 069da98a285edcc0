import Foundation

/// An emulator of AWS on a free loopback port, from the virtual environment of `scripts/setup`.
///
/// Which for what: `ministack` for events and throughput (checks no credentials), `moto` for
/// signatures and permissions, `rclone` for signatures of awkward keys (S3 only, no versions),
/// `motoTLS` for encryption (checks no credentials), `ministackIAM` for what policies allow: those of
/// roles, sessions, users and queues with their conditions.
package final class LocalAWS: Sendable {
    /// The emulators.
    package enum Kind: String, Sendable, CaseIterable {
        case ministack, moto, rclone, motoTLS, ministackIAM
    }

    package let kind: Kind
    package let port: Int
    /// The access key that the emulator accepts; it opens nothing else.
    package let accessKey: String
    package let secretKey: String
    /// Where rclone keeps buckets as folders; for the others a folder they do not use.
    package var bucketsDirectory: String { "\(directory.path)/buckets" }
    /// Where `motoTLS` has its certificate: for `localhost`, and it vouches for itself.
    package var certificate: String { Self.certificate(in: directory.path) }
    private let directory: ScratchDirectory
    private let server: GuardedServer

    private static let ministackStarted = Result { try LocalAWS(.ministack) }
    private static let motoStarted = Result { try LocalAWS(.moto) }
    private static let rcloneStarted = Result { try LocalAWS(.rclone) }
    private static let ministackIAMStarted = Result { try LocalAWS(.ministackIAM) }
    private static let motoTLSStarted = Result { try LocalAWS(.motoTLS) }

    /// The one emulator of a kind that the tests of this process share.
    package static func shared(_ kind: Kind) throws -> LocalAWS {
        switch kind {
        case .ministack: try ministackStarted.get()
        case .moto: try motoStarted.get()
        case .rclone: try rcloneStarted.get()
        case .motoTLS: try motoTLSStarted.get()
        case .ministackIAM: try ministackIAMStarted.get()
        }
    }

    /// Starts an emulator of its own, for tests that stop it.
    package init(_ kind: Kind) throws {
        ScratchDirectory.removeStale()
        self.kind = kind
        directory = try ScratchDirectory()
        port = try Socket.freePort()
        let buckets = "\(directory.path)/buckets"
        try FileManager.default.createDirectory(
            atPath: buckets, withIntermediateDirectories: true)
        if kind == .motoTLS { try Self.makeCertificate(in: directory.path) }
        let command = Self.command(kind, port: port, buckets: buckets, home: directory.path)
        server = try GuardedServer(command, directory: directory, stopSignal: "TERM")
        let port = port
        try server.waitUntil { kind == .motoTLS ? isOpen(port: port) : answersHTTP(port: port) }
        (accessKey, secretKey) =
            switch kind {
            case .moto: try Self.makeOperator(port: port)
            case .ministackIAM: ("test", "test")  // the root of its first account
            default: (Self.anyKey, Self.anySecret)
            }
    }

    /// Where to send requests.
    package var endpoint: String {
        kind == .motoTLS ? "https://localhost:\(port)" : Self.endpoint(port)
    }

    /// The variables that point an AWS client at it; with `port` through a proxy that listens there.
    package func environment(port: Int? = nil) -> [String: String] {
        var variables = Self.environment(
            port: port ?? self.port, accessKey: accessKey, secretKey: secretKey)
        if kind == .motoTLS {
            variables["AWS_ENDPOINT_URL"] = "https://localhost:\(port ?? self.port)"
            variables["AWS_CA_BUNDLE"] = certificate
        }
        return variables
    }

    /// Runs Python with boto3 against it, so by a client that shares no code with ours.
    @discardableResult
    package func python(_ script: String, _ arguments: [String] = []) throws -> String {
        try Self.python(script, arguments, environment())
    }

    /// Stops it now.
    package func stop() { server.stop() }

    /// The virtual environment: `SLUICE_VENV`, else `.venv` in the package.
    package static var virtualEnvironment: String {
        ProcessInfo.processInfo.environment["SLUICE_VENV"] ?? "\(Program.packageRoot)/.venv"
    }
}

extension LocalAWS {
    private static let anyKey = "AKIDEXAMPLE"
    // With the characters that secrets have and that go wrong when one forgets to encode.
    private static let anySecret = "example/secret+key"

    private static func certificate(in folder: String) -> String { "\(folder)/server.crt" }
    private static func certificateKey(in folder: String) -> String { "\(folder)/server.key" }

    private static func makeCertificate(in folder: String) throws {
        let arguments = [
            "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
            "-days", "2", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost",
            "-keyout", certificateKey(in: folder), "-out", certificate(in: folder),
        ]
        try Command("openssl", arguments).output()
    }

    private static func endpoint(_ port: Int) -> String { "http://127.0.0.1:\(port)" }

    private static func environment(port: Int, accessKey: String, secretKey: String)
        -> [String: String]
    {
        [
            "AWS_ENDPOINT_URL": endpoint(port), "AWS_REGION": "us-east-1",
            "AWS_DEFAULT_REGION": "us-east-1", "AWS_EC2_METADATA_DISABLED": "true",
            "AWS_ACCESS_KEY_ID": accessKey, "AWS_SECRET_ACCESS_KEY": secretKey,
        ]
    }

    private static func plainVariables(home: String) -> [String: String] {
        let kept = ProcessInfo.processInfo.environment.filter { !$0.key.hasPrefix("AWS_") }
        return kept.merging(["HOME": home, "TMPDIR": home]) { $1 }
    }

    private static func command(_ kind: Kind, port: Int, buckets: String, home: String) -> Command {
        let programs = "\(virtualEnvironment)/bin"
        var variables = plainVariables(home: home)
        switch kind {
        case .ministack, .ministackIAM:
            if kind == .ministackIAM { variables["AUTH"] = "true" }
            variables["BIND_HOST"] = "127.0.0.1"
            variables["GATEWAY_PORT"] = "\(port)"
            return Command("\(programs)/ministack", environment: variables, directory: home)
        case .moto:
            variables["INITIAL_NO_AUTH_ACTION_COUNT"] = "3"  // user, policy, key: see makeOperator
            return Command(
                "\(programs)/moto_server", ["-H", "127.0.0.1", "-p", "\(port)"],
                environment: variables, directory: home)
        case .motoTLS:
            let arguments = [
                "-H", "127.0.0.1", "-p", "\(port)", "-c", certificate(in: home), "-k",
                certificateKey(in: home),
            ]
            return Command(
                "\(programs)/moto_server", arguments, environment: variables, directory: home)
        case .rclone:
            let arguments = [
                "serve", "s3", buckets, "--addr", "127.0.0.1:\(port)", "--auth-key",
                "\(anyKey),\(anySecret)", "--vfs-cache-mode", "off", "--config", "/dev/null",
            ]
            return Command(
                "\(programs)/rclone", arguments, environment: variables, directory: home)
        }
    }

    /// Makes a user who may do everything, with moto's three unchecked calls; returns its key.
    private static func makeOperator(port: Int) throws -> (String, String) {
        let script = """
            import boto3
            iam = boto3.client("iam")
            iam.create_user(UserName="operator")
            everything = '{"Version":"2012-10-17","Statement":' \\
                '[{"Effect":"Allow","Action":"*","Resource":"*"}]}'
            iam.put_user_policy(UserName="operator", PolicyName="all", PolicyDocument=everything)
            key = iam.create_access_key(UserName="operator")["AccessKey"]
            print(key["AccessKeyId"], key["SecretAccessKey"])
            """
        let variables = environment(port: port, accessKey: "unchecked", secretKey: "unchecked")
        let words = try python(script, [], variables).split { $0.isWhitespace }.map(String.init)
        guard words.count == 2 else { throw SystemError("make a user in moto", code: EPROTO) }
        return (words[0], words[1])
    }

    private static func python(
        _ script: String, _ arguments: [String], _ variables: [String: String]
    ) throws -> String {
        let merged = plainVariables(home: "/tmp").merging(variables) { $1 }
        let python = "\(virtualEnvironment)/bin/python"
        return try Command(python, ["-c", script] + arguments, environment: merged).output()
    }
}

/// Whether something listens on a port.
private func isOpen(port: Int) -> Bool {
    // Refused is the answer "not yet".
    guard let socket = try? Socket.connect(to: .tcp(port: port)) else { return false }
    socket.close()
    return true
}

/// Whether something on a port speaks HTTP.
private func answersHTTP(port: Int) -> Bool {
    // Refused is the answer "not yet".
    guard let socket = try? Socket.connect(to: .tcp(port: port)) else { return false }
    defer { socket.close() }
    guard socket.send(Array("GET / HTTP/1.0\r\n\r\n".utf8)) else { return false }
    return socket.receive().starts(with: Array("HTTP/".utf8))
}
