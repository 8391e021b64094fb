"""Every page at two widths, light and dark: axe (WCAG 2.2 AA), strict HTML, no stray scroll, no console error."""

from typing import Any

import html5lib
import pytest
from axe_playwright_python.sync_playwright import Axe

pytestmark = pytest.mark.browser

WCAG = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
AXE = Axe().axe_script
# Of what passes nobody reads the nodes, and of what does not nobody reads selectors: without them axe answers sooner.
# And one rule that axe leaves out unless it is named: what a button says aloud holds what stands on it.
OPTIONS = WCAG | {
    "resultTypes": ["violations"],
    "selectors": False,
    "rules": {"label-content-name-mismatch": {"enabled": True}},
}
WIDTHS = {"wide": (1440, 900), "tablet": (900, 1100), "phone": (390, 844)}
LOOKS = (("wide", "light"), ("phone", "dark"))
# Loaded, nothing asked for is outstanding, and nothing moves: a colour on its way to another has a wrong contrast.
SETTLED = """() => document.readyState === 'complete' && !document.querySelector('.htmx-request, .htmx-settling')
    && document.getAnimations().every(one => one.playState !== 'running' || one.effect.getTiming().iterations > 9)"""


def settle(page: Any) -> None:
    page.wait_for_load_state()
    page.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
    page.wait_for_function(SETTLED)


# What fades in is half as strong for a moment, and nobody reads it before it stands.
# An animation that is held, or whose element goes, never finishes: hence the second.
STANDING = """Promise.race([
    Promise.all(document.getAnimations()
        .filter((one) => one.playState === "running" && one.effect.getComputedTiming().endTime < 1000)
        .map((one) => one.finished.catch(() => null))),
    new Promise((done) => setTimeout(done, 1000)),
]).then(() => null)"""


def violations(page: Any) -> list[str]:
    page.wait_for_load_state()
    page.evaluate(STANDING)
    if page.evaluate("typeof axe") == "undefined":  # in another look of the same page it is there already
        page.evaluate(AXE)
    found = page.evaluate("options => axe.run(options).then(found => found.violations)", OPTIONS)
    return [f"{page.url} {one['id']}: {one['help']} {[n['html'][:160] for n in one['nodes'][:3]]}" for one in found]


# How far the page goes beyond the window: sideways, and down where it is the part within that scrolls.
BEYOND = """() => {
  const page = document.documentElement, shell = document.querySelector(".shell");
  const within = shell && getComputedStyle(shell).display === "grid";
  return [page.scrollWidth - page.clientWidth, within ? page.scrollHeight - page.clientHeight : 0];
}"""


def beyond_the_window(page: Any) -> list[str]:
    across, down = page.evaluate(BEYOND)
    return [f"{page.url} goes {across} px sideways and {down} px down out of the window"] if across or down else []


def problems(page: Any, html: str | None = None) -> list[str]:
    """What is wrong with the page as it stands; `html` is what the server answered, if that is known."""
    settle(page)
    html5lib.HTMLParser(strict=True).parse(page.request.get(page.url).text() if html is None else html)
    return violations(page) + beyond_the_window(page)


def wear(page: Any, size: str, scheme: str) -> None:
    """The page in another width and scheme, without loading it again."""
    width, height = WIDTHS[size]
    page.set_viewport_size({"width": width, "height": height})
    page.emulate_media(color_scheme=scheme)
    settle(page)


def in_another_look(page: Any, *look: str) -> list[str]:
    """What is wrong with the page in this width and scheme; it stays in them."""
    wear(page, *look)
    return [f"{look}: {one}" for one in violations(page) + beyond_the_window(page)]


def in_all_looks(page: Any, *others: tuple[str, str]) -> list[str]:
    """What is wrong with the page, wide and light, in the hand and dark, and in `others`. It comes back wide."""
    first, *looks = (*LOOKS, *others)
    wear(page, *first)
    found = problems(page)
    for look in looks:
        found += in_another_look(page, *look)
    wear(page, *first)
    return found


def sweep(page: Any, *addresses: str) -> list[str]:
    """What is wrong with any of these pages in any look. Each is loaded in the look in which the last was left."""
    found: list[str] = []
    here, there = LOOKS
    wear(page, *here)
    for address in addresses:
        found += [f"{here}: {one}" for one in problems(page, page.goto(address).text())]
        found += in_another_look(page, *there)
        here, there = there, here
    wear(page, *LOOKS[0])
    return found


def test_pages_for_a_member(open_page: Any, site: Any) -> None:
    page = open_page(member=site.cast.house.mona)
    found = []
    for rest in ("leads/", f"leads/{site.numbers['Hector Salinas']}/"):
        page.goto(site.path(rest))
        found += in_all_looks(page, ("tablet", "light"))
    page.set_viewport_size({"width": 780, "height": 1000})
    beyond = page.locator(".hero-words h1").evaluate("name => name.scrollWidth - name.clientWidth")
    assert beyond <= 0, "the name has room beside the acts, or above them"
    found += sweep(
        page,
        site.path("leads/?waiting=1&level=ok"),
        site.path(f"leads/{site.numbers['Marisol Vega']}/"),
        site.path("search/?q=salinas"),
        site.path("leads/filter/?level=over&any1=source:is:Angi&any1=waiting:is:1"),
        site.path("search/?q=zzzzz"),
        site.path("leads/open/"),
    )
    assert found == []


@pytest.mark.parametrize(("size", "scheme"), [("wide", "dark"), ("phone", "light")])
def test_what_opens(open_page: Any, site: Any, size: str, scheme: str) -> None:
    width, height = WIDTHS[size]
    page = open_page(member=site.cast.house.rita, width=width, height=height, color_scheme=scheme)
    page.goto(site.path("leads/"))
    page.locator("summary.is-add").click()
    page.locator(".filter-form").wait_for()
    found = violations(page)
    page.keyboard.press("Escape")
    page.locator(".filter-form").wait_for(state="hidden")
    page.locator("[popovertarget=user-menu]:visible").click()
    page.get_by_role("button", name="Sign out").wait_for()
    found += violations(page)
    page.goto(site.path(f"leads/{site.numbers['Samir Haddad']}/"))
    page.get_by_text("Why this due date?").click()
    assert found + violations(page) == []


def test_pages_for_an_admin(open_page: Any, site: Any) -> None:
    page = open_page(member=site.cast.house.ada)
    inside = (
        "settings/",
        "settings/access-log/",
        "settings/configuration/",
        "settings/configuration/book/",
        "settings/parked/",
        "settings/assignment/leads/add/",
        "settings/skills/",
        "settings/absences/",
        "reports/response-times/",
        "reports/quotes/",
        "reports/receivables/",
        "tickets/settings/response-times/add/",
        "people/",
        "notices/settings/",
        "preferences/calendars/",
        "preferences/calendars/conflicts/",
        "calendar/feed/",
        "settings/zoom/",
        "settings/webhooks/",
        "settings/api/events/",
        "settings/api/recipes/",
        "triggers/new/",
        "triggers/switches/",
        "triggers/points/",
        "followups/triggers/",
    )
    account = ("../account/sessions/", "../account/password/change/")
    assert sweep(page, *map(site.path, inside + account)) == []


def test_pages_for_anybody(open_page: Any, site: Any) -> None:
    paths = ("/account/login/", "/account/password/reset/", "/nothing/here/at/all")
    assert sweep(open_page(), *(f"{site.url}{path}" for path in paths)) == []


def test_a_compact_list(open_page: Any, site: Any) -> None:
    page = open_page(member=site.cast.house.rita)
    page.goto(site.path("leads/"))
    tall = page.locator("tr.lead").first.bounding_box()["height"]
    page.locator("[popovertarget=user-menu]:visible").click()
    with page.expect_navigation():
        page.get_by_role("button", name="Compact").click()
    assert page.locator("tr.lead").first.bounding_box()["height"] < tall - 10
    assert page.url == site.path("leads/")
    assert problems(page) == []
