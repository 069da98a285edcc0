import Foundation
import Support
import Testing

/// What was in a field that was refused is in the table of rejects, and in no log: nobody erases a
/// log when a person is to be forgotten.
@Suite struct RefusedValueTests {
    private static let person = "jane.doe@secret.example"

    @Test func logAndStatusHaveTheCauseAndNotTheValue() throws {
        let cloud = try SimulatedCloud(.none)
        let rows = "p,t,\(Self.person),2026-01-01T00:00:00Z\n"
        try cloud.put([
            DeliveredObject(
                key: Desk.productKey(1), bytes: Array((Desk.productHeader + rows).utf8))
        ])
        try cloud.send([
            #"{"detail-type": "Purchase Agreement Created - Proposer", "#
                + #""source": "aws.agreement-marketplace", "id": "1", "detail": "#
                + #"{"agreement": {"id": "agmt-1", "startTime": "\#(Self.person)"}}}"#
        ])
        let log = try cloud.drain(["SLUICE_LOG_LEVEL": "trace"])
        #expect(!log.standardError.contains(Self.person), "\(log)")
        let status = try Program().run(
            ["status", "--no-queues", "--database", cloud.database.conninfo])
        #expect(!status.standardOutput.contains(Self.person), "\(status)")
        // The worker's log repeats these lines after a sweep.
        for line in [
            "column valid_from, newest: is not a timestamp",
            "of event.agreement, newest: detail.agreement.startTime",
        ] {
            #expect(status.standardOutput.contains(line), "\(status)")
        }
        // Where it is to be read, and erased.
        let show = try Program().run(["rejects", "show", "--database", cloud.database.conninfo])
        #expect(show.standardOutput.contains("\"\(Self.person)\" is not a timestamp"))
        #expect(
            try cloud.database.psql("select malformed from event.malformed")
                .contains(Self.person))
    }

    /// A constraint of the operator's own: the server would tell the whole row.
    @Test(arguments: ["check (title not like 'Jane%')", "check (title is not null and id_ok)"])
    func rowThatAConstraintRefusesIsNotInTheError(constraint: String) throws {
        let desk = try Desk()
        let column =
            constraint.contains("id_ok") ? "add column id_ok boolean not null default true," : ""
        try desk.database.psql(
            "alter table sdds.product \(column) add constraint odd \(constraint)")
        let header = "product_id,title,valid_from,update_date,id_ok\n"
        let instant = "2026-01-01T00:00:00Z"
        try desk.deliver(
            header + "p,Jane Doe,\(instant),\(instant),false\n", to: Desk.productKey(1))
        let done = try desk.backfill(["--log-level", "trace"])
        #expect(done.status == 1, "\(done)")
        #expect(done.standardError.contains("violates check constraint"), "\(done)")
        #expect(!done.standardError.contains("Jane"), "\(done)")
        #expect(try desk.database.psql("select failure from ingest.file").contains("odd"))
        #expect(try !desk.database.psql("select failure from ingest.file").contains("Jane"))
    }
}
