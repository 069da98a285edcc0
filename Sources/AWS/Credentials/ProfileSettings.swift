/// The settings of one section of a shared file.
///
/// Some are keys, so none is ever shown.
struct ProfileSettings: Sendable {
    /// By lower-case name.
    private(set) var values: [String: String] = [:]

    subscript(name: String) -> String? {
        get { values[name] }
        set { values[name] = newValue }
    }

    /// These and the other's, which have the last word.
    func merging(_ other: ProfileSettings) -> ProfileSettings {
        ProfileSettings(values: values.merging(other.values) { $1 })
    }
}

extension ProfileSettings: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable
{
    /// How many there are.
    var description: String { "ProfileSettings(\(values.count))" }

    /// The same as `description`.
    var debugDescription: String { description }

    /// A mirror without the settings.
    var customMirror: Mirror { Mirror(self, children: [:]) }
}
