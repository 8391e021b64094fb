"""What a trigger names goes away while it waits: an outcome in words, and nothing is done in its stead."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest

from crm.automation import setup
from crm.automation.definition import DoStep, WaitStep
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
from tests.known_configuration import nothing_cached


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
        (lambda house: do("job.move", step=house.stage("Scheduled").pk), _archive, "Its step"),
        (lambda house: do("job.assign", member=house.sam.pk), _leaves, "Its member"),
        (lambda house: do("tell", who=f"member:{house.sam.pk}"), _leaves, "no longer exists"),
        (lambda house: do("followup.plan", **PLAN, who=f"member:{house.sam.pk}"), _leaves, "no longer exists"),
    ],
)
def test_a_step_archived_or_a_colleague_gone_meanwhile_is_said(
    house: House, step: Callable[[House], DoStep], goes: Callable[[House], None], said: str
) -> None:
    made = rule("job.left", WaitStep(Span(1)), step(house), options={"step": ""})
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


def test_which_events_concern_a_rule_is_known_without_reading_what_is_chosen_in_it(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each process asks it after each change of the configuration; what a rule's forms offer is a dozen statements."""
    rule("job.left", do("job.move", step=house.stage("Scheduled").pk), options={"step": ""}, where="where=value:min:1")
    with nothing_cached(), monkeypatch.context() as patch:
        patch.setattr(setup, "read_conditions", None)
        patch.setattr(setup, "_read_step", None)
        assert "job.moved" in setup.wanted_events()
    (read,) = setup.working_rules().rules.values()
    assert (read.problem, len(read.groups), len(read.steps)) == ("", 1, 1)
