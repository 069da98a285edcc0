import Postgres
import Support
import Testing

/// The server is the oracle: what its own cast makes of a text, or that it refuses it.
///
/// Accepted texts must have the server's value, and refused texts must be refused by the server
/// too or lie outside the grammar that we claim to read. Both differences from a plain cast that
/// are allowed, thousands in groups and timestamps as dates, are written into the cast.
@Suite struct DifferentialTests {
    @Test(arguments: Specimens.all)
    func serverAgrees(specimens: Specimens) throws {
        let connection = try PrivateCluster.connect()
        try connection.execute(castFunction(specimens))
        try connection.execute(
            """
            create temp table probe (
                id int, source bytea, outcome text, value \(specimens.type.sqlName))
            """)
        let texts = specimens.texts(grown: 3_000)
        try load(texts, as: specimens.type, over: connection)
        let differing = try connection.query(Self.differences(specimens))
        for row in differing.prefix(20) {
            Issue.record(
                """
                \(specimens.type) \(try row.string("source")): we \(try row.string("outcome")) \
                \(try row.optionalString("ours") ?? ""), server \
                \(try row.optionalString("theirs") ?? "refuses")
                """)
        }
        let seen = try connection.query(
            "select outcome, count(*) as rows from probe group by outcome")
        let counts = try Dictionary(
            uniqueKeysWithValues: seen.map {
                (try $0.string("outcome"), try $0.int("rows"))
            })
        // A test in which nothing is accepted, or nothing refused, would prove nothing.
        #expect(counts["value", default: 0] > 100)
        #expect(counts["refused", default: 0] > 100)
    }

    private func load(
        _ texts: [[UInt8]], as type: BinaryType, over connection: PostgresConnection
    ) throws {
        let copy = try connection.copyIn("copy probe from stdin (format binary)")
        var row = BinaryRow(capacity: 0)
        for (index, text) in texts.enumerated() {
            row.begin(fields: 4)
            row.append(int32: Int32(index))
            row.append(text: text.span.bytes)  // a bytea takes any bytes
            switch Outcome(text, as: type) {
            case .refused:
                row.append(text: Array("refused".utf8).span.bytes)
                row.appendNull()
            case .null:
                row.append(text: Array("null".utf8).span.bytes)
                row.appendNull()
            case .value:
                row.append(text: Array("value".utf8).span.bytes)
                try row.append(text.span.bytes, as: type)
            }
        }
        try row.flush(to: copy)
        let rows = try copy.finish()
        #expect(rows == texts.count)
    }

    private func castFunction(_ specimens: Specimens) -> String {
        """
        create function pg_temp.cast_source(
            source bytea, out value \(specimens.type.sqlName), out refused boolean,
            out is_ours boolean)
        language plpgsql as $$
        declare
            t text;
        begin
            is_ours := true;
            refused := false;
            t := convert_from(source, 'UTF8');
            is_ours := \(specimens.isOurs);
            value := \(specimens.cast);
        exception when others then
            refused := true;
        end $$
        """
    }

    private static func differences(_ specimens: Specimens) -> String {
        let readsNull = specimens.type != .text && specimens.type != .jsonb
        return """
            select encode(p.source, 'escape') as source, p.outcome, p.value::text as ours,
                   c.value::text as theirs
              from probe p
             cross join lateral pg_temp.cast_source(p.source) c
             where case p.outcome
                   when 'value' then c.refused or p.value is distinct from c.value
                        or p.value::text is distinct from c.value::text
                   when 'refused' then not c.refused and c.is_ours
                   else p.source <> ''
                        and not (\(readsNull) and lower(encode(p.source, 'escape')) = 'null')
                   end
             order by length(p.source), p.id
            """
    }
}
