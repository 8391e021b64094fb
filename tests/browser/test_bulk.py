"""Many leads at once in a real browser: selected over two pages, looked at, done, taken back; and without scripts."""

from typing import Any

import pytest

from crm.jobs.models import Job
from crm.platform.tenancy.context import use_tenant
from tests.browser.test_pages import problems, violations
from tests.leads.test_list import fill

pytestmark = pytest.mark.browser


@pytest.fixture
def many(site: Any) -> Any:
    fill(site.cast.house, 50)
    return site


def urgent(site: Any) -> int:
    with use_tenant(site.cast.house.tenant):
        return int(Job.objects.filter(priority=1).count())


def choose(page: Any, label: str) -> None:
    page.locator("#dialog[open] #bulk-to").select_option(label)


def test_selected_over_two_pages_done_and_taken_back(open_page: Any, many: Any) -> None:
    page = open_page(member=many.cast.house.mona)
    page.goto(many.path("leads/"))
    bar = page.locator("#bulk")
    assert not bar.is_visible()
    page.get_by_label("Hector Salinas", exact=True).and_(page.locator("input")).check()
    page.get_by_label("Marisol Vega", exact=True).and_(page.locator("input")).check()
    with page.expect_navigation():
        page.get_by_role("link", name="Next 50").click()
    page.locator("#bulk:not(.is-idle)", has_text="2 selected").wait_for()
    page.get_by_label("Select all on this page").check()
    here = page.locator("input[name=pick]").count()
    bar.get_by_text(f"{here + 2} selected").wait_for()
    assert problems(page) == []
    with page.expect_navigation():
        page.get_by_role("link", name="Previous 50").click()
    page.locator("input[name=pick]:checked").nth(1).wait_for()
    assert page.locator("input[name=pick]:checked").count() == 2
    bar.get_by_role("button", name="Priority").click()
    page.locator("#dialog[open]").wait_for()
    choose(page, "Urgent")
    page.get_by_text(f"{here + 2} leads become “Urgent”.").wait_for()
    assert violations(page) == []
    page.get_by_role("button", name=f"Change {here + 2} leads").click()
    page.get_by_text(f"{here + 2} leads are “Urgent” now.").wait_for()
    assert urgent(many) == here + 2
    bar.wait_for(state="hidden")
    page.locator(".toast").get_by_role("button", name="Undo").click()
    page.get_by_text(f"Undone for {here + 2} leads.").wait_for()
    assert urgent(many) == 0


def test_all_of_a_view_on_a_phone_in_the_dark(open_page: Any, many: Any) -> None:
    page = open_page(member=many.cast.house.mona, width=390, height=844, color_scheme="dark")
    page.goto(many.path("leads/?source=Google+Ads"))
    page.locator("input[name=pick]").first.check()
    page.locator("#matching:not(:empty)").wait_for()
    page.get_by_role("button", name="Select all 2").click()
    page.locator("#bulk", has_text="2 selected").wait_for()
    assert problems(page) == []
    page.get_by_role("button", name="Move").click()
    choose(page, "Signed")
    page.get_by_text("2 leads move to “Signed”.").wait_for()
    assert violations(page) == []
    page.get_by_role("button", name="Change 2 leads").click()
    page.get_by_text("2 leads moved to “Signed”.").wait_for()


def test_without_scripts(open_page: Any, many: Any) -> None:
    page = open_page(member=many.cast.house.mona, java_script_enabled=False)
    page.goto(many.path("leads/"))
    page.get_by_label("Hector Salinas", exact=True).and_(page.locator("input")).check()
    page.get_by_role("button", name="Assign").click()
    page.get_by_label("To whom").select_option("Sam Service")
    page.get_by_role("button", name="Preview").click()
    page.get_by_text("1 lead goes to Sam Service.").wait_for()
    page.get_by_role("button", name="Change 1 lead").click()
    page.get_by_text("1 lead is with Sam Service now.").wait_for()
    page.get_by_role("button", name="Undo").click()
    page.get_by_text("Hector Salinas: undone.").wait_for()
