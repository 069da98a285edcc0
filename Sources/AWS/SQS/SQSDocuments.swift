// The JSON documents of the operations, property for property as the service's model has them.

struct ReceiveInput: Encodable {
    var QueueUrl: String
    var MaxNumberOfMessages: Int
    var WaitTimeSeconds: Int
    var VisibilityTimeout: Int?
    var MessageSystemAttributeNames = ["ApproximateReceiveCount", "SentTimestamp"]
    var MessageAttributeNames = ["All"]
}

struct ReceiveAnswer: Decodable {
    var Messages: [MessageDocument]?
}

struct MessageDocument: Decodable {
    struct Attribute: Decodable {
        var StringValue: String?
    }

    var MessageId: String
    var ReceiptHandle: String
    var Body: String
    var Attributes: [String: String]?
    var MessageAttributes: [String: Attribute]?
}

extension SQSMessage {
    init(_ document: MessageDocument) {
        messageID = document.MessageId
        receiptHandle = document.ReceiptHandle
        body = document.Body
        attributes = document.Attributes ?? [:]
        messageAttributes = (document.MessageAttributes ?? [:]).compactMapValues(\.StringValue)
    }
}

struct Batch: Encodable {
    var QueueUrl: String
    var Entries: [BatchEntry]
}

struct BatchEntry: Encodable {
    var Id: String
    var ReceiptHandle: String?
    var VisibilityTimeout: Int?
    var MessageBody: String?
    var MessageAttributes: [String: SentAttribute]?
}

struct SentAttribute: Encodable {
    var DataType = "String"
    var StringValue: String
}

struct BatchAnswer: Decodable {
    struct Failure: Decodable {
        var Id: String
        var Code: String
        var Message: String?
        var SenderFault: Bool?
    }

    var Failed: [Failure]?
}

struct AttributesInput: Encodable {
    var QueueUrl: String
    var AttributeNames: [String]
}

struct AttributesAnswer: Decodable {
    var Attributes: [String: String]?
}

struct SetAttributesInput: Encodable {
    var QueueUrl: String
    var Attributes: [String: String]
}

struct CreateInput: Encodable {
    var QueueName: String
    var Attributes: [String: String]
}

struct FindInput: Encodable {
    var QueueName: String
    var QueueOwnerAWSAccountId: String
}

struct QueueAnswer: Decodable {
    var QueueUrl: String
}
