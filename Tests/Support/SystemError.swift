import Foundation

/// A system call that failed: what was tried, and what `errno` says.
package struct SystemError: Error, Sendable, CustomStringConvertible {
    package let action: String
    /// The `errno` of the failure.
    package let code: Int32

    package init(_ action: String, code: Int32 = errno) {
        self.action = action
        self.code = code
    }

    package var description: String { "cannot \(action): \(String(cString: strerror(code)))" }
}
