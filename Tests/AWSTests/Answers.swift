@testable import AWS

/// The text of an HTTP answer, for a `FaultProxy` to give.
func answer(
    _ status: String, _ headers: [String] = [], _ body: String = ""
) -> FaultProxy.Fault {
    let lines =
        ["HTTP/1.1 \(status)", "Content-Length: \(body.utf8.count)", "Connection: close"]
        + headers
    return .answer(lines.joined(separator: "\r\n") + "\r\n\r\n" + body)
}

/// S3's way to say that something went wrong.
func s3Error(
    _ status: String, _ code: String, _ headers: [String] = [], extra: String = ""
) -> FaultProxy.Fault {
    answer(status, headers, "<Error><Code>\(code)</Code><Message>m</Message>\(extra)</Error>")
}

/// The error of a call that must fail.
func awsError(_ call: () throws -> Void) -> AWSError? {
    do {
        try call()
        return nil
    } catch {
        return error as? AWSError
    }
}
