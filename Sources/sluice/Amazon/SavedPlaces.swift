internal import AWS
internal import Feeds

/// What was saved of a seller before `seller add` read it as closely as it does now.
enum SavedPlaces {
    /// Throws where a location or the queue can never work, with the command that puts it right.
    static func check(_ seller: Seller) throws {
        for location in seller.locations {
            let text = location.description
            do {
                let place = try BucketPlace(text)
                guard place.bucket != location.bucket || place.prefix != location.prefix else {
                    continue
                }
                let plain = Location(bucket: place.bucket, prefix: place.prefix)
                throw unusable(seller, text, "it is not written as BUCKET/PREFIX", "\(plain)")
            } catch let error as BucketPlace.Misnamed {
                throw unusable(seller, text, error.description, "BUCKET/PREFIX")
            }
        }
        guard let queue = seller.queueURL else { return }
        guard QueueAddress(queue) != nil else {
            throw CommandFailure(
                .configuration,
                "seller \(seller.name): its queue \"\(queue)\" is no queue's URL; correct it: "
                    + "sluice seller add \(seller.name) --queue URL")
        }
    }

    private static func unusable(
        _ seller: Seller, _ text: String, _ reason: String, _ right: String
    ) -> CommandFailure {
        CommandFailure(
            .configuration,
            "seller \(seller.name): location \"\(text)\" cannot be used: \(reason). Add the right "
                + "one: sluice seller add \(seller.name) --location \(right); then remove this "
                + "one, in psql: update ingest.seller set locations = array_remove(locations, "
                + "\(sqlQuoted(text))) where name = \(sqlQuoted(seller.name))")
    }

    private static func sqlQuoted(_ text: String) -> String {
        "'" + text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "''")
            + "'"
    }

    /// Whether SQS is at an address that the environment names.
    static func isElsewhere(_ environment: [String: String]) -> Bool {
        ["AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_SQS"].contains { environment[$0]?.isEmpty == false }
    }
}
