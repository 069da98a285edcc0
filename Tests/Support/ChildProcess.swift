import Foundation
import Synchronization

/// A running program, leader of a process group of its own, with its output in files without a name.
///
/// A pipe would fill and stop a program that nobody reads; a file never does, and can be read while
/// the program runs.
package final class ChildProcess: Sendable {
    package let command: Command
    package let pid: Int32
    private let output: Int32
    private let errors: Int32
    private let ending = Mutex<Finished.Ending?>(nil)

    /// Starts a program with `input` (a descriptor) as standard input in place of the command's own.
    package init(_ command: Command, input: Int32? = nil) throws {
        self.command = command
        output = try namelessFile("")
        errors = try namelessFile("")
        let commandInput = try namelessFile(command.input ?? "")
        defer { close(commandInput) }
        do {
            pid = try spawn(command, [input ?? commandInput, output, errors])
        } catch {
            close(output)
            close(errors)
            throw error
        }
    }

    deinit {
        close(output)
        close(errors)
    }

    /// What it has written to standard output so far.
    package var standardOutput: String { contents(of: output) }
    /// What it has written to standard error so far.
    package var standardError: String { contents(of: errors) }

    /// Whether it has not ended yet.
    package var isRunning: Bool {
        ending.withLock { $0 == nil && !hasEnded(pid, options: WNOHANG) }
    }

    /// Sends a signal to the program and all its children; nothing happens when it has ended.
    package func signal(_ number: Int32) {
        ending.withLock { if $0 == nil { _ = kill(-pid, number) } }
    }

    /// Waits for its end; after `limitSeconds` it is killed with all its children.
    package func wait(limitSeconds: Int = 300) -> Finished {
        let killer = DispatchWorkItem { [self] in signal(SIGKILL) }
        DispatchQueue.global().asyncAfter(
            deadline: .now() + .seconds(limitSeconds), execute: killer)
        defer { killer.cancel() }
        _ = hasEnded(pid, options: 0)
        return Finished(
            command: command, ending: reap(), standardOutput: standardOutput,
            standardError: standardError)
    }

    /// Waits until its output (either stream) has `text`; throws `Finished` when it ends before.
    package func waitForOutput(containing text: String, limitSeconds: Int = 60) throws {
        let deadline = Date(timeIntervalSinceNow: Double(limitSeconds))
        while true {
            let running = isRunning && Date() < deadline
            if standardOutput.contains(text) || standardError.contains(text) { return }
            guard running else {
                signal(SIGKILL)
                throw wait()
            }
            usleep(10_000)  // a poll: a file cannot be waited for
        }
    }

    /// Collects the exit status, once, however many threads wait.
    private func reap() -> Finished.Ending {
        ending.withLock { known in
            if let known { return known }
            var status: Int32 = 0
            while waitpid(pid, &status, 0) < 0 && errno == EINTR {}
            let signal = status & 0x7f
            let ending: Finished.Ending =
                signal == 0 ? .exited((status >> 8) & 0xff) : .killed(bySignal: signal)
            known = ending
            return ending
        }
    }
}

/// Whether a child has ended, leaving its status to be collected (waitid(2), WNOWAIT).
private func hasEnded(_ pid: pid_t, options: Int32) -> Bool {
    var information = siginfo_t()
    while waitid(P_PID, id_t(pid), &information, WEXITED | WNOWAIT | options) < 0 {
        guard errno == EINTR else { return true }
    }
    return information.si_signo == SIGCHLD
}

private func namelessFile(_ content: String) throws -> Int32 {
    var template = Array("/tmp/\(ScratchDirectory.prefix)\(getpid())-XXXXXX".utf8CString)
    let file = mkstemp(&template)
    guard file >= 0 else { throw SystemError("make a file in /tmp") }
    unlink(template)
    _ = fcntl(file, F_SETFD, FD_CLOEXEC)
    var bytes = Array(content.utf8)
    while !bytes.isEmpty {
        let written = write(file, bytes, bytes.count)
        guard written > 0 else { throw SystemError("write to a file in /tmp") }
        bytes.removeFirst(written)
    }
    lseek(file, 0, SEEK_SET)
    return file
}

private func contents(of file: Int32) -> String {
    var all: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 65_536)
    while true {
        let count = pread(file, &chunk, chunk.count, all.count)
        guard count > 0 else { return String(decoding: all, as: UTF8.self) }
        all += chunk[..<count]
    }
}

/// Starts a program with three descriptors as its standard streams and no others.
private func spawn(_ command: Command, _ streams: [Int32]) throws -> pid_t {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    for (number, stream) in streams.enumerated() {
        posix_spawn_file_actions_adddup2(&actions, stream, Int32(number))
    }
    // A socket of ours that a child holds would never be seen to close.
    let open = try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")
    for stream in open.compactMap({ Int32($0) }) where stream > 2 {
        posix_spawn_file_actions_addclose(&actions, stream)
    }

    var attributes = ownGroup()
    defer { posix_spawnattr_destroy(&attributes) }

    // env(1) goes to the directory: the standard library's spawn has no portable way.
    let words = ["env", "-C", command.directory, command.executable] + command.arguments
    let variables = command.environment.map { "\($0.key)=\($0.value)" }
    return try withCStrings(words) { arguments in
        try withCStrings(variables) { environment in
            var pid: pid_t = 0
            let code = posix_spawnp(
                &pid, "env", &actions, &attributes, arguments, environment)
            guard code == 0 else { throw SystemError("start \(command)", code: code) }
            return pid
        }
    }
}

/// Attributes of a process that leads a new group and has every signal at its default.
private func ownGroup() -> posix_spawnattr_t {
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    var none = sigset_t()
    var all = sigset_t()
    sigemptyset(&none)
    sigfillset(&all)
    posix_spawnattr_setsigmask(&attributes, &none)
    posix_spawnattr_setsigdefault(&attributes, &all)
    posix_spawnattr_setpgroup(&attributes, 0)
    posix_spawnattr_setflags(
        &attributes,
        Int16(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))
    return attributes
}

private func withCStrings<R>(
    _ strings: [String], _ body: ([UnsafeMutablePointer<CChar>?]) throws -> R
) rethrows -> R {
    let copies = strings.map { strdup($0) }
    defer { copies.forEach { free($0) } }
    return try body(copies + [nil])
}
