/// Splits a command line into words the way a POSIX shell quotes, without any expansion.
///
/// POSIX "Shell Command Language" §2.2: `'…'` is literal, in `"…"` a backslash escapes `"` and
/// itself, elsewhere it escapes anything. Nil where a quote or an escape is left open.
func shellWords(_ line: String) -> [String]? {
    var words: [String] = []
    var word: String?
    var rest = line.unicodeScalars[...]
    while let scalar = rest.popFirst() {
        switch scalar {
        case " ", "\t", "\r", "\n":
            if let done = word { words.append(done) }
            word = nil
        case "'", "\"":
            guard let text = quoted(by: scalar, &rest) else { return nil }
            word = (word ?? "") + text
        case "\\":
            guard let next = rest.popFirst() else { return nil }
            word = (word ?? "") + String(next)
        default: word = (word ?? "") + String(scalar)
        }
    }
    if let word { words.append(word) }
    return words
}

// What stands before the closing quote, which is taken too; nil without one.
private func quoted(
    by quote: Unicode.Scalar, _ rest: inout Substring.UnicodeScalarView
) -> String? {
    var text = String.UnicodeScalarView()
    while let scalar = rest.popFirst() {
        if scalar == quote { return String(text) }
        if scalar == "\\", quote == "\"", let next = rest.first, next == "\"" || next == "\\" {
            rest.removeFirst()
            text.append(next)
        } else {
            text.append(scalar)
        }
    }
    return nil
}
