internal import FoundationEssentials

/// What a session of a seller's role may do at most, whatever the role itself allows.
///
/// A role that may read more than Sluice needs is then no danger: a session reads the seller's
/// places, works on queues of the account of its queue, and asks Marketplace for the seller.
/// Source: IAM User Guide, "Session policies".
package struct SessionPolicy: Sendable {
    private let partition: String
    private let places: [(bucket: String, prefix: String)]
    private let accountID: String
    private let queueURL: String?
    private let asksForDataSets: Bool

    // STS API Reference, "AssumeRole": the plain text's most characters.
    static let charactersMax = 2048

    /// `accountID` owns the buckets; `places` are what may be read in them.
    package init(
        roleARN: String, accountID: String, places: [(bucket: String, prefix: String)],
        queueURL: String?, asksForDataSets: Bool
    ) {
        partition = (AWSPartition.of(arn: roleARN) ?? .standard).id
        self.places = places
        self.accountID = accountID
        self.queueURL = queueURL
        self.asksForDataSets = asksForDataSets
    }

    /// The JSON text: as narrow as fits into what STS takes.
    ///
    /// By place, else by bucket, else all buckets of the account that must own them.
    package var text: String {
        get throws {
            let choices = try [byLocation, byBucket, byAccount].map(json)
            return choices.first { $0.utf8.count <= Self.charactersMax } ?? choices[2]
        }
    }

    private var byLocation: [Statement] {
        files(
            objects: places.flatMap { place -> [String] in
                let object = arn("\(place.bucket)/\(escaped(place.prefix))")
                let isFolder = place.prefix.isEmpty || place.prefix.hasSuffix("/")
                return isFolder ? [object + "*"] : [object, object + "/*"]
            })
    }

    private var byBucket: [Statement] {
        files(objects: Set(places.map(\.bucket)).map { arn("\($0)/*") })
    }

    private var byAccount: [Statement] {
        var statement = Statement(["s3:GetObject", "s3:ListBucket"], [arn("*")])
        statement.condition = ["StringEquals": ["s3:ResourceAccount": [accountID]]]
        return [statement]
    }

    // ListBucket without a prefix: else S3 answers 403 where it should say that a key is not there.
    private func files(objects: [String]) -> [Statement] {
        guard !objects.isEmpty else { return [] }
        let buckets = Set(places.map(\.bucket)).map(arn)
        return [
            Statement(["s3:GetObject"], objects.sorted()),
            Statement(["s3:ListBucket"], buckets.sorted()),
        ]
    }

    private var others: [Statement] {
        var statements: [Statement] = []
        // Every queue of the account: which one has the dead letters, only the queue itself says.
        if let queue = queueURL.flatMap({ QueueAddress($0) }) {
            let actions = [
                "ReceiveMessage", "DeleteMessage", "ChangeMessageVisibility", "GetQueueAttributes",
                "GetQueueUrl", "SendMessage",
            ]
            statements.append(
                Statement(
                    actions.map { "sqs:\($0)" },
                    ["arn:\(partition):sqs:\(queue.region ?? "*"):\(queue.account):*"]))
        }
        var keys = Statement(["kms:Decrypt"], ["*"])
        keys.condition = ["StringLike": ["kms:ViaService": ["s3.*", "sqs.*"]]]
        statements.append(keys)
        var asking = ["aws-marketplace:GetEntitlements"]
        if asksForDataSets {
            asking += [
                "marketplacecommerceanalytics:GenerateDataSet",
                "marketplacecommerceanalytics:StartSupportDataExport",
            ]
        }
        return statements + [Statement(asking, ["*"])]
    }

    private func arn(_ resource: String) -> String { "arn:\(partition):s3:::\(resource)" }

    // IAM User Guide, "Policy variables": these three stand for themselves so.
    private func escaped(_ prefix: String) -> String {
        prefix.map { "*?$".contains($0) ? "${\($0)}" : String($0) }.joined()
    }

    private func json(_ files: [Statement]) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(
            decoding: try encoder.encode(Document(Statement: files + others)), as: UTF8.self)
    }
}

private struct Document: Encodable {
    let Version = "2012-10-17"
    let Statement: [Statement]
}

private struct Statement: Encodable {
    private let effect = "Allow"
    private let actions: [String]
    private let resources: [String]
    var condition: [String: [String: [String]]]?

    init(_ actions: [String], _ resources: [String]) {
        self.actions = actions
        self.resources = resources
    }

    private enum CodingKeys: String, CodingKey {
        case effect = "Effect"
        case actions = "Action"
        case resources = "Resource"
        case condition = "Condition"
    }
}
