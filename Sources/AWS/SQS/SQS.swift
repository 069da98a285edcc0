/// The calls of Amazon SQS that we make, in its JSON protocol.
///
/// It belongs to one thread or task, as its client does. A queue is named by its URL.
package struct SQS {
    let client: AWSClient

    // What one batch may hold: SQS Developer Guide, "Amazon SQS message quotas".
    static let batchEntriesMax = 10
    // What an answer may take beyond the time that the poll itself waits.
    private static let pollSlackSeconds = 15

    /// Calls go through `client`, which signs and retries them.
    package init(client: AWSClient) { self.client = client }

    /// Waits for messages and returns up to `max` of them; none if `waitSeconds` went by.
    ///
    /// Nil for `visibilitySeconds` leaves that to the queue. Where `stop` ends the wait, the
    /// answer is empty too: nothing was received, and what SQS may just have sent becomes
    /// visible again by itself.
    package func receiveMessages(
        queueURL: String, max: Int = 10, waitSeconds: Int = 20, visibilitySeconds: Int? = nil,
        stop: (() -> Bool)? = nil
    ) throws -> [SQSMessage] {
        precondition((1...10).contains(max) && (0...20).contains(waitSeconds))
        let input = ReceiveInput(
            QueueUrl: queueURL, MaxNumberOfMessages: max, WaitTimeSeconds: waitSeconds,
            VisibilityTimeout: visibilitySeconds)
        do {
            let answer: ReceiveAnswer = try call(
                "ReceiveMessage", queueURL, input,
                stallSeconds: waitSeconds + Self.pollSlackSeconds, stop: stop)
            return (answer.Messages ?? []).map(SQSMessage.init)
        } catch let error as AWSError where error.isInterrupted {
            return []
        }
    }

    /// Deletes messages by their receipt handles, ten a request.
    ///
    /// Returns those that SQS did not delete; the others are gone.
    package func deleteMessages(
        queueURL: String, receiptHandles: [String]
    ) throws -> [SQSFailure] {
        try inBatches(receiptHandles, subject: \.self) { id, handle in
            BatchEntry(Id: id, ReceiptHandle: handle)
        } send: { entries in
            try call("DeleteMessageBatch", queueURL, Batch(QueueUrl: queueURL, Entries: entries))
        }
    }

    /// Sets how long from now on messages stay invisible, 0 to 43,200 seconds.
    ///
    /// Returns the entries that SQS refused.
    package func changeVisibility(
        queueURL: String, _ changes: [(receiptHandle: String, seconds: Int)]
    ) throws -> [SQSFailure] {
        try inBatches(changes, subject: \.receiptHandle) { id, change in
            BatchEntry(
                Id: id, ReceiptHandle: change.receiptHandle, VisibilityTimeout: change.seconds)
        } send: { entries in
            try call(
                "ChangeMessageVisibilityBatch", queueURL,
                Batch(QueueUrl: queueURL, Entries: entries))
        }
    }

    /// Sends messages, ten a request, all with the same attributes; returns those that SQS refused.
    package func sendMessages(
        queueURL: String, bodies: [String], attributes: [String: String] = [:]
    ) throws -> [SQSFailure] {
        let attributes = attributes.mapValues { SentAttribute(StringValue: $0) }
        return try inBatches(bodies, subject: \.self) { id, body in
            BatchEntry(
                Id: id, MessageBody: body,
                MessageAttributes: attributes.isEmpty ? nil : attributes)
        } send: { entries in
            try call("SendMessageBatch", queueURL, Batch(QueueUrl: queueURL, Entries: entries))
        }
    }

    /// All that SQS tells of a queue.
    package func queueAttributes(queueURL: String) throws -> SQSQueueAttributes {
        let answer: AttributesAnswer = try call(
            "GetQueueAttributes", queueURL,
            AttributesInput(QueueUrl: queueURL, AttributeNames: ["All"]))
        return SQSQueueAttributes(values: answer.Attributes ?? [:])
    }

    /// Changes attributes of a queue, by SQS's names.
    package func setQueueAttributes(queueURL: String, _ attributes: [String: String]) throws {
        let _: AWSNothing = try call(
            "SetQueueAttributes", queueURL,
            SetAttributesInput(QueueUrl: queueURL, Attributes: attributes))
    }

    /// Creates a queue, or finds the one of that name and those attributes; returns its URL.
    package func createQueue(name: String, attributes: [String: String] = [:]) throws -> String {
        let answer: QueueAnswer = try call(
            "CreateQueue", name, CreateInput(QueueName: name, Attributes: attributes))
        return answer.QueueUrl
    }

    /// The URL of a queue by its name, and by the account that owns it.
    package func queueURL(name: String, account: String) throws -> String {
        let answer: QueueAnswer = try call(
            "GetQueueUrl", name, FindInput(QueueName: name, QueueOwnerAWSAccountId: account))
        return answer.QueueUrl
    }

    private func call<Answer: Decodable>(
        _ name: String, _ queue: String, _ input: some Encodable,
        stallSeconds: Int? = nil, stop: (() -> Bool)? = nil
    ) throws -> Answer {
        var operation = AWSJSONOperation(target: "AmazonSQS", name: name, version: "1.0")
        operation.endpoint = try client.configuration.endpoint(ofQueue: queue)
        operation.stallSeconds = stallSeconds
        return try client.callJSON(.sqs, operation, input, resource: queue, stop: stop)
    }
}

extension SQS {
    private func inBatches<Item>(
        _ items: [Item], subject: (Item) -> String, entry: (String, Item) -> BatchEntry,
        send: ([BatchEntry]) throws -> BatchAnswer
    ) throws -> [SQSFailure] {
        var failures: [SQSFailure] = []
        for start in stride(from: 0, to: items.count, by: Self.batchEntriesMax) {
            let batch = start..<min(start + Self.batchEntriesMax, items.count)
            let answer = try send(batch.map { entry(String($0), items[$0]) })
            for failed in answer.Failed ?? [] {
                let item = Int(failed.Id).flatMap { batch.contains($0) ? items[$0] : nil }
                failures.append(
                    SQSFailure(
                        subject: item.map(subject) ?? failed.Id, code: failed.Code,
                        message: failed.Message ?? "",
                        isSenderFault: failed.SenderFault ?? false))
            }
        }
        return failures
    }
}
