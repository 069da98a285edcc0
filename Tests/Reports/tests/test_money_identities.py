"""That the identities hold for an awkward seller, and that they can fail."""
import csv
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest
from decimal import Decimal

from oracle import identities
from oracle.columns import NUMBER, kind
from oracle.relations import RELATIONS

HERE = pathlib.Path(__file__).parent.parent
# What no other figure follows from.
ALONE = {"entry_amount", "paid_again", "days_to_collect", "days_to_cash", "days_overdue",
         "invoices", "usual_days", "taxes"}


def run(*arguments, **environment):
    return subprocess.run(
        [sys.executable, "-B", "-m", *arguments], cwd=HERE, env={**os.environ, **environment},
        check=False, capture_output=True, text=True)


class IdentitiesTests(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.folder = pathlib.Path(folder.name)
        run("awkward.money", "1", cls.folder / "data", PYTHONHASHSEED="1")
        run("oracle", "money", cls.folder / "data", cls.folder / "results")

    def test_they_hold(self):
        done = run("oracle", "identities", self.folder / "results")
        self.assertEqual((done.stdout, done.returncode), ("every identity holds\n", 0))

    def test_any_changed_figure_is_found(self):
        for name, relation in RELATIONS.items():
            path = self.folder / "results" / f"{name}.csv"
            text = path.read_text()
            header, *rows = csv.reader(text.splitlines())
            for place, column in enumerate(header):
                if kind(column) != NUMBER or column in ALONE:
                    continue
                row = next(row for row in rows if row[place] not in ("\\N", "0"))
                before, row[place] = row[place], str(Decimal(row[place]) + Decimal("0.01"))
                with open(path, "w", newline="") as file:
                    csv.writer(file).writerows([header, *rows])
                row[place] = before
                self.assertTrue(list(identities.violations(self.folder / "results")),
                                f"{name}.{column}")
            path.write_text(text)

    def test_a_seller_is_the_same_for_the_same_seed(self):
        run("awkward.money", "1", self.folder / "again", PYTHONHASHSEED="2")
        files = sorted(path.relative_to(self.folder / "data")
                       for path in (self.folder / "data").rglob("*.csv"))
        self.assertGreater(len(files), 20)
        for path in files:
            self.assertEqual((self.folder / "data" / path).read_bytes(),
                             (self.folder / "again" / path).read_bytes(), path)

    def test_a_blank_is_null_when_relations_are_compared(self):
        path = self.folder / "results" / "journal.csv"
        other = self.folder / "blank.csv"
        other.write_text(path.read_text().replace("\\N", ""))
        done = run("oracle", "compare", "journal", path, other)
        self.assertEqual(done.returncode, 0, done.stdout)
