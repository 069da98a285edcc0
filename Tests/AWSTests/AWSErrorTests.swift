import Testing

@testable import AWS

@Suite struct AWSErrorTests {
    struct Case: CustomTestStringConvertible {
        let testDescription: String
        var status = 400
        var headers: [Substring] = []
        let body: String
        let code: String
        var message = "m"
        var requestID: String?
    }

    static let answers = [
        Case(
            testDescription: "S3", status: 404,
            body: "<?xml version=\"1.0\"?>\n<Error><Code>NoSuchKey</Code>"
                + "<Message>m</Message><RequestId>r</RequestId></Error>",
            code: "NoSuchKey", requestID: "r"),
        Case(
            testDescription: "Query",
            body: "<ErrorResponse xmlns=\"x\"><Error><Type>Sender</Type><Code>NotFound</Code>"
                + "<Message>m</Message></Error><RequestId>r</RequestId></ErrorResponse>",
            code: "NotFound", requestID: "r"),
        Case(
            testDescription: "Query, in EC2's form", status: 403,
            body: "<ErrorResponse><Errors><Error><Code>SignatureDoesNotMatch</Code>"
                + "<Message>m</Message></Error></Errors><RequestId>r</RequestId></ErrorResponse>",
            code: "SignatureDoesNotMatch", requestID: "r"),
        Case(
            testDescription: "JSON", headers: ["x-amzn-RequestId: r"],
            body: "{\"__type\":\"com.amazonaws.sqs#QueueDoesNotExist\",\"message\":\"m\"}",
            code: "QueueDoesNotExist", requestID: "r"),
        Case(
            testDescription: "JSON with its type in a header",
            headers: ["x-amzn-ErrorType: ThrottlingException:http://x/"],
            body: "{\"Message\":\"m\"}", code: "ThrottlingException"),
        Case(
            testDescription: "no body", status: 403, body: "", code: "AccessDenied", message: ""),
        Case(
            testDescription: "a proxy's page", status: 502, body: "<html><p>Bad gateway",
            code: "HTTP502", message: ""),
        Case(
            testDescription: "broken JSON", status: 500, body: "{\"__type\":", code: "HTTP500",
            message: ""),
    ]

    @Test(arguments: answers)
    func codeIsFoundInEveryForm(_ test: Case) {
        let error = error(test)
        #expect(error.code == test.code)
        #expect(error.message == test.message)
        #expect(error.requestID == test.requestID)
    }

    struct Sentence: CustomTestStringConvertible {
        let testDescription: String
        let status: Int
        let code: String
        let message: String
        let says: String
    }

    static let sentences = [
        Sentence(
            testDescription: "denied object", status: 403, code: "AccessDenied", message: "no",
            says: "s3://b/k: GetObject: AccessDenied: no (HTTP 403). Allow s3:GetObject on it, "
                + "in the role's policy and in the resource's; without s3:ListBucket a key that "
                + "does not exist is refused this way too"),
        Sentence(
            testDescription: "denied key", status: 403, code: "AccessDenied",
            message: "not authorized to perform: kms:Decrypt",
            says: "s3://b/k: GetObject: AccessDenied: not authorized to perform: kms:Decrypt "
                + "(HTTP 403). Allow kms:Decrypt on the key that encrypts it, in the role's "
                + "policy and in the key's"),
        Sentence(
            testDescription: "no bucket", status: 404, code: "NoSuchBucket", message: "no",
            says: "s3://b/k: GetObject: NoSuchBucket: no (HTTP 404). Check the bucket's name, "
                + "and that it was not deleted"),
        Sentence(
            testDescription: "no advice", status: 400, code: "Odd", message: "no",
            says: "s3://b/k: GetObject: Odd: no (HTTP 400)"),
    ]

    @Test(arguments: sentences)
    func descriptionSaysWhereWhatAndWhatToDo(_ test: Sentence) {
        let body = "<Error><Code>\(test.code)</Code><Message>\(test.message)</Message></Error>"
        let answer = Case(
            testDescription: "", status: test.status, body: body, code: test.code)
        #expect("\(error(answer))" == test.says)
    }

    private func error(_ test: Case) -> AWSError {
        var headers = HTTPHeaders()
        for line in test.headers { headers.append(line: line) }
        let request = HTTPRequest(method: "GET", host: "h")
        let call = AWSCall(
            .s3, "GetObject", resource: "s3://b/k", region: "r", request: request)
        let response = HTTPResponse(
            status: test.status, headers: headers, body: Array(test.body.utf8))
        return AWSError(call, response)
    }
}
