internal import CCurl
internal import Foundation

/// A pipe that a child writes to, and what has come out of it so far.
struct CapturedStream {
    private(set) var bytes: [UInt8] = []
    /// The end for the child; -1 once it is closed here.
    private(set) var writing: Int32
    private var reading: Int32

    init(for source: String) throws {
        var ends: [Int32] = [0, 0]
        guard pipe_closed_on_exec(&ends, 0) == 0 else {
            throw CredentialError(
                source: source, message: "no pipe to read from: \(String(cString: strerror(errno)))"
            )
        }
        // Ours only: the child may wait for us.
        _ = fcntl(ends[0], F_SETFL, O_NONBLOCK)
        (reading, writing) = (ends[0], ends[1])
    }

    /// How poll(2) waits for more; it passes over a stream that has ended.
    var polled: pollfd { pollfd(fd: reading, events: Int16(POLLIN), revents: 0) }

    /// Takes what is there, without waiting, until more than `limit` bytes have come.
    mutating func read(atMost limit: Int) {
        var chunk = [UInt8](repeating: 0, count: 4096)
        while reading >= 0, bytes.count <= limit {
            let count = Foundation.read(reading, &chunk, chunk.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 || errno != EAGAIN else { return }
            guard count > 0 else { return closeReading() }
            bytes += chunk.prefix(count)
        }
    }

    mutating func closeWriting() {
        if writing >= 0 { _ = Foundation.close(writing) }
        writing = -1
    }

    mutating func close() {
        closeReading()
        closeWriting()
    }

    private mutating func closeReading() {
        if reading >= 0 { _ = Foundation.close(reading) }
        reading = -1
    }
}
