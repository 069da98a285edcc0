/// An event that came over EventBridge: S3, agreements and licences, catalogue, account.
///
/// Amazon EventBridge, "Event structure"; AWS Marketplace Seller Guide, "Amazon EventBridge
/// events".
struct EventBridgeEvent {
    let body: JSONObject
    private let detail: JSONObject

    init?(_ body: JSONObject) {
        guard body.has("detail-type"), body.has("source") else { return nil }
        self.body = body
        detail = body.members("detail")
    }

    var notification: Notification {
        var notification = contents
        notification.messageID = body.word("id")
        // What S3 says leads to files, and needs no row of its own.
        if ![.unknown, .eventBridgeS3].contains(notification.kind), body.word("source") != "aws.s3"
        {
            notification.content = EventContent(
                source: body.word("source") ?? "", type: body.word("detail-type") ?? "",
                id: body.word("id"), timePath: "time", body: body)
        }
        return notification
    }

    private var contents: Notification {
        guard let source = body.word("source"), let type = body.word("detail-type") else {
            return .unknown("source or detail-type of an EventBridge event is not text")
        }
        switch source {
        case "aws.s3":
            return s3(type)
        case "aws.agreement-marketplace":
            return agreement(type)
        case "aws.marketplacecatalog":
            return Notification(.eventBridgeCatalog, "catalogue: \(type)")
        case "aws.marketplace":
            // Without valid bank details AWS stops paying out.
            let isPaused = Self.folded(type) == "disbursement paused"
            return Notification(
                .eventBridgeMarketplace, "Marketplace: \(type)", isAlarming: isPaused)
        default:
            return Notification(.eventBridgeOther, "EventBridge: \(type) from \(source)")
        }
    }

    private func s3(_ type: String) -> Notification {
        let object = detail.members("object")
        // A trail names what was asked of S3 by whom, with the object among the parameters.
        if type == "AWS API Call via CloudTrail" {
            return Notification(.eventBridgeOther, "S3: \(type)")
        }
        guard ["object created", "object restore completed"].contains(Self.folded(type)) else {
            return Notification(.eventBridgeS3, "S3: \(type), \(object.text("key") ?? "no key")")
        }
        guard let bucket = detail.members("bucket").text("name"), let key = object.text("key")
        else {
            return .unknown("an S3 event over EventBridge without bucket name or object key")
        }
        // Not encoded, as far as anybody has seen; AWS does not say so.
        var pointer = Pointer(bucket: bucket, key: key).withOtherKey()
        pointer.eTag = object.text("etag")?.unquoted
        pointer.versionID = object.text("version-id")
        pointer.size = object["size"]?.count
        pointer.sequencer = object.word("sequencer").flatMap { Sequencer($0) }
        var notification = Notification(.eventBridgeS3, "S3: 1 created (\(pointer.location))")
        notification.pointers = [pointer]
        return notification
    }

    private func agreement(_ type: String) -> Notification {
        let isLicense = Self.folded(type).hasPrefix("license ")
        let event = MarketplaceEvent(type, detail: detail)
        let subject = event.agreementID ?? "an agreement without id"
        var notification = Notification(
            isLicense ? .eventBridgeLicense : .eventBridgeAgreement, "\(type): \(subject)")
        notification.event = event
        return notification
    }

    /// Lower case, with dashes of any length and blanks as one space: AWS prints the types both
    /// ways.
    static func folded(_ type: String) -> String {
        type.lowercased().split { $0.isWhitespace || "-‐‑‒–—".contains($0) }
            .joined(separator: " ")
    }
}
