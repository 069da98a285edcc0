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
            let configuration = try AWSConfiguration(
                region: seller?.region, environment: environment.variables)
            return AWSClient(
                configuration: configuration, credentials: provider(for: seller, configuration))
        } catch {
            throw CommandFailure(.configuration, "\(error)")
        }
    }

    private func provider(
        for seller: Seller?, _ configuration: AWSConfiguration
    ) -> any CredentialProvider {
        guard let seller, let role = seller.roleARN else { return own }
        return roles.withLock { roles in
            if let known = roles[seller.id] { return known }
            let session = RoleSession(
                roleARN: role, sessionName: "sluice-\(seller.name)", externalID: seller.externalID)
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
