"""A new lead is announced to those who may take it, while its first contact is due."""

from datetime import UTC, datetime, timedelta

import pytest

from crm.jobs.creation.job_creation import open_job
from crm.jobs.models import Job
from crm.kernel import clock
from crm.platform.models import Member
from crm.platform.tenancy.context import use_tenant
from leads.models import FirstContact
from leads.response.new_lead_news import new_leads
from tests.cast import Cast, House

OPENED = datetime(2026, 11, 25, 15, tzinfo=UTC)


def names(member: Member) -> list[str]:
    with clock.at(OPENED + timedelta(minutes=1)):
        return [news.name for news in new_leads(member) if news.name == "Fresh"]


def fresh(house: House, by: Member | None = None, member: Member | None = None) -> Job:
    with clock.at(OPENED):
        return open_job(title="Fresh", by=by, member=member, stage=house.stage("New"))


def test_who_sells_and_who_gives_leads_out_hear_of_one_that_nobody_has(cast: Cast) -> None:
    house = cast.house
    with use_tenant(house.tenant):
        fresh(house)
        told = [names(member) for member in (house.rita, house.mona, house.ada, house.sam)]
    assert told == [["Fresh"], ["Fresh"], ["Fresh"], []]


def test_a_given_one_is_news_to_its_owner_until_they_are_on_it(cast: Cast) -> None:
    house = cast.house
    with use_tenant(house.tenant):
        job = fresh(house, member=house.rita)
        assert (names(house.rita), names(house.mona)) == (["Fresh"], [])
        FirstContact.objects.get(pk=job.pk).take(by=house.rita)
        assert names(house.rita) == []


def test_nobody_is_told_of_a_lead_they_entered(cast: Cast) -> None:
    with use_tenant(cast.house.tenant):
        fresh(cast.house, by=cast.house.mona)
        assert (names(cast.house.mona), names(cast.house.rita)) == ([], ["Fresh"])


@pytest.mark.parametrize("minutes", [24 * 60 * 7])
def test_a_late_one_is_no_news(cast: Cast, minutes: int) -> None:
    with use_tenant(cast.house.tenant):
        fresh(cast.house)
        with clock.at(OPENED + timedelta(minutes=minutes)):
            assert "Fresh" not in [news.name for news in new_leads(cast.house.rita)]


def test_the_numbers_of_the_navigation_bring_it(cast: Cast, client: object) -> None:
    house = cast.house
    client.force_login(house.rita.user)  # type: ignore[attr-defined]
    with use_tenant(house.tenant):
        job = fresh(house)
    with clock.at(OPENED + timedelta(minutes=1)):
        page = client.get(f"/{house.tenant.slug}/counts/").content.decode()  # type: ignore[attr-defined]
    assert f'data-once="{house.tenant.slug}-lead-{job.number}" hidden' in page
    assert f"/leads/{job.number}/" in page
