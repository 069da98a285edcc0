import Postgres
import Support
import Testing

@Suite struct TableColumnsTests {
    @Test func catalogueTellsTypesInOrder() throws {
        let connection = try PrivateCluster.connect()
        try connection.execute(
            """
            create domain pg_temp.plain as numeric;
            create domain pg_temp.nested as pg_temp.plain;
            create domain pg_temp.positive as numeric check (value > 0);
            create domain pg_temp.present as text not null;
            create domain pg_temp.narrow as varchar(3);
            create temp table "Odd Name" (
                id bigint generated always as identity, gone int, a text not null, b varchar,
                c varchar(5), d numeric, e numeric(12,2), f timestamptz, g timestamptz(3),
                h date, i boolean default true, j jsonb, k uuid, l smallint, m integer,
                n double precision, o pg_temp.nested, p pg_temp.positive, q pg_temp.present,
                r pg_temp.narrow, s json, t text[], u numeric generated always as (d * 2) stored);
            alter table "Odd Name" drop column gone
            """)
        let columns = try connection.columns(of: "pg_temp.\"Odd Name\"")
        let types = columns.columns.map(\.type)
        #expect(
            types == [
                .bigint, .text, .text, nil, .numeric, nil, .timestamptz, nil, .date, .boolean,
                .jsonb, .uuid, .smallint, .integer, .doublePrecision, .numeric, nil, nil, nil,
                nil, nil, nil,
            ])
        #expect(columns.columns.map(\.name).joined() == "idabcdefghijklmnopqrstu")
        let a = try #require(columns["a"])
        #expect(!a.isNullable && !a.hasDefault && a.typeOID == 25 && a.typmod == -1)
        let id = try #require(columns["id"])
        #expect(id.hasDefault && !id.isNullable)
        let e = try #require(columns["e"])
        #expect(e.typeName == "numeric(12,2)" && e.typmod != -1 && e.isNullable)
        #expect(columns["i"]?.hasDefault == true)
        #expect(columns["nothing"] == nil)
    }

    @Test func missingTableIsNamed() throws {
        let connection = try PrivateCluster.connect()
        let error = try #require(
            try postgresError { _ = try connection.columns(of: "public.nowhere") })
        #expect(error.sqlState == "42P01")
        #expect(error.message.contains("public.nowhere"))
    }
}
