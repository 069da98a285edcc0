"""AWS's published report queries, evaluated elsewhere than in Athena.

They are written for Athena, whose tables have text columns. sqlglot translates them; the few
functions that it leaves alone are defined here.
"""

import hashlib
import os
import re
import subprocess
import sys
import time

SOURCE = "https://github.com/aws-samples/aws-marketplace-api-samples"
COMMIT = "a5d18e5"
LIMIT = 300


class Published:
    """The queries without their last filter, which leaves ninety days."""

    def __init__(self, folder, exports, conninfo, queries=None):
        self.exports, self.conninfo = exports, conninfo
        self.queries = queries or self.clone(os.path.join(folder, "published"))
        self.is_prepared = False

    def clone(self, folder):
        done = subprocess.run(["git", "clone", "-q", SOURCE, folder], stdin=subprocess.DEVNULL,
                              capture_output=True, text=True)
        if done.returncode != 0:
            print(f"  not measured: AWS's queries ({done.stderr.strip()}); --published FOLDER")
            return None
        subprocess.run(["git", "-C", folder, "checkout", "-q", COMMIT], check=True)
        return os.path.join(folder, "seller-data-feeds/queries")

    def text(self, report, dialect):
        if self.queries is None:
            return None
        import sqlglot
        query = open(os.path.join(self.queries, f"{report}_report.sql")).read()
        query = re.sub(r"\nwhere \w+ >= date_add\('DAY', -90, current_date\)", "\n", query)
        tree = sqlglot.parse_one(query, read="presto")
        # Postgres 15 wants a name for every derived table.
        for number, derived in enumerate(tree.find_all(sqlglot.exp.Subquery)):
            if isinstance(derived.parent, (sqlglot.exp.From, sqlglot.exp.Join)):
                derived.set("alias", derived.args.get("alias") or f"derived_{number}")
        # And cuts names after 63 letters, where some are still alike.
        for name in tree.find_all(sqlglot.exp.Identifier):
            if len(name.this) > 63:
                name.set("this", name.this[:50] + hashlib.sha256(name.this.encode()).hexdigest()[:8])
        if dialect == "postgres":
            # The order inside a list takes no time worth measuring.
            for ordered in list(tree.find_all(sqlglot.exp.WithinGroup)):
                ordered.replace(ordered.this)
        return tree.sql(dialect)

    def in_duckdb(self, report):
        """Seconds over the CSV files, in a process of its own, and whether it was stopped."""
        query = self.text(report, "duckdb")
        if query is None:
            return None, False
        started = time.monotonic()
        try:
            done = subprocess.run([sys.executable, __file__, self.exports], input=query, text=True,
                                  capture_output=True, timeout=LIMIT)
        except subprocess.TimeoutExpired:
            return float(LIMIT), True
        if done.returncode != 0:
            print(f"  DuckDB: {done.stderr.strip()[-300:]}")
            return None, False
        return time.monotonic() - started, False

    def in_postgres(self, report, layer):
        """Seconds over the tables of sdds in the same database, and whether it was stopped."""
        query = self.text(report, "postgres")
        if query is None:
            return None, False
        if not self.is_prepared:
            layer.sql(*ATHENA_IN_POSTGRES)
            self.is_prepared = True
        try:
            return layer.time(query, ["set search_path = athena, public", "set jit = off",
                                      f"set statement_timeout = '{LIMIT}s'"]), False
        except subprocess.CalledProcessError as error:
            if "statement timeout" in error.stderr:
                return float(LIMIT), True
            print(f"  Postgres: {error.stderr.strip()[-300:]}")
            return None, False


# Tables as Athena would see the files: text throughout.
ATHENA_IN_POSTGRES = [
    "set timezone = 'UTC'",
    "drop schema if exists athena cascade",
    "create schema athena",
    """do $$
    declare each record;
    begin
        for each in
            select replace(c.relname, '_', '') || 'feed_v1' as name, c.oid::regclass as source,
                string_agg(format(case t.typname
                    when 'timestamptz' then 'to_char(%1$I at time zone ''UTC'', '
                        || '''YYYY-MM-DD"T"HH24:MI:SS.US"Z"'') as %1$I'
                    when 'bool' then '%1$I::integer::text as %1$I'
                    else '%1$I::text as %1$I' end, a.attname), ', ') as columns
            from pg_class c
            join pg_attribute a on a.attrelid = c.oid and a.attnum > 0
            join pg_type t on t.oid = a.atttypid
            where c.relnamespace = 'sdds'::regnamespace and c.relkind = 'r'
            group by c.oid
        loop
            execute format('create view athena.%I as select %s from %s',
                each.name, each.columns, each.source);
        end loop;
    end $$""",
    """create function athena.from_iso8601_timestamp(text) returns timestamptz
        language sql immutable as 'select $1::timestamptz'""",
    """create function athena.at_timezone(timestamptz, text) returns timestamp
        language sql immutable as 'select $1 at time zone $2'""",
    """create function athena.add_to_list(text, text, text) returns text
        language sql immutable as $$select coalesce($1 || $3, '') || $2$$""",
    """create aggregate athena.listagg(text, text) (
        sfunc = athena.add_to_list, stype = text)""",
    """create function athena.date_diff(unit text, a timestamptz, b timestamptz) returns bigint
        language sql immutable as $$select trunc(extract(epoch from b - a) / 86400)::bigint$$""",
]


def main(exports):
    import duckdb
    connection = duckdb.connect()
    connection.execute("set timezone = 'UTC'")
    connection.execute("create macro at_timezone(instant, zone) as timezone(zone, instant)")
    for name in os.listdir(exports):
        if name.lower().endswith("feed_v1"):
            connection.execute(
                f"create view {name.lower()} as select * from read_csv('{exports}/{name}/**/*.csv',"
                " all_varchar = true, header = true, union_by_name = true,"
                " hive_partitioning = false)")
    # Evaluated whole and thrown away, like the other side.
    connection.execute("explain analyze " + sys.stdin.read()).fetchall()


if __name__ == "__main__":
    main(sys.argv[1])
