import Glibc

/// The few socket calls that the tests' servers need, on 127.0.0.1 only.
enum LoopbackSocket {
    /// A listening socket on a free port.
    static func listen() -> (socket: Int32, port: UInt16) {
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        var address = address(port: 0)
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
                precondition(bind(listener, generic, size) == 0)
                precondition(Glibc.listen(listener, 64) == 0)
                precondition(getsockname(listener, generic, &size) == 0)
            }
        }
        return (listener, UInt16(bigEndian: address.sin_port))
    }

    /// A port that nobody listens on now.
    static func freePort() -> UInt16 {
        let (socket, port) = listen()
        close(socket)
        return port
    }

    /// A connection to a port; nil if nobody listens there.
    static func connect(port: UInt16) -> Int32? {
        let client = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        var address = address(port: port)
        let size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let result = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
                Glibc.connect(client, generic, size)
            }
        }
        if result == 0 { return client }
        close(client)
        return nil
    }

    /// The next bytes, at most `max`; nil at the end or after an error.
    static func receive(_ socket: Int32, max: Int = 65536) -> [UInt8]? {
        let bytes = [UInt8](unsafeUninitializedCapacity: max) { buffer, count in
            count = Swift.max(0, recv(socket, buffer.baseAddress, max, 0))
        }
        return bytes.isEmpty ? nil : bytes
    }

    /// Sends all of the bytes; false if the other side has gone.
    @discardableResult
    static func send(_ socket: Int32, _ bytes: some Collection<UInt8>) -> Bool {
        var rest = Array(bytes)[...]
        while !rest.isEmpty {
            let sent = rest.withUnsafeBytes {
                Glibc.send(socket, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard sent > 0 else { return false }
            rest = rest.dropFirst(sent)
        }
        return true
    }

    /// Closes a connection so that the other side sees a reset rather than an end.
    static func reset(_ socket: Int32) {
        var now = linger(l_onoff: 1, l_linger: 0)
        setsockopt(
            socket, SOL_SOCKET, SO_LINGER, &now, socklen_t(MemoryLayout<linger>.size))
        close(socket)
    }

    private static func address(port: UInt16) -> sockaddr_in {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        return address
    }
}
