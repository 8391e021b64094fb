"""The navigation where it is taller than the window: it scrolls by itself, and the page stays where it is."""

from typing import Any

import pytest

from tests.browser.test_pages import problems

pytestmark = pytest.mark.browser

# How much longer than the window the page is; whether the entry of the page that is open is in sight.
STATE = """() => {
  const [parts, open] = [".nav-parts", ".nav-parts [aria-current]"].map((name) => document.querySelector(name));
  const [within, at] = [parts.getBoundingClientRect(), open.getBoundingClientRect()];
  const seen = at.top >= within.top && at.bottom <= within.bottom;
  return [document.documentElement.scrollHeight - innerHeight, seen, parts.scrollHeight > parts.clientHeight];
}"""


def test_a_navigation_taller_than_the_window_scrolls_by_itself(open_page: Any, site: Any) -> None:
    page = open_page(member=site.cast.house.ada, width=1440, height=360)
    page.goto(site.path("settings/"))
    page.locator(".nav-parts [aria-current]").wait_for()
    assert page.evaluate(STATE) == [0, True, True]
    assert page.locator(".nav-user").is_visible()
    assert problems(page) == []
