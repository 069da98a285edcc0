import Foundation
import Testing

@testable import AWS

@Suite struct CredentialChainTests {
    @Test(arguments: CredentialCase.all)
    func theFirstPlaceWithCredentialsWins(_ item: CredentialCase) throws {
        let scratch = try CredentialScratch(item)
        let found = Result {
            try CredentialChain(environment: scratch.environment).credentials(now: Date())
        }
        switch (item.outcome, found) {
        case (.keys(let key, let token), .success(let credentials)):
            #expect(credentials.accessKeyID == key)
            if let token { #expect(credentials.sessionToken == token) }
        case (.error(let text), .failure(let error)):
            #expect("\(error)".contains(scratch.filled(text)), "\(error)")
            Self.expectNoSecret(in: error)
        case (.keys, .failure(let error)): Issue.record(error)
        case (.error, .success(let credentials)):
            Issue.record("found \(credentials.accessKeyID)")
        }
    }

    struct Resolved: Decodable {
        let key: String?
        let secret: String?
        let token: String?
        let error: String?
    }

    @Test func botocoreResolvesTheSame() throws {
        let items = CredentialCase.all.filter(\.asBotocore)
        let scratches = try items.map(CredentialScratch.init)
        let input = try JSONEncoder().encode(scratches.map(\.environment.variables))
        let answers = try JSONDecoder().decode(
            [Resolved].self, from: AWSFixture.run("credentials_botocore.py", input: input))
        try #require(answers.count == items.count)
        for ((item, scratch), theirs) in zip(zip(items, scratches), answers) {
            // Its own count of attempts per address.
            if item.testDescription.contains("third time") { continue }
            do {
                let ours = try CredentialChain(environment: scratch.environment)
                    .credentials(now: Date())
                let name = Comment(rawValue: item.testDescription)
                #expect(ours.accessKeyID == theirs.key, name)
                #expect(ours.secretAccessKey == theirs.secret, name)
                #expect(ours.sessionToken == theirs.token, name)
            } catch {
                #expect(theirs.error != nil, "\(item.testDescription): \(error)")
            }
        }
    }

    @Test func nothingFoundListsEveryPlaceAndWhy() throws {
        let scratch = try CredentialScratch(CredentialCase("", [:], .error("")))
        let error = try #require(throws: CredentialError.self) {
            try CredentialChain(environment: scratch.environment).credentials(now: Date())
        }
        let lines = error.message.split(separator: "\n").dropFirst()
        let places = [
            "environment", "role", "web identity", "SSO", "keys", "login",
            "credential_process", "keys", "container", "instance metadata",
        ]
        #expect(lines.count == places.count)
        for (line, place) in zip(lines, places) { #expect(line.hasPrefix("  \(place)"), "\(line)") }
    }

    @Test func keysRotatedInAFileAreFoundAtTheNextLook() throws {
        let scratch = try CredentialScratch(
            CredentialCase("", credentials: "[default]\n" + CredentialCase.keys, .error("")))
        let cached = CachedCredentials(CredentialChain(environment: scratch.environment)) { _ in }
        #expect(try cached.credentials(now: Date()).accessKeyID == "AKIDFILE")
        try "[default]\naws_access_key_id=NEXT\naws_secret_access_key=x\n".write(
            toFile: scratch.environment.home + "/.aws/credentials", atomically: true,
            encoding: .utf8)
        #expect(try cached.credentials(now: Date()).accessKeyID == "AKIDFILE")
        cached.invalidate()
        #expect(try cached.credentials(now: Date()).accessKeyID == "NEXT")
    }

    @Test func relativeAddressIsThatOfTheAgent() {
        let variable = "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"
        let container = ContainerCredentials(
            environment: AWSEnvironment(
                variables: [variable: "/v2/x", CredentialCase.full: "http://127.0.0.1/"], home: "/")
        )
        #expect(container.address() == "http://169.254.170.2/v2/x")
    }

    static func expectNoSecret(in error: any Error) {
        var dumped = ""
        dump(error, to: &dumped)
        for text in ["\(error)", String(reflecting: error), dumped] {
            for secret in [
                "s/e+c=", "process-secret", "secret-in-body", "secret-without-a-name",
                "web-token", "container-token", "secret of",
            ] {
                #expect(!text.contains(secret))
            }
        }
    }
}
