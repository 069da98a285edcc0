internal import FoundationEssentials

/// What an answer says went wrong, in any of the three forms that AWS has for it.
struct AWSErrorAnswer {
    let code: String
    let message: String
    let region: String?
    let requestID: String?

    init(_ response: HTTPResponse) {
        let told = Self.fromJSON(response) ?? Self.fromXML(response)
        code = told?.code ?? Self.code(ofStatus: response.status)
        message = told?.message ?? ""
        region = response.headers["x-amz-bucket-region"] ?? told?.region
        requestID = Self.requestID(response) ?? told?.requestID
    }

    static func requestID(_ response: HTTPResponse) -> String? {
        response.headers["x-amz-request-id"] ?? response.headers["x-amzn-requestid"]
    }

    private struct Told {
        var code: String
        var message: String
        var region: String?
        var requestID: String?
    }

    private struct JSONError: Decodable {
        var __type: String?
        var code: String?
        var message: String?
        var Message: String?
    }

    // AWS JSON protocol: `__type` may be qualified, as in com.amazonaws.sqs#QueueDoesNotExist.
    private static func fromJSON(_ response: HTTPResponse) -> Told? {
        guard response.body.first(where: { $0 > UInt8(ascii: " ") }) == UInt8(ascii: "{"),
            // A body that is not JSON after all leaves the status to speak.
            let error = try? JSONDecoder().decode(JSONError.self, from: Data(response.body)),
            let type = response.headers["x-amzn-errortype"] ?? error.__type ?? error.code
        else { return nil }
        let name = type.split(separator: ":").first?.split(separator: "#").last ?? ""
        return Told(code: String(name), message: error.message ?? error.Message ?? "")
    }

    // S3: <Error>; the Query protocol: <ErrorResponse><Error>; EC2's form of it, in which
    // emulators answer for IAM and STS too: <Errors> around the <Error>.
    private static func fromXML(_ response: HTTPResponse) -> Told? {
        guard let root = XMLElementNode(parsing: response.body) else { return nil }
        let error = root.name == "Error" ? root : (root["Errors"] ?? root)["Error"]
        guard let error, let code = error["Code"]?.text, !code.isEmpty else { return nil }
        return Told(
            code: code, message: error["Message"]?.text ?? "", region: error["Region"]?.text,
            requestID: error["RequestId"]?.text ?? root["RequestId"]?.text)
    }

    // An answer to HEAD has no body, and what stands between us and AWS has its own words.
    private static func code(ofStatus status: Int) -> String {
        switch status {
        case 301: "PermanentRedirect"
        case 304: "NotModified"
        case 403: "AccessDenied"
        case 404: "NotFound"
        case 412: "PreconditionFailed"
        case 416: "InvalidRange"
        case 429: "TooManyRequests"
        case 503: "ServiceUnavailable"
        default: "HTTP\(status)"
        }
    }
}
