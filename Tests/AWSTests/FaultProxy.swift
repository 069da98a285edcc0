import Foundation
import Glibc
import Synchronization

/// Stands between a client and a real server and makes chosen requests go wrong.
///
/// It forwards one request a connection, so the n-th connection is the n-th request: what
/// it sends on asks the server to close the connection afterwards.
final class FaultProxy: Sendable {
    /// What happens to one request.
    enum Fault: Sendable {
        /// Nothing.
        case pass
        /// The connection is reset before a byte of the answer.
        case refuse
        /// The connection is reset after so many bytes of the answer's body.
        case cut(bodyBytes: Int)
        /// Nothing comes any more after so many bytes of the answer's body.
        case stall(bodyBytes: Int)
        /// The server is not asked; this is the answer.
        case answer(String)
        /// The request reaches the server without this header.
        case withoutHeader(String)
    }

    let port: UInt16
    private let target: UInt16
    private let listener: Int32
    private let state: Mutex<State>

    private struct State {
        var faults: [Fault]
        var heads: [String] = []
        var stalled: [Int32] = []
    }

    /// Starts to forward to `target`; the n-th request meets the n-th fault, later ones none.
    init(target: UInt16, faults: [Fault]) {
        (listener, port) = LoopbackSocket.listen()
        self.target = target
        state = Mutex(State(faults: faults))
        let listener = listener
        Thread.detachNewThread { [weak self] in
            while true {
                let client = accept(listener, nil, nil)
                guard client >= 0 else { return }
                guard let proxy = self else { return LoopbackSocket.reset(client) }
                Thread.detachNewThread { proxy.serve(client) }
            }
        }
    }

    deinit {
        shutdown(listener, Int32(SHUT_RDWR))
        close(listener)
        state.withLock { $0.stalled.forEach(LoopbackSocket.reset) }
    }

    /// The heads of the requests so far: request line and headers.
    var requests: [String] { state.withLock { $0.heads } }

    private func serve(_ client: Int32) {
        guard let (head, rest) = Self.head(of: client) else { return LoopbackSocket.reset(client) }
        let fault = state.withLock { state -> Fault in
            state.heads.append(head)
            return state.faults.isEmpty ? .pass : state.faults.removeFirst()
        }
        switch fault {
        case .pass: forward(client, head, rest, limit: nil)
        case .refuse: LoopbackSocket.reset(client)
        case .cut(let bytes): forward(client, head, rest, limit: (bytes, false))
        case .stall(let bytes): forward(client, head, rest, limit: (bytes, true))
        case .withoutHeader(let name):
            let lines = head.components(separatedBy: "\r\n")
                .filter { !$0.lowercased().hasPrefix(name.lowercased() + ":") }
            forward(client, lines.joined(separator: "\r\n"), rest, limit: nil)
        case .answer(let text):
            _ = Self.body(of: client, head, rest)
            LoopbackSocket.send(client, Array(text.utf8))
            close(client)
        }
    }

    private func forward(
        _ client: Int32, _ head: String, _ rest: [UInt8], limit: (bytes: Int, stalls: Bool)?
    ) {
        guard let server = LoopbackSocket.connect(port: target) else {
            return LoopbackSocket.reset(client)
        }
        defer { close(server) }
        LoopbackSocket.send(server, Array((head + "\r\nConnection: close\r\n\r\n").utf8))
        LoopbackSocket.send(server, Self.body(of: client, head, rest))
        guard let (answer, first) = Self.head(of: server) else {
            return LoopbackSocket.reset(client)
        }
        LoopbackSocket.send(client, Array((answer + "\r\n\r\n").utf8))
        var room = limit?.bytes ?? .max
        var bytes: [UInt8]? = first
        while let some = bytes, LoopbackSocket.send(client, some.prefix(room)) {
            room -= min(room, some.count)
            if room == 0 { break }
            bytes = LoopbackSocket.receive(server)
        }
        end(client, limit: limit, room: room)
    }

    private func end(_ client: Int32, limit: (bytes: Int, stalls: Bool)?, room: Int) {
        guard let limit, room == 0 else {
            close(client)
            return
        }
        if limit.stalls {
            state.withLock { $0.stalled.append(client) }
        } else {
            // A reset would overtake the bytes that the client has not read yet.
            shutdown(client, Int32(SHUT_RDWR))
            close(client)
        }
    }

    // Everything up to the empty line, without it, and what came after it in the same read.
    private static func head(of socket: Int32) -> (head: String, rest: [UInt8])? {
        var bytes: [UInt8] = []
        while let more = LoopbackSocket.receive(socket) {
            bytes += more
            if let end = bytes.firstRange(of: Array("\r\n\r\n".utf8)) {
                let head = String(decoding: bytes[..<end.lowerBound], as: UTF8.self)
                return (head, Array(bytes[end.upperBound...]))
            }
        }
        return nil
    }

    private static func body(of client: Int32, _ head: String, _ rest: [UInt8]) -> [UInt8] {
        let length =
            head.lowercased().components(separatedBy: "\r\n")
            .first { $0.hasPrefix("content-length:") }
            .flatMap { Int($0.dropFirst(15).trimmingCharacters(in: .whitespaces)) } ?? 0
        var body = rest
        while body.count < length, let more = LoopbackSocket.receive(client) { body += more }
        return body
    }
}
