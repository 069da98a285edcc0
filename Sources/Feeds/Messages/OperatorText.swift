extension String {
    /// A reason as a table keeps it, of bounded length.
    var boundedReason: String {
        let isCut = unicodeScalars.dropFirst(Self.reasonCharactersMax).first != nil
        guard isCut else { return self }
        return String(String.UnicodeScalarView(unicodeScalars.prefix(Self.reasonCharactersMax)))
            + "…"
    }

    // A reason is for a person; one that quotes a hostile name or a whole answer is not read anyway.
    private static let reasonCharactersMax = 2_000

    /// Without blanks and line breaks at both ends.
    var trimmed: String {
        guard let first = firstIndex(where: { !$0.isWhitespace }) else { return "" }
        let last = lastIndex { !$0.isWhitespace } ?? first
        return String(self[first...last])
    }

    /// One line that is safe to print and of bounded length, of text that somebody else wrote.
    ///
    /// Control and format characters (line breaks, escapes, direction marks) become spaces.
    func line(charactersMax: Int = 200) -> String {
        var line = String.UnicodeScalarView()
        for scalar in unicodeScalars.prefix(charactersMax) {
            line.append(scalar.isPrintable ? scalar : " ")
        }
        let isCut = unicodeScalars.dropFirst(charactersMax).first != nil
        return String(line).trimmed + (isCut ? "…" : "")
    }
}

package extension Unicode.Scalar {
    /// Whether it shows as itself and changes nothing around it: neither a control character nor one
    /// that turns the direction of what follows, breaks a line or cannot be seen.
    var isPrintable: Bool {
        switch properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .unassigned, .privateUse,
            .surrogate:
            false
        default: true
        }
    }
}
