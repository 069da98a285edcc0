package extension String {
    /// As one word of a shell that means exactly this text, in characters that can be seen: for a
    /// command in an advice, which somebody will paste.
    ///
    /// Names of objects and of columns are other people's text. What holds control or invisible
    /// characters is written as `$'...'` (POSIX.1-2024: bash, zsh, ksh and busybox read it). A word
    /// that begins with a dash is still an option to most programs, so it is for arguments that follow
    /// `--` or an option's name.
    var shellWord: String {
        if !isEmpty, utf8.allSatisfy(Self.isPlain) { return self }
        let isVisible = unicodeScalars.allSatisfy(\.isPrintable)
        var word = String.UnicodeScalarView(isVisible ? "'".unicodeScalars : "$'".unicodeScalars)
        // By scalars: a quote with an accent on it is one character, and a quote to the shell.
        for scalar in unicodeScalars {
            switch (scalar, isVisible) {
            case ("'", true): word.append(contentsOf: #"'\''"#.unicodeScalars)
            case (_, true): word.append(scalar)
            case ("'", false), ("\\", false): word.append(contentsOf: ["\\", scalar])
            case (_, false) where scalar.isPrintable: word.append(scalar)
            default:
                for byte in String(scalar).utf8 {
                    // Three digits, so that a digit that follows is no part of it.
                    let octal = String(byte, radix: 8)
                    let digits = String(repeating: "0", count: 3 - octal.count) + octal
                    word.append(contentsOf: ("\\" + digits).unicodeScalars)
                }
            }
        }
        word.append("'")
        return String(word)
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: "-_./:@%+,".utf8.contains(byte)
        }
    }
}
