import Foundation
import Support
import Testing

/// `sluice demo`, from nothing to compared figures.
@Suite struct DemoTests {
    @Test func aSecondDemoLoadsNothing() throws {
        let folder = try ScratchDirectory()
        let program = try Program()
        let environment = [
            "SLUICE_STATE": folder.path + "/state", "SLUICE_VENV": LocalAWS.virtualEnvironment,
        ]
        // There may be none, if the demo ended early.
        defer { _ = try? program.run(["database", "stop"], environment: environment) }
        let first = try program.run(["demo", "--days", "3"], environment: environment)
        #expect(first.status == 0, "\(first)")
        #expect(first.standardOutput.hasLine(#/3 days of deliveries are on S3: .+/#))
        let sum = #/[1-9]\d* rows read = [1-9]\d* loaded \+ 0 rejected/#
        #expect(first.standardOutput.hasLine(sum))
        let verdict = "The tables hold exactly what the generator says they must."
        #expect(first.standardOutput.hasLine(verdict))
        #expect(
            first.standardOutput.hasLine(
                "  psql -h \(folder.path)/state/postgres -U sluice sluice"))

        let second = try program.run(["demo", "--days", "3"], environment: environment)
        #expect(second.status == 0, "\(second)")
        #expect(second.standardOutput.hasLine("0 rows read = 0 loaded + 0 rejected"))
        #expect(second.standardOutput.hasLine(verdict))
    }

    @Test func withoutTheLocalAWSItSaysHowToGetIt() throws {
        let done = try Program().run(
            ["demo"], environment: ["SLUICE_VENV": "/nonexistent", "PATH": "/usr/bin:/bin"])
        #expect(done.status == 78)
        #expect(
            done.standardError
                == "sluice: ministack is not installed; run scripts/demo, or install it from PyPI "
                + "and set SLUICE_VENV to its virtual environment\n")
    }
}
