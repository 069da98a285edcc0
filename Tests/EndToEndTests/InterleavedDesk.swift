import Foundation
import Support

/// Two sellers whose deliveries, faults and decisions come in an order that a seed chooses.
struct InterleavedDesk {
    let desk: Desk
    /// What was done, for a failure's message.
    private(set) var steps: [String] = []
    private var generator: SeededGenerator
    private var files: [MonthFile] = []

    private static let sellers = ["acme", "bolt"]
    /// Rows without these are refused until they may be empty.
    private static let refused: [String: (table: String, column: String)] = [
        "BillingEventFeed_V1": ("sdds.billing_event", "action"),
        "DailyUsageFeed_V1": ("sdds.daily_usage", "offer_id"),
    ]
    private static let refusedRemark = "refused at first"
    private var areRefused = true
    /// Feeds whose tables get a column later.
    private static let extended = ["sdds.account", "sdds.billing_event", "sdds.offer_product"]

    init(seed: Int) throws {
        desk = try Desk()
        generator = SeededGenerator(seed: UInt64(seed))
        for (index, seller) in Self.sellers.enumerated() {
            let folder = "\(desk.exports.path)/to-come/\(seller)"
            try Oracle.output(["awkward", "\(seed * 10 + index)", folder])
            try Self.expand(folder)
            for key in try FileManager.default.subpathsOfDirectory(atPath: folder).sorted()
            where key.hasSuffix("data.csv") {
                let content = try String(contentsOfFile: "\(folder)/\(key)", encoding: .utf8)
                files.append(Self.file("\(seller)/\(key)", content))
            }
        }
        try Self.addSellers(to: desk)
        try installKiller()
    }

    private static func addSellers(to desk: Desk) throws {
        for seller in sellers {
            let done = try desk.run(["seller", "add", seller])
            guard done.succeeded else { throw done }
        }
    }

    private static func expand(_ folder: String) throws {
        let script = """
            for f in $(find . -name data.csv); do
                if gzip -t < $f 2> /dev/null; then gzip -dc < $f > $f.plain; mv $f.plain $f; fi
            done
            """
        try Command("sh", ["-c", script], directory: folder).output()
    }

    // With a column that the tables do not know yet, rows refused for now, and some for good.
    private static func file(_ key: String, _ content: String) -> MonthFile {
        let feed = String(key.split(separator: "/")[1])
        return MonthFile(key: key, feed: feed, content: content, column: "remark") { fields in
            // Of the instant, so that a row that is delivered twice is the same twice.
            let number = Int(fields["update_date"]?.filter(\.isNumber) ?? "") ?? 0
            fields["remark"] = "remark \(number % 7)"
            if let column = refused[feed]?.column, number % 13 == 5 {
                fields[column] = ""
                fields["remark"] = refusedRemark
            }
            // A correction can move an entry to another line of the invoice.
            if feed == "BillingEventFeed_V1", number % 3 == 0 { fields["buyer_line_item_id"] = "9" }
            if feed == "TaxItemFeed_V1", number % 17 == 5 { fields["tax_amount"] = "12 or so" }
        }
    }

    // A refresh that reaches a table named in public.kill loses its connection there.
    private func installKiller() throws {
        try desk.database.psql(
            """
            create table public.kill (relation text);
            create function public.kill() returns trigger language plpgsql as $$
            begin
                if exists (select from public.kill where relation = tg_table_name) then
                    perform pg_terminate_backend(pg_backend_pid());
                end if;
                return null;
            end $$;
            select format('create trigger kill after insert or update or delete on resolved.%I
                for each statement execute function public.kill()', tablename)
            from pg_tables where schemaname = 'resolved' and tablename not in ('feed', 'pending')
            \\gexec
            """)
    }
}

/// What can happen.
extension InterleavedDesk {
    /// One more thing happens.
    mutating func step() throws {
        switch generator.below(20) {
        case 0..<8: try deliver()
        case 8..<10: try rewrite()
        case 10: try decide("accept") { $0.accept() }
        case 11: try decide("keep") { $0.keep() }
        case 12: try addColumn()
        case 13: try letRefusedRowsIn()
        case 14: try run(["rejects", "dismiss", "--column", "tax_amount", "--note", "no number"])
        case 15: try reload()
        case 16: try killRefresh()
        default: try refresh()
        }
    }

    /// Everything has come, is decided and repaired.
    mutating func finish() throws {
        for index in files.indices { files[index].append(.max) }
        try load("all", files.indices.map { $0 })
        for feed in Self.extended { try addColumn(to: feed) }
        try letRefusedRowsIn()
        try run(["reload"] + Self.extended.flatMap { ["--feed", $0] })
        try decide("accept") { $0.accept() }
        try refresh()
    }

    mutating func refresh() throws { try run(["refresh"]) }

    // Any month, in any order, and each a little further; now and then one breaks off.
    private mutating func deliver() throws {
        var chosen: [Int] = []
        for index in files.indices where !files[index].isFinished && generator.below(4) == 0 {
            files[index].append(1 + generator.below(40), isDamaged: generator.below(25) == 0)
            chosen.append(index)
        }
        try load("deliver", chosen)
    }

    private mutating func rewrite() throws {
        var chosen: [Int] = []
        for index in files.indices where files[index].isDelivered && generator.below(6) == 0 {
            files[index].rewrite(using: &generator) {
                [areRefused] in areRefused && $0.contains(Self.refusedRemark)
            }
            chosen.append(index)
        }
        try load("rewrite", chosen)
    }

    private mutating func load(_ what: String, _ chosen: [Int]) throws {
        for index in chosen {
            try desk.deliver(files[index].text, to: "data/" + files[index].key)
        }
        let rows = ["3", "40", "100000"][generator.below(3)]
        for seller in Self.sellers {
            let changed = chosen.filter { files[$0].key.hasPrefix(seller) }
            guard !changed.isEmpty else { continue }
            steps.append("\(what) of \(seller): \(changed.map { files[$0].key })")
            let done = try desk.run(
                ["backfill", desk.exports.path + "/data/" + seller, "--seller", seller],
                environment: ["SLUICE_BATCH_ROWS": rows])
            let isDamaged = files.contains { $0.key.hasPrefix(seller) && $0.isDamaged }
            guard done.succeeded != isDamaged else { throw done }
        }
    }

    private mutating func decide(_ word: String, _ change: (inout MonthFile) -> Void) throws {
        for index in files.indices { change(&files[index]) }
        try run([word, "--all"])
    }

    private mutating func addColumn() throws {
        try addColumn(to: Self.extended[generator.below(Self.extended.count)])
    }

    private mutating func addColumn(to feed: String) throws {
        steps.append("column of \(feed)")
        try desk.database.psql("alter table \(feed) add column if not exists remark text")
    }

    private mutating func letRefusedRowsIn() throws {
        steps.append("fix")
        areRefused = false
        try Self.letRefusedRowsIn(desk)
        try run(["rejects", "replay"])
    }

    private static func letRefusedRowsIn(_ desk: Desk) throws {
        for (table, column) in refused.values {
            try desk.database.psql("alter table \(table) alter \(column) drop not null")
        }
    }

    private mutating func reload() throws {
        let feeds = try desk.rows("select distinct feed from ingest.file order by 1")
        guard !feeds.isEmpty else { return }
        let feed = feeds[generator.below(feeds.count)]
        let done = try run(["reload", "--feed", feed], mayFail: true)
        let isDamaged = files.contains(where: \.isDamaged)
        guard done.succeeded || isDamaged else { throw done }
    }

    private mutating func killRefresh() throws {
        let tables = try desk.rows("select substr(feed, 6) from resolved.feed order by 1")
        let table = (tables + ["billing_line"])[generator.below(tables.count + 1)]
        try desk.database.psql("insert into public.kill values ('\(table)')")
        let done = try run(["refresh"] + (generator.below(4) == 0 ? ["--full"] : []), mayFail: true)
        steps.append("killed at \(table): \(!done.succeeded)")
        try desk.database.psql("delete from public.kill")
    }

    @discardableResult
    private mutating func run(_ arguments: [String], mayFail: Bool = false) throws -> Finished {
        steps.append(arguments.joined(separator: " "))
        let done = try desk.run(arguments)
        guard done.succeeded || mayFail else { throw done }
        return done
    }
}

/// What must then be so.
extension InterleavedDesk {
    /// A desk that saw nothing but the newest versions, and what was kept of others.
    func clean() throws -> Desk {
        let clean = try Desk()
        try Self.addSellers(to: clean)
        for feed in Self.extended {
            try clean.database.psql("alter table \(feed) add column if not exists remark text")
        }
        try Self.letRefusedRowsIn(clean)
        for file in files {
            try clean.deliver(file.text, to: "data/" + file.key)
            guard !file.kept.isEmpty else { continue }
            let kept = ([file.header] + file.kept).joined(separator: "\n") + "\n"
            try clean.deliver(kept, to: "data/" + file.key.replacing("/year=20", with: "/year=21"))
        }
        for seller in Self.sellers {
            let done = try clean.run(
                ["backfill", clean.exports.path + "/data/" + seller, "--seller", seller])
            guard done.succeeded else { throw done }
        }
        let done = try clean.run(["refresh"])
        guard done.succeeded else { throw done }
        return clean
    }
}
