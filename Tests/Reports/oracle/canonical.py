"""Cells as text that can be compared, and tables of them as CSV."""
import csv
import datetime
from decimal import Decimal

from .columns import DAY, DOUBLE, INSTANT, NUMBER, SET, TRUTH, kind
from .values import instant

NULL = "\\N"


def cell(value):
    """Of a value that was evaluated."""
    if value is None:
        return NULL
    if isinstance(value, datetime.datetime):
        return value.isoformat() + "Z"
    if isinstance(value, datetime.date):
        return value.isoformat()
    # A truth is an integer too.
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, (int, Decimal)):
        return plain(Decimal(value))
    return value


def plain(number):
    """Without trailing zeros, exponent or the sign of zero."""
    text = f"{number:f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in ("-0", "") else text


def normal(text, column):
    """Of a cell as somebody wrote it: what has one meaning has one text."""
    if text == NULL:
        return text
    what = kind(column)
    if what == INSTANT:
        return cell(instant(text))
    if what == NUMBER:
        return plain(Decimal(text))
    if what == DOUBLE:
        return plain(Decimal(repr(float(text))))
    if what == DAY:
        return instant(text).date().isoformat()
    if what == TRUTH:
        return {"t": "true", "f": "false"}.get(text, text)
    if what == SET:
        return ",".join(sorted(part.strip() for part in text.split(",")))
    return text


def table(report, rows):
    """The rows of a report as lists of cells, in their order."""
    return sorted(
        [normal(cell(row[column]), column) for column in report.columns] for row in rows)


def write(path, report, cells):
    with open(path, "w", encoding="utf-8", newline="") as file:
        lines = csv.writer(file, lineterminator="\n")
        lines.writerow(report.columns)
        lines.writerows(cells)


def read(path, report):
    """The rows of a CSV file with a header; columns that the report lacks are left out."""
    with open(path, encoding="utf-8", newline="") as file:
        lines = csv.reader(file, strict=True)
        header = next(lines)
        missing = [column for column in report.columns if column not in header]
        if missing:
            raise SystemExit(f"{path}: has no column {', '.join(missing)}")
        places = [(header.index(column), column) for column in report.columns]
        return sorted(
            [normal(NULL if report.blank_is_null and line[place] == "" else line[place], column)
             for place, column in places]
            for line in lines)
