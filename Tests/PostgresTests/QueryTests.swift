import Postgres
import Support
import Testing

@Suite struct QueryTests {
    @Test func executeRunsSeveralStatements() throws {
        let connection = try PrivateCluster.connect()
        try connection.execute("create temp table t (n int); insert into t values (1), (2)")
        let result = try connection.query("select n from t order by n")
        #expect(try result.map { try $0.int("n") } == [1, 2])
        #expect(try connection.query("update t set n = n + 1").affectedRows == 2)
    }

    @Test func everyKindOfParameterArrives() throws {
        let connection = try PrivateCluster.connect()
        let row = try connection.query(
            """
            select $1::text as text, $2::bigint as int, $3::boolean as bool, $4::bytea as bytes,
                   $5::text as none, cardinality($6::text[]) as texts, ($6::text[])[2] is null
                   as second_is_null, ($6::text[])[3] as third, ($7::bigint[])[2] as second,
                   cardinality($8::text[]) as empty
            """,
            [
                "it's", -9_223_372_036_854_775_808, true, .bytes([0, 1, 0xFF, 0x5C]), nil,
                .textArray(["", nil, "NULL \"x\\{},' é"]), .intArray([1, -2]), .textArray([]),
            ]
        ).only()
        #expect(try row.string("text") == "it's")
        #expect(try row.int64("int") == .min)
        #expect(try row.bool("bool"))
        #expect(try row.bytes("bytes") == [0, 1, 0xFF, 0x5C])
        #expect(try row.optionalString("none") == nil)
        #expect(try row.int("texts") == 3)
        #expect(try row.bool("second_is_null"))
        #expect(try row.string("third") == "NULL \"x\\{},' é")
        #expect(try row.int("second") == -2)
        #expect(try row.int("empty") == 0)
    }

    @Test func arraysServeAnyAndUnnest() throws {
        let connection = try PrivateCluster.connect()
        let result = try connection.query(
            "select n from generate_series(1, 9) n where n = any($1)", [.intArray([2, 7])])
        #expect(result.count == 2)
    }

    @Test func textWithNULIsRefusedBeforeItIsCut() throws {
        let connection = try PrivateCluster.connect()
        let error = try #require(
            try postgresError { try connection.query("select $1::text", ["a\u{0}b"]) })
        #expect(error.sqlState == "22021")
        #expect(error.message.contains("$1"))
    }

    @Test func missingColumnAndNullNameTheColumn() throws {
        let row = try PrivateCluster.connect().query("select null::int as empty, 'x' as word")
            .only()
        #expect(try postgresError { _ = try row.int("absent") }?.column == "absent")
        #expect(try postgresError { _ = try row.int("empty") }?.column == "empty")
        #expect(try postgresError { _ = try row.int("word") }?.column == "word")
        #expect(try postgresError { _ = try row.bool("word") }?.column == "word")
        #expect(try postgresError { _ = try row.bytes("word") }?.column == "word")
        #expect(try row.optionalInt("empty") == nil)
    }

    @Test func serverErrorKeepsItsFields() throws {
        let connection = try PrivateCluster.connect()
        try connection.execute(
            "create temp table t (n int constraint n_is_small check (n < 10))")
        let error = try #require(
            try postgresError { try connection.query("insert into t values ($1)", [11]) })
        #expect(error.sqlState == "23514")
        #expect(error.constraint == "n_is_small")
        #expect(error.table == "t")
        #expect(error.detail == "Failing row contains (11).")
        #expect(!error.isTransient)
        #expect("\(error)".contains("23514"))
    }

    @Test func onlyWantsExactlyOneRow() throws {
        let connection = try PrivateCluster.connect()
        #expect(throws: PostgresError.self) {
            try connection.query("select 1 where false").only()
        }
        #expect(throws: PostgresError.self) {
            try connection.query("select generate_series(1, 2)").only()
        }
        #expect(try connection.query("select 1 where false").first == nil)
    }

    @Test(arguments: ["plain", "Mixed Case", "with \"quotes\"", "it's", "back\\slash", "é'\""])
    func quotedNamesAndLiteralsComeBack(text: String) throws {
        let connection = try PrivateCluster.connect()
        let name = PostgresConnection.quoteIdentifier(text)
        let literal = PostgresConnection.quoteLiteral(text)
        let row = try connection.query("select \(literal) as \(name)").only()
        #expect(try row.string(text) == text)
    }

    @Test func copyIsRefusedInPlainStatements() throws {
        let connection = try PrivateCluster.connect()
        try connection.execute("create temp table t (n int)")
        for sql in ["copy t from stdin", "copy (select 1) to stdout"] {
            #expect(throws: PostgresError.self) { try connection.execute(sql) }
            try connection.execute("select 1")
        }
    }
}
