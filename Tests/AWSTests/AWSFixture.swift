import Foundation
import Support

/// The Python programs of `Tests/Fixtures/AWS`, run by the virtual environment that has botocore.
enum AWSFixture {
    /// Standard output of a program that ends by itself.
    static func run(_ name: String, input: Data) throws -> Data {
        var command = command(name)
        command.input = String(decoding: input, as: UTF8.self)
        return Data(try command.output().utf8)
    }

    /// A program that serves until the tests end.
    static func serve(_ name: String) throws -> GuardedServer {
        let directory = try ScratchDirectory()
        let server = try GuardedServer(command(name), directory: directory, stopSignal: "TERM")
        try server.waitUntil { server.standardOutput.hasSuffix("\n") }
        return server
    }

    /// The text of a program.
    static func text(_ name: String) throws -> String {
        try String(contentsOfFile: path(name), encoding: .utf8)
    }

    private static func command(_ name: String) -> Command {
        Command(
            "\(LocalAWS.virtualEnvironment)/bin/python", [path(name)],
            environment: ["PATH": "/usr/bin:/bin", "PYTHONDONTWRITEBYTECODE": "1"])
    }

    private static func path(_ name: String) -> String {
        "\(Program.packageRoot)/Tests/Fixtures/AWS/\(name)"
    }
}
