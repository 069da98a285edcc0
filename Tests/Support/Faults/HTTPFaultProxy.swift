import Synchronization

/// A proxy that counts HTTP requests and spoils some of them.
///
/// Requests and replies pass unchanged, with the client's Host header, so signatures stay valid.
package final class HTTPFaultProxy: Sendable {
    /// What goes wrong with one request.
    package enum Fault: Sendable, Equatable {
        /// Nothing: it holds a place in a sequence.
        case pass
        /// The server never sees the request.
        case cutBefore
        /// The same, and the client sees a reset instead of an end.
        case reset
        /// The request reaches the server without this header.
        case withoutHeader(String)
        /// The server has done it, and the client never hears.
        case loseReply
        /// The reply ends after so many bytes of its body (of a chunked one with the framing).
        case cutReply(bodyBytes: Int)
        /// Nothing comes after so many bytes of the body, until the client gives up.
        case stallReply(bodyBytes: Int)
        /// One bit of the reply's body is wrong, at this byte.
        case damageReply(bodyByte: Int)
        /// The proxy answers instead of the server, such as 500 or 503 with an AWS error body.
        case answer(status: Int, headers: [String] = [], body: String = "")
        /// The proxy answers with exactly this.
        case answerVerbatim(String)
        /// No reply, and the connection stays open until the client gives up.
        case hang
    }

    private let acceptor: Acceptor
    private let record: HTTPRecord

    /// Listens on a free port; counts requests over all connections.
    ///
    /// A request's text is its path and query and the X-Amz-Target header, if it has one.
    package convenience init(
        to endpoint: Endpoint, fault: Fault = .cutBefore, at trigger: FaultTrigger = .never
    ) throws {
        try self.init(endpoint, HTTPRecord(trigger, [fault]))
    }

    /// The n-th request meets the n-th fault, later ones none.
    package convenience init(to endpoint: Endpoint, faults: [Fault]) throws {
        try self.init(endpoint, HTTPRecord(.first(faults.count), faults))
    }

    private init(_ endpoint: Endpoint, _ record: HTTPRecord) throws {
        acceptor = try Acceptor()
        self.record = record
        acceptor.serve { client, number in
            record.connections.withLock { $0 = number }
            var session = HTTPSession(client: client, endpoint: endpoint, record: record)
            while session.exchange() {}
        }
    }

    deinit { stop() }

    /// The port on 127.0.0.1 to connect to.
    package var port: Int { acceptor.port }
    /// Where to send requests.
    package var endpoint: String { "http://127.0.0.1:\(port)" }
    /// The first request that a fault struck, if one has.
    package var fired: ObservedOperation? { record.log.fired }
    /// Every request so far, in order.
    package var operations: [ObservedOperation] { record.log.operations }
    /// The heads of the requests so far as they came: request line and headers.
    package var requests: [String] { record.heads.withLock { $0 } }
    /// How many connections clients have made.
    package var connections: Int { record.connections.withLock { $0 } }

    /// Refuses new connections and cuts the open ones.
    package func stop() { acceptor.stop() }
}

/// What the connections of a proxy share.
private final class HTTPRecord: Sendable {
    let log: FaultLog
    let heads = Mutex<[String]>([])
    let connections = Mutex(0)
    private let faults: [HTTPFaultProxy.Fault]

    init(_ trigger: FaultTrigger, _ faults: [HTTPFaultProxy.Fault]) {
        log = FaultLog(trigger)
        self.faults = faults
    }

    /// Counts a request and says what goes wrong with it.
    func fault(for head: HTTPHead) -> HTTPFaultProxy.Fault {
        heads.withLock { $0.append(String(decoding: head.bytes, as: UTF8.self)) }
        let target = head["x-amz-target"].map { " \($0)" } ?? ""
        let strike = log.strike(
            kind: String(head.firstLine[0]), text: head.firstLine[1] + target)
        return strike.flatMap { faults.indices.contains($0) ? faults[$0] : nil } ?? .pass
    }
}

/// One client connection; each request goes to the server on a connection of its own.
private struct HTTPSession {
    private let client: Socket
    private let endpoint: Endpoint
    private let record: HTTPRecord
    private var requests: HTTPReader

    init(client: Socket, endpoint: Endpoint, record: HTTPRecord) {
        self.client = client
        self.endpoint = endpoint
        self.record = record
        requests = HTTPReader(client)
    }

    /// Serves the next request; false when the connection is to end.
    mutating func exchange() -> Bool {
        guard let head = requests.head(), head.firstLine.count == 3 else { return false }
        let fault = record.fault(for: head)
        switch fault {
        case .cutBefore: return false
        case .reset:
            client.resetOnClose()
            return false
        case .answer(let status, let headers, let body):
            return answer(head, reply(to: head, status: status, headers: headers, body: body))
        case .answerVerbatim(let text): return answer(head, text)
        case .hang:
            client.waitForEnd()
            return false
        case .withoutHeader(let name): return forward(head.without(name), fault)
        case .pass, .cutReply, .damageReply, .loseReply, .stallReply: return forward(head, fault)
        }
    }

    private mutating func forward(_ head: HTTPHead, _ fault: HTTPFaultProxy.Fault) -> Bool {
        // A server that is not there is a lost connection to the client, too.
        guard let server = try? Socket.connect(to: endpoint) else { return false }
        defer { server.close() }
        guard server.send(head.bytes), sendBody(head, to: server) else { return false }
        var replies = HTTPReader(server)
        guard let reply = finalHead(&replies) else { return false }
        let valve = ReplyValve(client: client, fault: fault)
        let framing = reply.responseFraming(to: String(head.firstLine[0]))
        guard valve.sendHead(reply.bytes) else { return false }
        var position = 0
        let complete = replies.body(framing) { piece in
            defer { position += piece.count }
            return valve.send(piece, at: position)
        }
        return complete && valve.keepsOpen && framing != .untilClose && !reply.closes
            && !head.closes
    }

    /// The proxy itself says "100 Continue", and passes over the server's: the body goes on anyway.
    private mutating func sendBody(_ head: HTTPHead, to server: Socket) -> Bool {
        if head.wantsContinue {
            guard client.send(Array("HTTP/1.1 100 Continue\r\n\r\n".utf8)) else { return false }
        }
        return requests.body(head.requestFraming) { server.send($0) }
    }

    private func finalHead(_ replies: inout HTTPReader) -> HTTPHead? {
        while let head = replies.head() {
            if head.status >= 200 { return head }
        }
        return nil
    }

    private mutating func answer(_ head: HTTPHead, _ text: String) -> Bool {
        // A client that waits for "100 Continue" has the answer at once and sends no body.
        if !head.wantsContinue {
            guard requests.body(head.requestFraming, { _ in true }) else { return false }
        }
        _ = client.send(Array(text.utf8))
        return false
    }

    private func reply(to head: HTTPHead, status: Int, headers: [String], body: String) -> String {
        let lines =
            [
                "HTTP/1.1 \(status) Fault", "Content-Type: application/xml",
                "Content-Length: \(body.utf8.count)", "Connection: close",
            ] + headers
        let content = head.firstLine[0] == "HEAD" ? "" : body
        return lines.joined(separator: "\r\n") + "\r\n\r\n" + content
    }
}

/// Passes a reply to the client, less what the fault takes.
private struct ReplyValve {
    let client: Socket
    let fault: HTTPFaultProxy.Fault

    /// Whether the connection may serve another request.
    var keepsOpen: Bool { fault != .loseReply }

    func sendHead(_ bytes: [UInt8]) -> Bool { fault == .loseReply ? true : client.send(bytes) }

    /// Sends a piece of the body that begins at a position of it; false to stop there.
    func send(_ piece: [UInt8], at position: Int) -> Bool {
        switch fault {
        case .loseReply: return true
        case .cutReply(let limit) where position + piece.count >= limit:
            _ = client.send(Array(piece[..<max(0, limit - position)]))
            return false
        case .stallReply(let limit) where position + piece.count >= limit:
            _ = client.send(Array(piece[..<max(0, limit - position)]))
            client.waitForEnd()
            return false
        case .damageReply(let byte) where (position..<position + piece.count).contains(byte):
            var damaged = piece
            damaged[byte - position] ^= 1
            return client.send(damaged)
        default: return client.send(piece)
        }
    }
}
