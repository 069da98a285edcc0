import Foundation

/// The built `sluice`, run as a person would run it.
package struct Program: Sendable {
    /// Where the executable is.
    package let path: String

    /// Finds an executable beside the tests: both are products of the same build.
    package init(named name: String = "sluice") throws {
        let tests = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        let folder = URL(fileURLWithPath: tests).deletingLastPathComponent()
        try self.init(at: folder.appendingPathComponent(name).path)
    }

    /// Takes an executable by its path.
    package init(at path: String) throws {
        guard access(path, X_OK) == 0 else { throw SystemError("run \(path): build it first") }
        self.path = path
    }

    /// Runs it to its end.
    ///
    /// `environment` goes over a plain one that names no server and no account.
    package func run(
        _ arguments: [String], environment: [String: String] = [:], directory: String = "/tmp",
        input: String? = nil, limitSeconds: Int = 300
    ) throws -> Finished {
        let child = try start(
            arguments, environment: environment, directory: directory, input: input)
        return child.wait(limitSeconds: limitSeconds)
    }

    /// Starts it and returns at once; `signal` and `wait` are on what is returned.
    package func start(
        _ arguments: [String], environment: [String: String] = [:], directory: String = "/tmp",
        input: String? = nil
    ) throws -> ChildProcess {
        let command = Command(
            path, arguments, environment: Self.environment.merging(environment) { $1 },
            directory: directory, input: input)
        return try command.start()
    }

    /// The tests' environment without settings of Postgres, AWS or sluice that would leak in.
    private static let environment = ProcessInfo.processInfo.environment.filter { name, _ in
        !["PG", "AWS_", "SLUICE_"].contains { name.hasPrefix($0) } || name == "SLUICE_VENV"
    }
}

extension Program {
    /// The folder of the package, from where this file was compiled.
    package static let packageRoot = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().path
}
