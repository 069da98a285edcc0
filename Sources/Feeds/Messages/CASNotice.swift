/// The Commerce Analytics Service has written a data set or has failed to, or describes one.
///
/// Commerce Analytics Service, `GenerateDataSet`.
struct CASNotice {
    let body: JSONObject

    init?(_ body: JSONObject) {
        guard body.has("dataSetRequestId") else { return nil }
        self.body = body
    }

    var notification: Notification {
        var notification = contents
        notification.messageID = body.word("dataSetRequestId")
        notification.dataSet = DataSetNotice(body)
        return notification
    }

    private var contents: Notification {
        if body.has("success") { return notice }
        if body.has("dataSetRequestParameters") || body.has("dataSetCoverageRange") {
            return metadata
        }
        var notification = Notification.unknown("a CAS notice without success")
        notification.pointers = pointers
        return notification
    }

    private var notice: Notification {
        switch body["success"]?.truth {
        case true:
            return written
        case false:
            // No object was written; the earlier snapshot stays, and may well be all there is.
            let cause = body.word("message") ?? "no reason given"
            return Notification(.casNotice, "CAS data set failed: \(cause)", isAlarming: true)
        default:
            var notification = Notification.unknown(
                "success of a CAS notice is neither true nor false")
            notification.pointers = pointers
            return notification
        }
    }

    private var written: Notification {
        let data = location("dataSetS3Location")
        let place = data?.location ?? "at no stated place"
        var notification = Notification(.casNotice, "CAS data set written: \(place)")
        notification.pointers = pointers
        if data == nil {
            notification.isAlarming = true
            notification.reason = "dataSetS3Location has no bucket name or key"
        }
        return notification
    }

    private var metadata: Notification {
        let type = body.members("dataSetRequestParameters").word("dataSetType") ?? "unnamed type"
        var notification = Notification(.casMetadata, "CAS metadata of \(type)")
        notification.pointers = pointers
        return notification
    }

    private var pointers: [Pointer] {
        ["dataSetS3Location", "dataSetMetaDataS3Location"].compactMap { location($0) }
    }

    // Keys are plain here. Of a `+` or `%` in a seller's prefix AWS says nothing.
    private func location(_ name: String) -> Pointer? {
        let place = body.members(name)
        guard let bucket = place.text("bucketName"), let key = place.text("key") else { return nil }
        return Pointer(bucket: bucket, key: key)
    }
}
