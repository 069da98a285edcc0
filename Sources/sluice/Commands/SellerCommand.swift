internal import AWS
internal import ArgumentParser
internal import Feeds
internal import Postgres

struct SellerCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "seller",
        abstract: "Says whose data is loaded, and where it comes from.",
        subcommands: [Add.self, List.self])

    struct Add: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Adds a seller, or adds to what is known of the one of that name.",
            discussion: """
                A message from the seller's queue may only point into the seller's locations. Of a \
                seller that there is, locations are added and other options replace what was known.

                  sluice seller add acme --location acme-sdds --location acme-reports/cas \\
                      --account 111122223333 --queue https://sqs.us-east-1.amazonaws.com/...

                A place may also be given as s3://, as an ARN or as the console's address of it, and \
                a queue by its ARN. With --role, --account is needed: it is sent to S3 as the \
                owner that the buckets must have.

                With --cas-role, --cas-location and --cas-topic the worker asks AWS for the data sets \
                of the Commerce Analytics Service, from yesterday's on; for older ones see: \
                sluice request --since.
                """)

        @Argument(help: "Letters, digits, dot, dash, underscore.")
        var name: String

        @OptionGroup var options: SettingsOptions

        @Option(help: ArgumentHelp("Bucket or bucket/prefix; may be repeated.", valueName: "place"))
        var location: [String] = []

        @Option(
            help: ArgumentHelp(
                "Part of a location to leave alone, such as a backup; may be repeated.",
                valueName: "place"))
        var exclude: [String] = []

        @Option(help: ArgumentHelp("URL of the SQS queue of notifications.", valueName: "url"))
        var queue: String?

        @Option(
            help: ArgumentHelp(
                "SNS topic that messages may come from; may be repeated. (default: any)",
                valueName: "arn"))
        var topic: [String] = []

        @Option(help: ArgumentHelp("Account that must own the buckets.", valueName: "12 digits"))
        var account: String?

        @Option(help: "AWS Region of queue and buckets.")
        var region: String?

        @Option(help: ArgumentHelp("Role to assume for this seller.", valueName: "arn"))
        var role: String?

        @Option(help: ArgumentHelp("External id that goes with the role.", valueName: "id"))
        var externalID: String?

        @Option(
            help: ArgumentHelp("Role that AWS writes data sets with.", valueName: "arn"))
        var casRole: String?

        @Option(
            help: ArgumentHelp("Bucket or bucket/prefix for data sets.", valueName: "place"))
        var casLocation: String?

        @Option(help: ArgumentHelp("SNS topic that hears of data sets.", valueName: "arn"))
        var casTopic: String?

        func validate() throws {
            guard name.wholeMatch(of: /[A-Za-z0-9][A-Za-z0-9._-]{0,62}/) != nil else {
                throw ValidationError(
                    "\"\(name)\" is not a name of letters, digits, dot, dash and underscore that "
                        + "begins with a letter or digit and has at most 63 of them")
            }
            _ = try location.map { try Self.place($0, "--location") }
            for arn in topic
            where arn.wholeMatch(of: /arn:aws[a-z-]*:sns:[^: ]+:[0-9]{12}:[^: ]+/) == nil {
                throw ValidationError("--topic: \"\(arn)\" is not the ARN of an SNS topic")
            }
            for text in exclude where Location(text)?.prefix.isEmpty != false {
                throw ValidationError("--exclude: \"\(text)\" is no bucket/prefix")
            }
            guard (role == nil) == (externalID == nil) else {
                throw ValidationError(
                    "--role and --external-id go together: a role that others can be asked to "
                        + "assume needs an external id")
            }
            if let account, account.wholeMatch(of: /[0-9]{12}/) == nil {
                throw ValidationError("--account: \"\(account)\" is not an account of 12 digits")
            }
            try validateRequests()
        }

        private func validateRequests() throws {
            let given = [casRole, casLocation, casTopic].count { $0 != nil }
            guard given == 0 || given == 3 else {
                throw ValidationError("--cas-role, --cas-location and --cas-topic go together")
            }
            _ = try casLocation.map { try Self.place($0, "--cas-location") }
        }

        private static func place(_ text: String, _ option: String) throws -> Location {
            do {
                let place = try BucketPlace(text)
                return Location(bucket: place.bucket, prefix: place.prefix)
            } catch {
                throw ValidationError("\(option): \(error)")
            }
        }

        // Here and not in validate(): whether another host may be SQS, the environment says.
        private func queueURL(_ settings: Settings) throws -> String? {
            do {
                return try queue.map {
                    try QueueAddress(
                        text: $0, isElsewhere: SavedPlaces.isElsewhere(settings.environment)
                    ).url
                }
            } catch {
                throw CommandFailure(.commandLine, "--queue: \(error)")
            }
        }

        private func requests(_ postgres: PostgresConnection) throws -> RequestSettings? {
            guard let casRole, let casTopic,
                let place = try casLocation.map({ try Self.place($0, "--cas-location") })
            else { return nil }
            let settings = RequestSettings(roleARN: casRole, location: place, topicARN: casTopic)
            let known = try Seller.named(name, on: postgres)?.locations ?? []
            let all = try known + location.map { try Self.place($0, "--location") }
            let key = settings.keyPrefix + "data_set.csv"
            guard all.contains(where: { $0.contains(bucket: place.bucket, key: key) }) else {
                throw CommandFailure(
                    .configuration,
                    "--cas-location: \(place) is not in a location of \(name), so what AWS delivers "
                        + "there would be refused; add --location \(place)")
            }
            return settings
        }

        func run() async throws {
            let pair = role.flatMap { arn in externalID.map { (arn: arn, externalID: $0) } }
            let settings = try options.resolve()
            let queue = try queueURL(settings)
            let postgres = try Database.open(settings).connect()
            try requireAccount(postgres)
            try Seller.save(
                name: name, locations: location.map { try Self.place($0, "--location") },
                accountID: account, region: region, role: pair, queueURL: queue,
                requests: requests(postgres), excluded: exclude.compactMap { Location($0) },
                on: postgres)
            try Seller.allow(topicARNs: topic, of: name, on: postgres)
            say("\(name) saved")
        }

        // Without it whoever the role's owner is could be made to read a stranger's bucket.
        private func requireAccount(_ postgres: PostgresConnection) throws {
            guard role != nil, account == nil,
                try Seller.named(name, on: postgres)?.accountID == nil
            else { return }
            throw CommandFailure(
                .commandLine,
                "--role needs --account: the account of 12 digits that owns the seller's buckets, "
                    + "which is sent to S3 with every request")
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Lists the sellers.")

        @OptionGroup var options: SettingsOptions

        func run() async throws {
            var table = TextTable(["seller", "locations", "queue", "role"])
            let database = try Database.open(options.resolve(), for: .reading)
            for seller in try Seller.all(on: database.connect()) {
                table.append([
                    seller.name,
                    seller.locations.isEmpty
                        ? "-" : seller.locations.map(\.description).joined(separator: " "),
                    seller.queueURL ?? "-", seller.roleARN ?? "-",
                ])
            }
            say(table.isEmpty ? ["There are no sellers yet."] : table.lines)
        }
    }
}
