"""Requests that fail, offline or by the server: what failed is said, what was typed is kept, and it is tried again."""

from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.test_board import card, column, drag
from tests.browser.test_pages import violations

pytestmark = pytest.mark.browser


def told(page: Any, words: str) -> Any:
    return page.get_by_role("alert").filter(has_text=words)


def broken(page: Any, address: str, status: int) -> None:
    """The next request to this address fails; those after it are answered."""
    page.route(address, lambda route: route.fulfill(status=status, body="<h1>Bad gateway</h1>"), times=1)


def plain_forms(page: Any, site: Any) -> None:
    """They would lead to the browser's or a gateway's own page, and away from what was typed."""
    page.goto(site.path("preferences/"))
    page.context.set_offline(True)
    page.locator("main form button").first.click()
    told(page, "You are offline. What you entered is still here.").wait_for()
    page.context.set_offline(False)
    broken(page, "**/healthz", 502)
    page.locator("main form button").first.click()
    failure = told(page, "Not saved: Save The server did not answer. What you entered is still here.")
    with page.expect_request(lambda request: request.method == "POST"):
        failure.get_by_role("button", name="Try again").click()


def test_what_failed_is_said_and_tried_again(open_page: Any, site: Any) -> None:
    page = open_page(member=site.cast.house.rita, failing=True, reduced_motion="reduce")
    page.goto(site.path("leads/"))
    page.locator("#tab-over:not(:empty)").wait_for()
    row = page.locator("tr.lead", has_text="Wanda Pruitt")
    page.context.set_offline(True)
    told(page, "What you see may be out of date. You are offline.").wait_for()
    row.hover()
    row.locator("[data-act=move-next]").click()
    failure = told(page, "Not saved: Move Wanda Pruitt to the next step: Visit booked")
    failure.filter(has_text="You are offline.").wait_for()
    found = violations(page)
    page.context.set_offline(False)
    told(page, "out of date").wait_for(state="detached")
    page.keyboard.press("F8")
    page.locator("[data-again]:focus").wait_for()
    page.keyboard.press("Enter")
    row.get_by_text("Visit booked").wait_for()
    failure.wait_for(state="detached")
    # The server failed to take it back: the way back stays.
    broken(page, "**/jobs/undo/**", 500)
    page.locator("#toasts").get_by_role("button", name="Undo").click()
    told(page, "Not saved: Undo").get_by_role("button", name="Try again").click()
    row.locator("u", has_text="Reached").wait_for()

    # In an open dialog, which lies over all else, and with what was chosen in it.
    page.goto(site.path(f"leads/{site.numbers['Samir Haddad']}/"))
    page.get_by_role("link", name="Lost…").click()
    page.locator("#dialog").get_by_role("radio", name="Price").check()
    broken(page, "**/lose/", 502)
    page.locator("#dialog").get_by_role("button", name="Mark as lost").click()
    lost = page.locator("#dialog").get_by_role("alert").filter(has_text="Not confirmed: Mark as lost")
    lost.filter(has_text="What you entered is still here.").wait_for()
    found += violations(page)
    page.keyboard.press("Escape")
    page.get_by_label("Note", exact=True).fill("Ask for the key")
    broken(page, "**/note/", 403)
    page.get_by_role("button", name="Add note").click()
    told(page, "Not saved: Add note").wait_for()
    assert page.get_by_label("Note", exact=True).input_value() == "Ask for the key"
    page.get_by_role("button", name="Try again").click()
    page.locator("#timeline", has_text="Ask for the key").wait_for()
    expect(page.get_by_label("Note", exact=True)).to_have_value("")

    page.goto(site.path("leads/board/"))
    broken(page, "**/leads/board/*/", 500)
    drag(page, "Hector Salinas", "Decide")
    page.mouse.up()
    told(page, "Not saved: Move Hector Salinas").get_by_role("button", name="Try again").click()
    column(page, "Decide").get_by_text("Hector Salinas").wait_for()
    expect(card(page, "Hector Salinas")).to_have_count(1)

    plain_forms(page, site)
    assert found == []


def test_who_was_signed_out_loses_no_word(open_page: Any, site: Any) -> None:
    page = open_page(member=site.cast.house.rita, failing=True)
    page.goto(site.path(f"leads/{site.numbers['Samir Haddad']}/"))
    page.get_by_label("Note", exact=True).fill("Ask for the key")
    page.context.clear_cookies()
    page.get_by_role("button", name="Add note").click()
    failure = told(page, "Not saved: Add note You were signed out. Sign in in another tab and try again.")
    failure.filter(has_text="What you entered is still here.").wait_for()
    assert page.get_by_label("Note", exact=True).input_value() == "Ask for the key"
    page.context.add_cookies([site.session(site.cast.house.rita)])
    failure.get_by_role("button", name="Try again").click()
    page.locator("#timeline", has_text="Ask for the key").wait_for()
