"""The figures of a sequence: how many began and got to the end, and after what time."""

from datetime import timedelta

import pytest

from crm.kernel import clock
from followups.sequences.editor.step_counts import count_steps_of
from followups.sequences.enrolling import enrol_all
from followups.sequences.models import EndReason, Enrolment, Sequence
from tests.cast import House
from tests.followups.sequences.scenes import another_lead, message, sequence, wait
from tests.queries import data_queries

STAYS = (1, 2, 3, 20, 30)


@pytest.fixture
def nudge(house: House) -> Sequence:
    """Five got to the end, after 1 to 30 days, and one was stopped after 300."""
    made = sequence(wait(2), message())
    entered = enrol_all(made, [another_lead(house, f"P{n}") for n in range(6)], by=None).entered
    for row, days in zip(entered, (*STAYS, 300), strict=True):
        leave(row, days, EndReason.FINISHED if days in STAYS else EndReason.STOPPED)
    return made


def leave(row: Enrolment, days: int, reason: EndReason) -> None:
    now = clock.now()
    Enrolment.objects.filter(pk=row.pk).update(
        state="ended", end_reason=reason, ended_at=now, entered_at=now - timedelta(days=days), next_at=None
    )


def test_half_of_those_at_the_end_got_there_within_the_median(nudge: Sequence) -> None:
    counts = count_steps_of(nudge, "sunco")
    assert (counts.began.count, counts.finished.count, counts.lasted) == (6, 5, "3d")


def test_of_four_there_is_no_median(nudge: Sequence) -> None:
    Enrolment.objects.filter(end_reason="finished").first().delete()
    assert count_steps_of(nudge, "sunco").lasted == ""


def test_the_counts_of_all_steps_take_six_queries(nudge: Sequence) -> None:
    with data_queries() as queries:
        count_steps_of(nudge, "sunco")
    assert len(queries) == 6, queries
