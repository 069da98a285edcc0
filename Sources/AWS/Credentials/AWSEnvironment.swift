internal import Foundation

/// The variables and the home folder that AWS settings are taken from: a value, so that a test
/// brings its own.
package struct AWSEnvironment: Sendable {
    package let variables: [String: String]
    /// Where `~` leads.
    package let home: String

    package init(variables: [String: String], home: String) {
        self.variables = variables
        self.home = home
    }

    /// This process's variables and user.
    package static func current() -> AWSEnvironment {
        AWSEnvironment(
            variables: ProcessInfo.processInfo.environment, home: NSHomeDirectory())
    }

    /// A variable's value; one that is set to nothing counts as not set.
    package subscript(name: String) -> String? {
        variables[name].flatMap { $0.isEmpty ? nil : $0 }
    }

    /// The file a variable names, with `~` for the home folder; else the usual one.
    func file(_ variable: String, usual: String) -> String {
        let path = self[variable] ?? usual
        guard path == "~" || path.hasPrefix("~/") else { return path }
        return home + path.dropFirst()
    }
}

// Variables hold keys and tokens.
extension AWSEnvironment: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// How many variables there are; none of them.
    package var description: String { "AWSEnvironment(\(variables.count) variables)" }

    /// The same as `description`.
    package var debugDescription: String { description }

    /// A mirror without the variables.
    package var customMirror: Mirror { Mirror(self, children: ["home": home]) }
}
