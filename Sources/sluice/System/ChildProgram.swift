internal import Foundation

/// A program that runs beside us: spawned, waited for, or stopped.
///
/// Not Foundation's `Process`: that waits for every process that inherited its descriptors, and
/// `pg_ctl` leaves a server behind that has.
struct ChildProgram {
    let pid: pid_t

    /// What a program gets of our environment.
    enum Environment {
        /// All of it, and these; they win.
        case inherited(and: [String: String])
        /// These alone: it does not get to see keys and passwords.
        case only([String: String])

        fileprivate var variables: [String: String] {
            switch self {
            case .inherited(let others):
                ProcessInfo.processInfo.environment.merging(others) { _, new in new }
            case .only(let variables): variables
            }
        }
    }

    /// Starts a program.
    ///
    /// - Parameters:
    ///   - command: path and arguments.
    ///   - environment: its variables.
    ///   - log: file that takes standard output and standard error.
    /// - Throws: ``CommandFailure`` when it cannot be started.
    init(
        _ command: [String], environment: Environment = .inherited(and: [:]), log: String
    ) throws {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 1, log, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
        posix_spawn_file_actions_adddup2(&actions, 1, 2)
        var attributes = Self.plainSignals()
        defer { posix_spawnattr_destroy(&attributes) }
        let words = command.map { strdup($0) } + [nil]
        let settings = environment.variables.map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer { (words + settings).forEach { free($0) } }
        var pid = pid_t()
        let code = posix_spawn(&pid, command[0], &actions, &attributes, words, settings)
        guard code == 0 else {
            throw CommandFailure(
                .unavailable, "\(command[0]) does not start: \(String(cString: strerror(code)))")
        }
        self.pid = pid
    }

    /// That we ignore a signal is not meant for it.
    private static func plainSignals() -> posix_spawnattr_t {
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        var ignored = sigset_t()
        sigemptyset(&ignored)
        sigaddset(&ignored, SIGPIPE)
        posix_spawnattr_setsigdefault(&attributes, &ignored)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGDEF))
        return attributes
    }

    /// Waits for its end.
    ///
    /// - Returns: the exit status; 128 and the signal where one ended it.
    @discardableResult
    func wait() -> Int32 {
        var status: Int32 = 0
        while waitpid(pid, &status, 0) < 0 {
            guard errno == EINTR else { return 0 }
        }
        // Linux, wait(2): the low seven bits are the signal, the next byte the exit status.
        return status & 0x7F == 0 ? status >> 8 & 0xFF : 128 + status & 0x7F
    }

    /// Whether it has not ended yet; one that has is not to be waited for any more.
    var isRunning: Bool { waitpid(pid, nil, WNOHANG) == 0 }

    /// Ends it at once.
    func stop() {
        kill(pid, SIGKILL)
        wait()
    }
}
