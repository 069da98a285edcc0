/// What a server answered.
package struct HTTPResponse: Sendable {
    /// As in 200.
    package var status: Int
    /// Those of the last answer, not of a `100 Continue` before it.
    package var headers: HTTPHeaders
    /// Empty where it was streamed.
    package var body: [UInt8]

    /// An answer; a test's or a canned one.
    package init(status: Int, headers: HTTPHeaders = HTTPHeaders(), body: [UInt8] = []) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    /// True for 200 to 299.
    package var isSuccess: Bool { (200..<300).contains(status) }
}

/// Header lines in the order of arrival, looked up in any letter case.
package struct HTTPHeaders: Sendable {
    /// As they came, but for the spaces around a value.
    package private(set) var lines: [(name: String, value: String)] = []

    /// No header at all.
    package init() {}

    /// The first value under that name, or nil.
    package subscript(name: String) -> String? {
        let wanted = name.lowercased()
        return lines.first { $0.name.lowercased() == wanted }?.value
    }

    /// Adds a line as it came from the network; one without a colon is not a header.
    package mutating func append(line: Substring) {
        guard let colon = line.firstIndex(of: ":") else { return }
        let value = line[line.index(after: colon)...]
        lines.append((String(line[..<colon]), String(value.trimmingSpaces)))
    }
}

extension Substring {
    /// Without the spaces and tabs at both ends: RFC 9110 §5.5, optional whitespace.
    fileprivate var trimmingSpaces: Substring {
        let blank: (Character) -> Bool = { $0 == " " || $0 == "\t" }
        guard let first = firstIndex(where: { !blank($0) }),
            let last = lastIndex(where: { !blank($0) })
        else { return "" }
        return self[first...last]
    }
}
