"""Sequences against comparable leads: who is in which group, too few, and the lists behind the numbers."""

from datetime import timedelta
from typing import Any

import pytest
from django.http import QueryDict
from django.test import Client

from crm.kernel import clock
from followups.figures.effect_filter import ComparedGroup
from followups.figures.sequence_effect import GroupResult, SequenceEffect, measure_effects
from followups.sequences.enrolling import enrol
from leads.lead_list import LEADS
from leads.models import Lead
from tests.followups.preset_acts import MONDAY
from tests.followups.sequences.conftest import house as house
from tests.followups.sequences.scenes import DAY, another_lead, message, sequence, wait

PERIOD = (MONDAY - DAY, MONDAY + DAY)


@pytest.fixture
def groups(house: Any) -> Any:
    """Two leads in the sequence, one of them won; three that were never in it, one of them won."""
    nudge = sequence(message(), wait(2))
    jobs = [another_lead(house, f"Lead {nth}") for nth in range(5)]
    with clock.at(clock.now() + timedelta(minutes=5)):
        for job in jobs[:2]:
            enrol(nudge, job, by=None)
    for job in (jobs[0], jobs[4]):
        Lead.objects.update_or_create(job=job, defaults={"won_at": clock.now()})
    return nudge, jobs


def effects(house: Any) -> list[SequenceEffect]:
    return measure_effects(LEADS.apply(LEADS.filters(closed="all"), house.mona), *PERIOD)


def test_both_groups_are_of_the_same_step_and_period(house: Any, groups: Any) -> None:
    (effect,) = effects(house)
    assert effect.enrolled == GroupResult(2, 1)
    assert effect.others == GroupResult(3, 1), "the lead of the house came into the step at another time"


def test_a_difference_needs_ten_of_each() -> None:
    nine, ten = GroupResult(9, 3), GroupResult(10, 5)
    assert SequenceEffect(1, 1, nine, ten).difference is None
    assert SequenceEffect(1, 1, ten, nine).difference is None
    assert SequenceEffect(1, 1, ten, GroupResult(20, 5)).difference == 25


def test_each_number_opens_its_leads(house: Any, groups: Any, client: Client) -> None:
    client.force_login(house.mona.user)
    context = client.get(f"/{house.tenant.slug}/reports/follow-ups/").context
    ((_name, _step, row),) = context["effects"]
    assert "too few" in row[-1].text
    for cell in row[:4]:
        count = int((cell.note or cell.text).split()[0])
        filters = LEADS.read(QueryDict(cell.url.partition("?")[2]), house.mona)
        assert LEADS.apply(filters, house.mona).count() == count, cell


@pytest.mark.parametrize("text", ["", "1.2", "1.2.2026-01-01.2026-01-02.in.all", "x.2.2026-01-01.2026-01-02.in.won"])
def test_an_address_that_names_no_comparison_is_refused(house: Any, text: str) -> None:
    with pytest.raises(ValueError, match=r"no such|unpack"):
        ComparedGroup.read(text)
