import Foundation
import Support
import Testing

@testable import AWS

@Suite struct TLSTests {
    private let clients: TestClients
    private let certificate: String

    init() throws {
        var clients = try TestClients(.motoTLS)
        clients.scheme = "https"
        clients.host = "localhost"
        self.clients = clients
        certificate = try LocalAWS.shared(.motoTLS).certificate
    }

    @Test func certificateThatNobodyVouchesForIsRefused() throws {
        let error = awsError { try clients.s3.createBucket(uniqueName("tls")) }
        #expect(error?.curlCode == 60)
        #expect("\(try #require(error))".contains("AWS_CA_BUNDLE"))
    }

    @Test(arguments: ["AWS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE"])
    func certificateInTheNamedFileIsTrusted(_ variable: String) throws {
        var clients = clients
        clients.settings = HTTPSettings(environment: [variable: certificate])
        try clients.s3.createBucket(uniqueName("tls"))
    }

    @Test func certificateForAnotherNameIsRefused() throws {
        var clients = clients
        clients.host = "127.0.0.1"
        clients.settings = HTTPSettings(environment: ["AWS_CA_BUNDLE": certificate])
        let error = awsError { try clients.s3.createBucket(uniqueName("tls")) }
        #expect(error?.curlCode == 60)
    }

    @Test func authoritiesFileThatDoesNotExistIsAnError() throws {
        var clients = clients
        clients.settings = HTTPSettings(environment: ["AWS_CA_BUNDLE": "/no/such/file"])
        let error = awsError { try clients.s3.createBucket(uniqueName("tls")) }
        #expect(error?.curlCode == 77)
    }
}
