import Foundation
import Support
import Testing

@Suite struct ProgramTests {
    let shell: Program

    init() throws { shell = try Program(at: "/bin/sh") }

    @Test func statusAndBothStreamsAreTold() throws {
        let done = try shell.run(["-c", "cat; echo bad >&2; exit 3"], input: "in")
        #expect(done.ending == .exited(3))
        #expect(done.standardOutput == "in")
        #expect(done.standardError == "bad\n")
        #expect("\(done)".contains("in /tmp"))
    }

    @Test func environmentAndDirectoryAreTheGivenOnes() throws {
        let directory = try ScratchDirectory()
        let done = try shell.run(
            ["-c", "pwd; echo $SLUICE_X; env | grep -c ^PG"], environment: ["SLUICE_X": "y"],
            directory: directory.path)
        #expect(done.standardOutput == "\(directory.path)\ny\n0\n")
    }

    @Test func outputLargerThanAPipeDoesNotStopIt() throws {
        let done = try shell.run(["-c", "head -c 3000000 /dev/zero | tr '\\0' x"])
        #expect(done.standardOutput.utf8.count == 3_000_000)
    }

    @Test(arguments: [SIGTERM, SIGKILL])
    func aSignalEndsItAndItsChildren(signal: Int32) throws {
        let child = try shell.start(["-c", "sleep 1000 & echo $!; wait"])
        try child.waitForOutput(containing: "\n")
        let grandchild = try #require(pid_t(child.standardOutput.dropLast()))
        child.signal(signal)
        #expect(child.wait().ending == .killed(bySignal: signal))
        #expect(waitUntilGone(grandchild))
        #expect(!child.isRunning)
    }

    @Test func aProgramThatDoesNotEndIsKilled() throws {
        #expect(
            try shell.run(["-c", "sleep 1000"], limitSeconds: 1).ending == .killed(bySignal: 9))
    }

    @Test func waitingForOutputThatNeverComesTellsWhatCame() throws {
        let child = try shell.start(["-c", "echo something"])
        #expect(throws: Finished.self) { try child.waitForOutput(containing: "other") }
    }

    @Test func manyAtOnceKeepTheirOutputApart() async throws {
        try await withThrowingTaskGroup(of: Bool.self) { group in
            for number in 0..<20 {
                group.addTask { [shell] in
                    try shell.run(["-c", "echo \(number)"]).standardOutput == "\(number)\n"
                }
            }
            for try await right in group { #expect(right) }
        }
    }

    @Test func aProgramThatIsNotThereIsAnError() {
        #expect(throws: SystemError.self) { try Program(named: "no-such-program") }
    }
}

/// Waits for a process that is not our child to end; a zombie has ended.
func waitUntilGone(_ pid: pid_t) -> Bool {
    for _ in 0..<1_000 {
        guard let status = try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8),
            !status.contains(") Z ")
        else { return true }
        usleep(10_000)
    }
    return false
}
