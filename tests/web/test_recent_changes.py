"""Recent changes: the acts of the last day, one's own or for managers all, each with its undo, also after a reload."""

from datetime import timedelta
from typing import Any

import html5lib
import pytest
from django.test import Client

from crm.jobs.bulk import verbs
from crm.jobs.creation.job_creation import open_job
from crm.jobs.models import Job, Priority
from crm.kernel import clock
from crm.platform import undo
from crm.platform.models import Change
from crm.platform.tenancy.context import use_tenant
from tests.acts import current
from tests.cast import Cast
from tests.markup import flat
from tests.queries import data_queries


def page_of(cast: Cast, who: str, query: str = "") -> str:
    client = Client()
    client.force_login(getattr(cast.house, who).user)
    page = client.get(f"/{cast.house.tenant.slug}/changes/{query}").content.decode()
    html5lib.HTMLParser(strict=True).parse(page)
    return flat(page)


def press(cast: Cast, who: str, change: Change) -> Any:
    client = Client()
    client.force_login(getattr(cast.house, who).user)
    place = f"/{cast.house.tenant.slug}/changes/"
    return client.post(f"/{cast.house.tenant.slug}/undo/{change.uid}/", {"next": place}, follow=True)


@pytest.fixture
def moved(cast: Cast, post: Any) -> Change:
    """Rita's lead, moved by her from its page."""
    with use_tenant(cast.house.tenant):
        stage = cast.house.stage("Reached").pk
    assert post("move", stage=stage, on="lead").status_code == 200
    with use_tenant(cast.house.tenant):
        change: Change = Change.objects.get()
        return change


@pytest.fixture
def moved_many(cast: Cast) -> Change:
    """Three leads of Mona's, moved at once."""
    house = cast.house
    with use_tenant(house.tenant):
        jobs = [open_job(title=f"Many {n}", by=None, member=house.mona, stage=house.stage("New")) for n in range(3)]
        with undo.recorded("job.prioritized", jobs, by=house.mona) as change:
            verbs.prioritize_all(jobs, Priority.URGENT, by=house.mona)
        return change


def test_an_act_is_undone_hours_after_its_toast_went(cast: Cast, moved: Change) -> None:
    with clock.at(clock.now() + timedelta(hours=20)):
        page = page_of(cast, "rita")
        assert "Rita Rep moved it from New to Reached" in page
        assert f'href="/suncoast-test/leads/{cast.house.job.number}/"' in page
        told = press(cast, "rita", moved).content.decode()
    assert "Undone." in told
    with use_tenant(cast.house.tenant):
        assert current(cast, cast.house.job).stage_id == cast.house.stage("New").pk
    assert f"/undo/{moved.uid}/" not in page_of(cast, "rita"), "what is undone is not offered again"


def test_after_a_day_it_is_gone(cast: Cast, moved: Change) -> None:
    with clock.at(moved.at + Change.POSSIBLE + timedelta(seconds=1)):
        assert "No changes in the last 24 hours" in page_of(cast, "rita")
        assert "too late" in press(cast, "rita", moved).content.decode()


def test_an_act_on_many_is_one_line_and_one_undo(cast: Cast, moved_many: Change) -> None:
    assert "Many 0 and 2 more" in (page := page_of(cast, "mona"))
    assert "Mona Manager changed their priority" in page
    with use_tenant(cast.house.tenant):
        Job.objects.get(title="Many 1").prioritize(Priority.LOW, by=cast.house.ada)
    told = press(cast, "mona", moved_many).content.decode()
    assert "Undone for 2; 1 has been changed since and stays as it is." in told
    with use_tenant(cast.house.tenant):
        found = dict(Job.objects.filter(title__startswith="Many").values_list("title", "priority"))
        assert found == {"Many 0": Priority.NORMAL, "Many 1": Priority.LOW, "Many 2": Priority.NORMAL}


def test_a_rep_sees_and_undoes_their_own_a_manager_everybodys(cast: Cast, moved: Change, moved_many: Change) -> None:
    assert "Mona Manager" not in page_of(cast, "rita")
    assert press(cast, "rita", moved_many).status_code == 404
    assert "Rita Rep moved it" in (page := page_of(cast, "mona"))
    assert "Mona Manager" in page
    assert "Rita Rep moved it" not in page_of(cast, "mona", "?whose=mine")
    assert "Undone." in press(cast, "mona", moved).content.decode()
    assert press(cast, "sam", moved_many).status_code == 404
    client = Client()
    client.force_login(cast.otto.user)
    assert client.post(f"/suncoast-test/undo/{moved.uid}/").status_code == 404


def test_a_lead_that_went_to_a_colleague_is_neither_named_nor_undone(cast: Cast, moved: Change) -> None:
    with use_tenant(cast.house.tenant):
        current(cast, cast.house.job).assign_to(cast.house.mona, by=cast.house.ada)
    page = page_of(cast, "rita")
    assert "No longer yours to see" in page
    assert f"/undo/{moved.uid}/" not in page
    assert "Cora" not in page


def test_it_asks_as_often_for_many_as_for_one(cast: Cast, moved: Change, moved_many: Change) -> None:
    house = cast.house
    page_of(cast, "mona")
    with data_queries() as few:
        page_of(cast, "mona")
    with use_tenant(house.tenant):
        for n in range(60):
            job = open_job(title=f"One {n}", by=None, member=house.mona, stage=house.stage("New"))
            with undo.recorded("job.moved", [job], by=house.mona):
                job.move_to(house.stage("Reached"), by=house.mona)
    with data_queries() as many:
        page = page_of(cast, "mona")
    assert len(many) == len(few)
    assert "after=" in page
