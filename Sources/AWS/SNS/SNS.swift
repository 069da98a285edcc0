/// The calls of Amazon SNS that we make, in its Query protocol.
package struct SNS {
    let client: AWSClient

    // The API's only version.
    private static let version = "2010-03-31"

    /// Calls go through `client`, which signs and retries them.
    package init(client: AWSClient) { self.client = client }

    /// Creates a topic, or finds the one of that name; returns its ARN.
    package func createTopic(name: String) throws -> String {
        try call("CreateTopic", name, [("Name", name)], answer: "TopicArn")
    }

    /// Has a topic's messages sent to a queue; returns the subscription's ARN.
    ///
    /// With `rawMessageDelivery` the queue gets the bare message, without SNS's envelope.
    package func subscribe(
        topicARN: String, queueARN: String, rawMessageDelivery: Bool = false
    ) throws -> String {
        try call(
            "Subscribe", topicARN,
            [
                ("TopicArn", topicARN), ("Protocol", "sqs"), ("Endpoint", queueARN),
                ("ReturnSubscriptionArn", "true"),
                ("Attributes.entry.1.key", "RawMessageDelivery"),
                ("Attributes.entry.1.value", rawMessageDelivery ? "true" : "false"),
            ], answer: "SubscriptionArn")
    }

    /// Publishes a message; returns its id.
    @discardableResult
    package func publish(topicARN: String, message: String) throws -> String {
        try call(
            "Publish", topicARN, [("TopicArn", topicARN), ("Message", message)],
            answer: "MessageId")
    }

    private func call(
        _ operation: String, _ resource: String, _ fields: [(String, String)], answer: String
    ) throws -> String {
        let endpoint = try client.configuration.endpoint(of: .sns)
        let call = AWSCall(
            .sns, operation, resource: resource, region: endpoint.region,
            request: request(
                [("Action", operation), ("Version", Self.version)] + fields, endpoint))
        let response = try client.perform(call)
        let root = XMLElementNode(parsing: response.body)
        guard let text = root?["\(operation)Result"]?[answer]?.text, !text.isEmpty else {
            throw AWSError(
                call, code: AWSErrorCode.invalidResponse, "the answer has no \(answer)",
                response: response)
        }
        return text
    }

    private func request(
        _ fields: [(String, String)], _ endpoint: AWSEndpoint
    ) -> HTTPRequest {
        let form = fields.map { "\($0)=\(PercentEncoding.encode($1))" }.joined(separator: "&")
        var request = HTTPRequest(
            method: "POST", scheme: endpoint.scheme, host: endpoint.host, port: endpoint.port,
            path: endpoint.path + "/", body: .bytes(Array(form.utf8)))
        request.setHeader("Content-Type", "application/x-www-form-urlencoded; charset=utf-8")
        return request
    }
}
