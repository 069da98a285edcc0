import Foundation

/// A program to run: what, with which arguments, where, and with what on its standard input.
package struct Command: Sendable, CustomStringConvertible {
    /// A name to look up in `PATH`, or a path.
    package var executable: String
    package var arguments: [String]
    /// The whole environment of the program; nothing is added to it.
    package var environment: [String: String]
    package var directory: String
    /// What standard input holds; nothing when nil.
    package var input: String?

    /// Describes a program; by default it has the environment and directory of the tests.
    package init(
        _ executable: String, _ arguments: [String] = [],
        environment: [String: String] = ProcessInfo.processInfo.environment,
        directory: String = FileManager.default.currentDirectoryPath, input: String? = nil
    ) {
        self.executable = executable
        self.arguments = arguments
        self.environment = environment
        self.directory = directory
        self.input = input
    }

    package var description: String {
        ([executable] + arguments).map { $0.contains(" ") ? "'\($0)'" : $0 }.joined(separator: " ")
    }

    /// Starts the program and returns at once.
    package func start() throws -> ChildProcess { try ChildProcess(self) }

    /// Runs the program to its end; after `limitSeconds` it is killed with all its children.
    package func run(limitSeconds: Int = 300) throws -> Finished {
        let child = try start()
        return child.wait(limitSeconds: limitSeconds)
    }

    /// Runs the program and returns its standard output; throws `Finished` unless it exits with 0.
    @discardableResult
    package func output() throws -> String {
        let finished = try run()
        guard finished.succeeded else { throw finished }
        return finished.standardOutput
    }
}

/// How a program ended and what it wrote; thrown where success was expected.
package struct Finished: Error, Sendable, CustomStringConvertible {
    /// Why the process is gone.
    package enum Ending: Sendable, Equatable {
        case exited(Int32)
        case killed(bySignal: Int32)
    }

    package let command: Command
    package let ending: Ending
    package let standardOutput: String
    package let standardError: String

    /// Whether it exited with 0.
    package var succeeded: Bool { ending == .exited(0) }

    /// The exit status, or as a shell says it 128 + the signal.
    package var status: Int32 {
        switch ending {
        case .exited(let status): status
        case .killed(let signal): 128 + signal
        }
    }

    package var description: String {
        """
        \(ending): \(command)
        in \(command.directory)
        --- stdout
        \(standardOutput)
        --- stderr
        \(standardError)
        """
    }
}
