"""What a trigger names goes away while it waits: an outcome in words, and nothing is done in its stead."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest

from crm.automation.definition import Do, Wait
from crm.automation.models import RuleRun
from crm.automation.span import Span
from crm.jobs.models import Job
from crm.kernel import clock
from crm.platform.tenancy.context import use_tenant
from crm.web.models import Notice
from followups.models import FollowUp
from tests.automation.rules import do, rule, work
from tests.automation.test_engine import MONDAY, move
from tests.cast import Cast, House


@pytest.fixture
def house(cast: Cast) -> Iterator[House]:
    with use_tenant(cast.house.tenant), clock.at(MONDAY):
        yield cast.house


def _archive(house: House) -> None:
    house.stage("Scheduled").archive(into=house.stage("Quote sent"), by=house.ada)


def _leaves(house: House) -> None:
    house.sam.deactivate(by=house.ada)


PLAN = {"kind": "call", "count": 1, "unit": "days", "priority": 2}


@pytest.mark.parametrize(
    ("step", "goes", "said"),
    [
        (lambda house: do("job.move", step=house.stage("Scheduled").pk), _archive, "The step of it"),
        (lambda house: do("job.assign", member=house.sam.pk), _leaves, "The colleague of it"),
        (lambda house: do("tell", who=f"member:{house.sam.pk}"), _leaves, "is not there"),
        (lambda house: do("followup.plan", **PLAN, who=f"member:{house.sam.pk}"), _leaves, "is not there"),
    ],
)
def test_a_step_archived_or_a_colleague_gone_meanwhile_is_said(
    house: House, step: Callable[[House], Do], goes: Callable[[House], None], said: str
) -> None:
    made = rule("job.left", Wait(Span(1)), step(house), options={"step": ""})
    before = move(house, "Reached")
    goes(house)
    work(MONDAY + timedelta(days=1))
    made.refresh_from_db()
    run = RuleRun.objects.get()
    told = f"{run.reason} {made.pause_reason} {[entry['words'] for entry in run.log]}"
    assert said in told
    after = Job.objects.get(pk=before.pk)
    assert (after.stage_id, after.member_id) == (before.stage_id, before.member_id)
    assert not FollowUp.objects.exists()
    assert not Notice.objects.filter(kind="rule.told").exists()
