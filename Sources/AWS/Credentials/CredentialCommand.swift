internal import Foundation

/// Runs a command to its end and returns what it wrote to standard output.
///
/// Not Foundation's `Process`: that waits for everything that inherited its descriptors, and a
/// command may leave something behind on purpose, such as an agent that remembers a login.
struct CredentialCommand {
    let source: String
    let environment: AWSEnvironment
    // One that asks a person or waits for a network would otherwise hold a worker for ever.
    var secondsMax = 60

    // Keys are a few hundred bytes.
    private static let bytesMax = 1 << 20
    // Its end shows in no descriptor as long as something that it left holds them open.
    private static let pollMilliseconds: Int32 = 10

    /// Throws `CredentialError` with the command's standard error where it does not end with 0.
    func run(_ words: [String]) throws -> [UInt8] {
        let path = try executable(words[0])
        var output = try CapturedStream(for: source)
        defer { output.close() }
        var errors = try CapturedStream(for: source)
        defer { errors.close() }
        let pid = try spawn([path] + words.dropFirst(), output, errors)
        output.closeWriting()
        errors.closeWriting()
        let status = try waitForEnd(of: pid, &output, &errors)
        guard status == 0 else {
            throw failure(
                "ended with status \(status): "
                    + String(decoding: errors.bytes.prefix(1000), as: UTF8.self))
        }
        return output.bytes
    }

    private func failure(_ message: String) -> CredentialError {
        CredentialError(source: source, message: message)
    }

    // As execvp: a name with a slash is a path, others are looked for in PATH.
    private func executable(_ name: String) throws -> String {
        if name.contains("/") { return name }
        let folders = (environment["PATH"] ?? "/usr/bin:/bin").split(separator: ":")
        let paths = folders.map { "\($0)/\(name)" }
        guard let path = paths.first(where: FileManager.default.isExecutableFile) else {
            throw failure("\(name) is not in PATH")
        }
        return path
    }

    // Both streams at once: a command that fills one while we wait for the other would never end.
    private func waitForEnd(
        of pid: pid_t, _ output: inout CapturedStream, _ errors: inout CapturedStream
    ) throws -> Int32 {
        let deadline = ContinuousClock.now + .seconds(secondsMax)
        while true {
            // Asked before reading: all that it wrote before its end is in the pipes by then.
            let status = exitStatus(of: pid)
            var waiting = [output.polled, errors.polled]
            poll(&waiting, nfds_t(waiting.count), status == nil ? Self.pollMilliseconds : 0)
            output.read(atMost: Self.bytesMax)
            errors.read(atMost: Self.bytesMax)
            let isTooMuch = max(output.bytes.count, errors.bytes.count) > Self.bytesMax
            if let status, !isTooMuch { return status }
            guard !isTooMuch, .now < deadline else {
                if status == nil { stop(pid) }
                throw failure("did not end within \(secondsMax) seconds or wrote over 1 MiB")
            }
        }
    }

    // Nil while it runs. Linux, wait(2): the low seven bits are the signal, then the exit status.
    private func exitStatus(of pid: pid_t, options: Int32 = WNOHANG) -> Int32? {
        var status: Int32 = 0
        while true {
            let waited = waitpid(pid, &status, options)
            if waited == 0 { return nil }
            if waited > 0 { return status & 0x7F == 0 ? status >> 8 & 0xFF : 128 + status & 0x7F }
            // Not ours to wait for: this program was started with SIGCHLD ignored.
            guard errno == EINTR else { return 0 }
        }
    }

    // With all that it started: the group is its own.
    private func stop(_ pid: pid_t) {
        kill(-pid, SIGKILL)
        _ = exitStatus(of: pid, options: 0)
    }

    private func spawn(
        _ words: [String], _ output: CapturedStream, _ errors: CapturedStream
    ) throws -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_adddup2(&actions, output.writing, 1)
        posix_spawn_file_actions_adddup2(&actions, errors.writing, 2)
        var attributes = Self.ownGroup()
        defer { posix_spawnattr_destroy(&attributes) }
        let arguments = words.map { strdup($0) } + [nil]
        let variables = environment.variables.map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer { (arguments + variables).forEach { free($0) } }
        var pid = pid_t()
        let code = posix_spawn(&pid, words[0], &actions, &attributes, arguments, variables)
        guard code == 0 else {
            throw failure("cannot be started: \(String(cString: strerror(code)))")
        }
        return pid
    }

    // Neither our signal mask nor the signals that we ignore are meant for it.
    private static func ownGroup() -> posix_spawnattr_t {
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
}
