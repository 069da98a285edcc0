extension String {
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

extension Unicode.Scalar {
    fileprivate var isPrintable: Bool {
        switch properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .unassigned, .privateUse: false
        default: true
        }
    }
}
