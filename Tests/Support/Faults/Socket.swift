import Foundation

/// Where a proxy sends on what it receives.
package enum Endpoint: Sendable {
    /// A port on 127.0.0.1.
    case tcp(port: Int)
    /// A unix socket by its path.
    case unix(path: String)
}

/// A connected or listening stream socket.
///
/// Whoever opened it closes it, once.
struct Socket: Sendable {
    let descriptor: Int32

    /// A port on 127.0.0.1 that nobody listened on a moment ago.
    static func freePort() throws -> Int {
        let socket = try listening()
        defer { socket.close() }
        return try socket.localPort()
    }

    /// Listens on a free port of 127.0.0.1.
    static func listening() throws -> Socket {
        let socket = try Socket(family: AF_INET)
        var address = loopback(port: 0)
        let code = withAddress(&address) { bind(socket.descriptor, $0, $1) }
        guard code == 0, Glibc.listen(socket.descriptor, 128) == 0 else {
            defer { socket.close() }
            throw SystemError("listen on 127.0.0.1")
        }
        return socket
    }

    static func connect(to endpoint: Endpoint) throws -> Socket {
        switch endpoint {
        case .tcp(let port):
            let socket = try Socket(family: AF_INET)
            var address = loopback(port: port)
            return try socket.connected(&address, "connect to 127.0.0.1:\(port)")
        case .unix(let path):
            let socket = try Socket(family: AF_UNIX)
            var address = sockaddr_un()
            address.sun_family = sa_family_t(AF_UNIX)
            withUnsafeMutableBytes(of: &address.sun_path) {
                $0.copyBytes(from: path.utf8.prefix(107))
            }
            return try socket.connected(&address, "connect to \(path)")
        }
    }

    /// The next connection, or nil once the socket is shut.
    func accept() -> Socket? {
        while true {
            let accepted = Glibc.accept(descriptor, nil, nil)
            if accepted >= 0 {
                _ = fcntl(accepted, F_SETFD, FD_CLOEXEC)
                return Socket(connected: accepted)
            }
            guard errno == EINTR || errno == ECONNABORTED else { return nil }
        }
    }

    func localPort() throws -> Int {
        var address = sockaddr_in()
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let code = withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                getsockname(descriptor, $0, &length)
            }
        }
        guard code == 0 else { throw SystemError("read a socket's port") }
        return Int(UInt16(bigEndian: address.sin_port))
    }

    /// What has arrived, at most 64 KiB; empty at the end or after a failure.
    func receive() -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: 65_536) { buffer, count in
            count = 0
            while true {
                let received = recv(descriptor, buffer.baseAddress, 65_536, 0)
                if received < 0 && errno == EINTR { continue }
                count = max(received, 0)
                return
            }
        }
    }

    /// Blocks until the other side has gone, whatever it still says.
    func waitForEnd() {
        while !receive().isEmpty {}
    }

    /// Sends everything; false when the other side is gone.
    func send(_ bytes: [UInt8]) -> Bool {
        bytes.withUnsafeBytes { all in
            var sent = 0
            while sent < all.count {
                let count = Glibc.send(
                    descriptor, all.baseAddress.map { $0 + sent }, all.count - sent,
                    Int32(MSG_NOSIGNAL))
                if count < 0 && errno == EINTR { continue }
                guard count > 0 else { return false }
                sent += count
            }
            return true
        }
    }

    /// Says that nothing more will be sent; what comes back can still be read.
    func finishSending() { shutdown(descriptor, Int32(SHUT_WR)) }

    /// Ends both directions and wakes whoever waits in `receive` or `accept`.
    func cut() { shutdown(descriptor, Int32(SHUT_RDWR)) }

    func close() { _ = Glibc.close(descriptor) }

    /// Makes `close` send a reset instead of an orderly end (socket(7), SO_LINGER).
    func resetOnClose() {
        var linger = Glibc.linger(l_onoff: 1, l_linger: 0)
        let size = socklen_t(MemoryLayout<Glibc.linger>.size)
        setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &linger, size)
    }

    private init(connected descriptor: Int32) { self.descriptor = descriptor }

    private init(family: Int32) throws {
        let type = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
        descriptor = Glibc.socket(family, type, 0)
        guard descriptor >= 0 else { throw SystemError("make a socket") }
    }

    private func connected<Address>(_ address: inout Address, _ action: String) throws -> Socket {
        let code = withAddress(&address) { Glibc.connect(descriptor, $0, $1) }
        guard code == 0 else {
            defer { close() }
            throw SystemError(action)
        }
        return self
    }
}

private func loopback(port: Int) -> sockaddr_in {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = UInt16(port).bigEndian
    address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
    return address
}

private func withAddress<Address>(
    _ address: inout Address, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32
) -> Int32 {
    withUnsafePointer(to: &address) { pointer in
        pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
            body($0, socklen_t(MemoryLayout<Address>.size))
        }
    }
}
