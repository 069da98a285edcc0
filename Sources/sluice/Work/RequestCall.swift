internal import AWS
internal import Feeds
internal import Foundation
internal import Postgres

/// What became of one step of asking.
enum AskOutcome: Sendable {
    /// AWS took the request.
    case asked(String, id: String)
    /// Whether AWS took it will show.
    case doubted(String, String)
    case refused(String, String)
    case throttled(String)
    /// Too soon after the call before.
    case wait(seconds: Double)
    /// Another worker asks for this seller.
    case busy
    /// Nothing is due.
    case idle
}

extension LoadSlot {
    // How long a throttled request rests; the seller's pause is the requester's.
    private static let throttledSeconds = 60.0

    /// Makes the next request of a seller, if one is due and none was made a moment ago.
    ///
    /// When the database is lost after the call, the request is found again as one of which nobody
    /// knows whether AWS took it.
    func ask(for seller: Seller, _ settings: RequestSettings) throws -> AskOutcome {
        try withDatabase { postgres in
            let queue = RequestQueue(of: seller, on: postgres)
            return try queue.locked {
                try queue.settleLostCalls()
                let seconds = try queue.secondsToWait(
                    callsPerHour: context.settings.requestsPerHour)
                guard seconds <= 0 else { return .wait(seconds: seconds) }
                guard let request = try queue.claim(for: settings) else { return .idle }
                return try call(request, seller, settings, queue)
            } ?? .busy
        }
    }

    /// Adds what is due to a seller's requests; returns how many that were.
    func planDueRequests(of seller: Seller) throws -> Int {
        try withDatabase {
            try RequestPlan.write(.due, of: seller, by: context.worker, on: $0)
        }
    }

    private func call(
        _ request: DataSetRequest, _ seller: Seller, _ settings: RequestSettings,
        _ queue: RequestQueue
    ) throws -> AskOutcome {
        do {
            let id = try send(request, seller, settings)
            try queue.accept(request, id: id)
            return .asked(request.name, id: id)
        } catch let error as PostgresError {
            throw error
        } catch let error as AWSError where error.isThrottling {
            let seconds = Self.throttledSeconds * Double.random(in: 0.5...1.5)
            try queue.postpone(request, "\(error)", seconds: seconds)
            return .throttled(request.name)
        } catch let error as AWSError where error.mayHaveSucceeded {
            try queue.doubt(request, "\(error)")
            return .doubted(request.name, "\(error)")
        } catch {
            try queue.refuse(request, "\(error)")
            return .refused(request.name, "\(error)")
        }
    }

    private func send(
        _ request: DataSetRequest, _ seller: Seller, _ settings: RequestSettings
    ) throws -> String {
        let service = CommerceAnalytics(client: try context.aws.client(for: seller))
        let delivery = DataSetDelivery(
            roleARN: settings.roleARN, bucket: settings.location.bucket, prefix: settings.prefix,
            topicARN: settings.topicARN, tags: [DataSetNotice.keyName: "\(request.key)"])
        let date = Date(timeIntervalSince1970: Double(request.seconds))
        let stop = { [shutdown = context.shutdown] in shutdown.isRequested }
        return request.isSupportExport
            ? try service.startSupportDataExport(
                request.dataSet, from: date, to: delivery, stop: stop)
            : try service.generateDataSet(
                request.dataSet, publicationDate: date, to: delivery, stop: stop)
    }
}
