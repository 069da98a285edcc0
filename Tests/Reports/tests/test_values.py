"""Money, instants, text and cells."""
import gzip
import pathlib
import tempfile
import unittest
from decimal import Decimal

from oracle import canonical, delivery
from oracle.columns import REPORTS
from oracle.comparer import Comparison
from oracle.seller import number_of
from oracle.values import comma_list, instant, money, quotient, rounded, written


class ValueTests(unittest.TestCase):
    def test_money_has_six_digits_half_away_from_zero(self):
        for text, value in [("0.0000005", "0.000001"), ("-0.0000005", "-0.000001"),
                            ("1,000.5", "1000.5"), ("1e2", "100")]:
            self.assertEqual(money(text), Decimal(value))
        self.assertIsNone(money(None))

    def test_rounding_is_half_away_from_zero(self):
        for value, result in [("0.005", "0.01"), ("-0.005", "-0.01"), ("0.0049999", "0"),
                              ("2.675", "2.68")]:
            self.assertEqual(rounded(Decimal(value)), Decimal(result))

    def test_a_quotient_has_six_digits(self):
        self.assertEqual(quotient(Decimal(2), Decimal(3)), Decimal("0.666667"))

    def test_instants_have_two_forms(self):
        for text in ("2026-01-02T03:04:05Z", "2026-01-02 03:04:05.0", "2026-01-02 03:04:05+00",
                     "2026-01-02 04:04:05+01:00", "2026-01-02 03:04:05.000 UTC"):
            self.assertEqual(canonical.cell(instant(text)), "2026-01-02T03:04:05Z")
        self.assertEqual(written(instant("2026-01-02")), "2026-01-02 00:00:00.000 UTC")

    def test_account_numbers_have_twelve_digits(self):
        for text, number in [("12345678901", "012345678901"), ("1234567890123", "234567890123"),
                             (None, None)]:
            self.assertEqual(number_of({"aws_account_id": text}), number)

    def test_comma_lists_show_no_nulls(self):
        for parts, text in [(["a", None, "b"], "a,b"), ([None], None), ([], None),
                            (["..."], None), (["a", "..."], "a,...")]:
            self.assertEqual(comma_list(parts), text)

    def test_numbers_have_one_text(self):
        for value, text in [("1.50", "1.5"), ("100", "100"), ("-0.00", "0"), ("1E+3", "1000"),
                            ("0.000001", "0.000001")]:
            self.assertEqual(canonical.plain(Decimal(value)), text)


class FileTests(unittest.TestCase):
    def test_files_of_all_forms_are_read(self):
        header = "Address_ID,country,city,valid_from\n"
        with tempfile.TemporaryDirectory() as folder:
            for month, content in [
                ("01", gzip.compress((header + 'a,DE,"Köln, ""am"" Rhein",x\n').encode())),
                ("02", b"\xef\xbb\xbf" + header.replace("country", "country_code").encode()
                 + b'b,,"two\nlines",y\r\n'),
                ("03", header.encode()),
            ]:
                path = pathlib.Path(folder, f"AddressFeed_V1/year=2026/month={month}/data.csv")
                path.parent.mkdir(parents=True)
                path.write_bytes(content)
            read = delivery.read(folder, "AddressFeed_V1")
        self.assertEqual([record["address_id"] for record in read], ["a", "b"])
        self.assertEqual([record["country_code"] for record in read], ["DE", None])
        self.assertEqual([record["city"] for record in read],
                         ['Köln, "am" Rhein', "two\nlines"])
        self.assertIsNone(read[0]["no such column"])


class ComparerTests(unittest.TestCase):
    def setUp(self):
        self.report = REPORTS["agreement"]

    def cells(self, **values):
        return [canonical.normal(values.get(column, "x") if column in values else canonical.NULL,
                                 column) for column in self.report.columns]

    def compare(self, left, right):
        return Comparison(self.report, left, right)

    def test_what_means_the_same_is_equal(self):
        one = self.cells(next_agreement_id="b,a", total_contract_value="1.50",
                         agreement_start_date="2026-01-02 03:04:05+00")
        other = self.cells(next_agreement_id="a,b", total_contract_value="1.5",
                           agreement_start_date="2026-01-02T03:04:05Z")
        self.assertTrue(self.compare([one], [other]).is_equal)

    def test_null_is_not_the_empty_text(self):
        self.assertFalse(self.compare([self.cells(status="")], [self.cells()]).is_equal)

    def test_a_row_too_many_differs(self):
        row = self.cells(agreement_id="a")
        comparison = self.compare([row, row], [row])
        self.assertEqual((comparison.changed, len(comparison.only_left)), ([], 1))

    def test_rows_of_a_key_are_paired_with_the_most_alike(self):
        def row(status, intent):
            return self.cells(agreement_id="a", status=status, agreement_intent=intent)
        comparison = self.compare([row("1", "1"), row("2", "2")], [row("2", "3"), row("1", "3")])
        self.assertEqual([cells for _, cells in comparison.changed],
                         [[("agreement_intent", "1", "3")], [("agreement_intent", "2", "3")]])
        self.assertIn("  agreement_intent: 2 cells", list(comparison.lines()))
