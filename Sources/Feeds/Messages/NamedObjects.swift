/// The objects that a message of no known shape names, wherever in it.
///
/// Trails, restores, batch jobs, functions and input transformers put a bucket and a key into JSON
/// of their own making. Each is a hint to look, as any other; so it is enough to find them.
struct NamedObjects {
    /// In the order in which they were found, each once.
    private(set) var pointers: [Pointer] = []

    // A message may make us look at so many objects, and no more.
    private static let pointersMax = 100
    // JSON as text inside JSON: what a function or a topic passed on.
    private static let nestedMax = 3
    private static let bucketNames: Set = [
        "bucket", "bucketname", "s3bucket", "s3bucketname", "bucketarn", "s3bucketarn",
    ]
    private static let keyNames: Set = [
        "key", "s3key", "objectkey", "object", "s3object", "s3objectkey", "keyname",
    ]

    init(in value: JSONValue) { walk(value, bucket: nil, nested: 0) }

    init(in text: String) { addPlace(text) }

    private mutating func walk(_ value: JSONValue, bucket: String?, nested: Int) {
        guard pointers.count < Self.pointersMax else { return }
        switch value {
        case .object(let members):
            let bucket = Self.bucket(of: members) ?? bucket
            addKeys(members, bucket)
            // Sorted, so that the same message always names the same first hundred.
            for (_, member) in members.sorted(by: { $0.key < $1.key }) {
                walk(member, bucket: bucket, nested: nested)
            }
        case .array(let elements):
            for element in elements { walk(element, bucket: bucket, nested: nested) }
        case .text(let text):
            addPlace(text)
            if nested < Self.nestedMax, text.utf8.first.map({ "{[".utf8.contains($0) }) == true,
                let inner = JSONValue.parse(text)
            {
                walk(inner, bucket: bucket, nested: nested + 1)
            }
        default: return
        }
    }

    /// The keys among the members of an object, each as text or as an object with it; the bucket is
    /// named beside them or further out.
    private mutating func addKeys(_ members: JSONObject, _ bucket: String?) {
        guard let bucket else { return }
        for (name, value) in members.sorted(by: { $0.key < $1.key })
        where Self.keyNames.contains(Self.folded(name)) {
            let inner = value.object.flatMap { $0.text("key", "Key", "name") }
            if let key = value.text ?? inner { add(bucket, key) }
        }
    }

    private static func bucket(of members: JSONObject) -> String? {
        members.sorted { $0.key < $1.key }.lazy
            .filter { bucketNames.contains(folded($0.key)) }
            .compactMap { _, value in
                value.text ?? value.object.flatMap { $0.text("name", "bucketName", "Name") }
            }
            .map { text in
                text.firstRange(of: ":s3:::").map { String(text[$0.upperBound...]) } ?? text
            }.first
    }

    /// `s3://bucket/key`, `arn:aws:s3:::bucket/key` or the object's address, as a text by itself or
    /// between blanks, quotes and the like.
    private mutating func addPlace(_ text: String) {
        guard text.utf8.count <= Self.textBytesMax else { return }
        if let (bucket, key) = Self.split(text.trimmed[...]) { add(bucket, key) }
        for word in text.split(whereSeparator: { " \t\r\n\"'<>,;()[]{}".contains($0) }) {
            guard pointers.count < Self.pointersMax else { return }
            if let (bucket, key) = Self.split(word) { add(bucket, key) }
        }
    }

    private static let textBytesMax = 1 << 20

    private static func split(_ text: Substring) -> (bucket: String, key: String)? {
        var rest = text
        if text.beginsExactly(with: "s3://") {
            rest = text.dropFirst(5)
        } else if text.beginsExactly(with: "arn:aws"), let mark = text.firstRange(of: ":s3:::") {
            rest = text[mark.upperBound...]
        } else if text.beginsExactly(with: "https://"), let place = path(ofAddress: text) {
            rest = place
        } else {
            return nil
        }
        let parts = rest.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty else { return nil }
        return (String(parts[0]), String(parts[1]))
    }

    /// "bucket/key" of `https://bucket.s3.region.amazonaws.com/key?query`, in which the bucket may as
    /// well begin the path, and the region may be missing.
    private static func path(ofAddress text: Substring) -> Substring? {
        let parts = text.dropFirst("https://".count).prefix { $0 != "?" && $0 != "#" }
            .split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2 else { return nil }
        let labels = parts[0].split(separator: ".", omittingEmptySubsequences: false)
        guard let domain = labels.lastIndex(of: "amazonaws"),
            let service = labels[..<domain].lastIndex(where: {
                $0.isExactly("s3") || $0.beginsExactly(with: "s3-")
            })
        else { return nil }
        let bucket = labels[..<service].joined(separator: ".")
        return bucket.isEmpty ? parts[1] : Substring("\(bucket)/\(parts[1])")
    }

    private mutating func add(_ bucket: String, _ key: String) {
        guard pointers.count < Self.pointersMax else { return }
        // Whether a sender encodes keys as S3's own events do, only trying tells.
        let pointer = Pointer(bucket: bucket, key: key).withOtherKey()
        let isKnown = pointers.contains {
            $0.key.isExactly(key) && ($0.bucket ?? "").isExactly(bucket)
        }
        if !isKnown { pointers.append(pointer) }
    }

    private static func folded(_ name: String) -> String {
        name.lowercased().filter { $0.isASCII && ($0.isLetter || $0.isNumber) }
    }
}

extension Notification {
    /// The same, with the objects that the whole message names where its shape alone names none.
    func withNamedObjects(of value: @autoclosure () -> JSONValue?, _ body: String) -> Notification {
        guard [.unknown, .eventBridgeOther].contains(kind), pointers.isEmpty else { return self }
        let named = value().map { NamedObjects(in: $0) } ?? NamedObjects(in: body)
        guard !named.pointers.isEmpty else { return self }
        var notification = self
        notification.pointers = named.pointers
        notification.areGuessed = true
        return notification
    }
}
