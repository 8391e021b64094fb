"""What stands on a property: noted, maintained, gone; with the follow-ups its dates plan, and its forms."""

from datetime import date
from typing import Any

import pytest

from crm.jobs.models import Job
from crm.kernel.refusal import Refused
from crm.platform.models import Change
from followups.models import FollowUp
from service.models import Asset, Project
from service.models.asset import after_months
from tests.cast import Cast, House
from tests.followups.conftest import Browser
from tests.service.conftest import recorded, said


@pytest.fixture
def roof(house: House, job: Job) -> Asset:
    """A roof that is maintained each year, next in a year."""
    return Asset.register(job, "Roof", by=house.sam, maintenance_due=date(2027, 11, 25), every_months=12)


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (date(2026, 12, 31), 2, date(2027, 2, 28)),
        (date(2027, 12, 31), 2, date(2028, 2, 29)),
        (date(2026, 11, 30), 1, date(2026, 12, 30)),
        (date(2026, 12, 1), 12, date(2027, 12, 1)),
    ],
)
def test_the_same_day_months_later(day: date, months: int, later: date) -> None:
    assert after_months(day, months) == later


def test_an_asset_stands_at_the_address_of_its_job(house: House, job: Job, roof: Asset) -> None:
    assert (roof.site, roof.name, recorded("asset.registered")) == (job.site, "Roof", 1)


def test_a_job_without_an_address_has_nothing_standing(house: House, job: Job) -> None:
    job.site = None
    with pytest.raises(Refused, match="address"):
        Asset.register(job, "Roof", by=house.sam)


def test_a_warranty_plans_nothing_but_by_a_trigger(house: House, job: Job) -> None:
    Asset.register(job, "Roof", by=house.sam, warranty_until=date(2036, 11, 20))
    assert not FollowUp.objects.exists()


def test_its_dates_are_set_anew_and_the_maintenance_moves_along(house: House, job: Job, roof: Asset) -> None:
    roof.set_warranty(date(2036, 11, 20), by=house.sam)
    roof.schedule_maintenance(date(2028, 1, 10), by=house.sam)
    assert (roof.warranty_until, recorded("asset.dated")) == (date(2036, 11, 20), 2)
    assert [row.due_at.date() for row in FollowUp.objects.open()] == [date(2028, 1, 10)]


def test_the_owner_of_the_job_looks_after_it(house: House, roof: Asset) -> None:
    assert FollowUp.objects.get().assignee == house.rita


def test_of_a_closed_job_the_customer_is_called_all_the_same(house: House, job: Job) -> None:
    job.lose("price", by=house.rita)
    Asset.register(job, "Roof", by=house.sam, maintenance_due=date(2027, 11, 25))
    planned = FollowUp.objects.get()
    assert (planned.job, planned.person) == (None, house.cora)


def test_maintained_without_a_rhythm_nothing_is_planned(house: House, job: Job) -> None:
    roof = Asset.register(job, "Roof", by=house.sam, maintenance_due=date(2027, 11, 25))
    roof.maintain(date(2026, 11, 25), by=house.sam)
    assert (roof.maintenance_due, FollowUp.objects.open().count()) == (None, 0)


def test_maintained_twice_on_a_day_one_visit_is_planned(house: House, roof: Asset) -> None:
    for _time in range(2):
        roof.maintain(date(2026, 11, 25), by=house.sam)
    assert FollowUp.objects.open().count() == 1


def test_what_is_gone_is_gone_once_and_not_maintained(house: House, roof: Asset) -> None:
    for _time in range(2):
        roof.remove(by=house.sam)
    assert recorded("asset.removed") == 1
    for act in (roof.maintain, roof.set_warranty, roof.schedule_maintenance):
        with pytest.raises(Refused, match="no longer exists"):
            act(date(2026, 11, 25), by=house.sam)


def test_what_is_gone_stands_on_no_page(house: House, sam: Browser, project: Project, roof: Asset) -> None:
    page = f"service/projects/{project.uid}/"
    assert f"assets/{roof.uid}/" in sam.get(page)
    roof.remove(by=house.sam)
    assert f"assets/{roof.uid}/" not in sam.get(page)


def add(who: Browser, project: Project, **typed: str) -> Any:
    return who.post(f"service/projects/{project.uid}/assets/", typed)


def test_the_form_notes_all_of_it(sam: Browser, project: Project) -> None:
    dates = {"installed_on": "2026-11-20", "warranty_until": "2036-11-20", "maintenance_due": "2027-11-20"}
    assert "is planned" in said(add(sam, project, name=" Charcoal  roof ", every_months="6", **dates))
    roof = Asset.objects.get()
    assert (roof.name, roof.every_months, roof.installed_on) == ("Charcoal roof", 6, date(2026, 11, 20))
    assert (roof.warranty_until, roof.maintenance_due) == (date(2036, 11, 20), date(2027, 11, 20))


@pytest.mark.parametrize("months", ["0", "121", "often", "1.5"])
def test_it_is_maintained_each_so_many_months(sam: Browser, project: Project, months: str) -> None:
    assert "in months" in said(add(sam, project, name="Roof", every_months=months))
    assert not Asset.objects.exists()


def test_the_form_asks_for_a_name(sam: Browser, project: Project) -> None:
    assert "Enter a name" in said(add(sam, project, name=" "))


def test_maintenance_is_noted_on_a_day_and_can_be_taken_back(sam: Browser, roof: Asset) -> None:
    place = f"service/assets/{roof.uid}/maintained/"
    assert said(sam.post(place, {"on": ""})) == "Choose a day."
    assert said(sam.post(place, {"on": "2026-11-24"})) == "Maintained."
    roof.refresh_from_db()
    assert (roof.maintenance_due, Change.objects.get().kind) == (date(2027, 11, 24), "asset.maintained")


def test_gone_leads_back_to_the_project(sam: Browser, project: Project, roof: Asset) -> None:
    answer = sam.post(f"service/assets/{roof.uid}/gone/", {})
    assert answer["Location"].endswith(f"service/projects/{project.uid}/")
    roof.refresh_from_db()
    assert roof.removed_at is not None


@pytest.mark.parametrize("verb", ["maintained", "gone"])
def test_neither_sales_nor_another_tenant_acts_on_it(cast: Cast, rita: Browser, roof: Asset, verb: str) -> None:
    for who in (rita, Browser(cast.other, cast.otto)):
        who.post(f"service/assets/{roof.uid}/{verb}/", {"on": "2026-11-24"}, status=404)


def test_without_a_project_the_way_back_is_the_list(house: House, sam: Browser, roof: Asset) -> None:
    answer = sam.post(f"service/assets/{roof.uid}/gone/", {})
    assert answer["Location"] == f"/{house.tenant.slug}/service/"
