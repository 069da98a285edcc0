/// An element of `processedFiles` in an SDDS notice, whose form AWS has not published.
struct ProcessedFile {
    private static let keyNames: Set = [
        "key", "s3key", "objectkey", "path", "s3path", "file", "filename", "filepath", "name",
        "location",
        "s3location", "uri", "s3uri", "url", "object",
    ]
    private static let bucketNames: Set = ["bucket", "bucketname", "s3bucket", "s3bucketname"]

    /// The file, or nil when the element names none in a way we can read.
    let pointer: Pointer?

    init(_ element: JSONValue) {
        pointer = Self.pointer(element, isNested: false)
    }

    private static func pointer(_ element: JSONValue, isNested: Bool) -> Pointer? {
        if let text = element.text { return pointer(text, bucket: nil) }
        // Sorted, so that two members that both look like a key always give the same answer.
        let members = (element.object ?? [:]).sorted { $0.key < $1.key }
        let bucket = members.first { bucketNames.contains(fold($0.key)) && $0.value.text != nil }
        for (name, value) in members where keyNames.contains(fold(name)) {
            if let text = value.text, let found = pointer(text, bucket: bucket?.value.text) {
                return found
            }
            if !isNested, var found = pointer(value, isNested: true) {
                found.bucket = found.bucket ?? bucket?.value.text
                return found
            }
        }
        return nil
    }

    private static func pointer(_ text: String, bucket: String?) -> Pointer? {
        let (uriBucket, key) = split(text.trimmed)
        let pointer = Pointer(bucket: uriBucket ?? bucket, key: key).withOtherKey()
        return isMonthFile(key) || isMonthFile(pointer.otherKey ?? "") ? pointer : nil
    }

    /// `s3://bucket/key` and `arn:aws:s3:::bucket/key` in two, anything else as a key.
    private static func split(_ text: String) -> (bucket: String?, key: String) {
        for prefix in ["s3://", "arn:aws:s3:::"] where text.lowercased().hasPrefix(prefix) {
            let parts = text.dropFirst(prefix.count).split(separator: "/", maxSplits: 1)
            if parts.count == 2 { return (String(parts[0]), String(parts[1])) }
        }
        return (nil, text)
    }

    // Documented for every feed: <feed>/year=YYYY/month=MM/data.csv. A name without its folder
    // says too little to find the object by.
    private static func isMonthFile(_ key: String) -> Bool {
        let folded = key.lowercased()
        return folded.contains("/year=")
            && (folded.hasSuffix(".csv") || folded.hasSuffix(".csv.gz"))
    }

    private static func fold(_ name: String) -> String {
        name.lowercased().filter { $0.isLetter || $0.isNumber }
    }
}
