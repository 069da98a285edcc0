internal import AWS
internal import Feeds
internal import Foundation
internal import Logging
internal import Synchronization

/// Who we are to AWS: one credential cache for the process, one more for each seller's role.
final class AWSAccess: Sendable {
    private let environment: AWSEnvironment
    private let own: CachedCredentials
    private let roles = Mutex<[Int32: CachedCredentials]>([:])
    private let profile = Mutex<[String: String]?>(nil)
    private let logger: Logger

    init(_ settings: Settings, logger: Logger) {
        self.logger = logger
        environment = AWSEnvironment(variables: settings.environment, home: NSHomeDirectory())
        own = Self.cached(CredentialChain(environment: environment), logger)
    }

    convenience init(_ settings: Settings) throws {
        self.init(settings, logger: try Logger(settings))
    }

    /// A client for one thread, with the seller's Region and role.
    func client(for seller: Seller?) throws -> AWSClient {
        do {
            if let seller { try SavedPlaces.check(seller) }
            let configuration = try AWSConfiguration(
                region: seller?.region, environment: environment.variables,
                profile: profileSettings(),
                fallbackRegion: seller?.queueURL.flatMap { QueueAddress($0)?.region })
            return AWSClient(
                configuration: configuration,
                credentials: try provider(for: seller, configuration))
        } catch let error as CommandFailure {
            throw error
        } catch {
            throw CommandFailure(.configuration, "\(error)")
        }
    }

    // The profile's region and endpoints, read once: they are not what gets rotated.
    private func profileSettings() throws -> [String: String] {
        try profile.withLock { known in
            if let known { return known }
            let read = try AWSProfiles(environment).settings
            known = read
            return read
        }
    }

    private func provider(
        for seller: Seller?, _ configuration: AWSConfiguration
    ) throws -> any CredentialProvider {
        guard let seller, let role = seller.roleARN else { return own }
        guard let account = seller.accountID else {
            throw CommandFailure(
                .configuration,
                "seller \(seller.name) has a role but not the account that owns its buckets, so "
                    + "a bucket of somebody else's could be read in its name; say it: "
                    + "sluice seller add \(seller.name) --account 12-DIGITS")
        }
        return try roles.withLock { roles in
            if let known = roles[seller.id] { return known }
            let policy = SessionPolicy(
                roleARN: role, accountID: account,
                places: seller.locations.map { ($0.bucket, $0.prefix) },
                queueURL: seller.queueURL, asksForDataSets: seller.requests != nil)
            let session = RoleSession(
                roleARN: role, sessionName: RoleSession.sessionName("sluice-\(seller.name)"),
                externalID: seller.externalID, policy: try policy.text)
            let cached = Self.cached(
                AssumedRole(session, source: own, configuration: configuration), logger)
            roles[seller.id] = cached
            return cached
        }
    }

    private static func cached(
        _ provider: any CredentialProvider, _ logger: Logger
    ) -> CachedCredentials {
        CachedCredentials(provider) { error in
            logger.warning("credentials could not be renewed yet: \(error)")
        }
    }
}
