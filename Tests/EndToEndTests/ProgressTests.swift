import Foundation
import Support
import Testing

/// What a long run shows while it works.
@Suite struct ProgressTests {
    @Test func onATerminalABarIsDrawnInOneLine() throws {
        let desk = try Desk()
        try desk.deliver(Desk.products(), to: Desk.productKey(1))
        try desk.deliver("", to: Desk.productKey(2))
        // script(1) gives the program a terminal; standard output goes elsewhere.
        let command = "\(desk.program.path) backfill \(desk.exports.path) > /dev/null"
        let done = try Program(at: "/usr/bin/script").run(
            ["-qec", command, "/dev/null"], environment: desk.environment,
            directory: desk.exports.path)
        #expect(done.status == 1, "\(done)")
        let last = try #require(
            done.standardOutput.split(separator: "\r").last { $0.contains("[#") })
        let bar = "[##############################] 100%  2/2 files  211 B/211 B  "
        #expect(last.hasPrefix(bar), "\(last)")
        #expect(last.contains("/s  0:00 left  1 failed\u{1B}[K"))
    }

    @Test func elsewhereThereAreWholeLines() throws {
        let desk = try Desk()
        try desk.deliver(Desk.products(), to: Desk.productKey(1))
        // Nobody can load while somebody else has the table.
        let holder = try Command(
            "psql",
            [
                "-X", "-d", desk.database.conninfo, "-c",
                "begin; lock table sdds.product; select pg_sleep(60)",
            ]
        ).start()
        defer { holder.signal(SIGKILL) }
        let locks =
            "select count(*) from pg_locks where mode = 'AccessExclusiveLock' "
            + "and relation = 'sdds.product'::regclass"
        while try desk.database.psql(locks) == "0", holder.isRunning {
            usleep(10_000)  // a poll: another process works on it
        }
        let child = try desk.start(["backfill", desk.exports.path])
        try child.waitForOutput(containing: "0/1 files")
        try desk.database.psql(
            "select pg_terminate_backend(pid) from pg_stat_activity where query like '%pg_sleep(60)' "
                + "and pid <> pg_backend_pid() and datname = current_database()")
        let done = child.wait()
        #expect(done.status == 0, "\(done)")
        #expect(done.standardError.hasLine(#/\d+%  0/1 files  .+ B/211 B  .+/s  \d+:\d\d left/#))
        let isPlain = done.standardError.unicodeScalars.allSatisfy {
            $0 == "\n" || $0.properties.generalCategory != .control
        }
        #expect(isPlain)
    }
}
