/// An object in S3 that a notification asks to look at.
///
/// Only a hint: whether the object is there, and which version is the newest, S3 alone can tell,
/// and whether this seller may name that bucket is for the receiver to check.
package struct Pointer: Sendable, Equatable {
    /// Name of the bucket; nil where the message gives only a key.
    package var bucket: String?
    /// Key of the object, decoded where its publisher encodes keys.
    package var key: String
    /// The key decoded as a form value, where it differs and nobody says whether the publisher
    /// encodes.
    ///
    /// To be tried only when `key` is of no known kind.
    package var otherKey: String?
    /// Entity tag without quotes: equal or not, nothing else can be read from it.
    package var eTag: String?
    /// Version id; nil in a bucket without versions, the word `null` for objects older than
    /// versioning.
    package var versionID: String?
    /// Bytes.
    package var size: Int64?
    /// Order among the events of this key.
    package var sequencer: Sequencer?

    /// Points at a key; everything else is unknown until set.
    package init(bucket: String?, key: String) {
        self.bucket = bucket
        self.key = key
    }

    /// Whether the object is the description beside a CAS data set and not data.
    package var isMetadata: Bool { key.lowercased().hasSuffix(".meta.json") }
}

extension Pointer {
    /// The keys that may be meant, the likelier first.
    package var keys: [String] { [key] + [otherKey].compactMap(\.self) }

    /// The same with `otherKey` filled in, for publishers of whom AWS does not say how they write
    /// keys.
    func withOtherKey() -> Pointer {
        var pointer = self
        let decoded = FormEncoding.decode(key)
        pointer.otherKey = decoded == key ? nil : decoded
        return pointer
    }

    /// `s3://bucket/key`, or the key alone.
    var location: String { bucket.map { "s3://\($0)/\(key)" } ?? key }
}
