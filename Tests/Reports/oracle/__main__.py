import argparse
import datetime
import importlib
import pathlib
import sys

from . import canonical, identities
from .books import Books
from .columns import REPORTS
from .comparer import Comparison
from .relations import AS_OF_TODAY, RELATIONS
from .seller import Seller
from .values import instant


def evaluate(options):
    seller = Seller(options.folder)
    results = pathlib.Path(options.results)
    results.mkdir(parents=True, exist_ok=True)
    for name in options.report or REPORTS:
        report = REPORTS[name]
        rows = importlib.import_module(f".{name}", __package__).rows(seller)
        if options.since:
            since = instant(options.since)
            rows = [row for row in rows if row[report.filter] and row[report.filter] >= since]
        cells = canonical.table(report, rows)
        canonical.write(results / f"{name}.csv", report, cells)
        print(f"{name}: {len(cells)} rows")


def money(options):
    books = Books(Seller(options.folder), options.known_at and instant(options.known_at))
    results = pathlib.Path(options.results)
    results.mkdir(parents=True, exist_ok=True)
    for name in options.relation or RELATIONS:
        module = importlib.import_module(f".{name}", __package__)
        rows = module.rows(books, *([options.today] if name in AS_OF_TODAY else []))
        cells = canonical.table(RELATIONS[name], rows)
        canonical.write(results / f"{name}.csv", RELATIONS[name], cells)
        print(f"{name}: {len(cells)} rows")


def check(options):
    violations = list(identities.violations(options.results))
    print("\n".join(violations) or "every identity holds")
    sys.exit(1 if violations else 0)


def columns(options):
    print("\n".join(TABLES[options.report].columns))


def compare(options):
    report = TABLES[options.report]
    paths = options.left, options.right
    comparison = Comparison(report, *(canonical.read(path, report) for path in paths))
    names = [pathlib.Path(path).parent.name or path for path in paths]
    print("\n".join(comparison.lines(names if names[0] != names[1] else ("left", "right"))))
    sys.exit(0 if comparison.is_equal else 1)


TABLES = REPORTS | RELATIONS

parser = argparse.ArgumentParser(prog="oracle")
commands = parser.add_subparsers(required=True)

command = commands.add_parser("evaluate", help="the reports of a folder of deliveries, as CSV")
command.add_argument("folder")
command.add_argument("results")
command.add_argument("--report", action="append", choices=REPORTS)
command.add_argument("--since", metavar="DAY", help="the published row filter; none by default")
command.set_defaults(run=evaluate)

command = commands.add_parser("money", help="the relations of money, as CSV")
command.add_argument("folder")
command.add_argument("results")
command.add_argument("--relation", action="append", choices=RELATIONS)
command.add_argument("--today", metavar="YYYY-MM-DD", type=datetime.date.fromisoformat,
                     default=datetime.datetime.now(datetime.timezone.utc).date())
command.add_argument("--known-at", metavar="INSTANT", help="as it was known then")
command.set_defaults(run=money)

command = commands.add_parser("identities", help="what those contradict; 1 if anything")
command.add_argument("results")
command.set_defaults(run=check)

command = commands.add_parser("columns", help="the columns of a report in their order")
command.add_argument("report", choices=TABLES)
command.set_defaults(run=columns)

command = commands.add_parser("compare", help="what differs in two CSV files; 1 if anything")
command.add_argument("report", choices=TABLES)
command.add_argument("left")
command.add_argument("right")
command.set_defaults(run=compare)

options = parser.parse_args()
options.run(options)
