import Foundation
import Testing

@testable import AWS

@Suite struct TLSTests {
    private var clients: TestClients {
        var clients = TestClients(Emulator.motoWithTLS.port)
        clients.scheme = "https"
        clients.host = "localhost"
        return clients
    }

    @Test func certificateThatNobodyVouchesForIsRefused() throws {
        let error = awsError { try clients.s3.createBucket(uniqueName("tls")) }
        #expect(error?.curlCode == 60)
        #expect("\(try #require(error))".contains("AWS_CA_BUNDLE"))
    }

    @Test(arguments: ["AWS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE"])
    func certificateInTheNamedFileIsTrusted(_ variable: String) throws {
        var clients = clients
        let file = Emulator.certificate + "/server.crt"
        clients.settings = HTTPSettings(environment: [variable: file])
        try clients.s3.createBucket(uniqueName("tls"))
    }

    @Test func certificateForAnotherNameIsRefused() throws {
        var clients = clients
        clients.host = "127.0.0.1"
        let file = Emulator.certificate + "/server.crt"
        clients.settings = HTTPSettings(environment: ["AWS_CA_BUNDLE": file])
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
