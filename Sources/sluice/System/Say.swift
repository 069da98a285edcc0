internal import Feeds
internal import Foundation

/// Writes a line to standard output at once, also when that is a pipe or a file.
///
/// One line whatever is in it: a line break of a name or a message would begin a line that looks
/// like ours.
func say(_ line: String) { say([line]) }

/// Writes lines to standard output, all at once.
func say(_ lines: [String]) {
    write(lines.map { $0.printableLine + "\n" }.joined(), to: STDOUT_FILENO)
}

/// Writes a text of several lines in which nobody else's words stand as they are: JSON, a manual.
func say(text: String) { write(text.printable + "\n", to: STDOUT_FILENO) }

/// Writes a line to standard error: what is not the answer itself.
func note(_ line: String) { write(line.printableLine + "\n", to: STDERR_FILENO) }

/// Writes a text of several lines to standard error, such as how a command is to be used.
func note(text: String) { write(text.printable + "\n", to: STDERR_FILENO) }

/// Writes all of a text; where nobody reads any more, that is no reason to stop working.
func write(_ text: String, to descriptor: Int32) {
    var rest = Array(text.utf8)[...]
    while !rest.isEmpty {
        let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
        if count < 0, errno == EINTR { continue }
        guard count > 0 else { return }
        rest = rest.dropFirst(count)
    }
}

extension String {
    /// With control characters, but for line ends and tabs, and all others that cannot be seen or that
    /// turn the direction of what follows, shown as `\u{1B}`: files and messages that somebody else
    /// wrote must not steer the terminal, nor look like something else.
    var printable: String { escaped { $0 == "\n" || $0 == "\t" } }

    /// The same on one line: a line break in a name must not begin a line of its own.
    var printableLine: String { escaped { _ in false } }

    private func escaped(except isKept: (Unicode.Scalar) -> Bool) -> String {
        var shown = String.UnicodeScalarView()
        for scalar in unicodeScalars {
            if scalar.isPrintable || isKept(scalar) {
                shown.append(scalar)
            } else {
                shown.append(contentsOf: scalar.escaped(asASCII: true).unicodeScalars)
            }
        }
        return String(shown)
    }
}
