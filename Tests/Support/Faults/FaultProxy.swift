import Synchronization

/// A TCP proxy that breaks connections, for any protocol.
package final class FaultProxy: Sendable {
    /// A direction through the proxy.
    package enum Direction: Sendable { case toServer, toClient }

    /// What goes wrong; connections are numbered from 1.
    package enum Fault: Sendable {
        /// The n-th connection is reset as soon as it is made.
        case refuse(connection: Int)
        /// The n-th connection ends after so many bytes in one direction.
        case cut(connection: Int, afterBytes: Int, Direction)
    }

    private let acceptor: Acceptor
    private let carrier: FaultCarrier

    /// Listens on a free port and passes everything on to `endpoint`, but for the fault.
    package init(to endpoint: Endpoint, fault: Fault? = nil) throws {
        acceptor = try Acceptor()
        let carrier = FaultCarrier(endpoint: endpoint, fault: fault)
        self.carrier = carrier
        acceptor.serve { carrier.handle($0, number: $1) }
    }

    deinit { stop() }

    /// The port on 127.0.0.1 to connect to.
    package var port: Int { acceptor.port }

    /// Whether the fault has struck.
    package var fired: Bool { carrier.fired.withLock { $0 } }

    /// Refuses new connections and cuts the open ones.
    package func stop() { acceptor.stop() }
}

/// What the threads of a proxy share; they outlive the proxy for a moment.
private final class FaultCarrier: Sendable {
    let fired = Mutex(false)
    private let endpoint: Endpoint
    private let fault: FaultProxy.Fault?

    init(endpoint: Endpoint, fault: FaultProxy.Fault?) {
        self.endpoint = endpoint
        self.fault = fault
    }

    func handle(_ client: Socket, number: Int) {
        if case .refuse(number) = fault {
            fired.withLock { $0 = true }
            return client.resetOnClose()
        }
        // A server that is not there is a refusal to the client, too.
        guard let server = try? Socket.connect(to: endpoint) else { return client.resetOnClose() }
        defer { server.close() }
        relay(
            client: client, server: server, toServer: valve(.toServer, number),
            toClient: valve(.toClient, number))
    }

    private func valve(_ direction: FaultProxy.Direction, _ number: Int)
        -> @Sendable ([UInt8]) -> Passage
    {
        guard case .cut(number, let limit, direction) = fault else { return { Passage(bytes: $0) } }
        let carried = Mutex(0)
        return { [self] chunk in
            carried.withLock { count in
                let rest = limit - count
                count += chunk.count
                guard chunk.count >= rest else { return Passage(bytes: chunk) }
                fired.withLock { $0 = true }
                return Passage(bytes: Array(chunk[..<rest]), cut: true)
            }
        }
    }
}
