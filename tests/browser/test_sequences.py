"""Sequences in a real browser: their pages pass axe, and one is made, turned on, started for a lead and stopped."""

import re
from typing import Any

import pytest

from comms.library.seeding import create_library
from comms.models import Channel
from crm.platform.models import Brand
from crm.platform.tenancy.context import use_tenant
from followups.sequences.models import Enrolment, Sequence
from tests.browser.test_pages import sweep, violations
from tests.followups.sequences.scenes import fork, message, sequence, task, wait

pytestmark = pytest.mark.browser


@pytest.fixture
def house(site: Any) -> Any:
    """The house with a channel for emails and its library of templates."""
    with use_tenant(site.cast.house.tenant):
        Channel.create(
            by=None,
            brand=Brand.objects.first(),
            medium="email",
            role="support",
            provider="twilio",
            address="desk@suncoast.example",
            registration="approved",
        )
        create_library(["en", "nl"])
    return site.cast.house


@pytest.fixture
def nudge(house: Any) -> Sequence:
    with use_tenant(house.tenant):
        return sequence(message(), wait(2), fork("visited", [task()], [message()]), task(), name="Nudge")


def test_pages(open_page: Any, site: Any, house: Any, nudge: Sequence) -> None:
    page = open_page(member=house.ada)
    number = site.numbers["Samir Haddad"]
    paths = (
        "sequences/",
        "sequences/new/",
        f"sequences/{nudge.uid}/",
        f"sequences/{nudge.uid}/on/",
        f"sequences/{nudge.uid}/versions/",
        "sequences/people/",
        f"sequences/leads/{number}/",
        f"sequences/leads/{number}/enrol/",
    )
    assert sweep(page, *map(site.path, paths)) == []


def test_one_is_made_turned_on_started_and_stopped(open_page: Any, site: Any, house: Any) -> None:
    page = open_page(member=house.ada)
    page.goto(site.path("sequences/new/"))
    page.locator("#sequence-name").fill("Quote follow-up")
    page.locator("#add-step").click()
    page.locator("#s0-first:focus").wait_for()
    page.get_by_role("button", name="Wait", exact=True).click()
    page.locator("#s1-first:focus").fill("2")
    page.locator("#savebar [value=on]").click()
    page.get_by_role("button", name="Turn on").click()
    page.wait_for_url(re.compile(r"/sequences/[0-9a-f-]{36}/$"))
    page.goto(site.path(f"leads/{site.numbers['Samir Haddad']}/"))
    page.locator("#sequences").get_by_role("link", name="Start one").click()
    page.locator("#enrol-to").select_option(label="Quote follow-up")
    page.locator("#dialog .effect li").first.wait_for()
    effect = page.locator("#dialog .effect").inner_text()
    assert "1 lead starts “Quote follow-up”." in effect
    assert "First message:" in effect
    assert violations(page) == []
    page.locator("#dialog").get_by_role("button", name="Start it").click()
    panel = page.locator("#sequences")
    panel.get_by_text("step 1 of 1").wait_for()
    panel.locator("summary", has_text="Stop").click()
    panel.get_by_role("button", name="Stop").click()
    panel.get_by_text("In no sequence now.").wait_for()
    page.locator("#toasts .toast", has_text="Stopped").get_by_role("button", name="Undo").click()
    panel.get_by_text("step 1 of 1").wait_for()
    with use_tenant(house.tenant):
        assert Enrolment.objects.get().is_inside
