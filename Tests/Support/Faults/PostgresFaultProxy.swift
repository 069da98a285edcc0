import Synchronization

/// A proxy that counts what a client asks of Postgres and breaks the connection at one operation.
///
/// It reads the protocol, so connect with `sslmode=disable`; an encrypted connection passes
/// uncounted.
package final class PostgresFaultProxy: Sendable {
    /// What goes wrong at the operation that the trigger names.
    package enum Fault: Sendable, CaseIterable {
        /// The server never sees it: "COMMIT was not sent".
        case cutBefore
        /// The server has done it, and the client never hears: "the answer to COMMIT was lost".
        case loseReply
    }

    private let acceptor: Acceptor
    private let log: FaultLog

    /// Listens on a free port; counts operations of the given kinds over all connections.
    package init(
        to endpoint: Endpoint, fault: Fault = .cutBefore, at trigger: FaultTrigger = .never,
        counting kinds: Set<PostgresOperation> = PostgresOperation.untilTerminate
    ) throws {
        acceptor = try Acceptor()
        let log = FaultLog(trigger)
        self.log = log
        acceptor.serve { client, _ in
            // A server that is not there is a refusal to the client, too.
            guard let server = try? Socket.connect(to: endpoint) else {
                return client.resetOnClose()
            }
            defer { server.close() }
            let session = PostgresSession(fault: fault, log: log, kinds: kinds)
            relay(
                client: client, server: server, toServer: { session.toServer($0) },
                toClient: { session.toClient($0) })
        }
    }

    deinit { stop() }

    /// The port on 127.0.0.1 to connect to.
    package var port: Int { acceptor.port }
    /// The operation that the fault struck, if it has.
    package var fired: ObservedOperation? { log.fired }
    /// Everything counted so far, in order.
    package var operations: [ObservedOperation] { log.operations }

    /// Refuses new connections and cuts the open ones.
    package func stop() { acceptor.stop() }
}

/// One connection through the proxy.
private final class PostgresSession: Sendable {
    private struct State {
        var frontend = PostgresFrontend()
        var replies = PostgresMessageReader()
        var encryptionRequests = 0
        var encrypted = false
        /// The operation whose reply must not arrive.
        var losing: PostgresOperation?
    }

    private let fault: PostgresFaultProxy.Fault
    private let log: FaultLog
    private let kinds: Set<PostgresOperation>
    private let state = Mutex(State())

    init(fault: PostgresFaultProxy.Fault, log: FaultLog, kinds: Set<PostgresOperation>) {
        self.fault = fault
        self.log = log
        self.kinds = kinds
    }

    /// Complete operations are passed on, incomplete ones wait: a fault strikes all of one or none.
    func toServer(_ chunk: [UInt8]) -> Passage {
        state.withLock { state in
            guard !state.encrypted else { return Passage(bytes: chunk) }
            state.frontend.append(chunk)
            var passed: [UInt8] = []
            while let step = state.frontend.next() {
                switch step {
                case .pass(let bytes): passed += bytes
                case .requestEncryption(let bytes):
                    state.encryptionRequests += 1
                    passed += bytes
                case .operation(let kind, let text, let bytes):
                    guard kinds.contains(kind),
                        log.strike(kind: kind.rawValue, text: text) != nil
                    else {
                        passed += bytes
                        continue
                    }
                    if fault == .cutBefore { return Passage(bytes: passed, cut: true) }
                    if kind.hasNoReply { return Passage(bytes: passed + bytes, cut: true) }
                    state.losing = kind
                    passed += bytes
                }
            }
            return Passage(bytes: passed)
        }
    }

    func toClient(_ chunk: [UInt8]) -> Passage {
        state.withLock { state in
            guard !state.encrypted else { return Passage(bytes: chunk) }
            state.replies.append(chunk)
            let done = Self.endsReply(&state)
            guard let losing = state.losing else { return Passage(bytes: chunk) }
            // A password may be asked for in the startup: any answer to it is as good as the last.
            return Passage(bytes: [], cut: done || losing == .startup)
        }
    }

    /// Whether the server has finished with an operation: it is ready for another, or for COPY data.
    private static func endsReply(_ state: inout State) -> Bool {
        while state.encryptionRequests > 0 {
            guard let answer = state.replies.nextByte() else { return false }
            state.encryptionRequests -= 1
            guard answer == UInt8(ascii: "N") else {
                state.encrypted = true
                return false
            }
        }
        var done = false
        while let message = state.replies.next(typed: true) {
            done = done || Array("ZGHW".utf8).contains(message.type)
        }
        return done
    }
}
