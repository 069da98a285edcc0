/// Events that S3 publishes by itself, to SQS or through SNS; keys are form-encoded.
///
/// Amazon S3, "Event message structure".
struct S3Event {
    let records: [JSONValue]

    init?(_ body: JSONObject) {
        guard let records = body["Records"]?.array,
            records.first?.object?.word("eventSource") == "aws:s3"
        else { return nil }
        self.records = records
    }

    var notification: Notification {
        var pointers: [Pointer] = []
        var others: [String] = []
        var reasons: [String] = []
        for (index, record) in records.enumerated() {
            switch S3Record(record).content {
            case .created(let pointer): pointers.append(pointer)
            case .other(let name): others.append(name)
            case .unreadable(let reason): reasons.append("Records[\(index)]: \(reason)")
            }
        }
        var notification = Notification(.s3Event, Self.summary(pointers, others))
        notification.pointers = pointers
        if let reason = reasons.first { notification.fail(reason) }
        return notification
    }

    private static func summary(_ pointers: [Pointer], _ others: [String]) -> String {
        let first = (pointers.first?.location).map { " (\($0))" } ?? ""
        let ignored = (others.first).map { ", \(others.count) other (\($0))" } ?? ""
        return "S3: \(pointers.count) created\(first)\(ignored)"
    }
}

/// One entry of an S3 event.
private struct S3Record {
    enum Content {
        case created(Pointer)  // a file to look at
        case other(String)  // removed, tagged: recorded, and never removes loaded rows
        case unreadable(String)  // why
    }

    let record: JSONObject?

    init(_ value: JSONValue) { record = value.object }

    var content: Content {
        guard let record else { return .unreadable("not an object") }
        guard record.word("eventSource") == "aws:s3" else { return .other("not from S3") }
        guard let name = record.word("eventName") else { return .unreadable("no eventName") }
        // Some S3-compatible services keep the prefix that S3 uses only in configurations.
        let event = name.hasPrefix("s3:") ? String(name.dropFirst(3)) : name
        // An object that was brought back from an archive can be read again.
        guard event.hasPrefix("ObjectCreated:") || event == "ObjectRestore:Completed" else {
            return .other(event)
        }
        // AWS promises that new fields raise only the minor number.
        if let version = record.word("eventVersion"), !version.hasPrefix("2.") {
            return .unreadable("eventVersion \(version) is not 2.x")
        }
        return created(record.members("s3"))
    }

    private func created(_ s3: JSONObject) -> Content {
        let object = s3.members("object")
        guard let bucket = s3.members("bucket").text("name") else {
            return .unreadable("no bucket name")
        }
        guard let encoded = object.text("key") else { return .unreadable("no object key") }
        guard let key = FormEncoding.decode(encoded) else {
            return .unreadable("the key \(encoded) is not form-encoded UTF-8")
        }
        var pointer = Pointer(bucket: bucket, key: key)
        pointer.eTag = object.text("eTag")?.unquoted
        pointer.versionID = object.text("versionId")
        pointer.size = object["size"]?.count
        pointer.sequencer = object.word("sequencer").flatMap { Sequencer($0) }
        return .created(pointer)
    }
}

/// What S3 sends once when notifications are configured.
struct S3TestEvent {
    let body: JSONObject

    init?(_ body: JSONObject) {
        guard body.word("Event") == "s3:TestEvent", !body.has("Records") else { return nil }
        self.body = body
    }

    var notification: Notification {
        Notification(
            .s3TestEvent, "S3 test event of bucket \(body.word("Bucket") ?? "without a name")")
    }
}

extension String {
    /// Without the quotes that HTTP puts around entity tags; events leave them out.
    var unquoted: String {
        count >= 2 && first == "\"" && last == "\"" ? String(dropFirst().dropLast()) : self
    }
}
