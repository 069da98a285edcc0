internal import Dispatch

/// An executor of one serial queue, for an actor whose work blocks: libcurl, zlib and libpq calls
/// must not hold a thread of the shared pool.
final class BlockingThread: SerialExecutor {
    private let queue: DispatchQueue

    init(_ label: String) {
        queue = DispatchQueue(label: label)
    }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        queue.async { job.runSynchronously(on: self.asUnownedSerialExecutor()) }
    }
}
