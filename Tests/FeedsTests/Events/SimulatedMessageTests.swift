import Foundation
import Postgres
import Simulator
import Support
import Testing

@testable import Feeds

/// What the simulated seller's day brings on SNS and EventBridge is understood to the last part.
@Suite struct SimulatedMessageTests {
    private static let simulation = Simulation(
        SimulationParameters(seed: 2, months: 5))

    @Test func everySimulatedMessageIsUnderstoodAndFitsItsColumns() throws {
        let bench = try EventBench()
        var rows: [String: Int] = [:]
        for message in Self.simulation.days.flatMap(Self.simulation.messages) {
            let notification = Notification.parse(message.body)
            #expect(notification.reason == nil, "\(message.body)")
            // Only that payouts have stopped is bad news.
            #expect(notification.isAlarming == (message.type == "Disbursement Paused"))
            guard let event = try bench.record(message.body, sqsMessageID: message.id) else {
                #expect(["sdds-notice", "cas-notice"].contains(message.type))
                continue
            }
            #expect(event.isNew && event.malformed == [], "\(message.body)")
            #expect(event.table != "other")
            let again = try bench.record(message.body, sqsMessageID: message.id)
            #expect(again?.isNew == false)
            rows[event.table, default: 0] += 1
        }
        for (table, count) in rows {
            let stored = try bench.postgres.query(
                "select count(*) as n from event.\(table) where seller_id = $1",
                [.int(Int64(bench.sellerID))]
            ).only().int("n")
            #expect(stored == count, "\(table)")
        }
        #expect(Set(rows.keys) == Set(try bench.tables()).subtracting(["other"]))
    }

    @Test func noticesPointToTheFilesThatTheDayHasWritten() throws {
        for day in Self.simulation.days.prefix(40) {
            let keys = Self.simulation.messages(on: day)
                .flatMap { Notification.parse($0.body).pointers.map(\.key) }
            let written = Set(Self.simulation.changed(on: day).map(\.key))
            #expect(Set(keys).isSubset(of: written), "\(day)")
        }
    }
}
