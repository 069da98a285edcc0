internal import Foundation

/// Who runs the program, as it is recorded beside what they decide.
enum Person {
    /// Operating system user and host.
    static var name: String { "\(NSUserName())@\(ProcessInfo.processInfo.hostName)" }
}
