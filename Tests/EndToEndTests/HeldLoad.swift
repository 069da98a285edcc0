import Foundation
import Support

/// A load that stands still at one row, in the middle of COPY, until it is let go.
extension ScratchDatabase {
    /// Has the loads of billing events wait before the row with this line number.
    func hold(atLine line: Int) throws {
        try psql(
            """
            create table public.hold as select true as is_held;
            create function public.hold() returns trigger language plpgsql as $$
                begin
                    while exists (select from public.hold) loop perform pg_sleep(0.01); end loop;
                    return new;
                end $$;
            create trigger hold before insert on sdds.billing_event
                for each row when (new.line = \(line)) execute function public.hold();
            """)
    }

    /// Lets held loads go on, and others pass.
    func letGo() throws { try psql("delete from public.hold") }

    /// The server's processes that stand still, for a poll.
    static let held =
        "pg_stat_activity where wait_event = 'PgSleep' and datname = current_database()"
}

extension SimulatedCloud {
    /// Polls until a table, or the part of it that a condition leaves, has a row.
    ///
    /// - Returns: false where the worker ended before, or after a minute.
    func waitForRow(_ table: String, while worker: ChildProcess) throws -> Bool {
        let deadline = Date(timeIntervalSinceNow: 60)
        while worker.isRunning, Date() < deadline {
            if try database.number("select count(*) from \(table)") > 0 { return true }
            usleep(20_000)  // a poll: a table cannot be waited for
        }
        return false
    }
}

extension HTTPFaultProxy {
    /// Polls until so many requests with a text have come; throws `Finished` when that never
    /// happens.
    func waitForRequest(_ text: String, count: Int = 1, while worker: ChildProcess) throws {
        let deadline = Date(timeIntervalSinceNow: 60)
        while operations.count(where: { $0.text.contains(text) }) < count {
            guard worker.isRunning, Date() < deadline else {
                worker.signal(SIGKILL)
                throw worker.wait()
            }
            usleep(10_000)  // a poll: the proxy gives no sign
        }
    }
}
