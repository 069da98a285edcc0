import Support
import Testing

/// `sluice dictionary` and the page made of it.
@Suite struct DictionaryTests {
    @Test func thePageIsWhatTheDatabaseSays() throws {
        let printed = try Desk().run(["dictionary"])
        #expect(printed.status == 0)
        let isCurrent = try Manual("docs/data-dictionary.md").text == printed.standardOutput
        #expect(
            isCurrent,
            "docs/data-dictionary.md is stale: scripts/dictionary makes it anew")
    }

    @Test func aTableOfOnesOwnIsInIt() throws {
        let desk = try Desk()
        try desk.database.psql(
            """
            create schema mine;
            comment on schema mine is 'Ours.';
            create table mine.note (words text);
            comment on table mine.note is 'What we noted.';
            comment on column mine.note.words is 'Either | or.';
            """)
        let printed = try desk.run(["dictionary"]).standardOutput
        #expect(
            printed.hasSuffix(
                """
                ## mine

                Ours.

                ### mine.note

                What we noted.

                | Column | Type | |
                |---|---|---|
                | `words` | text | Either \\| or. |

                """))
    }

    @Test func everythingHasAComment() throws {
        let bare = try Desk().database.psql(
            """
            select coalesce(n.nspname || '.' || c.relname || '.' || a.attname,
                n.nspname || '.' || c.relname)
            from pg_class c
            join pg_namespace n on n.oid = c.relnamespace
            left join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
            where c.relkind in ('r', 'p', 'v', 'm') and n.nspname !~ '^(pg_|information_schema$)'
                and (coalesce(obj_description(c.oid, 'pg_class'), '') = ''
                    or coalesce(col_description(c.oid, a.attnum), '') = '')
            union all
            select n.nspname || '.' || p.proname from pg_proc p
            join pg_namespace n on n.oid = p.pronamespace
            where n.nspname !~ '^(pg_|information_schema$)'
                and coalesce(obj_description(p.oid, 'pg_proc'), '') = ''
            union all
            select nspname from pg_namespace
            where nspname !~ '^(pg_|information_schema$|public$)'
                and coalesce(obj_description(oid, 'pg_namespace'), '') = ''
            """)
        #expect(bare == "", "without a comment: \(bare)")
    }
}
