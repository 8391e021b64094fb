"""A ladder asks one after the other in working time, until somebody says that they are on it."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from crm.automation.definition import Wait
from crm.automation.models import RuleRun, RunState
from crm.automation.span import Span, Unit
from crm.jobs.models import Job
from crm.kernel import clock
from crm.platform.tenancy.context import use_tenant
from crm.web.models import Notice
from crm.web.notices.acknowledgements import take_up
from tests.automation.rules import do, rule, work
from tests.cast import Cast, House

FRIDAY = datetime(2026, 3, 6, 21, 30, tzinfo=UTC)  # 16:30 in New York


@pytest.fixture
def house(cast: Cast) -> Iterator[House]:
    with use_tenant(cast.house.tenant), clock.at(FRIDAY):
        yield cast.house


def asked() -> list[str]:
    return list(Notice.objects.filter(kind="rule.escalated").order_by("pk").values_list("member__name", flat=True))


@pytest.mark.parametrize("is_taken", [False, True])
def test_the_next_rung_is_asked_unless_somebody_took_it_up(house: House, is_taken: bool) -> None:
    wait = Wait(Span(1, Unit.WORKING_HOURS), ("job.taken_up",))
    rule(
        "job.left", do("escalate", who="owner", text="Call"), wait, do("escalate", who="managers"), options={"step": ""}
    )
    Job.objects.get(pk=house.job.pk).move_to(house.stage("Reached"), by=house.mona)
    work(FRIDAY)
    run = RuleRun.objects.get()
    # Half an hour is left of the Friday: the second rung is on Monday, not at night.
    assert run.next_at is not None
    assert (asked(), run.next_at.weekday()) == (["Rita Rep"], 0)
    if is_taken:
        with clock.at(FRIDAY + timedelta(minutes=5)):
            take_up("rule.escalated", f"run:{run.pk}", by=house.rita)
        work(FRIDAY + timedelta(minutes=5))
    work(run.next_at)
    run.refresh_from_db()
    assert asked() == (["Rita Rep"] if is_taken else ["Rita Rep", "Mona Manager"])
    assert run.state == (RunState.STOPPED if is_taken else RunState.DONE)
