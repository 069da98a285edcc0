internal import Foundation

/// Writes a line to standard output at once, also when that is a pipe or a file.
func say(_ text: String) {
    FileHandle.standardOutput.write(Data((text + "\n").utf8))
}
