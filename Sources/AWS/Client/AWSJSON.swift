internal import FoundationEssentials

extension AWSClient {
    /// Calls an operation of a service that speaks the AWS JSON protocol.
    ///
    /// `target` is what stands before the operation in `X-Amz-Target`, as in `AmazonSQS`;
    /// `version` is that of the protocol, `1.0` or `1.1`.
    package func callJSON<Answer: Decodable>(
        _ service: AWSService, _ operation: AWSJSONOperation, _ input: some Encodable,
        resource: String = "", stop: (() -> Bool)? = nil
    ) throws -> Answer {
        let endpoint = try operation.endpoint ?? configuration.endpoint(of: service)
        var request = HTTPRequest(
            method: "POST", scheme: endpoint.scheme, host: endpoint.host, port: endpoint.port,
            path: endpoint.path + "/", body: .bytes(Array(try JSONEncoder().encode(input))))
        request.setHeader("Content-Type", "application/x-amz-json-\(operation.version)")
        request.setHeader("X-Amz-Target", "\(operation.target).\(operation.name)")
        request.stallSeconds = operation.stallSeconds
        let call = AWSCall(
            service, operation.name, resource: resource, region: endpoint.region,
            request: request)
        let response = try perform(call, stop: stop)
        do {
            let body = response.body.isEmpty ? Data("{}".utf8) : Data(response.body)
            return try JSONDecoder().decode(Answer.self, from: body)
        } catch {
            throw AWSError(
                call, code: AWSErrorCode.invalidResponse, "\(error)", response: response)
        }
    }
}

/// An operation of the AWS JSON protocol, by the names its requests carry.
package struct AWSJSONOperation: Sendable {
    /// As in `AmazonSQS`.
    package var target: String
    /// As in `ReceiveMessage`.
    package var name: String
    /// Of the protocol: `1.0` or `1.1`.
    package var version: String
    /// Nil for the service's own in the client's region.
    package var endpoint: AWSEndpoint?
    /// See `HTTPRequest.stallSeconds`.
    package var stallSeconds: Int?

    /// `target` and `version` as the service's model gives them.
    package init(target: String, name: String, version: String) {
        self.target = target
        self.name = name
        self.version = version
        endpoint = nil
        stallSeconds = nil
    }
}

/// An answer, or a question, that says nothing.
package struct AWSNothing: Codable, Sendable {
    /// The empty document.
    package init() {}
}
