"""What triggers tell the page of health, and the head of their own page."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from crm.automation import health
from crm.automation.editor.overview import head_sentence, rule_groups
from crm.automation.models import AutomationPolicy, Mode, RuleTimer
from crm.kernel import clock
from crm.platform.tenancy.context import use_tenant
from crm.web.health.findings import HealthState
from crm.web.health.snapshot import HealthSnapshot
from tests.automation.rules import do, rule
from tests.automation.test_engine import MONDAY
from tests.cast import Cast, House
from tests.tickets.messages import message


@pytest.fixture
def house(cast: Cast) -> Iterator[House]:
    with use_tenant(cast.house.tenant), clock.at(MONDAY):
        yield cast.house


def test_a_paused_trigger_and_overdue_times_are_down(house: House) -> None:
    made = rule("job.heard", do("tell", who="owner"), name="Told")
    assert [(one.state, str(one.words)) for one in health.check_rules(HealthSnapshot())] == [
        (HealthState.OK, "1 trigger is on")
    ]
    [fine] = health.check_times(HealthSnapshot())
    assert fine.state == HealthState.OK
    made.pause("It failed 5 times in a row.")
    [paused] = health.check_rules(HealthSnapshot())
    assert (paused.state, paused.detail, paused.about) == (
        HealthState.DOWN,
        "It failed 5 times in a row.",
        str(made.pk),
    )
    assert health.name_of(paused.about) == "Told"
    late = {"rule": made, "since": MONDAY, "value": "x", "at": MONDAY - timedelta(minutes=11)}
    RuleTimer.objects.create(record_id=house.job.pk, **late)
    [overdue] = health.check_times(HealthSnapshot())
    assert (overdue.state, str(overdue.words)) == (HealthState.DOWN, "1 scheduled trigger is overdue")
    assert not list(health.find_switched_off(HealthSnapshot()))
    AutomationPolicy.switch(False, by=house.ada)
    assert [one.words for one in health.find_switched_off(HealthSnapshot())] == ["All triggers are off"]
    made.switch(Mode.OFF, by=house.ada)
    assert [one.state for one in health.check_rules(HealthSnapshot())] == [HealthState.OK]


def test_the_head_says_what_is_on_and_what_came_of_its_messages_this_week(house: House) -> None:
    rule("job.heard", do("tell", who="owner"))
    assert head_sentence(rule_groups()) == "1 on · ran 0 times in 7 days · 0 messages sent"
    rows = (("sent", 1, "rule:1:0"), ("held", 1, "rule:2:0"), ("sent", 8, "rule:3:0"), ("sent", 1, ""))
    for state, days, origin in rows:
        message("out", at=MONDAY - timedelta(days=days), state=state, origin=origin, job=house.job)
    assert head_sentence(rule_groups()) == "1 on · ran 0 times in 7 days · 1 message sent · 1 held"
