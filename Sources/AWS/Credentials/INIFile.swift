/// The `key = value` files of `~/.aws`, read as the AWS CLI reads them.
///
/// Source: AWS SDKs and Tools Reference, "Shared config and credentials files". Comments stand
/// on lines of their own, keys are lower-cased, a line that is indented deeper continues the
/// value above it. The settings of one that is itself a list (`s3 =` and indented lines) are
/// named with a dot: `s3.addressing_style`.
struct INIFile {
    struct Section {
        let name: String
        var settings = ProfileSettings()
    }

    /// What is wrong in a file, and on which line, counted from 1.
    struct SyntaxError: Error {
        let line: Int
        let message: String
    }

    /// In the order of the file.
    private(set) var sections: [Section] = []

    // The setting that deeper lines belong to.
    private var open: (key: String, lines: [String])?
    private var indentation = 0

    init(_ text: String) throws(SyntaxError) {
        // Not by Character: "\r\n" is one of those.
        let lines = text.unicodeScalars.split(
            separator: "\n", omittingEmptySubsequences: false)
        for (index, line) in lines.enumerated() {
            try read(String(Substring(line)), number: index + 1)
        }
        close()
    }

    private mutating func read(_ line: String, number: Int) throws(SyntaxError) {
        let content = line.trimmedBlanks
        guard let first = content.first, first != "#", first != ";" else { return }
        let depth = line.prefix { $0 == " " || $0 == "\t" }.count
        if open != nil, depth > indentation {
            open?.lines.append(content)
            return
        }
        close()
        indentation = depth
        if first == "[", let end = content.lastIndex(of: "]") {
            try begin(String(content[..<end].dropFirst()), number: number)
        } else {
            try set(content, number: number)
        }
    }

    private mutating func begin(_ name: String, number: Int) throws(SyntaxError) {
        guard !sections.contains(where: { $0.name == name }) else {
            throw SyntaxError(line: number, message: "section [\(name)] is there twice")
        }
        sections.append(Section(name: name))
    }

    private mutating func set(_ content: String, number: Int) throws(SyntaxError) {
        guard let mark = content.firstIndex(where: { $0 == "=" || $0 == ":" }),
            mark != content.startIndex
        else {
            // The line itself may be a key that lost its name.
            throw SyntaxError(line: number, message: "neither a [section] nor a key = value")
        }
        guard let section = sections.last else {
            throw SyntaxError(line: number, message: "a setting before the first [section]")
        }
        let key = String(content[..<mark]).trimmedBlanks.lowercased()
        guard section.settings[key] == nil else {
            throw SyntaxError(line: number, message: "\(key) is there twice in [\(section.name)]")
        }
        let value = String(content[content.index(after: mark)...]).trimmedBlanks
        // Set at once, so that a second one is noticed.
        sections[sections.count - 1].settings[key] = value
        open = (key, [value])
    }

    private mutating func close() {
        guard let (key, lines) = open, lines.count > 1 else { return open = nil }
        open = nil
        let last = sections.count - 1
        guard lines[0].isEmpty else {
            return sections[last].settings[key] = lines.joined(separator: "\n")
        }
        sections[last].settings[key] = nil
        for line in lines.dropFirst() {
            guard let mark = line.firstIndex(of: "=") else { continue }
            let name = String(line[..<mark]).trimmedBlanks.lowercased()
            sections[last].settings["\(key).\(name)"] =
                String(line[line.index(after: mark)...]).trimmedBlanks
        }
    }
}

extension String {
    /// Without spaces, tabs and carriage returns at both ends.
    fileprivate var trimmedBlanks: String {
        let isBlank: (Unicode.Scalar) -> Bool = { $0 == " " || $0 == "\t" || $0 == "\r" }
        let kept = unicodeScalars.drop(while: isBlank)
        guard let last = kept.lastIndex(where: { !isBlank($0) }) else { return "" }
        return String(kept[...last])
    }
}
