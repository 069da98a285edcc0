"""A folder of delivered files: what stands in it, record by record."""
import csv
import gzip
import io
import pathlib
import re

# The values of one record by column name; a column that the file lacks is null.
class Record(dict):
    def __missing__(self, column):
        return None


MONTH = re.compile(r"year=\d{4}/month=\d{2}/[^/]*$")
# Old files have another name for it.
ALIASES = {("AddressFeed_V1", "country"): "country_code"}


def read(folder, feed):
    """All records of a feed such as `AccountFeed_V1`, in the order of the months."""
    return [
        record
        for path in sorted((pathlib.Path(folder) / feed).glob("year=*/month=*/data.csv*"))
        if MONTH.search(path.as_posix())
        for record in records(path, feed)
    ]


def records(path, feed):
    content = path.read_bytes()
    if content[:2] == b"\x1f\x8b":
        content = gzip.decompress(content)
    lines = csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), strict=True)
    header = [name.strip().lower() for name in next(lines, [])]
    columns = [ALIASES.get((feed, name), name) for name in header]
    for values in lines:
        if values:
            # An empty field is null, whatever the column.
            yield Record(
                (column, value if value != "" else None)
                for column, value in zip(columns, values, strict=True)
            )
