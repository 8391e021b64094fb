"""Triggers by dates: before the work begins, before a warranty ends; they move with the date, and end with it."""

from datetime import UTC, date, datetime

import pytest

from crm.automation.models import RuleRun, RuleTimer
from crm.automation.span import Span
from crm.jobs.models import Job
from service.models import Asset, Project
from tests.automation.rules import do, rule, work
from tests.cast import House
from tests.service.conftest import NOON


@pytest.mark.django_db
def test_a_date_is_counted_from_and_another_date_is_another(house: House, job: Job) -> None:
    soon = rule("job.work_begins", do("tell", who="owner"), span=Span(2), before=True, name="Soon")
    ends = rule("job.warranty_ends", do("tell", who="owner"), span=Span(180), before=True, name="Ends")

    def pending() -> dict[int, datetime]:
        work()
        return dict(RuleTimer.objects.values_list("rule", "at"))

    project = Project.objects.create(job=job, starts_on=date(2027, 3, 15))
    asset = Asset.register(job, "Charcoal roof", by=house.sam, warranty_until=date(2030, 7, 4))
    project._record("project.scheduled", house.sam, {})
    # Nine in the morning in New York: the clock is put forward on the 14th, and it is nine on both sides of it.
    assert pending()[soon.pk] == datetime(2027, 3, 13, 14, tzinfo=UTC)
    assert pending()[ends.pk] == datetime(2030, 1, 5, 14, tzinfo=UTC)
    Project.objects.filter(pk=project.pk).update(starts_on=date(2027, 3, 20))
    project._record("project.scheduled", house.sam, {})
    assert pending()[soon.pk] == datetime(2027, 3, 18, 13, tzinfo=UTC)
    Asset.register(job, "Gutters", by=house.sam, warranty_until=date(2024, 1, 1))
    assert pending()[ends.pk] == datetime(2030, 1, 5, 14, tzinfo=UTC), "one that has passed is in no other's way"
    asset.remove(by=house.sam)
    Project.objects.filter(pk=project.pk).update(held_at=NOON, hold_reason="Rain")
    project._record("project.held", house.sam, {})
    assert pending() == {}
    assert not RuleRun.objects.exists()
