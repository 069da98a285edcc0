/// A proxy that counts HTTP requests and spoils one of them.
///
/// Requests and replies pass unchanged, with the client's Host header, so signatures stay valid.
package final class HTTPFaultProxy: Sendable {
    /// What goes wrong at the request that the trigger names.
    package enum Fault: Sendable, Equatable {
        /// The server never sees the request.
        case cutBefore
        /// The server has done it, and the client never hears.
        case loseReply
        /// The reply ends after so many bytes of its body (of a chunked one with the framing).
        case cutReply(bodyBytes: Int)
        /// One bit of the reply's body is wrong, at this byte.
        case damageReply(bodyByte: Int)
        /// The proxy answers instead of the server, such as 500 or 503 with an AWS error body.
        case answer(status: Int, body: String)
        /// No reply, and the connection stays open until the client gives up.
        case hang
    }

    private let acceptor: Acceptor
    private let log: FaultLog

    /// Listens on a free port; counts requests over all connections.
    ///
    /// A request's text is its path and query and the X-Amz-Target header, if it has one.
    package init(
        to endpoint: Endpoint, fault: Fault = .cutBefore, at trigger: FaultTrigger = .never
    ) throws {
        acceptor = try Acceptor()
        let log = FaultLog(trigger)
        self.log = log
        acceptor.serve { client, _ in
            var session = HTTPSession(client: client, endpoint: endpoint, fault: fault, log: log)
            while session.exchange() {}
        }
    }

    deinit { stop() }

    /// The port on 127.0.0.1 to connect to.
    package var port: Int { acceptor.port }
    /// Where to send requests.
    package var endpoint: String { "http://127.0.0.1:\(port)" }
    /// The request that the fault struck, if it has.
    package var fired: ObservedOperation? { log.fired }
    /// Every request so far, in order.
    package var operations: [ObservedOperation] { log.operations }

    /// Refuses new connections and cuts the open ones.
    package func stop() { acceptor.stop() }
}

/// One client connection; each request goes to the server on a connection of its own.
private struct HTTPSession {
    private let client: Socket
    private let endpoint: Endpoint
    private let fault: HTTPFaultProxy.Fault
    private let log: FaultLog
    private var requests: HTTPReader

    init(client: Socket, endpoint: Endpoint, fault: HTTPFaultProxy.Fault, log: FaultLog) {
        self.client = client
        self.endpoint = endpoint
        self.fault = fault
        self.log = log
        requests = HTTPReader(client)
    }

    /// Serves the next request; false when the connection is to end.
    mutating func exchange() -> Bool {
        guard let head = requests.head(), head.firstLine.count == 3 else { return false }
        let method = String(head.firstLine[0])
        let target = head["x-amz-target"].map { " \($0)" } ?? ""
        let struck = log.strikes(kind: method, text: head.firstLine[1] + target)
        switch struck ? fault : nil {
        case .cutBefore: return false
        case .answer(let status, let body): return answer(head, status: status, body: body)
        case .hang:
            while !client.receive().isEmpty {}
            return false
        case .cutReply, .damageReply, .loseReply, nil:
            return forward(head, method: method, spoiled: struck)
        }
    }

    private mutating func forward(_ head: HTTPHead, method: String, spoiled: Bool) -> Bool {
        // A server that is not there is a lost connection to the client, too.
        guard let server = try? Socket.connect(to: endpoint) else { return false }
        defer { server.close() }
        guard server.send(head.bytes), sendBody(head, to: server) else { return false }
        var replies = HTTPReader(server)
        guard let reply = finalHead(&replies) else { return false }
        let valve = ReplyValve(client: client, fault: spoiled ? fault : nil)
        let framing = reply.responseFraming(to: method)
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

    private mutating func answer(_ head: HTTPHead, status: Int, body: String) -> Bool {
        // A client that waits for "100 Continue" has the answer at once and sends no body.
        if !head.wantsContinue {
            guard requests.body(head.requestFraming, { _ in true }) else { return false }
        }
        let lines = [
            "HTTP/1.1 \(status) Fault", "Content-Type: application/xml",
            "Content-Length: \(body.utf8.count)", "Connection: close",
        ]
        let content = head.firstLine[0] == "HEAD" ? "" : body
        _ = client.send(Array((lines.joined(separator: "\r\n") + "\r\n\r\n" + content).utf8))
        return false
    }
}

/// Passes a reply to the client, less what the fault takes.
private struct ReplyValve {
    let client: Socket
    let fault: HTTPFaultProxy.Fault?

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
        case .damageReply(let byte) where (position..<position + piece.count).contains(byte):
            var damaged = piece
            damaged[byte - position] ^= 1
            return client.send(damaged)
        default: return client.send(piece)
        }
    }
}
