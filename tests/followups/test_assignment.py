"""Follow-ups are given out by the engine of leads and tickets: nobody's ones, and an absent member's."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest

from crm.jobs.assignment import absences, wake
from crm.jobs.assignment.work import work_of
from crm.jobs.creation.job_creation import open_job
from crm.jobs.models.assignment import Absence, AssignmentPolicy, AssignmentRule, Placement, Tier
from crm.kernel import clock
from crm.platform.models import Team
from crm.platform.tenancy.context import use_tenant
from crm.platform.work.tasks import dispatch_events
from followups.assignment.work import KIND
from followups.models import FollowUp
from tests.cast import House
from tests.followups.conftest import NOON
from tests.queries import data_queries


@pytest.fixture
def inside(house: House) -> Iterator[House]:
    with use_tenant(house.tenant):
        yield house


def settle() -> None:
    """Hear of what happened, and drain."""
    while dispatch_events():
        pass
    wake.drain_due([AssignmentPolicy.of(KIND).pk])


def held(house: House) -> dict[str, str | None]:
    rows = FollowUp.objects.select_related("assignee").order_by("pk")
    return {row.subject: row.assignee.name if row.assignee else None for row in rows}


def test_nobodys_go_to_who_has_the_lead_else_by_the_rule_and_say_why(
    inside: House, planned: Callable[..., FollowUp], as_member: Callable[[str], Any]
) -> None:
    unclaimed = open_job(title="Unclaimed", by=None)
    known = planned("Known", assignee=None)
    planned("Free", assignee=None, job=None)
    planned("Of nobody’s lead", assignee=None, job=unclaimed)
    settle()
    assert set(held(inside).values()) == {None}, "without a rule nothing changes"
    pair = Team.create("Pair", by=inside.ada)
    for member in (inside.rita, inside.sam):
        pair.add(member, by=inside.ada)
    AssignmentRule.add(KIND, "All", team=pair, by=inside.ada)
    settle()
    assert held(inside) == {"Known": "Rita Rep", "Free": "Sam Service", "Of nobody’s lead": None}
    work, rows = work_of(KIND), list(FollowUp.objects.order_by("pk"))
    for some in (rows[:1], rows):
        with data_queries() as asked:
            work.facts(some)
        assert len(asked) <= 2
    page = as_member("rita").get(f"followups/{known.uid}/")
    assert "Why assigned to Rita Rep" in page
    assert "Knows the customer, and is at work." in page
    # Who gets the lead gets what is planned for it.
    unclaimed.assign_to(inside.sam, by=inside.mona)
    settle()
    assert held(inside)["Of nobody’s lead"] == "Sam Service"


def test_an_absence_moves_what_cannot_wait_and_gives_it_back(inside: House, planned: Callable[..., FollowUp]) -> None:
    for subject, hours in (("Soon", 30), ("Later", 24 * 9)):
        planned(subject, hours=hours, job=None)
    away = Absence.plan(inside.rita, NOON, NOON + timedelta(days=5), cover=inside.sam, by=inside.rita)
    absences.begin([away.pk])
    planned("Meant for her", hours=50, job=None, by=inside.mona)
    planned("Her own", hours=50, job=None)
    planned("After", hours=24 * 8, job=None, by=inside.mona)
    settle()
    rita, sam = "Rita Rep", "Sam Service"
    assert held(inside) == {"Soon": sam, "Later": rita, "Meant for her": sam, "Her own": rita, "After": rita}
    with clock.at(NOON + timedelta(days=3)):
        FollowUp.objects.get(subject="Her own").reschedule(NOON + timedelta(days=4), by=inside.mona)
        settle()
        assert held(inside)["Her own"] == sam
    with clock.at(NOON + timedelta(days=5)):
        absences.end([away.pk])
    assert set(held(inside).values()) == {rita}
    tiers = set(Placement.objects.filter(kind=KIND).values_list("tier", flat=True))
    assert tiers == {Tier.COVER, Tier.RETURNED}


def test_a_longer_absence_moves_at_once_what_falls_into_it(inside: House, planned: Callable[..., FollowUp]) -> None:
    def until(days: int | None) -> None:
        end = NOON + timedelta(days=days) if days else None
        kept = {"note": away.note, "cover": away.cover, "gives_back": True}
        away.change(starts_at=away.starts_at, ends_at=end, by=inside.mona, **kept)
        settle()

    rita, sam = "Rita Rep", "Sam Service"
    planned("Within", hours=24 * 7, job=None)
    planned("Later", hours=24 * 12, job=None)
    away = Absence.plan(inside.rita, NOON, NOON + timedelta(days=5), cover=inside.sam, by=inside.rita)
    absences.begin([away.pk])
    planned("Her own", hours=24, job=None)
    settle()
    assert held(inside) == {"Within": rita, "Later": rita, "Her own": rita}
    until(4)
    assert held(inside) == {"Within": rita, "Later": rita, "Her own": rita}, "shorter: nothing moves"
    until(9)
    assert held(inside) == {"Within": sam, "Later": rita, "Her own": rita}
    until(None)
    assert held(inside) == {"Within": sam, "Later": sam, "Her own": rita}
