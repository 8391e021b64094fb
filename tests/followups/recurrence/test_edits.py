"""Editing a series: this one, this and following, all; what is done and what was moved by hand stays."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time
from typing import Any

import pytest

from crm.kernel import clock
from crm.kernel.refusal import Refused, Stale
from crm.platform.tenancy.context import use_tenant
from followups.models import FollowUp, FollowUpSeries, SeriesException
from followups.recurrence.edits import edit_all, edit_following, end_series
from followups.recurrence.fill import fill_series
from followups.recurrence.single import bring_back, edit_occurrence, move_occurrence, put_back, skip_occurrence
from tests.cast import House
from tests.followups.recurrence.conftest import days, values

Repeat = Callable[..., FollowUpSeries]
# The first Mondays of the series, at 15:30 in New York.
FIRST, SECOND, THIRD = (datetime(2026, *day, 20, 30, tzinfo=UTC) for day in ((11, 30), (12, 7), (12, 14)))


@pytest.fixture(autouse=True)
def _inside(house: House) -> Iterator[None]:
    with use_tenant(house.tenant):
        yield


def _stored(series: FollowUpSeries) -> list[FollowUp]:
    return list(FollowUp.objects.filter(series=series).order_by("original_start"))


def test_all_moves_what_is_open_and_leaves_what_is_done(repeat: Repeat, house: House) -> None:
    series = repeat()
    _stored(series)[0].complete("successful", by=house.rita)
    fill_series(series)
    edit_all(series, values(start_time=time(9), subject="Ask about the permit"), by=house.rita)
    assert days(series, status="completed") == ["11-30 15:30"]
    assert days(series, status="pending") == ["12-07 09:00", "12-14 09:00"]
    assert {row.subject for row in _stored(series) if row.is_open} == {"Ask about the permit"}


def test_all_with_fewer_days_cancels_what_is_left(repeat: Repeat, house: House) -> None:
    series = repeat()
    edit_all(series, values(rule="FREQ=WEEKLY;BYDAY=MO;COUNT=1"), by=house.rita)
    assert days(series, status="pending") == ["11-30 15:30"]
    assert FollowUp.objects.filter(status="cancelled").count() == 1


def test_all_keeps_one_that_was_moved_by_hand(repeat: Repeat, house: House) -> None:
    series = repeat()
    at = datetime(2026, 12, 9, 19, tzinfo=UTC)
    _stored(series)[1].reschedule(at, by=house.rita)
    edit_all(series, values(subject="Another"), by=house.rita)
    assert days(series) == ["11-30 15:30", "12-09 14:00"]


def test_following_leaves_the_earlier_ones_with_the_old_rule(repeat: Repeat, house: House) -> None:
    series = repeat()
    following = edit_following(series, SECOND, values(rule="FREQ=WEEKLY;INTERVAL=2;BYDAY=MO"), by=house.rita)
    assert days(series) == ["11-30 15:30"]
    assert days(following) == ["12-07 15:30", "12-21 15:30"]
    assert (following.continues_id, following.start_day) == (series.pk, date(2026, 12, 7))
    assert fill_series(series) == []


def test_following_from_the_first_on_is_all(repeat: Repeat, house: House) -> None:
    series = repeat()
    assert edit_following(series, FIRST, values(subject="Another"), by=house.rita) == series
    assert FollowUpSeries.objects.count() == 1


def test_following_counts_what_is_left(repeat: Repeat, house: House) -> None:
    series = repeat(rule="FREQ=WEEKLY;COUNT=5;BYDAY=MO")
    same = values(rule="FREQ=WEEKLY;COUNT=5;BYDAY=MO", subject="Another")
    assert edit_following(series, THIRD, same, by=house.rita).recurrence.count == 3


def test_following_takes_the_exceptions_along(repeat: Repeat, house: House) -> None:
    series = repeat()
    skip_occurrence(series, THIRD, reason="Cora is travelling", by=house.rita)
    following = edit_following(series, SECOND, values(start_time=time(10)), by=house.rita)
    kept = SeriesException.objects.get()
    assert (kept.series_id, kept.reason) == (following.pk, "Cora is travelling")
    assert days(following) == ["12-07 10:00", "12-21 10:00"]


def test_an_outdated_form_is_stale(repeat: Repeat, house: House) -> None:
    series = repeat()
    version = series.form_version
    edit_all(series, values(subject="First"), by=house.rita, version=version)
    with pytest.raises(Stale):
        edit_all(series, values(subject="Second"), by=house.mona, version=version)
    with pytest.raises(Stale):
        end_series(series, by=house.mona, version=version)


def test_a_skipped_one_is_replaced_and_comes_back(repeat: Repeat, house: House) -> None:
    series = repeat()
    skip_occurrence(series, SECOND, reason="Cora is travelling", by=house.rita)
    assert days(series, status="pending") == ["11-30 15:30", "12-14 15:30"]
    bring_back(series, SECOND, by=house.rita)
    assert days(series, status="pending") == ["11-30 15:30", "12-07 15:30", "12-14 15:30"]


def test_one_that_is_not_stored_yet_is_skipped_and_comes_back(repeat: Repeat, house: House) -> None:
    series = repeat()
    skip_occurrence(series, THIRD, reason="", by=house.rita)
    with clock.at(datetime(2026, 12, 8, tzinfo=UTC)):
        fill_series(series)
        assert days(series)[-2:] == ["12-21 15:30", "12-28 15:30"]
        bring_back(series, THIRD, by=house.rita)
        assert "12-14 15:30" in days(series)


def test_one_is_moved_and_put_back(repeat: Repeat, house: House) -> None:
    series = repeat()
    at = datetime(2026, 12, 9, 19, tzinfo=UTC)
    move_occurrence(series, SECOND, at, by=house.rita)
    assert days(series) == ["11-30 15:30", "12-09 14:00"]
    put_back(series, SECOND, by=house.rita)
    assert days(series) == ["11-30 15:30", "12-07 15:30"]


def test_one_that_is_not_stored_yet_is_moved(repeat: Repeat, house: House) -> None:
    series = repeat()
    move_occurrence(series, THIRD, datetime(2026, 12, 16, 19, tzinfo=UTC), by=house.rita)
    with clock.at(datetime(2026, 12, 1, tzinfo=UTC)):
        fill_series(series)
        assert days(series)[-1] == "12-16 14:00"


def test_what_is_done_or_gone_is_neither_skipped_nor_moved(repeat: Repeat, house: House) -> None:
    series = repeat()
    _stored(series)[0].complete("successful", by=house.rita)
    with pytest.raises(Refused):
        skip_occurrence(series, FIRST, reason="", by=house.rita)
    with pytest.raises(Refused):
        move_occurrence(series, FIRST, THIRD, by=house.rita)
    with pytest.raises(Refused):
        skip_occurrence(series, datetime(2026, 12, 8, tzinfo=UTC), reason="", by=house.rita)
    with pytest.raises(Refused):
        move_occurrence(series, SECOND, datetime(2026, 1, 1, tzinfo=UTC), by=house.rita)


def test_an_ended_series_is_not_edited(repeat: Repeat, house: House) -> None:
    series = repeat()
    end_series(series, by=house.rita)
    with pytest.raises(Refused):
        edit_all(series, values(subject="Another"), by=house.rita)


DETAILS = {"own_minutes": 45, "meeting": "none", "own_reminders": [[60, "email"]], "completes_on": "answer"}


def details_of(series: FollowUpSeries) -> list[dict[str, Any]]:
    rows = FollowUp.objects.filter(series=series).order_by("due_at")
    return [{name: getattr(row, name) for name in DETAILS} for row in rows]


def test_details_reach_as_far_as_the_change(repeat: Repeat, house: House) -> None:
    series = repeat()
    edit_all(series, values(details=DETAILS), by=house.rita)
    assert details_of(series) == [DETAILS, DETAILS]
    other = DETAILS | {"own_minutes": 20}
    second = FollowUp.objects.filter(series=series).order_by("due_at")[1].original_start
    following = edit_following(series, second, values(details=other), by=house.rita)
    assert (details_of(series)[0], details_of(following)[0]) == (DETAILS, other)


def test_details_of_only_one_stay_its_own(repeat: Repeat, house: House) -> None:
    series = repeat(details=DETAILS)
    first = FollowUp.objects.filter(series=series).order_by("due_at")[0]
    changed = DETAILS | {"own_minutes": 90, "own_reminders": [], "completes_on": ""}
    edit_occurrence(series, first.original_start, values(details=changed), by=house.rita)
    assert details_of(series) == [changed, DETAILS]


def test_the_next_occurrence_is_done_by_the_customer_too(repeat: Repeat, house: House) -> None:
    series = repeat(details=DETAILS)
    FollowUp.objects.filter(series=series).order_by("due_at")[0].complete("successful", by=None)
    fill_series(series)
    assert [row["completes_on"] for row in details_of(series)] == ["answer"] * 3


def test_a_series_for_no_customer_waits_for_none(repeat: Repeat, house: House) -> None:
    with pytest.raises(Refused, match="nobody can answer"):
        repeat(about=None, details=DETAILS)
