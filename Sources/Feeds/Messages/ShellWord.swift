extension String {
    /// The text as one word of a POSIX shell command, for advice that people paste.
    ///
    /// Plain words stay as they are; a word that begins with a dash is still an option to most
    /// programs, so it is for arguments that follow `--` or an option's name.
    package var shellWord: String {
        let isPlain =
            !isEmpty
            && utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"):
                    true
                default: "/._-+:@%,=".utf8.contains(byte)
                }
            }
        return isPlain ? self : "'" + replacing("'", with: #"'\''"#) + "'"
    }
}
