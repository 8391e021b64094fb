"""The day without a network, in a real browser: it stays readable, and sign-out deletes it."""

from datetime import timedelta
from typing import Any

import pytest

from crm.jobs.models import Job
from crm.kernel import clock
from crm.platform.tenancy.context import use_tenant
from followups.models import FollowUp
from tests.browser.test_pages import sweep

pytestmark = pytest.mark.browser
KEPT = "caches.has('day')"


@pytest.fixture
def day(site: Any) -> None:
    """A follow-up of Rita's that is overdue."""
    house = site.cast.house
    with use_tenant(house.tenant), clock.at(clock.now() - timedelta(hours=3)):
        job = Job.objects.get(title="Samir Haddad")
        at = clock.now() + timedelta(hours=1)
        FollowUp.plan(kind="call", subject="Ask about the roof", due_at=at, job=job, assignee=house.rita, by=house.rita)


@pytest.fixture
def page(open_page: Any, site: Any, day: None) -> Any:
    """Rita's follow-ups, with the day's page kept."""
    page = open_page(member=site.cast.house.rita, failing=True)
    page.goto(site.path("followups/"))
    page.locator("[data-day][data-kept]").wait_for(state="attached")
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    return page


def test_page(open_page: Any, site: Any, day: None) -> None:
    page = open_page(member=site.cast.house.rita)
    assert sweep(page, site.path("followups/today/"), site.path("followups/device/")) == []


def test_the_day_is_readable_without_a_network(page: Any, site: Any) -> None:
    page.context.set_offline(True)
    page.goto(site.path("followups/calls/"))
    page.locator("#no-signal", has_text="No signal").wait_for()
    page.locator(".stop", has_text="Ask about the roof").wait_for()
    assert page.locator(".stops-today").evaluate("(list) => getComputedStyle(list).listStyleType") == "none"
    page.context.set_offline(False)
    page.locator(".call-why", has_text="Ask about the roof").wait_for()


def test_a_page_that_shows_days_of_its_own_is_not_taken_for_it(open_page: Any, site: Any) -> None:
    page = open_page(member=site.cast.house.mona)
    page.add_init_script("navigator.serviceWorker.register = async () => (window.isAsked = true)")
    page.goto(site.path("followups/team/"))
    assert page.locator("td[data-day]").count()
    assert page.evaluate("!window.isAsked")


def test_the_browser_can_put_it_on_the_home_screen(page: Any, site: Any) -> None:
    devtools = page.context.new_cdp_session(page)
    found = devtools.send("Page.getAppManifest")
    assert found["errors"] == []
    assert found["url"].endswith("/followups/device/app.webmanifest")
    assert '"display": "standalone"' in found["data"]
    for icon in page.evaluate("([text]) => JSON.parse(text).icons.map((icon) => icon.src)", [found["data"]]):
        assert page.request.get(f"{site.url}{icon}").ok


def test_a_page_outside_the_follow_ups_is_not_kept(page: Any, site: Any) -> None:
    page.context.set_offline(True)
    with pytest.raises(Exception, match="ERR_INTERNET_DISCONNECTED"):
        page.goto(site.path("leads/"))


def test_after_72_hours_it_is_gone(page: Any, site: Any) -> None:
    page.evaluate(
        """async () => {
            const cache = await caches.open("day");
            const url = document.querySelector("[data-day]").dataset.day;
            const headers = { "Content-Type": "text/html", "X-Kept-At": Date.now() - 72 * 3600 * 1000 };
            await cache.put(url, new Response("old", { headers }));
        }"""
    )
    page.context.set_offline(True)
    with pytest.raises(Exception, match=r"ERR_FAILED|ERR_INTERNET_DISCONNECTED"):
        page.goto(site.path("followups/"))


def test_sign_out_deletes_it(page: Any, site: Any) -> None:
    assert page.evaluate(KEPT)
    page.locator("form[action='/account/logout/']").first.evaluate("(form) => form.requestSubmit()")
    page.wait_for_url("**/account/login/**")
    assert not page.evaluate(KEPT)
