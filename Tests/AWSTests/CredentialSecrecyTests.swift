import Foundation
import Support
import Testing

@testable import AWS

/// Nothing that holds a secret shows it, however it is printed.
@Suite struct CredentialSecrecyTests {
    private static let secret = "TOP+SECRET/VALUE"
    private static let token = "TOKEN+OF/SESSION"
    private static let credentials = AWSCredentials(
        accessKeyID: "AKIAIOSFODNN7EXAMPLE", secretAccessKey: secret, sessionToken: token,
        expiration: Date())

    @Test func noWayOfPrintingShowsASecret() throws {
        let scratch = try ScratchDirectory()
        let folder = scratch.path
        try FileManager.default.createDirectory(
            atPath: folder + "/.aws", withIntermediateDirectories: true)
        try "[default]\naws_access_key_id=A\naws_secret_access_key=\(Self.secret)\n".write(
            toFile: folder + "/.aws/credentials", atomically: true, encoding: .utf8)
        let environment = AWSEnvironment(
            variables: ["AWS_SECRET_ACCESS_KEY": Self.secret, "AWS_SESSION_TOKEN": Self.token],
            home: folder)
        let profiles = try AWSProfiles(environment)
        let fixed = FixedCredentials(Self.credentials)
        let cached = CachedCredentials(fixed) { _ in }
        _ = try cached.credentials(now: Date(timeIntervalSince1970: 0))
        let places = CredentialPlaces(environment: environment, profiles: profiles, region: nil)
        let configuration = try AWSConfiguration(region: "us-east-1", environment: [:])
        var things: [Any] = [
            Self.credentials, Optional(Self.credentials) as Any, [Self.credentials],
            ["k": Self.credentials], environment, profiles, fixed, cached, places,
            CredentialChain(environment: environment), CredentialLookup.found(Self.credentials),
            SigV4(credentials: Self.credentials, region: "us-east-1", service: "s3"),
            AssumedRole(
                RoleSession(roleARN: "arn"), source: fixed, configuration: configuration),
        ]
        things += places.all as [Any]
        for thing in things { Self.expectNoSecret(in: thing) }
    }

    // It is given the whole environment, and needs only addresses from it.
    @Test func configurationKeepsNoSecretOfTheEnvironment() throws {
        let configuration = try AWSConfiguration(
            region: "us-east-1", environment: ["AWS_SECRET_ACCESS_KEY": Self.secret],
            profile: ["aws_session_token": Self.token])
        Self.expectNoSecret(in: configuration)
    }

    @Test func descriptionTellsKeysApart() {
        #expect("\(Self.credentials)" == "AWSCredentials(…MPLE)")
    }

    @Test func errorInAFileDoesNotQuoteTheLine() throws {
        let error = try #require(throws: INIFile.SyntaxError.self) {
            try INIFile("[default]\n\(Self.secret)\n")
        }
        #expect(!"\(error)".contains(Self.secret))
    }

    private static func expectNoSecret(in thing: Any) {
        var dumped = ""
        dump(thing, to: &dumped)
        let shown = [
            "\(thing)", String(describing: thing), String(reflecting: thing), dumped,
            mirrored(thing),
        ]
        for text in shown {
            #expect(!text.contains(secret), "\(type(of: thing))")
            #expect(!text.contains(token), "\(type(of: thing))")
        }
    }

    private static func mirrored(_ value: Any, depth: Int = 0) -> String {
        guard depth < 8 else { return "" }
        return Mirror(reflecting: value).children
            .map { "\($0.value)" + mirrored($0.value, depth: depth + 1) }.joined()
    }
}
