"""Measures the schema marketplace on a seller of many years."""

import os
import re
import shutil
import statistics
import subprocess
import sys

from published import Published
from server import ROOT, SLUICE, Run

REPORTS = {
    "agreement": "agreement_start_date", "billed_revenue": "invoice_date",
    "collections_and_disbursements": "payment_due_date", "taxation": "invoice_date",
    "usage": "usage_date",
}
START = 2020


class Layer:
    """One seller whose history grows, and what is asked of it."""

    def __init__(self, folder, environment, rounds, options):
        self.folder, self.environment, self.rounds = folder, environment, rounds
        self.options, self.conninfo = options, environment["SLUICE_DATABASE_URL"]
        self.feeds = [
            argument for name in sorted(os.listdir(os.path.join(ROOT, "Schema/sdds")))
            if name not in ("schema.sql", "unclassified.sql")
            for argument in ("--feed", f"sdds.{name[:-4]}")]

    def sql(self, *statements):
        return subprocess.run(
            ["psql", "-XAtq", "-v", "ON_ERROR_STOP=1", "-d", self.conninfo],
            input=";\n".join(statements), text=True, check=True, capture_output=True).stdout.strip()

    def measure(self):
        print(f"(f) a daily delivery, with more and more history; scale {self.options.scale}")
        exports = None
        for years in self.options.years:
            exports = self.grow(years)
        self.sql("vacuum analyze")
        month = f"{START + self.options.years[-1] - 1}-12-01"
        counts = self.sql(
            "select (select count(*) from sdds.billing_event) || ' billing events, '"
            " || (select count(*) from sdds.daily_usage) || ' usage records'")
        print(f"(g) reports of {counts}; the month is {month[:7]}", flush=True)
        published = Published(self.folder, exports, self.conninfo, self.options.published)
        for report, column in REPORTS.items():
            self.report(report, column, month, published)
        print("(h) invoice to cash and the twenty questions", flush=True)
        self.show("invoice_to_cash", "select * from marketplace.invoice_to_cash")
        for title, query in self.questions():
            self.show(title, query)
        print("(i) money: journal and reconciliation", flush=True)
        for title, query in [
            ("trial_balance", "select * from marketplace.trial_balance"),
            ("journal of the month",
             f"select * from marketplace.journal where month = '{month}'"),
            ("reconciliation   (bar: 5)", "select * from marketplace.reconciliation"),
            ("reconciliation of the month   (bar: 0.5)",
             f"select * from marketplace.reconciliation where month = '{month}'"),
        ]:
            self.show(title, query, "set jit = off")

    # Deliveries of the first days of a year: invoices, usage and what was booked since.
    def grow(self, years):
        exports = os.path.join(self.folder, f"history-{years}")
        days = self.days(years)
        self.simulate(exports, years, days + 1)
        self.backfill(exports)
        first = self.refresh()
        self.sql("vacuum analyze", "checkpoint")
        delivery = os.path.join(self.folder, "delivery")
        self.simulate(delivery, years, days + 3)
        self.replace_changed(exports, delivery)
        # What the generator has written must not go to the disk while that is measured.
        os.sync()
        before = self.rows()
        loaded = self.backfill(exports)
        taken = self.refresh()
        print(f"  {years} years: the history's refresh {first:.1f} s; then {self.rows() - before}"
              f" rows of two days: load {loaded:.2f} s, refresh {taken:.2f} s   (bar: under 2)",
              flush=True)
        if years != self.options.years[-1]:
            shutil.rmtree(exports)
        return exports

    def simulate(self, exports, years, days):
        Run([SLUICE, "simulate", exports, "--start", f"{START}-01-01", "--months",
             str(years * 12 + 1), "--days", str(days), "--scale", str(self.options.scale),
             "--no-gzip", *self.feeds], self.environment)

    def replace_changed(self, exports, delivery):
        """Files only grow, so that of a delivery only the longer ones are new."""
        for folder, _, names in os.walk(delivery):
            for name in names:
                new = os.path.join(folder, name)
                old = os.path.join(exports, os.path.relpath(new, delivery))
                if not os.path.exists(old) or os.path.getsize(old) < os.path.getsize(new):
                    os.makedirs(os.path.dirname(old), exist_ok=True)
                    os.replace(new, old)
        shutil.rmtree(delivery)

    def days(self, years):
        return sum(366 if year % 4 == 0 else 365 for year in range(START, START + years))

    def rows(self):
        return int(self.sql("select coalesce(sum(rows_loaded), 0) from ingest.load"))

    def backfill(self, exports):
        return Run([SLUICE, "backfill", exports, "--bucket", "bench", "--no-refresh"],
                   self.environment).seconds

    def refresh(self):
        return Run([SLUICE, "refresh"], self.environment).seconds

    # Every cell of every row is made and thrown away: what a client does with it is not measured.
    def time(self, query, settings=()):
        plan = self.sql(*settings, f"explain (analyze, timing off) {query}")
        return float(re.search(r"Execution Time: ([0-9.]+) ms", plan).group(1)) / 1000

    def median(self, query, *settings):
        return statistics.median(self.time(query, settings) for _ in range(self.rounds))

    def report(self, report, column, month, published):
        whole = self.median(f"select * from marketplace.{report}_report")
        current = self.median(
            f"select * from marketplace.{report}_report where {column} >= '{month} 00:00Z'"
            f" and {column} < timestamptz '{month} 00:00Z' + interval '1 month'")
        duck, ours = published.in_duckdb(report), published.in_postgres(report, self)
        print(f"  {report:<30} month {current:6.3f} s (bar: 0.3)   whole {whole:6.2f} s (bar: 5)\n"
              f"  {'':<30} / DuckDB over the files {shown(whole, duck)} (bar: 0.1)"
              f"   / published query in Postgres {shown(whole, ours)}", flush=True)

    def questions(self):
        page = open(os.path.join(ROOT, "docs/queries.md")).read()
        year = START + self.options.years[-1] - 1
        for title, query in re.findall(r"^### (\d+\. .*?)\n.*?```sql\n(.*?);?\n```", page,
                                       re.MULTILINE | re.DOTALL):
            # The page's months, at the end of this history.
            yield title, re.sub(
                r"'20(2[56])-", lambda m: f"'{year - 26 + int(m.group(1)) + 0}-", query)

    def show(self, title, query, *settings):
        print(f"  {title[:60]:<60} {self.median(query, *settings):6.2f} s", flush=True)


def shown(ours, theirs):
    seconds, is_over = theirs
    if seconds is None:
        return "not measured"
    return f"{'<' if is_over else ''}{ours / seconds:.4f} of {'>' if is_over else ''}{seconds:.1f} s"
