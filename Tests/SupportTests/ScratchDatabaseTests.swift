import Foundation
import Support
import Testing

@Suite struct ScratchDatabaseTests {
    static let template = DatabaseTemplate { try $0.psql("create table t (a int, b text)") }

    @Test func aCopyHasWhatTheTemplateHas() throws {
        let database = try ScratchDatabase.create(from: Self.template)
        try database.psql(
            "insert into t values (1, 'x'), (2, null); insert into t values (3, 'y|z')")
        #expect(try database.psql("table t order by a") == "1|x\n2|\n3|y|z")
    }

    @Test(arguments: 0..<6)
    func databasesAreApart(number: Int) throws {
        let database = try ScratchDatabase.create(from: Self.template)
        #expect(
            try database.psql("insert into t values (\(number)); select count(*) from t") == "1")
    }

    @Test func bothFormsOfConninfoConnect() throws {
        let database = try ScratchDatabase.create()
        for conninfo in [database.conninfo, database.tcpConninfo()] {
            let command = Command("psql", ["-XAtc", "select current_database()", "-d", conninfo])
            #expect(try command.output() == "\(database.name)\n")
        }
    }

    @Test func anErrorOfPsqlIsThrownWithItsText() throws {
        let database = try ScratchDatabase.create()
        let error = #expect(throws: Finished.self) { try database.psql("select 1/0") }
        #expect(try #require(error).standardError.contains("division by zero"))
    }

    @Test func droppingTakesItAway() throws {
        let database = try ScratchDatabase.create()
        let count = "select count(*) from pg_database where datname = '\(database.name)'"
        #expect(try database.cluster.psql(count) == "1")
        database.drop()
        #expect(try database.cluster.psql(count) == "0")
    }

    @Test func aCrashedServerComesBackWithItsData() throws {
        let cluster = try PrivateCluster(settings: ["fsync": "on", "synchronous_commit": "on"])
        let database = try ScratchDatabase(on: cluster)
        try database.psql("create table t as select 1 as a")
        let session = try Command(
            "psql", ["-X", "-d", database.conninfo, "-c", "select 'go', pg_sleep(1000)"]
        ).start()
        try cluster.crash()
        #expect(!session.wait().succeeded)
        #expect(try database.psql("table t") == "1")
        #expect(try cluster.psql("show fsync") == "on")
    }

    @Test func aStoppedServerLeavesNoDirectory() throws {
        let cluster = try PrivateCluster()
        cluster.stop()
        #expect(throws: Finished.self) { try cluster.psql("select 1") }
        var tries = 0
        while access(cluster.socketDirectory, F_OK) == 0, tries < 1_000 {
            usleep(10_000)
            tries += 1
        }
        #expect(access(cluster.socketDirectory, F_OK) != 0)
    }
}
