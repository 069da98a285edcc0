"""What differs between two tables of one report, in words."""
import collections

LIMIT = 8


class Comparison:
    """Of rows of cells. Equal rows cancel; the rest is paired by key, the most alike first."""

    def __init__(self, report, left, right):
        self.report, self.counts = report, (len(left), len(right))
        self.changed, self.only_left, self.only_right = [], [], []
        rest = self.remaining(left, right), self.remaining(right, left)
        for key in sorted(rest[0].keys() | rest[1].keys()):
            self.pair(key, rest[0].get(key, []), rest[1].get(key, []))

    def remaining(self, rows, others):
        """By key, the rows that the others have not, or less often."""
        surplus = collections.Counter(map(tuple, rows)) - collections.Counter(map(tuple, others))
        of_key = collections.defaultdict(list)
        for row in sorted(surplus.elements()):
            of_key[self.key(row)].append(row)
        return of_key

    def key(self, row):
        return tuple(row[self.report.columns.index(column)] for column in self.report.key)

    def pair(self, key, left, right):
        left, right = list(left), list(right)
        while left and right:
            one, other = min(((one, other) for one in left for other in right),
                             key=lambda pair: len(self.differences(*pair)))
            left.remove(one)
            right.remove(other)
            self.changed.append((key, self.differences(one, other)))
        self.only_left += left
        self.only_right += right

    def differences(self, one, other):
        return [(column, a, b)
                for column, a, b in zip(self.report.columns, one, other) if a != b]

    @property
    def is_equal(self):
        return not (self.changed or self.only_left or self.only_right)

    def lines(self, names=("left", "right")):
        """A report for a person, the first rows of each sort of difference."""
        count = f"{self.report.name}: {self.counts[0]} rows in {names[0]}, " \
                f"{self.counts[1]} in {names[1]}"
        if self.is_equal:
            yield count + ", equal"
            return
        yield (f"{count}; {len(self.changed)} differ, {len(self.only_left)} only in {names[0]}, "
               f"{len(self.only_right)} only in {names[1]}")
        columns = collections.Counter(
            column for _, cells in self.changed for column, _, _ in cells)
        for column, times in columns.most_common():
            yield f"  {column}: {times} cells"
        for key, cells in self.changed[:LIMIT]:
            yield f"  row {self.named(key)}"
            for column, a, b in cells:
                yield f"    {column}: {names[0]} {a!r}, {names[1]} {b!r}"
        for name, rows in zip(names, (self.only_left, self.only_right)):
            for row in rows[:LIMIT]:
                yield f"  only in {name}: {self.named(self.key(row))}"
                yield "    " + " | ".join(row)

    def named(self, key):
        return ", ".join(f"{column}={value}" for column, value in zip(self.report.key, key))
