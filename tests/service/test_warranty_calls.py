"""After the update: calls that assets planned for their warranty are replaced by the ready-made trigger."""

from datetime import date, timedelta

import pytest

from crm.automation.models import Mode, Rule
from crm.jobs.models import Job
from crm.kernel import clock
from followups.models import FollowUp
from service.assets.warranty_calls import PRESET, replace_warranty_calls
from service.models import Asset
from tests.automation.rules import work
from tests.cast import House


@pytest.fixture
def call(house: House, job: Job) -> FollowUp:
    """The call of an earlier version for a roof whose warranty ends in forty days."""
    roof = Asset.register(job, "Roof", by=house.sam, warranty_until=(clock.now() + timedelta(40)).date())
    return FollowUp.plan(
        kind="call",
        subject="Warranty ends: Roof",
        due_at=clock.now() + timedelta(10),
        by=house.sam,
        job=job,
        assignee=house.rita,
        origin=f"asset:{roof.pk}:warranty:{roof.warranty_until}",
    )


def test_the_trigger_calls_instead(house: House, call: FollowUp) -> None:
    replace_warranty_calls([0])
    replace_warranty_calls([0])
    work()
    work(clock.now() + timedelta(11))
    assert Rule.objects.get(preset=PRESET).mode == Mode.ON
    rows = FollowUp.objects.order_by("pk").values_list("subject", "status")
    assert list(rows) == [("Warranty ends: Roof", "cancelled"), ("The warranty ends: offer a check", "pending")]


def test_without_such_calls_nothing_is_switched_on(house: House, job: Job) -> None:
    Asset.register(job, "Roof", by=house.sam, warranty_until=date(2036, 11, 20))
    replace_warranty_calls([0])
    assert not Rule.objects.filter(preset=PRESET).exists()
    assert not FollowUp.objects.exists()
