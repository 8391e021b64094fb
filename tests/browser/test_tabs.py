"""A list's tabs where they don't fit: what is beyond an edge shows there, and mouse and keyboard come to it."""

from typing import Any

import pytest

from tests.browser.test_pages import problems

pytestmark = pytest.mark.browser

# Of the row of tabs: what of `name` is inside it, clear of the faded edges, and whether it fades at either.
STATE = """(name) => {
  const row = document.querySelector(".views"), tab = [...row.children].find((one) => one.innerText.includes(name));
  const [at, within] = [tab.getBoundingClientRect(), row.getBoundingClientRect()];
  const [before, after] = ["has-before", "has-after"].map((mark) => row.classList.contains(mark));
  const fade = parseFloat(getComputedStyle(row).scrollPaddingInlineStart);
  const seen = at.left >= within.left + (before ? fade : 0) - 1 && at.right <= within.right - (after ? fade : 0) + 1;
  return [before, seen, after];
}"""


def state(page: Any, name: str) -> list[bool]:
    """Whether tabs are hidden before the row's edge, the tab is in sight, and tabs are hidden after."""
    found: list[bool] = page.evaluate(STATE, name)
    return found


def go(page: Any, way: str) -> None:
    """Press the button of one edge until there is nothing beyond it."""
    while page.locator(f".views-step.{way}").is_visible():
        page.locator(f".views-step.{way}").click()
        # The edges are marked by the next frame.
        page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")


def test_tabs_that_do_not_fit_show_at_the_edge_and_are_come_to(open_page: Any, site: Any) -> None:
    page = open_page(member=site.cast.house.mona, width=900, height=800)
    # At once, so that nothing is looked at half way.
    page.emulate_media(reduced_motion="reduce")
    page.goto(site.path("leads/"))
    page.locator(".views.has-after").wait_for()
    assert state(page, "All leads") == [False, True, True]
    assert not state(page, "Unclaimed")[1]
    assert not page.locator(".views-step.is-back").is_visible(), "there is nothing before"
    assert problems(page) == []

    # By mouse.
    go(page, "is-on")
    assert state(page, "Unclaimed") == [True, True, False]
    go(page, "is-back")
    assert state(page, "All leads") == [False, True, True]

    # By keyboard: each is clear of the edges when it has the focus.
    # Their numbers come after the page, and push.
    page.locator(".views small:empty").first.wait_for(state="detached")
    page.locator(".views a").first.focus()
    for tab in page.locator(".views a").all_inner_texts():
        name = tab.split("\n")[0]
        page.wait_for_function("(name) => document.activeElement.innerText.includes(name)", arg=name)
        assert state(page, name)[1], name
        page.keyboard.press("Tab")


def test_a_phone_fades_them_and_a_wide_window_has_all_of_them(open_page: Any, site: Any) -> None:
    rita = site.cast.house.rita
    phone = open_page(member=rita, width=390, height=844)
    phone.goto(site.path("leads/"))
    phone.locator(".views.has-after").wait_for()
    assert not phone.locator(".views-step.is-on").is_visible(), "a finger moves the row itself"
    page = open_page(member=rita, width=1900, height=900)
    page.goto(site.path("leads/"))
    page.wait_for_timeout(300)
    assert state(page, "Unclaimed") == [False, True, False]
    assert not page.locator(".views-step.is-on").is_visible()
