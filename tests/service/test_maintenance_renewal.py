"""Completing the call about an asset's maintenance asks for the next day, and undoing it restores the day before."""

from datetime import date, timedelta

import pytest

from crm.jobs.models import Job
from crm.kernel import clock
from followups.automation.renewal import find_renewal
from followups.models import FollowUp
from service.models import Asset
from tests.automation.rules import work
from tests.cast import House
from tests.followups.conftest import Browser

NEXT = date(2029, 2, 1)


@pytest.fixture
def roof(house: House, job: Job) -> Asset:
    """A roof whose maintenance is due in ten days."""
    return Asset.register(job, "Roof", by=house.sam, maintenance_due=(clock.now() + timedelta(10)).date())


def complete(who: Browser, call: FollowUp) -> str:
    posted = {"version": call.version, "outcome": "successful", "renewal": NEXT.isoformat()}
    url = f"{who.prefix}followups/{call.uid}/complete/"
    return who.client.post(url, posted, follow=True).content.decode()


def test_the_form_asks_for_the_next_maintenance(sam: Browser, roof: Asset) -> None:
    assert "New date: Maintenance of Roof" in sam.get(f"followups/{FollowUp.objects.get().uid}/")


def test_the_new_day_plans_the_next_call(sam: Browser, roof: Asset) -> None:
    assert "The next follow-up is planned on" in complete(sam, FollowUp.objects.get())
    roof.refresh_from_db()
    assert roof.maintenance_due == NEXT
    assert [row.due_at.date() for row in FollowUp.objects.open()] == [NEXT]


def test_reopening_restores_the_day_also_when_it_has_passed(house: House, sam: Browser, roof: Asset) -> None:
    day, call = roof.maintenance_due, FollowUp.objects.get()
    complete(sam, call)
    with clock.at(clock.now() + timedelta(20)):
        FollowUp.objects.get(pk=call.pk).reopen(by=house.sam)
        work(clock.now())
    roof.refresh_from_db()
    assert roof.maintenance_due == day
    assert [row.pk for row in FollowUp.objects.open()] == [call.pk]


def test_an_asset_that_was_removed_asks_for_none(house: House, roof: Asset) -> None:
    call = FollowUp.objects.get()
    assert find_renewal(call, house.sam) is not None
    roof.remove(by=house.sam)
    assert find_renewal(call, house.sam) is None


def test_who_may_not_work_on_projects_is_not_asked(house: House, roof: Asset) -> None:
    assert find_renewal(FollowUp.objects.get(), house.rita) is None
