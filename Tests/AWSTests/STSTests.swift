import Foundation
import Support
import Testing

@testable import AWS

@Suite struct STSTests {
    /// What `sts_moto.py` prints.
    struct Moto: Decodable {
        let role: String
        let externalID: String
        let key: String
        let secret: String

        static let shared = Result {
            let made = try LocalAWS.shared(.moto).python(AWSFixture.text("sts_moto.py"))
            return try JSONDecoder().decode(Moto.self, from: Data(made.utf8))
        }

        var user: FixedCredentials {
            FixedCredentials(AWSCredentials(accessKeyID: key, secretAccessKey: secret))
        }

        func configuration() throws -> AWSConfiguration {
            let url = try LocalAWS.shared(.moto).endpoint
            return try AWSConfiguration(
                region: "us-east-1", environment: ["AWS_ENDPOINT_URL": url])
        }

        func assumed(externalID: String, as source: FixedCredentials) throws -> AssumedRole {
            AssumedRole(
                RoleSession(roleARN: role, externalID: externalID, durationSeconds: 900),
                source: source, configuration: try configuration())
        }
    }

    @Test func roleWithItsExternalIDMayDoWhatItsPolicySays() throws {
        let moto = try Moto.shared.get()
        let role = try moto.assumed(externalID: moto.externalID, as: moto.user)
        let now = Date()
        let credentials = try role.credentials(now: now)
        #expect(credentials.sessionToken != nil)
        let lifetime = try #require(credentials.expiration).timeIntervalSince(now)
        #expect(abs(lifetime - 900) < 60)

        let client = AWSClient(
            configuration: try moto.configuration(), credentials: CachedCredentials(role) { _ in })
        #expect(try client.perform(sqs("ListQueues", "{}", moto)).status == 200)
        let refused = try #require(throws: AWSError.self) {
            try client.perform(sqs("CreateQueue", "{\"QueueName\":\"q\"}", moto))
        }
        #expect(refused.isAccessDenied)
    }

    @Test func wrongExternalIDIsDenied() throws {
        let moto = try Moto.shared.get()
        let role = try moto.assumed(externalID: "another", as: moto.user)
        let error = try #require(throws: AWSError.self) { try role.credentials(now: Date()) }
        #expect(error.isAccessDenied)
        #expect("\(error)".contains(moto.role))
        #expect(!"\(error)".contains(moto.secret))
    }

    @Test func wrongSecretIsRefused() throws {
        let moto = try Moto.shared.get()
        let source = FixedCredentials(AWSCredentials(accessKeyID: moto.key, secretAccessKey: "x"))
        let role = try moto.assumed(externalID: moto.externalID, as: source)
        let error = try #require(throws: AWSError.self) { try role.credentials(now: Date()) }
        #expect(error.httpStatus == 403)
        #expect(error.code == "SignatureDoesNotMatch")
    }

    @Test(arguments: [true, false]) func passingTroubleIsTriedAgain(signed: Bool) throws {
        #expect(try ask("flaky", signed: signed).accessKeyID.hasPrefix("flaky-\(signed) by "))
    }

    @Test(arguments: [true, false]) func refusalNamesTheRoleAndTheCode(signed: Bool) throws {
        let error = try #require(throws: AWSError.self) { try ask("denied", signed: signed) }
        #expect(error.code == "AccessDenied")
        #expect(error.httpStatus == 403)
        #expect(error.requestID == "r-2")
        CredentialChainTests.expectNoSecret(in: error)
    }

    @Test(arguments: [true, false]) func answerWithoutCredentialsIsAnError(signed: Bool) throws {
        let error = try #require(throws: AWSError.self) { try ask("garbled", signed: signed) }
        #expect(error.code == AWSErrorCode.invalidResponse)
        CredentialChainTests.expectNoSecret(in: error)
    }

    @Test func endpointIsThatOfTheRegion() throws {
        let configuration = try AWSConfiguration(region: "eu-west-3", environment: [:])
        #expect(try configuration.endpoint(of: .sts).host == "sts.eu-west-3.amazonaws.com")
    }

    private func ask(_ role: String, signed: Bool) throws -> AWSCredentials {
        let url = try CredentialScratch.endpoints.get()
        let sts = STS(
            configuration: try AWSConfiguration(
                region: "eu-west-3", environment: ["AWS_ENDPOINT_URL_STS": url]))
        let session = RoleSession(roleARN: "arn:aws:iam::123456789012:role/\(role)-\(signed)")
        let user = FixedCredentials(AWSCredentials(accessKeyID: "AKID", secretAccessKey: "s/e+c="))
        return signed
            ? try sts.assumeRole(session, as: user, now: Date())
            : try sts.assumeRole(session, webIdentityToken: "web-token")
    }

    private func sqs(_ action: String, _ body: String, _ moto: Moto) throws -> AWSCall {
        let endpoint = try moto.configuration().endpoint(of: .sqs)
        var request = HTTPRequest(
            method: "POST", scheme: endpoint.scheme, host: endpoint.host, port: endpoint.port,
            body: .bytes(Array(body.utf8)))
        request.setHeader("Content-Type", "application/x-amz-json-1.0")
        request.setHeader("X-Amz-Target", "AmazonSQS.\(action)")
        return AWSCall(.sqs, action, resource: "", region: "us-east-1", request: request)
    }
}
