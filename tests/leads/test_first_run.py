"""An organization without a lead: a checklist whose ticks are true by themselves, and nothing counted of nothing."""

import re
from datetime import timedelta

import html5lib
import pytest
from django.test import Client

from crm.jobs.creation.job_creation import open_job
from crm.jobs.models import Job
from crm.jobs.pipelines.setup import pipeline_setup
from crm.jobs.removal import remove_all
from crm.kernel import clock
from crm.platform.models import Brand, BusinessCalendar, Event, Invitation
from crm.platform.tenancy.context import use_tenant
from crm.web.shell.first_steps import first_steps
from tests.cast import Cast
from tests.markup import flat
from tests.web.test_organization_pages import as_shown


@pytest.fixture
def empty(cast: Cast) -> Cast:
    with use_tenant(cast.house.tenant):
        remove_all(list(Job.objects.all()), by=None, data={})
    return cast


def page_of(cast: Cast, who: str, path: str = "leads/") -> str:
    client = Client()
    client.force_login(getattr(cast.house, who).user)
    page = client.get(f"/{cast.house.tenant.slug}/{path}").content.decode()
    html5lib.HTMLParser(strict=True).parse(page)
    return flat(page)


def test_an_admin_is_shown_what_to_do_first_and_a_rep_how_to_begin(empty: Cast) -> None:
    page = page_of(empty, "ada")
    links = re.findall(r'<a href="/suncoast-test/([^"]+)"> ?<b>', page)
    assert links == [
        "leads/import/",
        "settings/pipelines/",
        "settings/members/",
        "settings/calendars/",
        "settings/brands/",
    ]
    assert 'class="empty is-first-run"' in page
    rep = page_of(empty, "rita")
    assert "checklist" not in rep
    assert "No leads yet" in rep


def test_with_the_first_lead_the_list_is_there(empty: Cast) -> None:
    with use_tenant(empty.house.tenant):
        open_job(title="First", by=None, member=empty.house.mona)
    assert "checklist" not in page_of(empty, "ada")
    assert "is-first-run" not in page_of(empty, "rita"), "only their own list is empty"


def test_a_search_without_a_hit_is_no_first_run(empty: Cast) -> None:
    assert "is-first-run" not in page_of(empty, "ada", "leads/?q=nobody")


def test_each_tick_is_true_by_what_was_done(empty: Cast) -> None:
    house = empty.house

    def done() -> list[bool]:
        return [step.done for step in first_steps(house.ada, house.tenant.slug).steps]

    with use_tenant(house.tenant):
        brand = Brand.objects.get()
        Brand.objects.update(phone="", email="")
        assert done() == [False, False, True, False, False], "there are colleagues"
        open_job(title="First", by=house.ada)
        pipeline_setup().default_pipeline.rename("Ours", by=house.ada)
        BusinessCalendar.objects.get().rename("Our hours", by=house.ada)
        brand.edit(by=house.ada, phone="+18135550100")
        assert done() == [True] * 5
        assert not Invitation.objects.exists()


def ticked(cast: Cast, address: str) -> bool:
    house = cast.house
    return next(step.done for step in first_steps(house.ada, house.tenant.slug).steps if step.url.endswith(address))


def test_steps_that_were_looked_at_are_ticked(empty: Cast) -> None:
    with use_tenant(empty.house.tenant):
        pipeline = pipeline_setup().default_pipeline
        assert not ticked(empty, "settings/pipelines/")
    for _time in range(2):
        page_of(empty, "ada", f"settings/pipelines/{pipeline.uid}/")
    with use_tenant(empty.house.tenant):
        assert ticked(empty, "settings/pipelines/")
        assert Event.objects.filter(kind="first_step.accepted").count() == 1


def test_hours_that_were_right_from_the_start_are_ticked_when_they_are_saved(empty: Cast) -> None:
    house, client = empty.house, Client()
    client.force_login(house.ada.user)
    with use_tenant(house.tenant):
        calendar = BusinessCalendar.objects.get()
        assert not ticked(empty, "settings/calendars/")
    url = f"/{house.tenant.slug}/settings/calendars/{calendar.uid}/"
    client.post(url, as_shown(client.get(url)))
    with use_tenant(house.tenant):
        assert ticked(empty, "settings/calendars/")
        assert not Event.objects.filter(kind="calendar.changed").exists()


def test_beside_the_first_leads_a_line_leads_on_to_what_is_left(empty: Cast) -> None:
    house = empty.house
    with use_tenant(house.tenant):
        open_job(title="First", by=None, member=house.rita)
    line = page_of(empty, "ada").partition('<p class="first-steps">')[2].partition("</p>")[0]
    assert re.search(r"[23] of 5 done", line), line
    assert "settings/pipelines/" in line
    assert "first-steps" not in page_of(empty, "rita"), "nothing of it is theirs to do"
    with clock.at(house.tenant.created_at + timedelta(days=31)):
        assert "first-steps" not in page_of(empty, "ada")


def test_the_settings_remind_of_it_till_all_is_done(empty: Cast) -> None:
    assert 'class="checklist"' in page_of(empty, "ada", "settings/")


def test_nothing_is_a_hundred_percent_of_nothing(empty: Cast) -> None:
    page = page_of(empty, "mona", "reports/data-quality/")
    assert "Nothing to check yet" in page
    assert "100%" not in page


def test_a_rep_without_leads_is_led_to_those_nobody_has(cast: Cast) -> None:
    house = cast.house
    with use_tenant(house.tenant):
        Job.objects.update(member=None)
    client = Client()
    client.force_login(house.rita.user)
    page = flat(client.get(f"/{house.tenant.slug}/leads/").content.decode())
    assert "No leads yet" in page
    link = re.search(r'<a class="btn" href="([^"]+)">Unclaimed leads</a>', page)[1]
    assert "Cora Customer" in client.get(f"/{house.tenant.slug}/leads/{link}").content.decode()
    client.force_login(house.mona.user)
    assert "Unclaimed leads" not in client.get(f"/{house.tenant.slug}/leads/?q=zzz").content.decode()


def test_the_first_lead_is_one_click_away(cast: Cast) -> None:
    house = cast.house
    with use_tenant(house.tenant), clock.at(clock.now() - timedelta(days=9)):
        Job.objects.get().lose("Price", by=house.rita)
    for name, ways in (("ada", ["open", "import"]), ("rita", ["open"])):
        client = Client()
        client.force_login(getattr(house, name).user)
        for headers in ({}, {"HX-Request": "true"}):
            page = client.get(f"/{house.tenant.slug}/leads/", headers=headers).content.decode()
            empty = html5lib.parse(page, namespaceHTMLElements=False).find(".//div[@class='empty']")
            links = [link.get("href") for link in empty.iter("a")]
            assert [way for way in ("open", "import") if f"/{house.tenant.slug}/leads/{way}/" in links] == ways
