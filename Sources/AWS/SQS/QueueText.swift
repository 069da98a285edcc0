internal import Foundation

extension QueueAddress {
    /// A text that names no queue, or not in a way that has one meaning.
    package struct Misnamed: Error, Sendable, CustomStringConvertible {
        /// What is wrong with it, and the form that is right.
        package let description: String
    }

    private static let rightForm =
        "write the queue's URL, as in https://sqs.us-east-1.amazonaws.com/111122223333/NAME"

    /// Reads a queue as people name it: by its URL, its ARN, or the console's page of it.
    ///
    /// Throws what to write instead. `isElsewhere` allows a host that is not Amazon's, which is
    /// where an endpoint is configured.
    package init(text: String, isElsewhere: Bool) throws(Misnamed) {
        if text.lowercased().hasPrefix("arn:") {
            guard let queue = QueueAddress(arn: text) else {
                throw Misnamed(description: "\"\(text)\" is no ARN of a queue; \(Self.rightForm)")
            }
            self = queue
            return
        }
        let url = Self.ofConsole(text) ?? text
        guard let queue = QueueAddress(url) else {
            throw Misnamed(description: "\"\(text)\" is no queue's URL; \(Self.rightForm)")
        }
        guard queue.host != .foreign || isElsewhere else {
            throw Misnamed(
                description: "\"\(text)\" is not at a host of Amazon SQS; \(Self.rightForm), "
                    + "or set AWS_ENDPOINT_URL_SQS to where SQS is")
        }
        self = queue
    }

    // https://us-east-1.console.aws.amazon.com/sqs/v3/home?region=us-east-1#/queues/https%3A%2F%2F…
    private static func ofConsole(_ text: String) -> String? {
        guard let parts = URLComponents(string: text), let host = parts.encodedHost?.lowercased(),
            host.contains("console.") || host.hasPrefix("console."),
            let fragment = parts.percentEncodedFragment
        else { return nil }
        let mark = "/queues/"
        guard let start = fragment.range(of: mark)?.upperBound else { return nil }
        let rest = fragment[start...].prefix { $0 != "/" && $0 != "?" }
        return PercentEncoding.decode(String(rest), plusIsSpace: false)
    }
}
