/// A command of the operator's that prints a password, such as one that is good for minutes only.
///
/// It is run without a shell, like `credential_process`; what it prints is never shown.
package struct PasswordCommand: Sendable {
    /// Why there is no password; the command's standard output is not in it.
    package struct Failure: Error, CustomStringConvertible {
        package let description: String
    }

    private let name: String
    private let words: [String]
    // Whoever waits for a connection waits for it too.
    private static let secondsMax = 30

    /// Reads a command line; quotes and backslashes are those of a shell.
    ///
    /// - Parameters:
    ///   - line: program and arguments.
    ///   - name: the setting, for messages.
    /// - Throws: ``Failure`` where there is no word in it, or a quote is left open.
    package init(_ line: String, name: String) throws(Failure) {
        guard let words = shellWords(line), !words.isEmpty else {
            throw Failure(
                description: "\(name): the command is empty or a quote in it is left open")
        }
        self.words = words
        self.name = name
    }

    /// Runs the command.
    ///
    /// - Returns: the first line that it prints.
    /// - Throws: ``Failure`` where it cannot be run, does not end with 0 or in time, or prints no
    ///   password.
    package func password(environment: AWSEnvironment) throws(Failure) -> String {
        let output: [UInt8]
        do {
            output = try CredentialCommand(
                source: name, environment: environment, secondsMax: Self.secondsMax
            ).run(words)
        } catch {
            let reason = (error as? CredentialError)?.message ?? "\(error)"
            throw Failure(description: "\(name) (\(words[0])): \(reason)")
        }
        var line = output.prefix { $0 != UInt8(ascii: "\n") }
        if line.last == UInt8(ascii: "\r") { line.removeLast() }
        guard !line.isEmpty, !line.contains(0) else {
            throw Failure(
                description: "\(name) (\(words[0])): printed no password; it must be the first "
                    + "line of standard output")
        }
        return String(decoding: line, as: UTF8.self)
    }
}
