"""A series and its occurrences in two real transactions at once: nothing is lost, nothing is there twice."""

from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from crm.kernel import clock
from crm.kernel.refusal import Stale
from crm.platform.tenancy.context import use_tenant
from followups.models import FollowUp, FollowUpNote, FollowUpSeries
from followups.recurrence.edits import create_series, edit_all
from followups.recurrence.fill import fill_series
from tests.cast import House, load_cast
from tests.followups.recurrence.conftest import values
from tests.together import together


def _create(house: House) -> FollowUpSeries:
    start = clock.now().date() + timedelta(days=2)
    with use_tenant(house.tenant):
        return create_series(values(rule="FREQ=DAILY", start_day=start), by=house.rita, about=house.job)


def _inside(house: House, act: Callable[[], Any]) -> Callable[[], str]:
    def run() -> str:
        with use_tenant(house.tenant):
            try:
                act()
            except Stale:
                return "stale"
            return "done"

    return run


def test_an_edit_while_one_is_completed_loses_neither(transactional_db: None) -> None:
    house = load_cast().house
    series = _create(house)
    start = series.start_day
    with use_tenant(house.tenant):
        first = FollowUp.objects.filter(series=series).order_by("due_at")[0]
    changed = values(rule="FREQ=DAILY", start_day=start, subject="Another")
    results = together(
        _inside(house, lambda: first.complete("successful", by=house.rita, note="Spoke to Cora")),
        _inside(house, lambda: edit_all(series, changed, by=house.mona)),
    )
    assert results == ["done", "done"]
    with use_tenant(house.tenant):
        first.refresh_from_db()
        noted = FollowUpNote.objects.get(follow_up=first).body
        assert (first.status, first.outcome, noted) == ("completed", "successful", "Spoke to Cora")
        assert {row.subject for row in FollowUp.objects.open().filter(series=series)} == {"Another"}


def test_two_that_complete_at_once_bring_each_occurrence_once(transactional_db: None) -> None:
    house = load_cast().house
    series = _create(house)
    with use_tenant(house.tenant):
        rows = list(FollowUp.objects.filter(series=series).order_by("due_at"))

    def act(row: FollowUp) -> Callable[[], None]:
        def run() -> None:
            row.complete("successful", by=house.rita)
            fill_series(FollowUpSeries.objects.get(pk=series.pk))

        return run

    together(*(_inside(house, act(row)) for row in rows))
    with use_tenant(house.tenant):
        counts = Counter(FollowUp.objects.filter(series=series).values_list("original_start", flat=True))
        assert (len(counts), set(counts.values())) == (4, {1})
        assert FollowUp.objects.open().filter(series=series).count() == 2


def test_of_two_edits_of_the_same_form_one_is_stale(transactional_db: None) -> None:
    house = load_cast().house
    series = _create(house)
    version = series.form_version

    def edit(subject: str) -> Callable[[], str]:
        changed = values(rule="FREQ=DAILY", start_day=series.start_day, subject=subject)
        mine = FollowUpSeries(pk=series.pk)
        return _inside(house, lambda: edit_all(mine, changed, by=house.mona, version=version))

    assert sorted(together(edit("One"), edit("Another"))) == ["done", "stale"]
