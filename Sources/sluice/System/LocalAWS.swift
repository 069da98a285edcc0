internal import Foundation

/// An AWS on this machine, for the demo: ministack, run as a child.
struct LocalAWS {
    let endpoint: String
    private let program: ChildProgram

    private static let startSeconds = 60.0

    var variables: [String: String] {
        [
            "AWS_ENDPOINT_URL": endpoint, "AWS_REGION": "us-east-1",
            "AWS_ACCESS_KEY_ID": "demo", "AWS_SECRET_ACCESS_KEY": "demo",
        ]
    }

    static func start(_ environment: [String: String]) throws -> LocalAWS {
        let port = try freePort()
        let program = try ChildProgram(
            [path(environment)],
            environment: .inherited(and: ["BIND_HOST": "127.0.0.1", "GATEWAY_PORT": "\(port)"]),
            log: "/dev/null")
        let aws = LocalAWS(endpoint: "http://127.0.0.1:\(port)", program: program)
        let deadline = Date(timeIntervalSinceNow: startSeconds)
        while !isListening(port) {
            guard program.isRunning, Date() < deadline else {
                throw CommandFailure(.unavailable, "the local AWS (ministack) does not start")
            }
            usleep(50_000)
        }
        return aws
    }

    func stop() {
        program.stop()
    }

    private static func path(_ environment: [String: String]) throws -> String {
        let folders =
            [environment["SLUICE_VENV"].map { $0 + "/bin" }].compactMap(\.self)
            + (environment["PATH"] ?? "").split(separator: ":").map(String.init)
        let found = folders.map { $0 + "/ministack" }
            .first { FileManager.default.isExecutableFile(atPath: $0) }
        guard let found else {
            throw CommandFailure(
                .configuration,
                "ministack is not installed; run scripts/demo, or install it "
                    + "from PyPI and set SLUICE_VENV to its virtual environment")
        }
        return found
    }

    private static func freePort() throws -> Int {
        try withLoopbackSocket { descriptor, address in
            let isBound = withUnsafePointer(to: &address) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
                }
            }
            var length = socklen_t(MemoryLayout<sockaddr_in>.size)
            let isNamed = withUnsafeMutablePointer(to: &address) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    getsockname(descriptor, $0, &length) == 0
                }
            }
            guard isBound, isNamed else {
                throw CommandFailure(.unavailable, "there is no free port on 127.0.0.1")
            }
            return Int(UInt16(bigEndian: address.sin_port))
        }
    }

    private static func isListening(_ port: Int) -> Bool {
        let connected = try? withLoopbackSocket { descriptor, address in
            address.sin_port = UInt16(port).bigEndian
            return withUnsafePointer(to: &address) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
                }
            }
        }
        // No socket is as good as no listener: it is asked again.
        return connected ?? false
    }

    private static func withLoopbackSocket<T>(
        _ body: (Int32, inout sockaddr_in) throws -> T
    ) throws -> T {
        let descriptor = socket(
            AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else {
            throw CommandFailure(.unavailable, "no socket can be made")
        }
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        return try body(descriptor, &address)
    }
}
