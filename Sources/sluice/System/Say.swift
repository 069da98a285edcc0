internal import Foundation

/// Writes a line to standard output at once, also when that is a pipe or a file.
func say(_ text: String) {
    FileHandle.standardOutput.write(Data((text.printable + "\n").utf8))
}

/// Writes a line to standard error: what is not the answer itself.
func note(_ text: String) {
    FileHandle.standardError.write(Data((text.printable + "\n").utf8))
}

extension String {
    /// With control characters, but for line ends and tabs, shown as `\u{1B}`: files and messages
    /// that somebody else wrote must not steer the terminal.
    var printable: String {
        var shown = String.UnicodeScalarView()
        for scalar in unicodeScalars {
            if scalar.properties.generalCategory == .control, scalar != "\n", scalar != "\t" {
                shown.append(contentsOf: scalar.escaped(asASCII: true).unicodeScalars)
            } else {
                shown.append(scalar)
            }
        }
        return String(shown)
    }
}
