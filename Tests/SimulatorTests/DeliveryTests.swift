import Simulator
import Testing

@Suite struct DeliveryTests {
    @Test func everyDayExtendsTheDayBefore() throws {
        let simulation = Simulation(4, scale: 0)
        var before: [String: [UInt8]] = [:]
        for day in simulation.days {
            let changed = Set(simulation.changed(on: day).map(\.key))
            var now: [String: [UInt8]] = [:]
            for file in simulation.files(asOf: day) {
                let content = try file.plain
                now[file.key] = content
                let older = before[file.key] ?? []
                if file.feed.hasPrefix("sdds.") {
                    #expect(content.starts(with: older), "\(file.key) on \(day)")
                }
                #expect((content != older) == changed.contains(file.key), "\(file.key) \(day)")
            }
            #expect(Set(before.keys).isSubset(of: now.keys))
            before = now
        }
    }

    @Test(arguments: [
        SimulatedDay(2026, 1, 30), SimulatedDay(2026, 2, 8), SimulatedDay(2026, 2, 23),
    ])
    func smallSellersMonthGrowsAtItsEnd(day: SimulatedDay) throws {
        let simulation = Simulation(1)
        for (older, newer) in zip(
            simulation.files(asOf: day),
            simulation.files(asOf: SimulatedDay(number: day.number + 1)))
        where older.feed.hasPrefix("sdds.") {
            #expect(older.key == newer.key)
            #expect(try newer.plain.starts(with: older.plain), "\(older.key)")
        }
    }

    @Test func firstDeliveryBringsHistoryAndHeaders() throws {
        let simulation = Simulation(1)
        let files = simulation.changed(on: SimulatedDay(2026, 1, 1))
        // Of a retired feed there is history only; of payment schedules there is none.
        let logs = files.filter { $0.key.contains("/year=") }
        #expect(logs.count == 27)
        for file in logs {
            let rows = try file.write { _ in }
            let isHistory =
                file.key.contains("year=2010/month=01") && file.feed != "sdds.agreement_charge"
            #expect((rows > 0) == isHistory, "\(file.key)")
        }
    }

    @Test func productsHaveHeaderOnlyMonths() throws {
        let simulation = Simulation(1, months: 5)
        let files = simulation.files(asOf: simulation.lastDay)
        let products = files.filter { $0.feed == "sdds.product" }
        #expect(
            try products.map { try $0.write { _ in } > 0 } == [
                true, true, true, false, false, false,
            ])
    }

    @Test func lastDayOfAMonthIsDeliveredInTheNext() throws {
        let january = SimulatedDay(2026, 1, 31)
        let february = SimulatedDay(2026, 2, 1)
        let simulation = Simulation(1, gzip: false)
        let usage = simulation.files(asOf: february).filter { $0.feed == "sdds.daily_usage" }
        #expect(usage.map(\.day) == [SimulatedDay(2026, 1, 1), january, february])
        let text = try String(decoding: usage[2].plain, as: UTF8.self)
        #expect(text.contains(",2026-01-31,"))
        #expect(!text.contains(",2026-02-01,"))
    }

    @Test func regeneratedDataSetsHaveOtherContent() throws {
        let simulation = Simulation(1)
        var regenerated: Set<String> = []
        for day in simulation.days {
            for file in simulation.changed(on: day) where file.feed.hasPrefix("cas.") {
                guard !file.isMetadata else { continue }
                let before = SimulatedDay(number: day.number - 1)
                guard
                    let older = simulation.files(asOf: before).first(where: { $0.key == file.key })
                else { continue }
                #expect(try older.plain != file.plain, "\(file.key)")
                regenerated.insert(file.feed)
            }
        }
        #expect(
            regenerated == [
                "cas.daily_business_usage_by_instance_type", "cas.disbursed_amount_by_product",
            ])
    }

    @Test func someFilesAreGzipAndTheirNamesDoNotTell() throws {
        let simulation = Simulation(1)
        let files = simulation.files(asOf: simulation.lastDay)
        #expect(Set(files.map(\.isCompressed)) == [true, false])
        for file in files {
            #expect(!file.key.contains(".gz"))
            #expect(try file.stored.starts(with: [0x1F, 0x8B]) == file.isCompressed)
        }
        let rows = BillingRows(count: 100)
        #expect(try rows.file(isCompressed: true).stored.starts(with: [0x1F, 0x8B]))
        #expect(try rows.file(isCompressed: false).stored == rows.file(isCompressed: true).plain)
        let plain = Simulation(1, gzip: false)
        #expect(plain.files(asOf: plain.lastDay).allSatisfy { !$0.isCompressed })
    }

    @Test func daysBoundTheSimulation() {
        var parameters = SimulationParameters(start: SimulatedDay(2026, 1, 31), months: 1)
        #expect(Simulation(parameters).days.last == SimulatedDay(2026, 2, 28))
        parameters.days = 3
        #expect(Simulation(parameters).days.count == 3)
        parameters.cas = false
        let simulation = Simulation(parameters)
        let files = simulation.files(asOf: SimulatedDay(2030, 1, 1))
        #expect(files.allSatisfy { $0.feed.hasPrefix("sdds.") && !$0.key.contains("2030") })
        #expect(simulation.changed(on: SimulatedDay(2026, 3, 1)).isEmpty)
    }
}
