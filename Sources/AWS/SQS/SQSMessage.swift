package import FoundationEssentials

/// A message that is ours until its visibility runs out.
package struct SQSMessage: Sendable {
    /// The same for every delivery.
    package let messageID: String
    /// What deletes it or keeps it invisible; a later delivery has another one.
    package let receiptHandle: String
    /// As it was sent.
    package let body: String
    /// System attributes by their names, as `ApproximateReceiveCount`.
    package let attributes: [String: String]
    /// The sender's own attributes, those of type String or Number.
    package let messageAttributes: [String: String]

    /// How often it was received, this time included; 1 where SQS does not say.
    package var receiveCount: Int { attributes["ApproximateReceiveCount"].flatMap { Int($0) } ?? 1 }

    /// When it was sent to the queue.
    package var sent: Date? {
        attributes["SentTimestamp"].flatMap { Double($0) }
            .map { Date(timeIntervalSince1970: $0 / 1000) }  // given in milliseconds
    }
}

/// An entry of a batch that SQS did not carry out.
package struct SQSFailure: Sendable, Equatable {
    /// What the entry was about: a receipt handle, or the body of a message to send.
    package let subject: String
    /// SQS's code, as `ReceiptHandleIsInvalid`.
    package let code: String
    /// SQS's own words; may be empty.
    package let message: String
    /// True where the request itself was wrong, so that trying again is of no use.
    package let isSenderFault: Bool
}

/// A queue's attributes as SQS tells them.
package struct SQSQueueAttributes: Sendable {
    /// By SQS's names.
    package let values: [String: String]

    /// Messages that wait to be received, approximately.
    package var depth: Int { number("ApproximateNumberOfMessages") }
    /// Messages that were received and are not deleted yet, approximately.
    package var inFlight: Int { number("ApproximateNumberOfMessagesNotVisible") }
    /// Messages that will become visible later, approximately.
    package var delayed: Int { number("ApproximateNumberOfMessagesDelayed") }
    /// Nil where SQS does not say.
    package var arn: String? { values["QueueArn"] }
    /// The JSON text that names the dead-letter queue; nil where there is none.
    package var redrivePolicy: String? { values["RedrivePolicy"] }
    /// ARN of the dead-letter queue; nil where there is none.
    package var deadLetterARN: String? {
        redrivePolicy.flatMap {
            // A policy that cannot be read names no queue.
            try? JSONDecoder().decode(RedrivePolicy.self, from: Data($0.utf8))
        }?.deadLetterTargetArn
    }
    /// How long a received message stays invisible by itself; SQS's default is 30.
    package var visibilitySeconds: Int? { values["VisibilityTimeout"].flatMap { Int($0) } }

    private struct RedrivePolicy: Decodable {
        var deadLetterTargetArn: String
    }

    private func number(_ name: String) -> Int { values[name].flatMap { Int($0) } ?? 0 }
}
