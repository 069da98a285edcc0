import Foundation
import Testing

/// What is built from elsewhere is named exactly: the same tomorrow as today.
@Suite struct PinTests {
    @Test func everyDependencyIsOfAnExactVersion() throws {
        let lines = try Manual("Package.swift").text.split(separator: "\n")
            .filter { $0.contains(".package(") }
        #expect(lines.count == 4)
        for line in lines { #expect(line.contains(#/exact: "\d+\.\d+\.\d+"\),$/#), "\(line)") }
    }

    /// A tag of three numbers or a date does not move; a digest cannot.
    @Test func everyBaseImageIsOfAnExactTagOrDigest() throws {
        let lines = try Manual("deploy/Dockerfile").text.split(separator: "\n")
            .filter { $0.hasPrefix("FROM ") }
        #expect(lines.count == 2)
        for line in lines {
            #expect(
                line.contains(
                    #/:\d+\.\d+\.\d+-\w+( AS \w+)?$|:\w+-\d{8}-slim@sha256:[0-9a-f]{64}$/#),
                "\(line)")
        }
    }
}
