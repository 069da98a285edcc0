import Foundation
import Synchronization

/// A server that ends with the tests, however they end.
///
/// A shell beside it reads a socket whose other end only the tests hold. When they exit, crash or are
/// killed, the kernel closes that end, and the shell stops the server's process group and removes
/// its directory. No handler has to run in the tests for that.
package final class GuardedServer: Sendable {
    let process: ChildProcess
    private let directory: ScratchDirectory
    private let leash: Mutex<Int32?>

    /// Starts a server that a signal stops and whose files are in `directory`.
    package init(_ command: Command, directory: ScratchDirectory, stopSignal: String) throws {
        self.directory = directory
        var ends: [Int32] = [0, 0]
        let type = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
        guard socketpair(AF_UNIX, type, 0, &ends) == 0 else {
            throw SystemError("make a socket pair")
        }
        defer { close(ends[0]) }
        var guarded = command
        guarded.executable = "/bin/sh"
        guarded.arguments =
            ["-c", Self.script, directory.path, stopSignal, command.executable] + command.arguments
        do {
            process = try ChildProcess(guarded, input: ends[0])
        } catch {
            close(ends[1])
            throw error
        }
        leash = Mutex(ends[1])
    }

    deinit { stop() }

    /// What it has written to standard output so far.
    package var standardOutput: String { process.standardOutput }

    /// Stops the server now and waits for its end.
    package func stop() {
        leash.withLock { end in
            guard let held = end else { return }
            close(held)
            end = nil
            _ = process.wait(limitSeconds: 20)
        }
    }

    /// Waits until `answers` says yes; throws what the server wrote when it ends or takes too long.
    package func waitUntil(limitSeconds: Int = 60, _ answers: () -> Bool) throws {
        let deadline = Date(timeIntervalSinceNow: Double(limitSeconds))
        while !answers() {
            guard process.isRunning, Date() < deadline else {
                process.signal(SIGKILL)
                throw process.wait()
            }
            usleep(20_000)  // a poll: a port gives no sign when it opens
        }
    }

    // The inner subshell is an orphan on purpose: the server must not have a child it never made.
    // `$$` is the server's pid, and its group's, in every subshell; a zombie has no `exe`.
    private static let script = """
        stop=$1
        shift
        exec 3<&0 </dev/null
        ( (
            trap '' HUP INT QUIT TERM
            cat <&3 >/dev/null
            kill -s "$stop" 0
            tries=0
            while [ -e /proc/$$/exe ] && [ $tries -lt 100 ]; do
                sleep 0.05
                tries=$((tries + 1))
            done
            rm -rf -- "$0"
            kill -s KILL 0
        ) & )
        exec "$@" 3<&-
        """
}
