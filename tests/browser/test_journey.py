"""A rep's first minutes: sign in, see what to jump on, open it, find another, sign out; with and without scripts."""

import re
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import expect

from crm.jobs.models import Job
from crm.kernel import clock
from crm.platform.tenancy.context import use_tenant
from tests.browser.windows import settle
from tests.cast import PASSWORD

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])
def test_from_sign_in_to_sign_out(open_page: Any, site: Any, scripts: bool) -> None:
    page = open_page(java_script_enabled=scripts)
    page.goto(site.path("leads/"))
    page.get_by_label("Email").fill(site.cast.house.rita.user.email)
    page.locator("input[type=password]").fill(PASSWORD)
    page.locator("main form button:not([type=button])").last.click()
    page.wait_for_url(site.path("leads/"))
    assert page.locator("tr.lead th a").nth(1).inner_text() == "Marisol Vega"

    page.get_by_role("main").get_by_role("link", name="Late").click()
    expect(page.locator("tr.lead")).to_have_count(4)
    page.locator("summary.is-add").click()
    if not scripts:
        page.get_by_role("link", name="Choose conditions").click()
    page.get_by_role("button", name="Condition", exact=True).click()
    page.locator("#filter-f1:focus" if scripts else "#filter-f1").select_option("source")
    if not scripts:
        page.get_by_role("button", name="Update the rows").click()
    page.locator("select#filter-v1").select_option("Google Ads")
    page.get_by_role("button", name="Show").click()
    expect(page.locator("tr.lead th a")).to_have_text(["Hector Salinas"])

    page.get_by_role("link", name="Hector Salinas").click()
    page.get_by_role("heading", level=1, name="Hector Salinas").wait_for()
    page.locator("#find").fill("okafor")
    page.locator("#find").press("Enter")
    page.get_by_role("link", name="Luz Okafor #").click()
    page.get_by_role("heading", level=1, name="Luz Okafor").wait_for()

    settle(page)
    page.locator("[popovertarget=user-menu]:visible").click()
    with page.expect_navigation():
        page.get_by_role("button", name="Sign out").click()
    page.goto(site.path("leads/"))
    assert "/account/login/" in page.url


def test_a_bar_tells_itself_on_hover_and_focus(open_page: Any, site: Any) -> None:
    page = open_page(member=site.cast.house.rita)
    page.goto(site.path("leads/"))
    page.locator("tr.lead .plb").nth(2).hover()
    page.locator(".tip", has_text=re.compile("^Quote sent, Quote, step 6 of 14")).wait_for()
    page.keyboard.press("Escape")
    page.locator(".tip").wait_for(state="hidden")


def test_the_counts_arrive_after_the_page(open_page: Any, site: Any) -> None:
    page = open_page(member=site.cast.house.rita)
    page.goto(site.path("leads/"))
    page.locator("#tab-over:not(:empty)").wait_for()
    expect(page.locator("#tab-over")).to_have_text("4")
    expect(page.locator("#summary")).to_have_text("10 open · 6 need you now")
    _refresh_before_the_numbers(page, site)


def _refresh_before_the_numbers(page: Any, site: Any) -> None:
    """What asked for them is gone when they come: they are asked for again, and nothing complains of the first."""
    first: list[Any] = []
    page.route("**/tickets/counts/*", lambda route: route.continue_() if first else first.append(route))
    with page.expect_request("**/tickets/counts/*"):
        page.goto(site.path("tickets/"))
    with page.expect_response("**/tickets/counts/*"):
        page.evaluate("htmx.trigger('#rows', 'hint')")
    first[0].continue_()
    answer = first[0].request.response()
    if answer:
        answer.finished()
    expect(page.locator("#tab-mine")).not_to_be_empty()


def test_the_rows_refresh_at_the_next_crossing(open_page: Any, site: Any) -> None:
    page = open_page(member=site.cast.house.rita)
    row = page.locator("tr.lead", has_text="Samir Haddad")
    for seconds in (2, 8, 30):  # more than a busy machine needs to show the page
        with use_tenant(site.cast.house.tenant):
            crossing = clock.now() + timedelta(seconds=seconds)
            Job.objects.filter(title="Samir Haddad").update(warn_at=crossing)
        page.goto(site.path("leads/"))
        if row.locator(".age").get_attribute("class") == "age ok":
            break
    page.evaluate("document.body.dataset.kept = ''")
    row.locator(".age.soon").wait_for(timeout=60_000)
    assert page.locator("body[data-kept]").count() == 1, "the rows alone were loaded again"
    page.locator("#tab-over:not(:empty)").wait_for()


def test_the_theme_is_kept_and_does_not_flash(open_page: Any, site: Any) -> None:
    page = open_page(member=site.cast.house.rita)
    page.goto(site.path("leads/"))
    settle(page)
    page.locator("[popovertarget=user-menu]:visible").click()
    with page.expect_navigation():
        page.get_by_role("button", name="Dark").click()
    assert '<html lang="en" dir="ltr" data-theme="dark"' in page.request.get(site.path("leads/")).text()
    assert page.evaluate("getComputedStyle(document.documentElement).colorScheme") == "dark"
