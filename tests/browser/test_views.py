"""Filters and saved views in a real browser: built by mouse and by keyboard, saved, shared, and opened on a phone."""

from typing import Any

import pytest
from playwright.sync_api import expect

from crm.platform.tenancy.context import use_tenant
from crm.web.models import SavedView
from tests.browser.test_pages import problems, violations

pytestmark = pytest.mark.browser


def names(page: Any) -> Any:
    return page.locator("tr.lead th a")


def build(page: Any) -> list[str]:
    """One condition and an "any of" by keyboard, one more by mouse."""
    page.locator("summary.is-add").focus()
    page.keyboard.press("Enter")
    page.locator("#filter-f0:focus").wait_for()
    page.locator("#filter-v0").select_option("open")
    page.locator("#filter-count", has_text="10 leads").wait_for()
    page.locator("#filter-any").focus()
    page.keyboard.press("Enter")
    page.locator("#filter-f2:focus").select_option("source")
    page.locator("#filter-v2").select_option("Angi")
    page.locator("#filter-f1").select_option("value")
    page.locator("input#filter-v1").fill("$20,000")
    page.locator("#filter-v1").press("Tab")
    page.locator("#filter-count", has_text="1 lead").wait_for()
    found = violations(page)

    # By mouse: the second is another.
    page.get_by_role("button", name="Or", exact=True).click()
    page.locator("#filter-f3:focus").select_option("waiting")
    page.locator("#filter-count", has_text="2 leads").wait_for()
    page.get_by_role("button", name="Show").click()
    page.get_by_text("Value is at least $20,000 or Source is Angi or Unanswered, waiting for our reply").wait_for()
    expect(names(page)).to_have_text(["Deborah Lindqvist", "Wanda Pruitt"])
    return found


def save_and_share(page: Any) -> list[str]:
    """With columns, for everyone, standard for reps."""
    page.locator("summary", has_text="Columns").click()
    page.locator(".column-form").get_by_label("Source").check()
    found = violations(page)
    page.locator(".column-form").get_by_role("button", name="Show").click()
    page.get_by_role("link", name="Save as view").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Name").fill("Hot")
    dialog.get_by_label("Shared with").select_option("everyone")
    dialog.get_by_label("Rep").check()
    found += violations(page)
    dialog.get_by_role("button", name="Save").click()
    page.get_by_text("“Hot” was saved.").wait_for()
    page.locator(".views a[aria-current]", has_text="Hot").wait_for()
    page.get_by_role("columnheader", name="Source").wait_for()
    page.locator(".views a[aria-current] small", has_text="2").wait_for()
    ends = [page.locator(place).bounding_box() for place in (".views a[aria-current]", ".views")]
    assert ends[0]["x"] + ends[0]["width"] <= ends[1]["x"] + ends[1]["width"], "the tab that is open is in sight"
    return found


def open_on_a_phone(phone: Any, site: Any) -> list[str]:
    """Rita has it in front; the card is the card. She changes it for herself alone."""
    phone.goto(site.path("leads/"))
    phone.locator(".views a").first.click()
    expect(names(phone)).to_have_text(["Deborah Lindqvist", "Wanda Pruitt"])
    assert not phone.locator(".lead .extra").first.is_visible()
    found = problems(phone)
    phone.locator("summary.is-add").click()
    phone.locator("#filter-f0").wait_for()
    found += violations(phone)
    phone.get_by_role("button", name="Remove condition 3").click()
    phone.locator("#filter-f3").wait_for(state="detached")
    phone.get_by_role("button", name="Show").click()
    phone.get_by_text("“Hot”, changed").wait_for()
    phone.get_by_role("link", name="All views").click()
    phone.get_by_role("link", name="Hot").first.wait_for()
    found += problems(phone)
    return found


def update_and_archive(page: Any) -> list[str]:
    """Mona takes a condition away, updates the view, and lets it go."""
    page.locator(".chip", has_text="Level").locator("a").click()
    page.get_by_role("button", name="Update “Hot”").click()
    page.get_by_text("“Hot” is updated.").wait_for()
    page.get_by_role("link", name="All views").click()
    page.get_by_role("link", name="Change Hot").click()
    page.locator("summary", has_text="Archive").click()
    found = problems(page)
    page.get_by_role("button", name="Archive this view").click()
    page.get_by_text("“Hot” is archived.").wait_for()
    return found


def test_a_view_is_built_saved_shared_and_opened_on_a_phone(open_page: Any, site: Any) -> None:
    house = site.cast.house
    page = open_page(member=house.mona)
    page.goto(site.path("leads/"))
    found = build(page) + save_and_share(page)
    found += open_on_a_phone(open_page(member=house.rita, width=390, height=844, color_scheme="dark"), site)
    found += update_and_archive(page)
    assert found == []
    with use_tenant(house.tenant):
        view = SavedView.objects.get()
    assert (view.query.count("any1="), view.archived_at is not None, "level" in view.query) == (3, True, False)
