"""A customer's quote on a phone: open the link, take a line off, enter the code, sign; and the pages pass axe."""

from typing import Any

import pytest
from playwright.sync_api import expect

from comms.models import Channel
from crm.platform.models import Brand
from crm.platform.tenancy.context import use_tenant
from portal.access import links
from portal.models import PortalAccess, PortalCode
from portal.quotes.quote_access import about_quote
from quotes.models import Quote, QuoteAcceptance, QuoteView
from tests.browser.test_pages import problems
from tests.quotes.offers import write_quote

pytestmark = pytest.mark.browser

# A browser that says it has no window is taken for a scanner: links open nothing for it.
PHONE: dict[str, Any] = {
    "width": 390,
    "height": 844,
    "user_agent": "Mozilla/5.0 (Linux; Android 16) AppleWebKit/537.36 Chrome/140.0 Mobile Safari/537.36",
}


@pytest.fixture
def quote(site: Any) -> Quote:
    """A quote that was sent to Cora, who can be reached by email."""
    house = site.cast.house
    with use_tenant(house.tenant):
        brand = Brand.objects.get(is_default=True)
        if not Channel.objects.filter(medium="email").exists():
            Channel.create(
                by=None, brand=brand, medium="email", role="support", provider="embedded", address="hello@x.example"
            )
        PortalAccess.invite(house.cora, by=None)
        quote = write_quote(house)
        quote.send(by=house.rita)
    return quote


def link_path(site: Any, quote: Quote) -> str:
    house = site.cast.house
    with use_tenant(house.tenant):
        point = house.cora.contact_points.get(kind="email")
        link = links.make_link(house.cora, job=house.job, point=point, about=about_quote(quote))
        return f"{site.url}/my/{house.tenant.slug}/open/{link.token()}/"


def code_for(quote: Quote) -> str:
    """The code that was asked for, as a worker would send it."""
    with use_tenant(quote.tenant_id):
        asked = PortalCode.objects.latest("asked_at")
        return asked.make(asked.point)


def draw(page: Any) -> None:
    """Draw a signature as a hand does."""
    page.locator("canvas").scroll_into_view_if_needed()
    box = page.locator("canvas").bounding_box()
    page.mouse.move(box["x"] + 40, box["y"] + 40)
    page.mouse.down()
    page.mouse.move(box["x"] + 160, box["y"] + 70, steps=5)
    page.mouse.up()


def test_from_the_link_to_the_signature(open_page: Any, site: Any, quote: Quote) -> None:
    page = open_page(**PHONE)
    page.goto(link_path(site, quote))
    price = page.locator("#offer-price output")
    expect(price).to_have_text("$1,700")
    page.get_by_label("Gutters").uncheck()
    expect(price).to_have_text("$1,500")
    page.get_by_label("Good").check()
    expect(price).to_have_text("$1,000")
    assert problems(page) == []

    page.get_by_role("button", name="Email me a code").click()
    page.get_by_label("The six digits we sent you").fill(code_for(quote))
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_label("Your full name")).to_have_value("Cora Customer")
    expect(price).to_have_text("$1,000")
    draw(page)
    page.get_by_role("checkbox", name="I have read the quote").check()
    # At the end, where the bar of the price covers nothing: half a covered link is too small a target.
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    assert problems(page) == []
    page.get_by_role("button", name="Sign and accept").click()
    page.get_by_role("heading", name="Thank you, Cora. It’s agreed.").wait_for()
    assert problems(page) == []
    with use_tenant(quote.tenant_id):
        acceptance = QuoteAcceptance.objects.get()
        assert (acceptance.total, acceptance.method) == (100_000, "drawn")
        assert acceptance.evidence["strokes"]
        assert QuoteView.objects.get().gave_code


def test_without_scripts_a_button_shows_the_price(open_page: Any, site: Any, quote: Quote) -> None:
    page = open_page(java_script_enabled=False, **PHONE)
    page.goto(link_path(site, quote))
    page.get_by_label("Gutters").uncheck()
    page.get_by_role("button", name="Show the price").click()
    expect(page.locator("#offer-price output")).to_have_text("$1,500")
    page.goto(page.url.replace("price/", ""))
    expect(page.locator("#offer-price output")).to_have_text("$1,500")


def test_a_member_opens_a_line_and_the_menu(open_page: Any, site: Any, quote: Quote) -> None:
    rita = site.cast.house.rita
    with use_tenant(quote.tenant_id):
        quote.revise(by=rita)
    page = open_page(member=rita)
    page.goto(site.path(f"quotes/{quote.uid}/"))
    page.locator("a.grip").first.click()
    page.locator("#dialog #line-form").wait_for()
    page.keyboard.press("Escape")
    page.get_by_label("More", exact=True).click()
    page.get_by_text("Drop the new version").wait_for()
    assert problems(page) == []
