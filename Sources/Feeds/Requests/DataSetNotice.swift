/// What a CAS notice says of the request that it answers.
package struct DataSetNotice: Sendable, Equatable {
    package enum Outcome: Sendable, Equatable {
        case written
        /// In AWS's own words, which are listed nowhere.
        case failed(String)
    }

    /// Id that AWS gave the request; never empty.
    package let requestID: String
    /// `ingest.request.request_key`, where AWS returned it.
    package let requestKey: Int64?
    package let outcome: Outcome

    /// Name of the pair among the customer defined values that carries our own key.
    package static let keyName = "sluice"

    init?(_ body: JSONObject) {
        guard let id = body.word("dataSetRequestId").flatMap(Self.id) else { return nil }
        switch body["success"]?.truth {
        case true: outcome = .written
        case false: outcome = .failed(body.word("message") ?? "no reason given")
        default: return nil
        }
        requestID = id
        requestKey = Self.key(of: body)
    }

    // AWS gives UUIDs; an index takes no long text.
    private static let idBytesMax = 256

    /// The id, unless it can be none.
    static func id(_ text: String) -> String? { text.utf8.count <= idBytesMax ? text : nil }

    /// Our own key among the values that AWS returns; where exactly is not documented, and another
    /// program's values may be there as well.
    static func key(of body: JSONObject) -> Int64? {
        let parameters = body.members("dataSetRequestParameters")
        return [body, parameters].lazy
            .compactMap { $0.members("customerDefinedValues")[keyName]?.count }.first
    }
}
