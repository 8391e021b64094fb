"""Four workers drain one queue at once: nothing twice, nothing left, and as even as one alone would have been."""

from collections import Counter

import pytest

from crm.jobs.assignment import engine
from crm.jobs.creation.job_creation import open_job
from crm.jobs.models import Job
from crm.jobs.models.assignment import AssignmentRule, AssignmentTurn, Placement, Strategy
from crm.platform.models import Event, Member, Role
from crm.platform.organization.configuration import clear_configuration_caches
from crm.platform.tenancy.context import use_tenant
from tests.cast import HOUSE, load_house
from tests.together import together


@pytest.mark.parametrize("strategy", Strategy)
def test_four_workers_place_each_row_once_and_evenly(
    transactional_db: None, monkeypatch: pytest.MonkeyPatch, strategy: str
) -> None:
    monkeypatch.setattr(engine, "BATCH", 7)
    house = load_house(HOUSE)
    with use_tenant(house.tenant):
        house.job.drop("double", by=None)
        Member.objects.update(role=Role.REP)
        clear_configuration_caches()
        AssignmentRule.add("leads", "All", strategy=strategy, by=None)
        ids = {open_job(title="Lead", by=None).pk for _ in range(61)}

    def drained() -> int:
        placed = 0
        while True:
            with use_tenant(house.tenant):
                batch = engine.drain("leads", most=1)
            if not batch:
                return placed
            placed += batch

    counts = together(*[drained] * 4)
    with use_tenant(house.tenant):
        given = Counter(Job.objects.filter(pk__in=ids).values_list("member_id", flat=True))
        assert sum(counts) == sum(given.values()) == 61
        assert sorted(given.values()) == [15, 15, 15, 16]
        assert Counter(Placement.objects.values_list("subject_id", flat=True)) == dict.fromkeys(ids, 1)
        assert Event.objects.filter(kind="job.assigned").count() == 61
        assert sorted(AssignmentTurn.objects.values_list("turn", flat=True)) == [58, 59, 60, 61]
