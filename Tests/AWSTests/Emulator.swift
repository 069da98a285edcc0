import Foundation
import Glibc

/// A server that stands in for AWS, on a free port of this machine.
///
/// Each is started when a test first asks for it and ends with the test process, however
/// that ends: its guardian shell waits for a pipe that only this process holds open.
struct Emulator: Sendable {
    let port: UInt16

    /// Queues, topics, buckets and their events.
    ///
    /// Checks no credentials.
    static let ministack = Emulator { port in
        ["env", "BIND_HOST=127.0.0.1", "GATEWAY_PORT=\(port)", tool("ministack")]
    }

    /// An S3 that verifies signatures: `rcloneKey` and `rcloneSecret` are the only right ones.
    static let rclone = Emulator { port in
        [
            tool("rclone"), "serve", "s3", scratch("rclone"), "--addr", "127.0.0.1:\(port)",
            "--auth-key", "\(rcloneKey),\(rcloneSecret)", "--config", "/dev/null",
            "--vfs-cache-mode", "off",
        ]
    }
    static let rcloneKey = "AKIDEXAMPLE"
    static let rcloneSecret = "example/secret+key"

    /// Checks signatures and permissions once `MotoIdentity` has made its user.
    static let motoWithPermissions = Emulator { port in
        [
            "env", "INITIAL_NO_AUTH_ACTION_COUNT=3", tool("moto_server"), "-H", "127.0.0.1",
            "-p", "\(port)",
        ]
    }

    /// Speaks TLS with a certificate for `localhost` that no authority has signed.
    static let motoWithTLS = Emulator { port in
        [
            tool("moto_server"), "-H", "127.0.0.1", "-p", "\(port)", "-c",
            certificate + "/server.crt", "-k", certificate + "/server.key",
        ]
    }

    /// A folder with `server.crt`, which vouches for itself, and `server.key`.
    static let certificate: String = {
        let folder = scratch("certificate")
        run([
            "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
            "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj", "/CN=localhost",
            "-addext", "subjectAltName=DNS:localhost",
            "-keyout", folder + "/server.key", "-out", folder + "/server.crt",
        ]).waitUntilExit()
        return folder
    }()

    // The guardians remove it.
    private static let scratchRoot = NSTemporaryDirectory() + "sluice-aws-\(getpid())"

    /// A new folder for one emulator or test.
    static func scratch(_ name: String) -> String {
        let folder = "\(scratchRoot)/\(name)"
        do {
            try FileManager.default.createDirectory(
                atPath: folder, withIntermediateDirectories: true)
        } catch {
            fatalError("\(error)")
        }
        return folder
    }

    private static func tool(_ name: String) -> String {
        let root = ProcessInfo.processInfo.environment["SLUICE_VENV"] ?? ".venv"
        return "\(root)/bin/\(name)"
    }

    private init(_ command: (UInt16) -> [String]) {
        port = LoopbackSocket.freePort()
        let command = command(port)
        let process = Self.run(["/bin/sh", "-c", Self.guardian, Self.scratchRoot] + command)
        while process.isRunning {
            if let socket = LoopbackSocket.connect(port: port) {
                close(socket)
                return
            }
            usleep(20_000)  // the only sign of life it gives is the open port
        }
        fatalError("\(command) did not start; SLUICE_VENV must name the virtual environment")
    }

    // Foundation starts each child in a process group of its own: `kill 0` reaches all of it.
    private static let guardian = """
        exec 3<&0 </dev/null
        (cat <&3 >/dev/null; rm -rf -- "$0"; kill -KILL 0) &
        exec "$@" 3<&- >/dev/null 2>&1
        """

    @discardableResult
    private static func run(_ command: [String]) -> Process {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = command
        var ends: [Int32] = [0, 0]
        precondition(pipe(&ends) == 0 && fcntl(ends[1], F_SETFD, FD_CLOEXEC) == 0)
        process.standardInput = FileHandle(fileDescriptor: ends[0], closeOnDealloc: true)
        process.standardError = FileHandle.nullDevice
        do {
            try process.run()
        } catch {
            fatalError("\(command): \(error)")
        }
        return process
    }
}
