internal import ArgumentParser
internal import Foundation

@main
struct Sluice: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sluice",
        abstract: "Puts AWS Marketplace seller data into your own Postgres, exactly once.",
        discussion: """
            Try it:
              sluice demo                            everything, with a generated seller
              sluice backfill ./exports              files on disk, into a private Postgres

            Run it for real:
              export SLUICE_DATABASE_URL='postgresql://loader@db.example.com/books?sslmode=verify-full&sslrootcert=/etc/ssl/certs/ca-certificates.crt'
              sluice migrate
              sluice seller add acme --location acme-sdds --queue https://sqs...
              sluice backfill s3://acme-sdds         history, once
              sluice worker                          from then on

            Settings come from flags, then the environment (SLUICE_*), then the file.

            Exit codes:
              0   all is well
              1   done, but some files could not be loaded, or status --check found trouble
              64  the command line is wrong
              69  the database or AWS could not be reached
              75  stopped on request before the end; run it again and it goes on from there
              78  the configuration is wrong
            """,
        version: "0.1.0",
        subcommands: [
            WorkerCommand.self, BackfillCommand.self, StatusCommand.self, RejectsCommand.self,
            RequestCommand.self, EntitlementsCommand.self, AcceptCommand.self, KeepCommand.self,
            ReloadCommand.self, ExpectCommand.self, DLQCommand.self, RefreshCommand.self,
            ReportCommand.self, AcknowledgeCommand.self, SellerCommand.self, MigrateCommand.self,
            DatabaseCommand.self,
            DictionaryCommand.self, SimulateCommand.self, DemoCommand.self,
        ])

    /// Runs the command that the arguments name, and ends with its documented exit code:
    /// ArgumentParser by itself knows 0, 1 and 64 only.
    static func main() async {
        // Credentials are in memory: a crash must not write them to a disk.
        var none = rlimit(rlim_cur: 0, rlim_max: 0)
        setrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &none)
        // A reader, a server or a peer that has gone is an error where we write, and no end of us.
        signal(SIGPIPE, SIG_IGN)
        do {
            var command = try await asyncParseAsRoot()
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
        } catch {
            if let failure = CommandFailure(error) {
                note("sluice: \(failure)")
                Foundation.exit(failure.kind.rawValue)
            }
            // ArgumentParser repeats an argument as it is; help and such go to standard output.
            let message = fullMessage(for: error)
            guard exitCode(for: error) != .success, !message.isEmpty else { exit(withError: error) }
            note(text: message)
            Foundation.exit(exitCode(for: error).rawValue)
        }
    }
}
