"""The call list in a real browser: a day's calls by keys alone, and the pages pass axe."""

from datetime import timedelta
from typing import Any

import pytest

from crm.jobs.models import Job
from crm.kernel import clock
from crm.platform.tenancy.context import use_tenant
from followups.models import FollowUp
from tests.browser.test_pages import sweep

pytestmark = pytest.mark.browser


@pytest.fixture
def calls(site: Any) -> list[FollowUp]:
    """Two overdue calls of Rita's."""
    house = site.cast.house
    with use_tenant(house.tenant), clock.at(clock.now() - timedelta(hours=3)):
        job = Job.objects.get(title="Samir Haddad")
        at = clock.now() + timedelta(hours=1)
        values: dict[str, Any] = {"kind": "call", "job": job, "assignee": house.rita, "by": house.rita}
        return [
            FollowUp.plan(subject=subject, due_at=at + timedelta(minutes=minutes), **values)
            for minutes, subject in enumerate(("First call", "Second call"))
        ]


def test_pages(open_page: Any, site: Any, calls: list[FollowUp]) -> None:
    assert sweep(open_page(member=site.cast.house.rita), site.path("followups/calls/")) == []


def test_calls_are_made_by_keys(open_page: Any, site: Any, calls: list[FollowUp]) -> None:
    page = open_page(member=site.cast.house.rita)
    page.goto(site.path("followups/calls/"))
    page.locator(".call-why", has_text="First call").wait_for()
    page.keyboard.press("1")
    page.locator("[value=reached]:checked").wait_for(state="attached")
    page.keyboard.press("n")
    page.locator("#note-body:focus").wait_for()
    page.keyboard.type("Likes it")
    page.keyboard.press("Enter")
    page.locator(".call-why", has_text="Second call").wait_for()
    page.keyboard.press("z")
    page.locator(".queue a", has_text="First call").wait_for()
    with use_tenant(site.cast.house.tenant):
        assert FollowUp.objects.get(pk=calls[0].pk).is_open
