"""From two time axes to one, and from revisions to ranges."""
import bisect
import collections
import dataclasses
import datetime
from datetime import timedelta

from .values import BEGINNING, END, instant

MODERN = datetime.datetime(2021, 4, 1)


def newest(records, key):
    """The records that were updated last of their key, deleted ones too.

    Reading: of records with one update_date the one with the later insert_date counts, and then
    the one that was delivered last; the queries leave that open.
    """
    chosen = {}
    for record in records:
        name = key(record)
        age = [instant(record[column]) or datetime.datetime.min
               for column in ("update_date", "insert_date")]
        if name not in chosen or chosen[name][0] <= age:
            chosen[name] = age, record
    return [record for _, record in chosen.values()]


def is_live(record):
    return instant(record["delete_date"]) is None


def current(records, *columns):
    """One record per key, valid_from included; a key whose newest record is deleted is gone."""
    def key(record):
        return *(record[column] for column in columns), instant(record["valid_from"])
    return [record for record in newest(records, key) if is_live(record)]


@dataclasses.dataclass(frozen=True, eq=False)
class Revision:
    """A record and when it held: from `start` (included) to `end`."""
    record: dict
    start: datetime.datetime
    end: datetime.datetime

    def __getitem__(self, column):
        return self.record[column]

    @property
    def valid_from(self):
        """As recorded: `start` of a first revision is earlier."""
        return instant(self.record["valid_from"])


class History:
    """All revisions of everything in a feed, by id."""

    def __init__(self, records, column, first_start):
        """`first_start` gives the start of the first revision for its valid_from."""
        of_id = collections.defaultdict(list)
        for record in records:
            if record[column] is not None and record["valid_from"] is not None:
                of_id[record[column]].append(record)
        self.revisions = {}
        for name, versions in of_id.items():
            versions.sort(key=lambda record: instant(record["valid_from"]))
            starts = [instant(record["valid_from"]) for record in versions]
            ends = starts[1:] + [END]
            starts[0] = first_start(starts[0])
            self.revisions[name] = list(map(Revision, versions, starts, ends))

    def at(self, name, moment):
        """The revision that held at the instant, None if there is none."""
        if name is None or moment is None or name not in self.revisions:
            return None
        revisions = self.revisions[name]
        place = bisect.bisect_right(revisions, moment, key=lambda revision: revision.start) - 1
        return revisions[place] if place >= 0 and moment < revisions[place].end else None

    def touching(self, name, moment):
        """All revisions that held at the instant, its end included; [None] if there are none."""
        if moment is None:
            return [None]
        return [revision for revision in self.revisions.get(name, [])
                if revision.start <= moment <= revision.end] or [None]


# Where the first revision begins, for those that look it up with older facts.

def unmoved(valid_from):
    return valid_from


def always(valid_from):
    return BEGINNING


def long_before(valid_from):
    """Of accounts, where 212 days more are granted."""
    return BEGINNING - timedelta(days=212)


def an_hour_before_always(valid_from):
    return BEGINNING - timedelta(hours=1)


def days_before(modern_days):
    """So many days, for what is valid since April 2021; older ones get eleven years."""
    def moved(valid_from):
        return valid_from - timedelta(days=3857 if valid_from < MODERN else modern_days)
    return moved


PRODUCT = days_before(2190)
OFFER_OF_AGREEMENT = days_before(1460)
OFFER_OF_USAGE = days_before(1700)
