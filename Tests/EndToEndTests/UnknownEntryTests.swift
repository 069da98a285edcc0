import Support
import Testing

/// Entries of actions and types that nobody knows: in every view of money, under their own name.
@Suite struct UnknownEntryTests {
    private func loaded() throws -> Desk {
        let desk = try Desk()
        try desk.deliver(
            (InvoiceCase.unknown + InvoiceCase.advances).flatMap(\.bookings),
            of: "BillingEventFeed_V1")
        try desk.loadAll()
        return desk
    }

    @Test func everyViewNamesThem() throws {
        let desk = try loaded()
        let listed = try desk.rows(
            """
            select concat_ws(' ', action, transaction_type, trim_scale(amount), counts)
            from marketplace.unknown_entry order by billing_event_id
            """)
        #expect(
            listed == [
                "NETTED SELLER_REV_SHARE -7 t", "NETTED SELLER_REV_SHARE -50 f",
                "NETTED PIX_FEE 5 t", "COLLECTED PIX_FEE -2 f", "DISBURSED PIX_FEE 2 t",
                "INVOICED PIX_FEE -2 t", "DISBURSED DISBURSEMENT_TEST 12 t",
            ])
        let named: [(view: String, names: String, found: [String])] = [
            (
                "sales", "concat_ws(' ', action, kind, trim_scale(amount), is_owed)",
                [
                    "INVOICED PIX_FEE -2 t", "NETTED PIX_FEE 5 t", "NETTED gross_revenue -50 f",
                    "NETTED gross_revenue -7 t",
                ]
            ),
            ("collection", "concat_ws(' ', kind, trim_scale(amount))", ["PIX_FEE -2"]),
            ("disbursement_content", "concat_ws(' ', kind, trim_scale(amount))", ["PIX_FEE -2"]),
            (
                "disbursement", "concat_ws(' ', status, trim_scale(amount))",
                ["DISBURSEMENT_TEST 12"]
            ),
            (
                "invoice_to_cash", "concat_ws(' ', trim_scale(other), unknown_names)",
                ["-7 NETTED", "0 PIX_FEE", "5 NETTED PIX_FEE"]
            ),
            (
                "monthly_totals",
                "concat_ws(' ', case when other <> 0 then 'NETTED' end, trim_scale(other))",
                ["NETTED -2", "NETTED -7", "NETTED 5"]
            ),
        ]
        for each in named {
            let found = try desk.rows(
                """
                select name from (select \(each.names) as name from marketplace.\(each.view)) v
                where name ~ 'NETTED|PIX|_TEST' order by name collate "C"
                """)
            #expect(found == each.found.sorted(), "\(each.view)")
        }
    }

    /// What was paid before it came in refers to its invoice, and to nothing that is missing.
    @Test func payoutWithoutACollectionIsNoOrphan() throws {
        let desk = try loaded()
        #expect(try desk.rows("select * from marketplace.orphan_reference") == [])
        let unequal = try desk.rows(
            """
            select billing_event_id from marketplace.disbursement
            where status = 'Paid' and (difference <> 0 or lines = 0)
            """)
        #expect(unequal == [])
    }

    /// Payment terms differ by invoice: only the due date of AWS says when one is late.
    @Test func ageGoesByTheDueDateAlone() throws {
        let desk = try Desk()
        var bookings = Bookings("net")
        let due = [30, 1, 0, -1, -30, -31, -60, -61, -90, -91, -120, -121, -400]
        let terms =
            due.map { ("due\($0)", "-400", "\($0)") } + [("new", "-1", "-100")]
        for (name, invoiced, due) in terms {
            func day(_ offset: String) throws -> String {
                try desk.database.psql(
                    "select to_char(now() + interval '\(offset) days', 'YYYY-MM-DD') || 'T12:00:00Z'"
                )
            }
            let times = [
                "invoice_date": try day(invoiced), "buyer_invoice_date": try day(invoiced),
                "payment_due_date": try day(due),
            ]
            bookings.book(
                name, "INVOICED", .price, 10, on: "02-01", invoice: name, line: name, more: times)
        }
        try desk.deliver(bookings.rows, of: "BillingEventFeed_V1")
        try desk.loadAll()
        let ages = try desk.rows(
            "select age || ' ' || invoices from marketplace.ageing order by age")
        #expect(
            ages == ["1-30 2", "121+ 2", "31-60 2", "61-90 2", "91-120 3", "Not due 3"])
    }
}
