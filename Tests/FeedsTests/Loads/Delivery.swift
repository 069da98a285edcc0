import Gzip

/// Texts of files as AWS might deliver them, small enough to see through.
enum Delivery {
    /// A month of the billing feed, which is a log.
    static let key = "BillingEventFeed_V1/year=2026/month=03/data.csv"
    /// Every column that the billing table must have, and money.
    static let header =
        "billing_event_id,action,transaction_type,amount,currency,invoice_id,valid_from,update_date\n"

    /// A data set of the Commerce Analytics Service, which is a snapshot.
    static let snapshotKey = "daily_business_usage_by_instance_type_2026-03-01.csv"
    static let snapshotHeader = "Customer Reference ID,Product Title,Estimated Revenue,Currency\n"

    static let day = "2026-03-01T00:00:00Z"

    /// A row of the billing feed without its line end.
    static func event(
        _ id: String, _ amount: String = "1.25", _ currency: String = "USD", invoice: String = ""
    ) -> String {
        "\(id),INVOICED,SELLER_REV_SHARE,\(amount),\(currency),\(invoice),\(day),\(day)"
    }

    /// Rows e1, e2 and so on, each with its own amount, in three currencies and without one.
    static func events(_ numbers: some Sequence<Int>, lineEnd: String = "\n") -> String {
        numbers.map { number in
            let currency = ["USD", "EUR", "JPY", ""][number % 4]
            return event("e\(number)", "\(number).\(number % 10)5", currency) + lineEnd
        }.joined()
    }

    /// A billing file with those rows.
    static func month(_ numbers: some Sequence<Int>) -> String { header + events(numbers) }

    /// A billing file with these rows, in this order.
    static func month(of rows: String...) -> String {
        header + rows.map { $0 + "\n" }.joined()
    }

    /// A snapshot with rows c1, c2 and so on.
    static func snapshot(_ numbers: some Sequence<Int>, revenue: String = "2.50") -> String {
        snapshotHeader + numbers.map { "c\($0),Product,\(revenue),USD\n" }.joined()
    }
}

/// The content as gzip, each text a member of its own.
func gzip(_ members: String...) throws -> [UInt8] {
    try gzip(members.map { Array($0.utf8) })
}

func gzip(_ members: [[UInt8]]) throws -> [UInt8] {
    var bytes: [UInt8] = []
    var writer = try GzipWriter(level: 6)
    for member in members {
        try writer.write(member.span.bytes) { span in
            span.withUnsafeBytes { bytes.append(contentsOf: $0) }
        }
        try writer.finish { span in span.withUnsafeBytes { bytes.append(contentsOf: $0) } }
    }
    return bytes
}
