"""The settings of the organization, its brands and calendars: what is saved, refused, previewed and lost."""

import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import translation

from crm.jobs.creation.job_creation import open_job
from crm.jobs.models import Job
from crm.kernel import clock
from crm.platform.events.events import dispatch_events
from crm.platform.models import Brand, BusinessCalendar, ClosingDay, Event, Tenant
from crm.platform.models.calendar import closed_by
from crm.platform.organization import calendar_effects
from crm.platform.organization.configuration import directory
from crm.platform.tenancy.context import use_tenant
from crm.platform.work import due
from crm.web.organization.calendar_forms import next_holidays
from tests.cast import HOUSE, Cast
from tests.web.test_people_pages import version, words

SETTINGS = f"/{HOUSE}/settings"
BRANDS, CALENDARS, ORGANIZATION = (f"{SETTINGS}/{name}/" for name in ("brands", "calendars", "organization"))
NEW_BRAND = {"name": "Sun Care", "country": "NL", "currency": "EUR", "language": "nl", "hue": "183"}
ROUND_THE_CLOCK = {f"day{number}": "24h" for number in range(7)}


@pytest.fixture
def ada(client: Client, cast: Cast) -> Client:
    client.force_login(cast.house.ada.user)
    return client


def office(cast: Cast) -> BusinessCalendar:
    with use_tenant(cast.house.tenant):
        row: BusinessCalendar = BusinessCalendar.objects.get(name="Office")
        return row


def as_shown(page: Any, **changed: Any) -> dict[str, Any]:
    """The page's form as it would be sent back, with some of it changed."""
    form = page.context["form"]
    sent = {field.html_name: field.value() or "" for field in form}
    return sent | {"version": version(page), "regions_of": getattr(form, "country", "")} | changed


def kinds(cast: Cast, subject: Any) -> list[str]:
    with use_tenant(cast.house.tenant):
        return list(Event.objects.of(subject).order_by("pk").values_list("kind", flat=True))


# The organization


def test_the_organization_is_renamed_and_moves(ada: Client, cast: Cast) -> None:
    page = ada.get(ORGANIZATION)
    sent = as_shown(page, name="Sunny", time_zone="America/Chicago", country="CA", currency="CAD", hue="3")
    done = ada.post(ORGANIZATION, sent, follow=True)
    assert 'class="hue-3"' in words(done)
    here = Tenant.objects.get(slug=HOUSE)
    assert (here.name, here.time_zone, here.country, here.currency) == ("Sunny", "America/Chicago", "CA", "CAD")
    assert ada.post(ORGANIZATION, sent).status_code == 409
    assert ada.post(ORGANIZATION, as_shown(ada.get(ORGANIZATION))).status_code == 302
    assert kinds(cast, here) == ["tenant.edited"], "saving what is there already is no edit"


@pytest.mark.parametrize(
    "wrong", [{"time_zone": "Mars/Olympus"}, {"country": "XX"}, {"currency": "ZZZ"}, {"hue": "4"}, {"name": " "}]
)
def test_nonsense_about_the_organization_is_refused(ada: Client, cast: Cast, wrong: dict[str, str]) -> None:
    page = ada.post(ORGANIZATION, as_shown(ada.get(ORGANIZATION), **wrong))
    assert page.status_code == 422
    assert 'aria-invalid="true"' in words(page) or "hue" in wrong
    assert Tenant.objects.get(slug=HOUSE).name == "Suncoast-Test"


def test_only_named_columns_of_ones_own_tenant_can_be_written(cast: Cast) -> None:
    with use_tenant(cast.house.tenant):
        with pytest.raises(ValueError, match="slug"):
            cast.house.tenant.edit(by=cast.house.ada, slug="mine")
        cast.other.tenant.edit(by=cast.house.ada, name="Taken over")
    assert Tenant.objects.get(pk=cast.other.tenant.pk).name == "Otherside"


# Brands


def test_a_brand_is_made_becomes_the_default_and_another_is_archived(ada: Client, cast: Cast) -> None:
    assert ada.post(f"{BRANDS}new/", NEW_BRAND)["Location"] == BRANDS
    assert ada.post(f"{BRANDS}new/", NEW_BRAND | {"name": "sun care"}).status_code == 422
    with use_tenant(cast.house.tenant):
        new, old = Brand.objects.get(name="Sun Care"), Brand.objects.get(is_default=True)
    refused = ada.post(f"{BRANDS}{old.uid}/archive/")
    assert refused.status_code == 422
    assert "Make another brand the default first" in words(refused)
    ada.post(f"{BRANDS}{new.uid}/default/")
    ada.post(f"{BRANDS}{old.uid}/archive/")
    assert "cannot be the default" in words(ada.post(f"{BRANDS}{old.uid}/default/", follow=True))
    with use_tenant(cast.house.tenant):
        assert directory().default_brand == new
        assert open_job(title="Nobody named one", by=None).currency == "EUR"
        with pytest.raises(ValueError, match="archived"):
            open_job(title="Too late", brand=Brand.objects.get(pk=old.pk), by=None)
        assert Job.objects.get(pk=cast.house.job.pk).brand_id == old.pk
    ada.post(f"{BRANDS}{old.uid}/restore/")
    assert kinds(cast, old) == ["brand.archived", "brand.restored"]


def test_a_brand_is_edited_by_one_at_a_time(ada: Client, cast: Cast) -> None:
    with use_tenant(cast.house.tenant):
        brand = Brand.objects.get()
    url = f"{BRANDS}{brand.uid}/"
    sent = as_shown(ada.get(url), name="Sun Roofing", phone="813 555 0100", calendar="")
    assert ada.post(url, sent).status_code == 302
    lost = ada.post(url, sent | {"name": "Moon Roofing"})
    assert lost.status_code == 409
    assert 'value="Sun Roofing"' in words(lost)
    with use_tenant(cast.house.tenant):
        brand.refresh_from_db()
        assert (brand.name, brand.phone, brand.calendar_id) == ("Sun Roofing", "813 555 0100", None)
        assert Event.objects.get(kind="brand.edited").data == {"fields": ["calendar", "name", "phone"]}


# Calendars


def test_an_edit_says_first_what_it_moves_and_is_saved_by_the_second_click(ada: Client, cast: Cast) -> None:
    url = f"{CALENDARS}{office(cast).uid}/"
    sent = as_shown(ada.get(url), **ROUND_THE_CLOCK)
    asked = ada.post(url, sent)
    assert asked.status_code == 200
    assert "1 open lead gets another due date, of 1 that count by this calendar." in words(asked)
    assert office(cast).week[6] == []
    previewed = {"previewed": asked.context["previewed"]}
    other = ada.post(url, sent | previewed | {"day6": "8-9"})
    assert "this changes due dates" in words(other), "what was said was about other hours"
    assert ada.post(url, sent | previewed).status_code == 302
    assert office(cast).week == [[[0, 1440]]] * 7
    assert kinds(cast, office(cast)) == ["calendar.changed"]


def test_what_is_foreseen_is_what_the_recount_does(cast: Cast) -> None:
    from crm.jobs.clock.recalculation import RECOUNT, recount

    with use_tenant(cast.house.tenant):
        calendar = office(cast)
        jobs = [open_job(title=f"Job {number}", stage=cast.house.stage("New"), by=None) for number in range(3)]
        jobs[0].pause(reason="Waits", until=None, by=None)
        changed = BusinessCalendar(time_zone="America/New_York", week=[[[0, 1440]]] * 7)
        effects = calendar_effects.effects_of(calendar, changed.hours({}))
        calendar.change_hours(by=cast.house.ada, week=changed.week)
        recount(Job, RECOUNT, list(Job.objects.values_list("pk", flat=True)))
        moved = Event.objects.filter(kind="job.clock_moved").count()
        assert [effect.moved for effect in effects] == [moved]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({f"day{number}": "" for number in range(7)}, "The week has no hours at all"),
        ({"day0": "22-6"}, "For hours past midnight"),
        ({"day2": "8-12, 11-17"}, "overlap"),
        ({"time_zone": "America"}, "valid choice"),
    ],
)
def test_hours_that_cannot_be_counted_are_a_sentence(ada: Client, cast: Cast, typed: dict[str, str], said: str) -> None:
    url = f"{CALENDARS}{office(cast).uid}/"
    page = ada.post(url, as_shown(ada.get(url), **typed))
    assert page.status_code == 422
    assert said in words(page)
    assert kinds(cast, office(cast)) == []


def test_regions_follow_the_country(ada: Client, cast: Cast) -> None:
    url = f"{CALENDARS}{office(cast).uid}/"
    asked = ada.post(url, as_shown(ada.get(url), holiday_country="US"))
    assert asked.status_code == 422
    assert "Choose a region, or the whole country" in words(asked)
    assert "FL · Florida" in words(asked)
    sent = as_shown(asked, holiday_region="FL")
    page = ada.post(url, sent)
    if page.status_code == 200:  # a holiday is near enough to move the one lead
        page = ada.post(url, sent | {"previewed": page.context["previewed"]})
    assert page.status_code == 302
    assert "Christmas Day" in words(ada.get(url)) or "New Year" in words(ada.get(url))
    assert office(cast).holiday_region == "FL"


def test_holidays_are_called_what_the_reader_calls_them() -> None:
    new_year = date(2027, 1, 1)
    closed = closed_by({}, "NL", "")
    for language, name in (("nl", "Nieuwjaarsdag"), ("en", "New Year's Day")):
        with translation.override(language):
            assert next_holidays("NL", "", new_year)[0] == (new_year, name)
            assert closed(new_year) == name
    assert closed(date(2027, 1, 4)) is None
    with translation.override("nl"):
        assert next_holidays("US", "FL", new_year)[0] == (new_year, "New Year's Day"), "as the package has it"
    assert closed_by({new_year: "Stocktaking"}, "NL", "")(new_year) == "Stocktaking"


def test_a_closing_day_comes_with_its_effect_and_goes(ada: Client, cast: Cast) -> None:
    calendar, today = office(cast), clock.now().date()
    url = f"{CALENDARS}{calendar.uid}/"
    with use_tenant(cast.house.tenant):
        due_at = Job.objects.get(pk=cast.house.job.pk).due_at
        assert due_at is not None
        far, near = today + timedelta(days=200), due_at.date()
    assert ada.post(f"{url}close/", {"day": far.isoformat(), "name": "Fair"})["Location"] == url
    asked = ada.post(f"{url}close/", {"day": near.isoformat(), "name": "Storm"})
    assert "gets another due date" in words(asked)
    sent = {"day": near.isoformat(), "name": "Storm", "previewed": asked.context["previewed"]}
    assert ada.post(f"{url}close/", sent)["Location"] == url
    assert "Fair" in words(ada.get(url))
    assert ada.post(f"{url}close/", {"day": "soon", "name": ""}).status_code == 422
    for _ in range(2):
        assert ada.post(f"{url}open/", {"day": far.isoformat()})["Location"] == url
    assert ada.post(f"{url}open/", {"day": "soon"}).status_code == 404
    with use_tenant(cast.house.tenant):
        assert list(ClosingDay.objects.values_list("day", flat=True)) == [near]
    assert kinds(cast, calendar) == ["calendar.changed"] * 3
    # How far due dates have followed, until all have.
    assert "Finding the affected clocks" in words(ada.get(url))
    while dispatch_events():
        pass
    for page in (url, f"{url}progress/"):
        assert re.search(r"\b0 of \d+ running clocks recalculated", words(ada.get(page)))
    while due.run_due_work():
        pass
    for page in (url, f"{url}progress/"):
        assert "running clocks" not in words(ada.get(page))


def test_a_calendar_in_use_is_not_archived(ada: Client, cast: Cast) -> None:
    new = as_shown(ada.get(f"{CALENDARS}new/"), name="Night", **ROUND_THE_CLOCK)
    assert ada.post(f"{CALENDARS}new/", new).status_code == 302
    assert ada.post(f"{CALENDARS}new/", new | {"name": "night"}).status_code == 422
    with use_tenant(cast.house.tenant):
        night = BusinessCalendar.objects.get(name="Night")
        assert night.week == [[[0, 1440]]] * 7
    old = office(cast)
    assert "is in use" in words(ada.post(f"{CALENDARS}{old.uid}/archive/", follow=True)), "the default"
    ada.post(f"{CALENDARS}{night.uid}/default/")
    assert "is in use" in words(ada.post(f"{CALENDARS}{old.uid}/archive/", follow=True)), "a brand's"
    with use_tenant(cast.house.tenant):
        Brand.objects.get().edit(by=cast.house.ada, calendar=None)
    assert "is archived" in words(ada.post(f"{CALENDARS}{old.uid}/archive/", follow=True))
    assert "cannot be the default" in words(ada.post(f"{CALENDARS}{old.uid}/default/", follow=True))
    with use_tenant(cast.house.tenant):
        assert directory().default_calendar_id == night.pk
        assert Job.objects.get(pk=cast.house.job.pk).calendar_id == old.pk, "its clock runs on"
        brand = Brand.objects.get()
    assert "Office" not in words(ada.get(f"{BRANDS}{brand.uid}/"))
    ada.post(f"{CALENDARS}{old.uid}/restore/")
    assert "Office" in words(ada.get(f"{BRANDS}{brand.uid}/"))


def test_two_at_one_calendar(ada: Client, cast: Cast) -> None:
    url = f"{CALENDARS}{office(cast).uid}/"
    sent = as_shown(ada.get(url), name="Weekdays")
    assert ada.post(url, sent).status_code == 302
    lost = ada.post(url, sent | {"name": "Workdays"})
    assert lost.status_code == 409
    assert 'value="Weekdays"' in words(lost)
    with use_tenant(cast.house.tenant):
        assert list(Event.objects.filter(kind__startswith="calendar").values_list("kind", flat=True)) == [
            "calendar.renamed"
        ]
