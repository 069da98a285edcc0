import Foundation
import Support

@testable import AWS

/// A case's own home folder and environment.
struct CredentialScratch {
    let environment: AWSEnvironment
    private let folder: ScratchDirectory
    private let url: String

    init(_ item: CredentialCase) throws {
        folder = try ScratchDirectory()
        let home = folder.path
        url = try Self.endpoints.get()
        var variables = [
            "HOME": "HOME", "PATH": "/usr/bin:/bin", "AWS_DEFAULT_REGION": "eu-west-1",
            "AWS_ENDPOINT_URL_STS": "URL", "AWS_EC2_METADATA_DISABLED": "true",
            "AWS_METADATA_SERVICE_NUM_ATTEMPTS": "1", "AWS_MAX_ATTEMPTS": "1",
        ].merging(item.variables) { $1 }
        variables = variables.mapValues { [url] value in
            value.replacingOccurrences(of: "HOME", with: home)
                .replacingOccurrences(of: "URL", with: url)
                .replacingOccurrences(of: "CASE", with: UUID().uuidString)
        }
        environment = AWSEnvironment(variables: variables, home: home)
        try FileManager.default.createDirectory(
            atPath: home + "/.aws", withIntermediateDirectories: true)
        if !item.config.isEmpty { try write(".aws/config", item.config) }
        if !item.credentials.isEmpty { try write(".aws/credentials", item.credentials) }
        try writeUsualFiles()
    }

    private var home: String { folder.path }

    /// What an expected message says once its places are filled in.
    func filled(_ text: String) -> String {
        text.replacingOccurrences(of: "HOME", with: home).replacingOccurrences(of: "URL", with: url)
    }

    private func write(_ name: String, _ text: String) throws {
        try filled(text).write(toFile: "\(home)/\(name)", atomically: true, encoding: .utf8)
    }

    private func writeUsualFiles() throws {
        try write("token", "web-token")
        try write("bearer", "Bearer container-token")
        try write("other", "[default]\naws_access_key_id=AKIDOTHER\naws_secret_access_key=x\n")
        let scripts = try Self.scripts.get().path + "/scripts"
        for name in try FileManager.default.contentsOfDirectory(atPath: scripts) {
            try FileManager.default.createSymbolicLink(
                atPath: "\(home)/\(name)", withDestinationPath: "\(scripts)/\(name)")
        }
    }

    // Copied by a process of its own: what this one has open for writing, while it starts another in
    // some other thread, nobody can run (ETXTBSY).
    private static let scripts = Result {
        let folder = try ScratchDirectory()
        let source = folder.path + "/source"
        try FileManager.default.createDirectory(
            atPath: source, withIntermediateDirectories: false)
        let keys =
            #""AccessKeyId":"AKIDPROCESS","SecretAccessKey":"process-secret","SessionToken":"t""#
        let end = #","Expiration":"2099-01-01T00:00:00Z""#
        let texts = [
            "process": "echo '{\"Version\":1,\(keys)\(end)}'",
            "pro cess":
                "printf '{\"Version\":1,\"AccessKeyId\":\"%s %s|%s|%s\",\"SecretAccessKey\":\"s\"}' "
                + "$(($# + 1)) \"$1\" \"$2\" 'e\\\"f'",
            "fails": "echo '{\"Version\":1,\(keys)}'; echo sign in first >&2; exit 3",
            "two": "echo '{\"Version\":2,\(keys)}'",
            "half": "echo '{\"Version\":1,\"AccessKeyId\":\"A\"}'",
            "leaves": "tail --pid=$PPID -f /dev/null & echo '{\"Version\":1,\(keys)\(end)}'",
            "loud": "head -c 300000 /dev/zero | tr '\\0' x >&2; echo '{\"Version\":1,\(keys)}'",
        ]
        for (name, text) in texts {
            let path = "\(source)/\(name)"
            try "#!/bin/sh\n\(text)\n".write(toFile: path, atomically: true, encoding: .utf8)
            try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path)
        }
        try Command("cp", ["-rp", source, folder.path + "/scripts"]).output()
        return folder
    }

    /// The endpoints' address.
    static let endpoints = server.map {
        "http://127.0.0.1:\($0.standardOutput.trimmingCharacters(in: .whitespacesAndNewlines))"
    }
    private static let server = Result { try AWSFixture.serve("credential_endpoints.py") }
}
