import Support

@testable import AWS

/// S3's way to say that something went wrong.
func s3Error(
    _ status: Int, _ code: String, _ headers: [String] = [], extra: String = ""
) -> HTTPFaultProxy.Fault {
    .answer(
        status: status, headers: headers,
        body: "<Error><Code>\(code)</Code><Message>m</Message>\(extra)</Error>")
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
