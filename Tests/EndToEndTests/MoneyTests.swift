import Foundation
import Support
import Testing

/// The relations of money: cell by cell what the oracle makes of docs/money.md, and what they say of
/// each other.
@Suite struct MoneyTests {
    @Test(arguments: [
        (seed: 5, start: "2026-01-01", months: 3), (seed: 6, start: "2025-10-01", months: 4),
    ])
    func aSimulatedSeller(seed: Int, start: String, months: Int) throws {
        let desk = try Desk()
        let data = desk.exports.path + "/data"
        let made = try desk.run([
            "simulate", data, "--seed", "\(seed)", "--start", start, "--months", "\(months)",
        ])
        #expect(made.status == 0, "\(made)")
        try desk.loadAll()
        let found = try desk.differencesOfMoney(data)
        #expect(found == "", "\(found)")
    }

    /// Any column that may be empty is so somewhere; types nobody knows, parents that are missing,
    /// payouts that fail, fail again, or come before the buyer's money.
    @Test(arguments: 1...6)
    func anAwkwardSellerOfMoney(seed: Int) throws {
        let desk = try Desk()
        let data = desk.exports.path + "/data"
        try Oracle.output(["awkward.money", "\(seed)", data])
        try desk.loadAll()
        let found = try desk.differencesOfMoney(data)
        #expect(found == "", "\(found)")
    }

    @Test(arguments: [31, 32])
    func anAwkwardSellerOfReports(seed: Int) throws {
        let desk = try Desk()
        let data = desk.exports.path + "/data"
        try Oracle.output(["awkward", "\(seed)", data, "--orphans"])
        try desk.loadAll()
        let found = try desk.differencesOfMoney(data)
        #expect(found == "", "\(found)")
    }

    /// In any order of the months, one refresh after another comes to what one refresh of all does.
    @Test(arguments: [41, 42])
    func monthByMonth(seed: Int) throws {
        let desk = try Desk()
        let data = desk.exports.path + "/data"
        try Oracle.output(["awkward.money", "\(seed)", data + "-to-come"])
        let files = try FileManager.default.subpathsOfDirectory(atPath: data + "-to-come")
            .filter { $0.hasSuffix(".csv") }
        let months = Dictionary(grouping: files) { $0.split(separator: "/").dropFirst().dropLast() }
        #expect(months.count > 5)
        // An agreement that comes later brings its entries along: for one seller all of them come
        // first, so that entries alone must find the others that they show on.
        let first = files.filter { seed == 42 && !$0.hasPrefix("BillingEventFeed_V1") }
        for file in first {
            let content = FileManager.default.contents(atPath: "\(data)-to-come/\(file)")
            try desk.deliver(#require(content), to: "data/\(file)")
        }
        // What is older comes later for half of them.
        let order = months.keys.sorted { $0.joined() < $1.joined() }
        for month in order.enumerated().sorted(by: {
            ($0.offset % 2, $0.offset) < ($1.offset % 2, $1.offset)
        }) {
            for file in months[month.element] ?? [] where !first.contains(file) {
                let content = FileManager.default.contents(atPath: "\(data)-to-come/\(file)")
                try desk.deliver(#require(content), to: "data/\(file)")
            }
            try desk.loadAll()
        }
        let found = try desk.differencesOfMoney(data)
        #expect(found == "", "\(found)")
        let before = try desk.money()
        let full = try desk.run(["refresh", "--full"])
        #expect(full.succeeded, "\(full)")
        #expect(try desk.money() == before)
    }

    /// Two sellers with the same ids: no entry of one is paid by a payout of the other.
    @Test func sellersHaveMoneyOfTheirOwn() throws {
        let desk = try Desk()
        let sellers: [(name: String, options: [String])] = [("acme", []), ("bolt", ["--twin"])]
        for seller in sellers {
            let folder = "\(desk.exports.path)/\(seller.name)"
            try Oracle.output(["awkward.money", "51", folder] + seller.options)
            #expect(try desk.run(["seller", "add", seller.name]).succeeded)
            let loaded = try desk.run(["backfill", folder, "--seller", seller.name])
            #expect(loaded.succeeded, "\(loaded)")
        }
        for seller in sellers {
            let folder = "\(desk.exports.path)/\(seller.name)"
            let found = try desk.differencesOfMoney(folder, seller: seller.name)
            #expect(found == "", "\(seller.name): \(found)")
        }
    }

    @Test(arguments: Oracle.relationsOfMoney)
    func theComparisonFindsOneChangedCell(relation: String) throws {
        let folder = try ScratchDirectory()
        try Oracle.output(["awkward.money", "7", folder.path + "/data"])
        try Oracle.output(["oracle", "money", folder.path + "/data", folder.path + "/oracle"])
        let path = "\(folder.path)/oracle/\(relation).csv"
        let text = try String(contentsOfFile: path, encoding: .utf8)
        let rows = text.split(separator: "\n").map(String.init)
        #expect(rows.count > 3)
        #expect(try Oracle.differences(relation, path, path) == "")
        let number = try #require(rows[1].firstMatch(of: #/[0-9]+\.[0-9]+|USD|EUR/#))
        var changed = rows
        changed[1].replaceSubrange(number.range, with: number.output == "USD" ? "EUR" : "USD")
        if number.output.contains(".") {
            changed[1] = rows[1].replacing(
                number.output, with: number.output + "1", maxReplacements: 1)
        }
        try changed.joined(separator: "\n").write(
            toFile: path + ".changed", atomically: true, encoding: .utf8)
        #expect(try Oracle.differences(relation, path, path + ".changed") != "")
    }
}

extension Oracle {
    /// The relations of `marketplace` that docs/money.md defines.
    static let relationsOfMoney = [
        "journal", "trial_balance", "invoice_to_cash", "ageing", "expected_disbursement",
        "monthly_totals", "collection", "disbursement", "disbursement_content", "sales",
        "unknown_entry",
    ]
}

extension Desk {
    /// A relation of money with the columns that the oracle has.
    fileprivate func money(_ relation: String, seller: String) throws -> String {
        let columns = try Oracle.columns(relation).joined(separator: ", ")
        // A month in which something was used and nothing was booked is no matter of money.
        let isMoney =
            relation == "monthly_totals"
            ? """
            and (billed, fees, costs, aws_taxes, other_seller_taxes, infrastructure, adjustments,
                other, invoiced, forgiven, due, collected, received, disbursed, outstanding, taxes)
                <> (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)
            """ : ""
        return try database.psql(
            """
            copy (
                select \(columns) from marketplace.\(relation)
                where seller_id = (select seller_id from ingest.seller where name = '\(seller)')
                    \(isMoney)
                order by \(columns)
            ) to stdout with (format csv, header, null '\\N')
            """) + "\n"
    }

    /// All relations of money of a seller.
    fileprivate func money(seller: String = "default") throws -> [String] {
        try Oracle.relationsOfMoney.map { try money($0, seller: seller) }
    }

    /// What differs between the relations of money and the oracle's, and which identity does not
    /// hold; "" for nothing.
    fileprivate func differencesOfMoney(
        _ deliveries: String, seller: String = "default"
    ) throws -> String {
        let results = try ScratchDirectory()
        let folders = (oracle: results.path + "/oracle", sluice: results.path + "/sluice")
        let today = try database.psql("select (now() at time zone 'UTC')::date")
        try Oracle.output(["oracle", "money", deliveries, folders.oracle, "--today", today])
        try FileManager.default.createDirectory(
            atPath: folders.sluice, withIntermediateDirectories: true)
        let differences = try Oracle.relationsOfMoney.map { relation in
            let path = "\(folders.sluice)/\(relation).csv"
            try money(relation, seller: seller).write(
                toFile: path, atomically: true, encoding: .utf8)
            return try Oracle.differences(relation, "\(folders.oracle)/\(relation).csv", path)
        }
        let identities = try Oracle.python(["oracle", "identities", folders.sluice])
        let unexplained = try database.psql(
            "select * from marketplace.reconciliation where unexplained <> 0")
        return differences.joined() + unexplained
            + (identities.succeeded ? "" : identities.standardOutput + identities.standardError)
    }
}
