"""A colleague from the invitation to the last day, in two browsers; and the settings of people and organization."""

import re
from datetime import date
from typing import Any

import pytest
from django.conf import settings

from crm.platform.models import Brand, BusinessCalendar, StaffMail, Team
from crm.platform.tenancy.context import use_tenant
from tests.browser.test_pages import in_all_looks, problems, sweep, violations
from tests.cast import PASSWORD

pytestmark = pytest.mark.browser

KIM = "kim@new.example"


def confirm(page: Any) -> None:
    """By the password, where the page asks for it."""
    page.wait_for_url("**/account/confirm/**")
    page.locator("input[type=password]").fill(PASSWORD)
    page.get_by_role("button", name="Confirm").click()


def link(site: Any) -> str:
    """The address in the newest mail, at the server under test."""
    body = StaffMail.objects.order_by("-pk")[0].body
    found = re.search(rf"{re.escape(settings.SITE_URL)}(/account/invitation/\S+)", body)
    assert found
    return f"{site.url}{found[1]}"


def test_a_colleague_comes_works_and_leaves(open_page: Any, site: Any) -> None:
    found: list[str] = []
    ada = open_page(member=site.cast.house.ada)
    ada.goto(site.path("settings/members/"))
    ada.get_by_role("link", name="Invite").click()
    confirm(ada)
    ada.get_by_label("Email").fill(site.cast.house.rita.user.email)
    ada.get_by_label("Name").fill("Kim Kessler")
    ada.get_by_label("Role").select_option(label="Rep")
    ada.get_by_role("button", name="Send the invitation").click()
    ada.get_by_role("alert").get_by_role("link", name="already belongs to a member").wait_for()
    found += violations(ada)
    ada.get_by_label("Email").fill(KIM)
    ada.get_by_role("button", name="Send the invitation").click()
    ada.get_by_text("The invitation to Kim Kessler was sent.").wait_for()
    found += problems(ada)

    kim = open_page(width=390, height=844, color_scheme="dark")
    kim.goto(link(site))
    kim.get_by_role("heading", name="Join Suncoast-Test").wait_for()
    found += problems(kim)
    for label in ("Password", "Password (again)"):
        kim.get_by_label(label, exact=True).fill("an even longer staple")
    kim.get_by_role("button", name="Choose the password and join").click()
    kim.wait_for_url(site.path("home/"))
    assert kim.get_by_text("Hector Salinas").count() == 0, "that lead is somebody else’s"
    assert kim.goto(site.path("settings/members/")).status == 404
    kim.goto(link(site))
    kim.get_by_text("has already been used").wait_for()

    ada.goto(site.path("settings/members/"))
    ada.get_by_role("link", name="What Kim Kessler sees").click()
    ada.get_by_role("link", name="Manager").click()
    ada.get_by_text("may then").first.wait_for()
    found += problems(ada)
    ada.goto(site.path("settings/members/"))
    ada.get_by_role("link", name="Kim Kessler", exact=True).click()
    ada.get_by_role("link", name="Deactivate").click()
    found += problems(ada)
    ada.get_by_role("button", name="Deactivate Kim Kessler").click()
    ada.get_by_text("Kim Kessler is deactivated.").wait_for()
    assert kim.goto(site.path("leads/")).status == 404
    assert found == []


def test_pages_of_people_and_organization(open_page: Any, site: Any) -> None:
    house = site.cast.house
    with use_tenant(house.tenant):
        team = Team.create("Storm crew", by=house.ada)
        team.add(house.rita, by=house.ada)
        brand, calendar = Brand.objects.get(), BusinessCalendar.objects.get(is_default=True)
        Brand.objects.create(name="Suncoast Care", country="US", currency="USD", language="en", calendar=calendar)
        storm = BusinessCalendar.objects.create(name="Storm line", time_zone="America/New_York")
        storm.close_on(date(2032, 7, 5), "Inventory", by=house.ada)
    page = open_page(member=house.ada)
    page.goto(site.path("settings/members/invite/"))
    confirm(page)
    paths = (
        "members/invite/",
        f"members/{house.rita.uid}/",
        f"members/{house.rita.uid}/deactivate/",
        "roles/",
        "teams/",
        f"teams/{team.uid}/",
        "organization/",
        "brands/",
        f"brands/{brand.uid}/",
        "calendars/",
        f"calendars/{storm.uid}/",
        f"calendars/{calendar.uid}/close/",
    )
    found = sweep(page, *(site.path(f"settings/{rest}") for rest in paths))
    page.goto(site.path(f"settings/calendars/{calendar.uid}/"))
    page.get_by_label("Saturday").fill("nonsense")
    page.get_by_role("button", name="Save").click()
    page.get_by_role("alert").get_by_text("is not a time span").wait_for()
    found += in_all_looks(page)
    page.get_by_label("Saturday").fill("9–13")
    for day in ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday"):  # whatever day it is, some date moves
        page.get_by_label(day).fill("24h")
    page.get_by_role("button", name="Save").click()
    page.get_by_text("Not saved yet: this changes due dates").wait_for()
    found += in_all_looks(page)
    page.get_by_role("button", name="Save anyway").click()
    page.get_by_text("Due dates are being recalculated").wait_for()
    assert page.get_by_label("Saturday").input_value() == "9:00–13:00"
    assert found == []
