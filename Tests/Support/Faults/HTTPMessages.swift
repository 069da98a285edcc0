import Foundation

/// The head of a request or response, with its bytes as they came: a changed header breaks a
/// signature.
struct HTTPHead {
    let bytes: [UInt8]
    let firstLine: [Substring]
    private let headers: [String: String]

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\r\n")
        firstLine = lines.first?.split(separator: " ") ?? []
        var headers: [String: String] = [:]
        for line in lines.dropFirst() {
            let name = line.prefix { $0 != ":" }
            let value = line.dropFirst(name.count + 1).drop { $0 == " " }
            headers[name.lowercased()] = String(value)
        }
        self.headers = headers
    }

    /// The same without a header.
    func without(_ name: String) -> HTTPHead {
        let lines = String(decoding: bytes, as: UTF8.self).components(separatedBy: "\r\n")
        let kept = lines.filter { !$0.lowercased().hasPrefix(name.lowercased() + ":") }
        return HTTPHead(Array(kept.joined(separator: "\r\n").utf8))
    }

    subscript(_ name: String) -> String? { headers[name] }

    /// The status of a response; 0 when it is none.
    var status: Int { firstLine.count > 1 ? Int(firstLine[1]) ?? 0 : 0 }

    private func says(_ name: String, _ word: String) -> Bool {
        headers[name]?.lowercased().contains(word) ?? false
    }

    var wantsContinue: Bool { says("expect", "100-continue") }
    var closes: Bool { says("connection", "close") || firstLine.first == "HTTP/1.0" }

    /// How the body is framed (RFC 9112 §6.3).
    enum Framing: Equatable {
        case none
        case length(Int)
        case chunked
        case untilClose
    }

    /// The framing of a request's body.
    var requestFraming: Framing {
        if says("transfer-encoding", "chunked") { return .chunked }
        guard let length = headers["content-length"].flatMap({ Int($0) }), length > 0 else {
            return .none
        }
        return .length(length)
    }

    /// The framing of the body of a response to a request of this method.
    func responseFraming(to method: String) -> Framing {
        let isBare = method == "HEAD" || status == 204 || status == 304
        if isBare { return .none }
        if says("transfer-encoding", "chunked") { return .chunked }
        return headers["content-length"].flatMap { Int($0) }.map { .length($0) } ?? .untilClose
    }
}

/// Reads heads and bodies from a socket; what follows a message stays for the next call.
struct HTTPReader {
    private let socket: Socket
    private var pending: [UInt8] = []

    init(_ socket: Socket) { self.socket = socket }

    /// The next head with its empty line, or nil when the connection ends.
    mutating func head() -> HTTPHead? {
        let end: [UInt8] = [13, 10, 13, 10]
        var searched = 0
        while true {
            let from = max(0, searched - 3)
            if let at = find(end, from: from) { return HTTPHead(take(at + 4)) }
            searched = pending.count
            guard fill() else { return nil }
        }
    }

    /// Gives a body to `receive` piece by piece, framing included; false when it is incomplete or
    /// `receive` says to stop.
    mutating func body(_ framing: HTTPHead.Framing, _ receive: ([UInt8]) -> Bool) -> Bool {
        switch framing {
        case .none: return true
        case .length(let length): return exactly(length, receive)
        case .chunked: return chunks(receive)
        case .untilClose:
            repeat {
                guard pending.isEmpty || receive(take(pending.count)) else { return false }
            } while fill()
            return true
        }
    }

    private mutating func exactly(_ length: Int, _ receive: ([UInt8]) -> Bool) -> Bool {
        var rest = length
        while rest > 0 {
            guard !pending.isEmpty || fill() else { return false }
            let piece = take(min(rest, pending.count))
            rest -= piece.count
            guard receive(piece) else { return false }
        }
        return true
    }

    /// Chunks with their size lines, up to the empty line after the trailers (RFC 9112 §7.1).
    private mutating func chunks(_ receive: ([UInt8]) -> Bool) -> Bool {
        while let line = line() {
            let size = String(decoding: line, as: UTF8.self).prefix { $0.isHexDigit }
            guard let size = Int(size, radix: 16), receive(line) else { return false }
            guard size > 0 else { return trailers(receive) }
            guard exactly(size + 2, receive) else { return false }
        }
        return false
    }

    private mutating func trailers(_ receive: ([UInt8]) -> Bool) -> Bool {
        while let line = line() {
            guard receive(line) else { return false }
            if line == [13, 10] { return true }
        }
        return false
    }

    private mutating func line() -> [UInt8]? {
        while true {
            if let at = find([13, 10], from: 0) { return take(at + 2) }
            guard fill() else { return nil }
        }
    }

    private func find(_ pattern: [UInt8], from: Int) -> Int? {
        guard pending.count >= pattern.count else { return nil }
        return (from...pending.count - pattern.count).first {
            pending[$0..<$0 + pattern.count].elementsEqual(pattern)
        }
    }

    private mutating func take(_ count: Int) -> [UInt8] {
        defer { pending.removeFirst(count) }
        return Array(pending[..<count])
    }

    private mutating func fill() -> Bool {
        let chunk = socket.receive()
        pending += chunk
        return !chunk.isEmpty
    }
}
