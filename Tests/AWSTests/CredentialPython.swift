import Foundation

/// Runs the scripts of `Tests/Fixtures/AWS` with the Python that has botocore and moto:
/// `$SLUICE_VENV`, else `.venv` at the top of the repository.
enum CredentialPython {
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    static let top = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    static var venv: URL {
        ProcessInfo.processInfo.environment["SLUICE_VENV"].map { URL(fileURLWithPath: $0) }
            ?? top.appendingPathComponent(".venv")
    }

    static func script(_ name: String) -> String {
        top.appendingPathComponent("Tests/Fixtures/AWS/\(name)").path
    }

    /// Standard output of a script that ends by itself.
    static func run(_ script: String, input: Data) throws -> Data {
        let process = try start(["python", self.script(script)])
        // On its own thread: the script may answer before it has read everything.
        let writer = Thread {
            process.input.write(input); process.input.closeFile()
        }
        writer.start()
        let output = process.output.readDataToEndOfFile()
        process.process.waitUntilExit()
        guard process.process.terminationStatus == 0 else {
            throw Failure(description: "\(script) ended with \(process.process.terminationStatus)")
        }
        return output
    }

    struct Started {
        let process: Process
        let input: FileHandle
        let output: FileHandle

        /// The next line the process prints.
        func line() throws -> String {
            var line = Data()
            while let byte = try output.read(upToCount: 1)?.first {
                if byte == UInt8(ascii: "\n") { return String(decoding: line, as: UTF8.self) }
                line.append(byte)
            }
            throw Failure(description: "it ended without a line")
        }

        func stop() {
            input.closeFile()
            process.terminate()
            process.waitUntilExit()
        }
    }

    /// Starts a program of the virtual environment.
    static func start(_ words: [String], environment: [String: String] = [:]) throws -> Started {
        let process = Process()
        let input = Pipe()
        let output = Pipe()
        process.executableURL = venv.appendingPathComponent("bin/\(words[0])")
        process.arguments = Array(words.dropFirst())
        process.environment = ["PATH": "/usr/bin:/bin", "PYTHONDONTWRITEBYTECODE": "1"]
            .merging(environment) { $1 }
        process.standardInput = input
        process.standardOutput = output
        try process.run()
        return Started(
            process: process, input: input.fileHandleForWriting,
            output: output.fileHandleForReading)
    }
}
