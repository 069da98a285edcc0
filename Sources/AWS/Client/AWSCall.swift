/// One call of a service's operation, not signed yet, as often as it takes.
package struct AWSCall: Sendable {
    /// Whose operation it is.
    package let service: AWSService
    /// The action's name, for errors.
    package let operation: String
    /// What it is about, for errors.
    package let resource: String
    /// The region in the signature.
    package let region: String
    /// What is signed and sent, once an attempt.
    package let request: HTTPRequest
    /// What the signature says of the body.
    package let payload: SigV4.Payload

    /// A call whose payload is signed as the request's body says; a file's is left unsigned.
    package init(
        _ service: AWSService, _ operation: String, resource: String, region: String,
        request: HTTPRequest
    ) {
        self.service = service
        self.operation = operation
        self.resource = resource
        self.region = region
        self.request = request
        switch request.body {
        case .empty: payload = .empty
        case .bytes(let bytes): payload = .body(bytes)
        case .file: payload = .unsigned  // reading it twice to hash it is what TLS spares us
        }
    }
}

extension AWSError {
    /// An answer that is not a success.
    init(_ call: AWSCall, _ response: HTTPResponse) {
        let told = AWSErrorAnswer(response)
        self.init(
            service: call.service.id, operation: call.operation, resource: call.resource,
            code: told.code, message: told.message, httpStatus: response.status,
            requestID: told.requestID, curlCode: nil, bucketRegion: told.region,
            isTransportTransient: false)
    }

    /// No answer, or not a whole one.
    init(_ call: AWSCall, _ error: HTTPError) {
        let code =
            switch error.kind {
            case .interrupted: AWSErrorCode.interrupted
            case .tooLarge: AWSErrorCode.tooLarge
            case .transport: AWSErrorCode.transport
            }
        self.init(
            service: call.service.id, operation: call.operation, resource: call.resource,
            code: code, message: "\(error.location): \(error.message)", httpStatus: nil,
            requestID: nil, curlCode: error.curlCode, bucketRegion: nil,
            isTransportTransient: error.isTransient)
    }

    /// An answer that came, and is not what was asked for; `code` is one of ours.
    init(_ call: AWSCall, code: String, _ message: String, response: HTTPResponse? = nil) {
        self.init(
            service: call.service.id, operation: call.operation, resource: call.resource,
            code: code, message: message, httpStatus: response?.status,
            requestID: response.flatMap(AWSErrorAnswer.requestID), curlCode: nil,
            bucketRegion: nil, isTransportTransient: false)
    }
}
