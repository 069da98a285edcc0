import Foundation
import Synchronization

/// A listening port whose every connection is handled on a thread of its own.
final class Acceptor: Sendable {
    private struct State {
        var stopped = false
        var clients: [Int: Socket] = [:]
    }

    let port: Int
    private let listener: Socket
    private let state = Mutex(State())

    /// Listens at once; connections wait until `serve`.
    init() throws {
        listener = try Socket.listening()
        port = try listener.localPort()
    }

    /// Hands every connection, with its number from 1, to `handle`; it is closed afterwards.
    func serve(_ handle: @escaping @Sendable (Socket, Int) -> Void) {
        Thread.detachNewThread { [self] in
            var number = 0
            while let client = listener.accept() {
                number += 1
                guard admit(client, number) else { break }
                let connection = number
                Thread.detachNewThread { [self] in
                    handle(client, connection)
                    finish(client, connection)
                }
            }
            listener.close()
        }
    }

    /// Refuses new connections and cuts the open ones.
    func stop() {
        state.withLock { state in
            guard !state.stopped else { return }
            state.stopped = true
            listener.cut()
            state.clients.values.forEach { $0.cut() }
        }
    }

    private func admit(_ client: Socket, _ number: Int) -> Bool {
        state.withLock { state in
            guard !state.stopped else {
                client.close()
                return false
            }
            state.clients[number] = client
            return true
        }
    }

    // Under the lock, so that stop() never cuts a descriptor that was closed and used again.
    private func finish(_ client: Socket, _ number: Int) {
        state.withLock { state in
            state.clients[number] = nil
            client.close()
        }
    }
}

/// What becomes of bytes on their way through a proxy.
struct Passage {
    /// What is sent on.
    var bytes: [UInt8]
    /// Whether both directions end after that.
    var cut = false
}

/// Carries bytes both ways between two sockets until one ends, each chunk through a valve.
///
/// The valves run on two threads. Returns when both directions have ended; closes neither socket.
func relay(
    client: Socket, server: Socket, toServer: @escaping @Sendable ([UInt8]) -> Passage,
    toClient: @escaping @Sendable ([UInt8]) -> Passage
) {
    let back = DispatchSemaphore(value: 0)
    Thread.detachNewThread {
        carry(from: server, to: client, through: toClient)
        back.signal()
    }
    carry(from: client, to: server, through: toServer)
    back.wait()
}

private func carry(from source: Socket, to target: Socket, through valve: ([UInt8]) -> Passage) {
    while true {
        let chunk = source.receive()
        guard !chunk.isEmpty else { return target.finishSending() }
        let passage = valve(chunk)
        let sent = target.send(passage.bytes)
        guard sent, !passage.cut else {
            source.cut()
            return target.cut()
        }
    }
}
