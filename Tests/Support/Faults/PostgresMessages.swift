/// A kind of frontend message that a proxy can count (PostgreSQL, "Message Formats").
package enum PostgresOperation: String, Sendable, CaseIterable {
    case startup = "Startup"
    case query = "Query"
    /// A group of Parse, Bind and Execute that ends with Sync: one statement with parameters.
    case extendedQuery = "Sync"
    case copyData = "CopyData"
    case copyDone = "CopyDone"
    case copyFail = "CopyFail"
    case terminate = "Terminate"

    /// All but Terminate: a client does not wait for its end, so a proxy may count it too late.
    package static let untilTerminate = Set(allCases).subtracting([.terminate])

    /// Whether the server says nothing to it.
    var hasNoReply: Bool { self == .copyData || self == .terminate }
}

/// A message of either side: type (0 where it has none) and the bytes with type and length.
struct PostgresMessage {
    let type: UInt8
    let bytes: [UInt8]

    /// The text up to the first zero byte after `offset` bytes.
    func text(at offset: Int) -> String {
        String(decoding: bytes.dropFirst(offset).prefix { $0 != 0 }, as: UTF8.self)
    }
}

/// Cuts a stream of bytes into messages; an incomplete one waits for the rest.
struct PostgresMessageReader {
    private var pending: [UInt8] = []
    private var start = 0

    /// Adds received bytes.
    mutating func append(_ bytes: [UInt8]) {
        pending.removeFirst(start)
        start = 0
        pending += bytes
    }

    /// The next message, whose length follows a type byte unless it belongs to the startup.
    mutating func next(typed: Bool) -> PostgresMessage? {
        let header = typed ? 5 : 4
        guard pending.count - start >= header else { return nil }
        let lengthAt = start + header - 4
        let length = pending[lengthAt..<lengthAt + 4].reduce(0) { $0 << 8 | Int($1) }
        let size = length + header - 4
        guard pending.count - start >= size else { return nil }
        defer { start += size }
        return PostgresMessage(
            type: typed ? pending[start] : 0, bytes: Array(pending[start..<start + size]))
    }

    /// One byte: the answer to a request for encryption is not a message.
    mutating func nextByte() -> UInt8? {
        guard start < pending.count else { return nil }
        defer { start += 1 }
        return pending[start]
    }
}

/// What one client says, as operations and as bytes to pass on.
struct PostgresFrontend {
    /// What a message leads to.
    enum Step {
        /// Passes on; nothing to count.
        case pass([UInt8])
        /// Passes on; the server will answer with one byte.
        case requestEncryption([UInt8])
        case operation(PostgresOperation, text: String, [UInt8])
    }

    private var reader = PostgresMessageReader()
    private var started = false
    private var group: [UInt8] = []
    private var groupText = ""

    mutating func append(_ bytes: [UInt8]) { reader.append(bytes) }

    /// The next complete step, if there is one.
    mutating func next() -> Step? {
        guard started else { return reader.next(typed: false).map { startup($0) } }
        while let message = reader.next(typed: true) {
            if let step = step(message) { return step }
        }
        return nil
    }

    private mutating func startup(_ message: PostgresMessage) -> Step {
        let code = message.bytes.dropFirst(4).prefix(4).reduce(0) { $0 << 8 | Int($1) }
        switch code {
        case 80_877_103, 80_877_104: return .requestEncryption(message.bytes)  // SSL, GSSAPI
        case 80_877_102: return .pass(message.bytes)  // CancelRequest
        default:
            started = true
            return .operation(.startup, text: "", message.bytes)
        }
    }

    private mutating func step(_ message: PostgresMessage) -> Step? {
        switch message.type {
        case UInt8(ascii: "Q"): return .operation(.query, text: message.text(at: 5), message.bytes)
        case UInt8(ascii: "d"): return .operation(.copyData, text: "", message.bytes)
        case UInt8(ascii: "c"): return .operation(.copyDone, text: "", message.bytes)
        case UInt8(ascii: "f"):
            return .operation(.copyFail, text: message.text(at: 5), message.bytes)
        case UInt8(ascii: "X"): return .operation(.terminate, text: "", message.bytes)
        case UInt8(ascii: "P"), UInt8(ascii: "B"), UInt8(ascii: "D"), UInt8(ascii: "E"),
            UInt8(ascii: "C"):
            collect(message)
            return nil
        case UInt8(ascii: "S"): return endGroup(message)
        default:
            // Flush wants an answer to what was collected; the rest belongs to authentication.
            defer { group = [] }
            return .pass(group + message.bytes)
        }
    }

    private mutating func collect(_ message: PostgresMessage) {
        group += message.bytes
        guard message.type == UInt8(ascii: "P") else { return }
        groupText = message.text(at: 5 + message.text(at: 5).utf8.count + 1)  // after the name
    }

    // A Sync with nothing before it only ends a COPY of the extended protocol.
    private mutating func endGroup(_ message: PostgresMessage) -> Step {
        defer {
            group = []
            groupText = ""
        }
        guard !group.isEmpty else { return .pass(message.bytes) }
        return .operation(.extendedQuery, text: groupText, group + message.bytes)
    }
}
