"""Corrections, deletions, ranges and their edges."""
import datetime
import unittest

from oracle import history
from oracle.history import History, current, newest
from oracle.values import instant
from tests.case import DAY, versions
from oracle.delivery import Record


def records(*values):
    return [Record(record) for record in versions(*values)]


def at(text):
    return instant(text)


class CurrentTests(unittest.TestCase):
    def test_the_newest_update_wins_in_any_order_of_arrival(self):
        delivered = records(*(
            {"id": "a", "name": name, "update_date": f"2026-02-0{day}T00:00:00Z"}
            for name, day in (("second", 2), ("third", 3), ("first", 1))))
        self.assertEqual([record["name"] for record in current(delivered, "id")], ["third"])

    def test_a_deletion_does_not_let_the_older_record_return(self):
        delivered = records({"id": "a"}, {"id": "a", "delete_date": DAY,
                                          "update_date": "2026-03-01T00:00:00Z"})
        self.assertEqual(current(delivered, "id"), [])

    def test_a_record_restored_after_its_deletion_lives(self):
        delivered = records(
            {"id": "a", "delete_date": DAY},
            {"id": "a", "delete_date": "null", "update_date": "2026-03-01T00:00:00Z"})
        self.assertEqual(len(current(delivered, "id")), 1)

    def test_records_delivered_twice_are_one(self):
        self.assertEqual(len(current(records({"id": "a"}, {"id": "a"}), "id")), 1)

    def test_two_forms_of_one_valid_from_are_one_revision(self):
        delivered = records({"id": "a"}, {"id": "a", "valid_from": "2026-01-10 00:00:00.0"})
        self.assertEqual(len(current(delivered, "id")), 1)

    def test_billing_events_resolve_without_valid_from(self):
        delivered = records({"id": "a"}, {"id": "a", "valid_from": "2026-05-01T00:00:00Z",
                                          "update_date": "2026-03-01T00:00:00Z"})
        self.assertEqual(len(newest(delivered, lambda record: record["id"])), 1)


class RangeTests(unittest.TestCase):
    def history(self, first_start):
        return History(records(
            {"id": "a", "name": "one", "valid_from": "2021-04-01T00:00:00Z"},
            {"id": "a", "name": "two", "valid_from": "2026-02-01T00:00:00Z"},
        ), "id", first_start)

    def test_a_range_includes_its_start_and_not_its_end(self):
        lookups = self.history(history.unmoved)
        for moment, name in [("2021-03-31T23:59:59Z", None), ("2021-04-01T00:00:00Z", "one"),
                             ("2026-01-31T23:59:59Z", "one"), ("2026-02-01T00:00:00Z", "two"),
                             ("2998-12-31T23:59:59Z", "two"), ("2999-01-01T00:00:00Z", None)]:
            found = lookups.at("a", at(moment))
            self.assertEqual(found and found["name"], name, moment)

    def test_a_look_up_that_includes_the_end_finds_both(self):
        found = self.history(history.unmoved).touching("a", at("2026-02-01T00:00:00Z"))
        self.assertEqual([revision["name"] for revision in found], ["one", "two"])

    def test_only_the_first_start_moves(self):
        days = datetime.timedelta(days=1)
        for first_start, start in [
            (history.always, datetime.datetime(1970, 1, 1)),
            (history.an_hour_before_always, datetime.datetime(1969, 12, 31, 23)),
            (history.PRODUCT, datetime.datetime(2021, 4, 1) - 2190 * days),
            (history.OFFER_OF_AGREEMENT, datetime.datetime(2021, 4, 1) - 1460 * days),
            (history.OFFER_OF_USAGE, datetime.datetime(2021, 4, 1) - 1700 * days),
        ]:
            revisions = self.history(first_start).revisions["a"]
            self.assertEqual(revisions[0].start, start)
            self.assertEqual(revisions[0].valid_from, datetime.datetime(2021, 4, 1))
            self.assertEqual(revisions[1].start, datetime.datetime(2026, 2, 1))

    def test_what_is_older_than_april_2021_moves_eleven_years(self):
        moved = history.PRODUCT(datetime.datetime(2021, 3, 31, 23, 59, 59))
        self.assertEqual(moved, datetime.datetime(2010, 9, 8, 23, 59, 59))

    def test_nothing_is_found_for_null(self):
        lookups = self.history(history.always)
        self.assertIsNone(lookups.at(None, at(DAY)))
        self.assertIsNone(lookups.at("a", None))
        self.assertEqual(lookups.touching("a", None), [None])
