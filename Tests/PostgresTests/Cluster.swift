import Foundation
import Postgres

/// A private server for this test process, started by the first test that needs it.
final class Cluster: Sendable {
    static let shared = Result { try Cluster() }

    /// What `PostgresConnection` connects with.
    let conninfo: String
    // The shell stops the server when this pipe closes, however the process ends.
    private let lifeline: FileHandle

    private init() throws {
        let shell = Process()
        let input = Pipe()
        let output = Pipe()
        let isRoot = getuid() == 0
        shell.executableURL = URL(
            fileURLWithPath: isRoot ? "/usr/sbin/runuser" : "/bin/sh")
        shell.arguments = (isRoot ? ["-u", "postgres", "--", "sh"] : []) + ["-c", Self.script]
        shell.currentDirectoryURL = URL(fileURLWithPath: "/")
        shell.standardInput = input
        shell.standardOutput = output
        try shell.run()
        lifeline = input.fileHandleForWriting
        var line = Data()
        while let byte = try output.fileHandleForReading.read(upToCount: 1), byte != Data([10]) {
            guard !byte.isEmpty else { throw PostgresError("the server did not start") }
            line += byte
        }
        conninfo = "host=\(String(decoding: line, as: UTF8.self)) user=postgres dbname=postgres"
    }

    /// Opens a connection of its own.
    static func connect() throws -> PostgresConnection {
        try PostgresConnection(shared.get().conninfo)
    }

    private static let script = """
        set -e
        bin=$(ls -d /usr/lib/postgresql/*/bin | sort -V | tail -n 1)
        dir=$(mktemp -d)
        trap '"$bin/pg_ctl" -D "$dir/data" -m immediate stop >"$dir/out" 2>&1; rm -rf "$dir"' EXIT
        "$bin/initdb" -D "$dir/data" -U postgres -A trust --no-sync -E UTF8 \
            --locale=C.UTF-8 >"$dir/out" 2>&1
        "$bin/pg_ctl" -D "$dir/data" -l "$dir/log" -w start -o "-k $dir -c listen_addresses='' \
            -c fsync=off -c synchronous_commit=off -c full_page_writes=off" >"$dir/out" 2>&1
        echo "$dir"
        read -r _ || true
        """
}

/// Runs `body`, and gives back the `PostgresError` that it threw, or nil.
func postgresError(_ body: () throws -> Void) throws -> PostgresError? {
    do {
        try body()
        return nil
    } catch let error as PostgresError {
        return error
    }
}
