package import FoundationEssentials

/// AWS Marketplace Commerce Analytics: data sets that are made because someone asked.
///
/// It exists in us-east-1 only, whatever the client's region. An answer holds the id of the
/// request; the data set itself comes later, to a bucket, and a topic hears of it. A call is
/// tried again like any other, so that one request may be made twice under two ids: put into
/// `tags` what tells the two to be the same.
/// Source: AWS Marketplace Commerce Analytics API Reference, version 2015-07-01.
package struct CommerceAnalytics {
    let client: AWSClient

    /// Calls go through `client`, which signs and retries them.
    package init(client: AWSClient) { self.client = client }

    /// `GenerateDataSet`: asks for a data set of a publication date; returns the request's id.
    ///
    /// Of `publicationDate` the service reads the day in UTC, of monthly sets only the month.
    package func generateDataSet(
        _ type: String, publicationDate: Date, to delivery: DataSetDelivery,
        stop: (() -> Bool)? = nil
    ) throws -> String {
        var input = DataSetInput(type, delivery)
        input.dataSetPublicationDate = seconds(publicationDate)
        return try request("GenerateDataSet", type, input, stop)
    }

    /// `StartSupportDataExport`: asks for what changed of the support contacts since an instant.
    ///
    /// Returns the request's id. AWS calls the operation deprecated: the program behind it
    /// ended in 2022.
    package func startSupportDataExport(
        _ type: String, from date: Date, to delivery: DataSetDelivery,
        stop: (() -> Bool)? = nil
    ) throws -> String {
        var input = DataSetInput(type, delivery)
        input.fromDate = seconds(date)
        return try request("StartSupportDataExport", type, input, stop)
    }

    private func request(
        _ name: String, _ type: String, _ input: DataSetInput, _ stop: (() -> Bool)?
    ) throws -> String {
        var operation = AWSJSONOperation(
            target: "MarketplaceCommerceAnalytics20150701", name: name, version: "1.1")
        operation.endpoint = try client.configuration.endpoint(
            of: .commerceAnalytics, region: client.configuration.marketplaceRegion())
        let answer: DataSetAnswer = try client.callJSON(
            .commerceAnalytics, operation, input, resource: type, stop: stop)
        return answer.dataSetRequestId
    }

    // AWS JSON protocol: a timestamp is a number of seconds.
    private func seconds(_ date: Date) -> Int64 {
        Int64(date.timeIntervalSince1970.rounded(.down))
    }
}

/// Where a data set goes, as whom the service writes it there, and who is told.
package struct DataSetDelivery: Sendable, Equatable {
    /// The role that the service itself takes on; it trusts `marketplacecommerceanalytics`.
    package var roleARN: String
    /// A bucket's name.
    package var bucket: String
    /// What stands before the file's name and a slash; nil for the bucket's root.
    package var prefix: String?
    /// Hears of the data set, or why there is none.
    package var topicARN: String
    /// One to five pairs that come back unchanged in the notice and in the metadata file; the
    /// API leaves out an empty set.
    package var tags: [String: String]

    /// A place to deliver to.
    package init(
        roleARN: String, bucket: String, prefix: String? = nil, topicARN: String,
        tags: [String: String] = [:]
    ) {
        self.roleARN = roleARN
        self.bucket = bucket
        self.prefix = prefix
        self.topicARN = topicARN
        self.tags = tags
    }
}

// Property for property as the service's model has them.
private struct DataSetInput: Encodable {
    let dataSetType: String
    var dataSetPublicationDate: Int64?
    var fromDate: Int64?
    let roleNameArn: String
    let destinationS3BucketName: String
    let destinationS3Prefix: String?
    let snsTopicArn: String
    let customerDefinedValues: [String: String]?

    init(_ type: String, _ delivery: DataSetDelivery) {
        dataSetType = type
        roleNameArn = delivery.roleARN
        destinationS3BucketName = delivery.bucket
        destinationS3Prefix = delivery.prefix
        snsTopicArn = delivery.topicARN
        customerDefinedValues = delivery.tags.isEmpty ? nil : delivery.tags
    }
}

private struct DataSetAnswer: Decodable {
    let dataSetRequestId: String
}
