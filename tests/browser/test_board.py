"""The board in a real browser: a card is dragged, and moved by its menu from the keyboard and on a phone."""

from typing import Any

import pytest

from crm.jobs.models import Job
from crm.platform.tenancy.context import use_tenant
from tests.browser.test_pages import problems, violations

pytestmark = pytest.mark.browser


def card(page: Any, title: str) -> Any:
    return page.locator(".board-card:not(.is-ghost)", has_text=title)


def column(page: Any, name: str) -> Any:
    return page.locator(".board-col", has=page.get_by_role("heading", name=name, exact=True))


def drag(page: Any, title: str, phase: str) -> None:
    """Hold the card over the phase; the button is still down."""
    begin, end = card(page, title).bounding_box(), column(page, phase).bounding_box()
    page.mouse.move(begin["x"] + 40, begin["y"] + 30)
    page.mouse.down()
    page.mouse.move(begin["x"] + 60, begin["y"] + 50, steps=3)
    page.mouse.move(end["x"] + 60, end["y"] + 120, steps=5)


def test_cards_move_by_mouse_and_by_keyboard(open_page: Any, site: Any) -> None:
    page = open_page(member=site.cast.house.rita)
    page.goto(site.path("leads/"))
    page.get_by_role("link", name="Board").click()
    page.wait_for_url(lambda url: "/leads/board/" in url)
    assert problems(page) == []
    boxes = "all => all.map(one => one.clientWidth > 0)"
    assert set(page.locator(".board-card .next > .trunc").evaluate_all(boxes)) == {True}, "long words are cut"
    page.keyboard.press("n")
    page.get_by_role("dialog", name="New lead").wait_for()
    page.keyboard.press("Escape")
    page.get_by_role("dialog", name="New lead").wait_for(state="hidden")
    drag(page, "Hector Salinas", "Decide")
    column(page, "Decide").and_(page.locator(".is-target")).wait_for()
    page.mouse.up()
    page.get_by_text("Hector Salinas: moved to Follow-up.").wait_for()
    column(page, "Decide").get_by_text("Hector Salinas").wait_for()
    assert page.url.rstrip("?") == site.path("leads/board/"), "the click that ends a drag opens no lead"

    drag(page, "Luz Okafor", "Inspect")
    column(page, "Inspect").get_by_text("Its pipeline has no step here").wait_for()
    assert violations(page) == []
    page.mouse.up()
    page.get_by_text("Luz Okafor: “Care plan” has no step there.").wait_for()
    drag(page, "Luz Okafor", "Decide")
    page.keyboard.press("Escape")
    page.mouse.up()
    column(page, "Quote").get_by_text("Luz Okafor").wait_for()

    card(page, "Marisol Vega").get_by_role("heading").get_by_role("link").focus()
    for key in "jkm":  # to the next card, back, and its menu
        page.keyboard.press(key)
    page.locator("#menu:popover-open button:focus").wait_for()
    assert violations(page) == []
    page.keyboard.press("Escape")
    card(page, "Marisol Vega").locator("h3 a:focus").wait_for()
    page.keyboard.press("m")
    page.locator("#menu:popover-open button:focus").wait_for()
    page.keyboard.press("Enter")
    page.get_by_text("Marisol Vega: moved to New.").wait_for()
    column(page, "Contact").get_by_text("Marisol Vega").wait_for()
    page.locator(".toast", has_text="Marisol Vega").get_by_role("button", name="Undo").click()
    column(page, "No status").get_by_text("Marisol Vega").wait_for()
    with use_tenant(site.cast.house.tenant):
        names = {job.title: job.stage.name for job in Job.objects.exclude(stage=None)}
    assert (names["Hector Salinas"], names["Luz Okafor"]) == ("Follow-up", "Plan offered")


def test_on_a_phone_in_the_dark_it_goes_by_the_menu(open_page: Any, site: Any) -> None:
    page = open_page(member=site.cast.house.mona, width=390, height=844, color_scheme="dark", has_touch=True)
    page.goto(site.path("leads/board/"))
    assert problems(page) == []
    card(page, "Wanda Pruitt").locator(".card-move").tap()
    page.locator("#menu").get_by_role("button", name="Visit booked").tap()
    page.get_by_text("Wanda Pruitt: moved to Visit booked.").wait_for()
    assert violations(page) == []


def test_a_board_without_leads_counts_no_columns(open_page: Any, site: Any) -> None:
    """A count of a column that isn't there is an error in the console."""
    page = open_page(member=site.cast.house.mona)
    with page.expect_response("**/counts/**"):
        page.goto(site.path("leads/board/?q=nobody+at+all"))
    assert problems(page) == []
    assert page.locator(".board-col").count() == 0
