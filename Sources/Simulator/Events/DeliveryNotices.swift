/// What the services that write files tell of them.
extension Simulation {
    /// The notices of a day's delivery: one for each feed, one for each data set.
    func deliveryNotices(on day: SimulatedDay) -> [SimulatedMessage] {
        let files = changed(on: day)
        let feeds = logs.indices.filter { !logs[$0].isRetired }
            .map { feedNotice(logs[$0], number: $0, of: files, on: day) }
        return feeds + dataSetNotices(of: files, on: day)
    }

    // AWS Marketplace Seller Guide, "Accessing data feeds".
    private func feedNotice(
        _ feed: some Feed, number: Int, of files: [SimulatedFile], on day: SimulatedDay
    ) -> SimulatedMessage {
        let run = world.root.child(.message, day.number)
        let keys = files.filter { $0.feed == feed.name }.map(\.key)
        let id = run.child(.message, number).guidText
        let body = JSONText.members([
            ("mainExecutionId", .text(run.guidText)), ("executionId", .text(id)),
            ("subscriptionId", .text(world.root.child(.message, -1).guidText)),
            ("processedFiles", .list(keys.map(JSONText.text))),
            ("executionStatus", .text(keys.isEmpty ? "SKIPPED" : "COMPLETED")),
            ("errors", .list([])), ("feedType", .text(feed.folder)),
        ])
        return SimulatedMessage(
            id: run.child(.message, 1_000 + number).guidText,
            seconds: day.midnight + 1_200 + Int64(number * 20), topic: "seller-data-feeds",
            type: "sdds-notice", body: body.line)
    }

    // Commerce Analytics Service, GenerateDataSet.
    private func dataSetNotices(
        of files: [SimulatedFile], on day: SimulatedDay
    ) -> [SimulatedMessage] {
        let metadata = files.compactMap { $0.content as? SnapshotMetadata }
        return metadata.enumerated().map { number, set in
            func place(_ ending: String) -> JSONText {
                .members([
                    ("bucketName", .text(parameters.bucket)), ("key", .text(set.stem + ending)),
                ])
            }
            let body = JSONText.members([
                ("dataSetS3Location", place(".csv")),
                ("dataSetMetaDataS3Location", place(".meta.json")),
                ("dataSetRequestId", .text(set.requestID)), ("success", .bool(true)),
            ])
            return SimulatedMessage(
                id: world.root.child(.request, day.number * 1_000 + number).guidText,
                seconds: day.midnight + 80_000 + Int64(number), topic: "marketplace-cas",
                type: "cas-notice", body: body.line)
        }
    }
}
