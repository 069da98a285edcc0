import Foundation
import Support
import Testing

/// The journal as it was known on a date, and what has changed since.
@Suite struct JournalAsOfTests {
    @Test(arguments: [(seed: 71, known: "2025-10-15"), (seed: 72, known: "2026-02-01")])
    func itIsTheJournalOfWhatWasDeliveredThen(seed: Int, known: String) throws {
        let desk = try Desk()
        let data = desk.exports.path + "/data"
        try Oracle.output(["awkward.money", "\(seed)", data])
        try desk.loadAll()
        let folder = try ScratchDirectory()
        let instant = known + "T00:00:00Z"
        try Oracle.output([
            "oracle", "money", data, folder.path, "--relation", "journal", "--known-at", instant,
        ])
        let columns = try Oracle.columns("journal").joined(separator: ", ")
        let path = folder.path + "/found.csv"
        let found = try desk.database.psql(
            """
            copy (select \(columns) from marketplace.journal_as_of('\(instant)'))
            to stdout with (format csv, header, null '\\N')
            """)
        #expect(found.split(separator: "\n").count > 300)
        try (found + "\n").write(toFile: path, atomically: true, encoding: .utf8)
        let differences = try Oracle.differences("journal", folder.path + "/journal.csv", path)
        #expect(differences == "", "\(differences)")
        // What has changed since, added to what was known, is what is known.
        let unequal = try desk.rows(
            """
            select recipient_account_id, currency, account, month, sum(amount)
            from (
                select recipient_account_id, currency, account, month, amount
                from marketplace.journal
                union all
                select recipient_account_id, currency, account, month, -amount
                from marketplace.journal_as_of('\(instant)')
                union all
                select recipient_account_id, currency, account, month, -difference
                from marketplace.journal_restated('\(instant)', 'infinity')
            ) as each
            group by 1, 2, 3, 4 having sum(amount) <> 0
            """)
        #expect(unequal == [])
    }

    /// Of a closed month: each thing that can change it, with its cause.
    @Test func whatHasChangedSinceAMonthWasClosedHasACause() throws {
        let desk = try Desk()
        var bookings = Bookings("acme")
        bookings.book("kept", "INVOICED", .price, 10, on: "02-01", invoice: "i2", line: "9")
        bookings.sell()
        bookings.book("gone", "INVOICED", .price, 7, on: "02-03", invoice: "i3", line: "3")
        bookings.collect(100, on: "02-11")
        bookings.pay(100, "P1", on: "02-15")
        // The month is closed on 5 March; the bank's answer of 28 February is told later.
        bookings.transfer(
            "F1", -97, on: "02-28", failureOf: "P1", more: ["update_date": "2026-03-09T00:00:00Z"])
        bookings.book(
            "late", "INVOICED", .price, 5, on: "02-20", invoice: "i4", line: "4",
            more: ["update_date": "2026-03-09T00:00:00Z", "invoice_date": "2026-02-20T00:00:00Z"])
        bookings.book(
            "fee", "INVOICED", .fee, -4, on: "02-01",
            more: ["update_date": "2026-03-09T00:00:00Z"])
        bookings.book(
            "gone", "INVOICED", .price, 7, on: "02-03", invoice: "i3", line: "3",
            more: [
                "update_date": "2026-03-09T00:00:00Z", "delete_date": "2026-03-09T00:00:00Z",
            ])
        try desk.deliver(bookings.rows, of: "BillingEventFeed_V1")
        try desk.loadAll()
        let found = try desk.rows(
            """
            select concat_ws(' ', cause, replace(billing_event_id, 'acme-', ''), account,
                trim_scale(before), trim_scale(after))
            from marketplace.journal_restated('2026-03-05', 'infinity', '2026-02-01')
            order by 1
            """)
        #expect(
            found == [
                "added F1 bank 0 -97", "added F1 payout_clearing 0 97",
                "added late receivable 0 5", "added late revenue 0 -5",
                "corrected fee listing_fees 3 4", "corrected fee receivable -3 -4",
                "removed gone receivable 7 0", "removed gone revenue -7 0",
                "settled P1-f in_transit 3 0", "settled P1-f payout_clearing -3 0",
                "settled P1-p in_transit -100 0", "settled P1-p payout_clearing 100 0",
            ], "\(found)")
        let later = try desk.rows(
            "select * from marketplace.journal_restated('2026-03-10', 'infinity', '2026-02-01')")
        #expect(later == [])
    }
}
