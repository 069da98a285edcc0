import Foundation
import Support
import Testing

@testable import AWS

@Suite struct CredentialCommandTests {
    private func run(_ script: String, secondsMax: Int = 60) throws -> String {
        let command = CredentialCommand(
            source: "test", environment: AWSEnvironment(variables: [:], home: "/"),
            secondsMax: secondsMax)
        return String(decoding: try command.run(["sh", "-c", script]), as: UTF8.self)
    }

    // What is left behind ends with the tests: their process is the shell's parent.
    @Test func whatACommandLeavesBehindIsNotWaitedFor() throws {
        #expect(try run("tail --pid=$PPID -f /dev/null & echo done") == "done\n")
    }

    @Test(arguments: [("tail -f /dev/null", "within 2 seconds"), ("yes", "over 1 MiB")])
    func commandWithoutAnEndIsStoppedWithAllThatItStarted(
        _ command: String, _ message: String
    ) throws {
        let folder = try ScratchDirectory()
        let file = folder.path + "/pid"
        let error = try #require(throws: CredentialError.self) {
            try run("sh -c 'echo $$ >\(file); exec \(command)' & wait", secondsMax: 2)
        }
        #expect("\(error)".contains(message))
        let pid = try String(contentsOfFile: file, encoding: .utf8).trimmingCharacters(
            in: .whitespacesAndNewlines)
        // A program that has ended and is not yet collected has no `exe`.
        let program = "/proc/\(try #require(Int32(pid)))/exe"
        var tries = 0
        while access(program, F_OK) == 0, tries < 1_000 {
            usleep(10_000)
            tries += 1
        }
        #expect(access(program, F_OK) != 0)
    }
}
