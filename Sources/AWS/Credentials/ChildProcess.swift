internal import Foundation

/// Runs a command to its end and returns what it wrote to standard output.
struct ChildProcess {
    let source: String
    let environment: AWSEnvironment
    // One that asks a person or waits for a network would otherwise hold a worker for ever.
    var secondsMax = 60

    // Keys are a few hundred bytes.
    private static let bytesMax = 1 << 20

    /// Throws `CredentialError` with the command's standard error where it does not end with 0.
    func run(_ words: [String]) throws -> [UInt8] {
        let process = Process()
        let output = Pipe()
        let errors = Pipe()
        process.executableURL = URL(fileURLWithPath: try executable(words[0]))
        process.arguments = Array(words.dropFirst())
        process.environment = environment.variables
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = output
        process.standardError = errors
        do {
            try process.run()
        } catch {
            throw failure("cannot be started: \(error.localizedDescription)")
        }
        let deadline = ContinuousClock.now + .seconds(secondsMax)
        let read = Self.drain(
            [output.fileHandleForReading, errors.fileHandleForReading], until: deadline)
        guard let read else {
            kill(process.processIdentifier, SIGKILL)
            process.waitUntilExit()
            throw failure("did not end within \(secondsMax) seconds or wrote over 1 MiB")
        }
        process.waitUntilExit()
        guard process.terminationReason == .exit, process.terminationStatus == 0 else {
            throw failure(
                "ended with status \(process.terminationStatus): "
                    + String(decoding: read[1].prefix(1000), as: UTF8.self))
        }
        return read[0]
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

    // Both pipes at once: a command that fills one while we wait for the other would never end.
    // Nil when the time is over or there is too much.
    private static func drain(
        _ pipes: [FileHandle], until deadline: ContinuousClock.Instant
    ) -> [[UInt8]]? {
        var read = pipes.map { _ in [UInt8]() }
        var waiting = pipes.map { pollfd(fd: $0.fileDescriptor, events: Int16(POLLIN), revents: 0) }
        var chunk = [UInt8](repeating: 0, count: 4096)
        while waiting.contains(where: { $0.fd >= 0 }) {
            let left = (deadline - .now).components.seconds
            guard left >= 0, poll(&waiting, nfds_t(waiting.count), 1000) >= 0 || errno == EINTR
            else { return nil }
            for index in waiting.indices where waiting[index].revents != 0 {
                let count = Glibc.read(waiting[index].fd, &chunk, chunk.count)
                if count > 0 { read[index] += chunk.prefix(count) }
                if count == 0 { waiting[index].fd = -1 }  // poll passes over negative ones
                guard count >= 0 || errno == EINTR, read[index].count <= bytesMax else {
                    return nil
                }
            }
        }
        return read
    }
}
