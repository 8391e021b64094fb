"""Every page at two widths, light and dark: axe (WCAG 2.2 AA), strict HTML, no sideways scroll, no console error."""

from typing import Any

import html5lib
import pytest
from axe_playwright_python.sync_playwright import Axe

pytestmark = pytest.mark.browser

WCAG = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
WIDTHS = {"wide": (1440, 900), "tablet": (900, 1100), "phone": (390, 844)}


def violations(page: Any) -> list[str]:
    found = Axe().run(page, options=WCAG).response["violations"]
    return [f"{page.url} {one['id']}: {one['help']} {[n['html'][:160] for n in one['nodes'][:3]]}" for one in found]


def problems(page: Any) -> list[str]:
    """What is wrong with the page as it stands."""
    page.wait_for_load_state("networkidle")
    html5lib.HTMLParser(strict=True).parse(page.request.get(page.url).text())
    sideways = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return violations(page) + ([f"{page.url} scrolls {sideways} px sideways"] if sideways > 0 else [])


@pytest.mark.parametrize(
    ("size", "scheme"),
    [("wide", "light"), ("wide", "dark"), ("tablet", "light"), ("phone", "light"), ("phone", "dark")],
)
def test_pages_for_a_member(open_page: Any, site: Any, size: str, scheme: str) -> None:
    width, height = WIDTHS[size]
    page = open_page(member=site.cast.house.mona, width=width, height=height, color_scheme=scheme)
    found = []
    for rest in (
        "leads/",
        "leads/?waiting=1&level=ok",
        f"leads/{site.numbers['Hector Salinas']}/",
        f"leads/{site.numbers['Marisol Vega']}/",
        "leads/search/?q=salinas",
        "leads/filter/?level=over&any1=source:is:Angi&any1=waiting:is:1",
        "leads/search/?q=zzzzz",
        "leads/open/",
    ):
        page.goto(site.path(rest))
        found += problems(page)
    assert found == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", ["wide", "phone"])
def test_what_opens(open_page: Any, site: Any, size: str, scheme: str) -> None:
    width, height = WIDTHS[size]
    page = open_page(member=site.cast.house.rita, width=width, height=height, color_scheme=scheme)
    page.goto(site.path("leads/"))
    page.locator("summary.is-add").click()
    page.locator(".filter-form").wait_for()
    found = violations(page)
    page.keyboard.press("Escape")
    assert not page.locator(".filter-form").is_visible()
    page.locator("[popovertarget=user-menu]:visible").click()
    assert page.get_by_role("button", name="Sign out").is_visible()
    found += violations(page)
    page.goto(site.path(f"leads/{site.numbers['Samir Haddad']}/"))
    page.get_by_text("Why is this due then?").click()
    assert found + violations(page) == []


@pytest.mark.parametrize(("size", "scheme"), [("wide", "dark"), ("phone", "light")])
def test_pages_for_an_admin(open_page: Any, site: Any, size: str, scheme: str) -> None:
    width, height = WIDTHS[size]
    page = open_page(member=site.cast.house.ada, width=width, height=height, color_scheme=scheme)
    found = []
    for rest in (
        "settings/",
        "settings/access-log/",
        "settings/parked/",
        "../account/sessions/",
        "../account/password/change/",
    ):
        page.goto(site.path(rest))
        found += problems(page)
    assert found == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", ["wide", "phone"])
def test_pages_for_anybody(open_page: Any, site: Any, size: str, scheme: str) -> None:
    width, height = WIDTHS[size]
    page = open_page(width=width, height=height, color_scheme=scheme)
    found = []
    for path in ("/account/login/", "/account/password/reset/", "/nothing/here/at/all"):
        page.goto(f"{site.url}{path}")
        found += problems(page)
    assert found == []


def test_a_compact_list(open_page: Any, site: Any) -> None:
    page = open_page(member=site.cast.house.rita)
    page.goto(site.path("leads/"))
    tall = page.locator("tr.lead").first.bounding_box()["height"]
    page.locator("[popovertarget=user-menu]:visible").click()
    page.get_by_role("button", name="Compact").click()
    page.wait_for_load_state()
    assert page.locator("tr.lead").first.bounding_box()["height"] < tall - 10
    assert page.url == site.path("leads/")
    assert problems(page) == []
