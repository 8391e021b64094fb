"""The calendar and the board of follow-ups in a real browser: dragging, and its twins by keyboard, menu and form."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from crm.kernel import clock
from crm.platform.tenancy.context import use_tenant
from followups.models import FollowUp
from tests.browser.test_pages import problems, settle, sweep, violations

pytestmark = pytest.mark.browser

NEW_YORK = ZoneInfo("America/New_York")


@pytest.fixture
def tuesday() -> datetime:
    """Ten o'clock on the Tuesday of next week, in New York."""
    today = clock.now().astimezone(NEW_YORK).date()
    day = today + timedelta(days=8 - today.weekday())
    return datetime(day.year, day.month, day.day, 10, tzinfo=NEW_YORK)


@pytest.fixture
def call(site: Any, tuesday: datetime) -> FollowUp:
    """A call of Rita's on that Tuesday."""
    house = site.cast.house
    with use_tenant(house.tenant):
        return FollowUp.plan(kind="call", subject="Ring the mason", due_at=tuesday, assignee=house.rita, by=house.rita)


def fresh(site: Any, row: FollowUp) -> FollowUp:
    with use_tenant(site.cast.house.tenant):
        return FollowUp.objects.get(pk=row.pk)


def due(site: Any, row: FollowUp) -> datetime:
    at = fresh(site, row).due_at
    assert at is not None
    return at.astimezone(NEW_YORK)


def open_calendar(open_page: Any, site: Any, span: str, day: datetime, **options: Any) -> Any:
    page = open_page(member=site.cast.house.rita, **options)
    page.goto(site.path(f"followups/calendar/?span={span}&day={day:%Y-%m-%d}"))
    settle(page)
    return page


def slot(page: Any, subject: str = "Ring the mason") -> Any:
    return page.locator(".slot[data-moves]:visible", has_text=subject)


def hold_over(page: Any, entry: Any, x: float, y: float) -> None:
    """Hold an entry over a point; the button is still down."""
    settle(page)
    box = entry.bounding_box()
    page.mouse.move(box["x"] + 20, box["y"] + 8)
    page.mouse.down()
    page.mouse.move(box["x"] + 30, box["y"] + 14, steps=3)
    page.mouse.move(x, y, steps=6)


# The calendar


def test_an_entry_of_the_week_is_dragged_to_another_day_and_hour(
    open_page: Any, site: Any, call: FollowUp, tuesday: datetime
) -> None:
    page = open_calendar(open_page, site, "week", tuesday)
    entry = slot(page)
    friday = page.locator(f".lane-bg[data-day='{tuesday + timedelta(days=3):%Y-%m-%d}']")
    lane, start = friday.bounding_box(), entry.bounding_box()
    quarter = lane["height"] / int(page.locator(".todo-week").get_attribute("data-quarters"))
    hold_over(page, entry, lane["x"] + 30, start["y"] + 8 + 6 * quarter)
    entry.locator(".move-at", has_text="11:30").wait_for()
    assert violations(page) == []
    page.mouse.up()
    page.get_by_text("Moved to").wait_for()
    assert due(site, call) == tuesday + timedelta(days=3, hours=1, minutes=30)
    assert f"day={tuesday:%Y-%m-%d}" in page.url, "the same week is shown"


def test_escape_puts_an_entry_back(open_page: Any, site: Any, call: FollowUp, tuesday: datetime) -> None:
    page = open_calendar(open_page, site, "week", tuesday)
    lane = page.locator(f".lane-bg[data-day='{tuesday + timedelta(days=1):%Y-%m-%d}']").bounding_box()
    hold_over(page, slot(page), lane["x"] + 30, lane["y"] + 200)
    page.locator(".move-at").wait_for()
    page.keyboard.press("Escape")
    page.mouse.up()
    page.locator(".move-at").wait_for(state="detached")
    assert due(site, call) == tuesday


def test_an_entry_of_the_week_is_moved_by_keys(open_page: Any, site: Any, call: FollowUp, tuesday: datetime) -> None:
    page = open_calendar(open_page, site, "week", tuesday)
    slot(page).focus()
    for key in ("Shift+ArrowRight", "Shift+ArrowDown", "Shift+ArrowDown"):
        page.keyboard.press(key)
    page.locator("#move-said", has_text="10:30").wait_for()
    page.keyboard.press("Enter")
    page.get_by_text("Moved to").wait_for()
    assert due(site, call) == tuesday + timedelta(days=1, minutes=30)


def test_an_entry_of_the_month_is_moved_by_mouse_and_by_keys(
    open_page: Any, site: Any, call: FollowUp, tuesday: datetime
) -> None:
    page = open_calendar(open_page, site, "month", tuesday)
    cell = page.locator(f"td[data-day='{tuesday + timedelta(days=2):%Y-%m-%d}']").bounding_box()
    hold_over(page, slot(page), cell["x"] + 40, cell["y"] + 50)
    page.locator("td.is-target").wait_for()
    page.mouse.up()
    page.get_by_text("Moved to").wait_for()
    assert due(site, call) == tuesday + timedelta(days=2)
    slot(page).focus()
    page.keyboard.press("Shift+ArrowLeft")
    page.keyboard.press("Enter")
    page.wait_for_function("() => !document.querySelector('.is-lifted')")
    page.locator(f"td[data-day='{tuesday + timedelta(days=1):%Y-%m-%d}'] .slot[data-moves]").wait_for()
    assert due(site, call) == tuesday + timedelta(days=1)


def test_work_dragged_out_of_the_panel_beside_the_team_is_seen_all_the_way(
    open_page: Any, site: Any, call: FollowUp, tuesday: datetime
) -> None:
    house = site.cast.house
    page = open_page(member=house.mona)
    page.goto(site.path(f"followups/team/?day={tuesday:%Y-%m-%d}&open={house.rita.uid}"))
    settle(page)
    entry, cell = page.locator(".team-work .slot"), page.locator("table.team tbody td").first.bounding_box()
    tall = page.locator(".team-work").first.bounding_box()["height"]
    hold_over(page, entry, cell["x"] + 30, cell["y"] + 20)
    page.locator("td.is-target").wait_for()
    box = entry.bounding_box()
    topmost = "([x, y]) => Boolean(document.elementFromPoint(x, y).closest('.is-lifted'))"
    assert page.evaluate(topmost, [box["x"] + 8, box["y"] + box["height"] / 2])
    assert page.locator(".team-work").first.bounding_box()["height"] == tall
    page.keyboard.press("Escape")
    page.mouse.up()
    assert page.locator(".team-work [style]").count() == 0


@pytest.mark.skipif(datetime.now(NEW_YORK).weekday() == 6, reason="a Sunday evening has no later hour in its week")
def test_a_late_entry_is_dragged_from_above_the_hours_into_them(open_page: Any, site: Any, tuesday: datetime) -> None:
    house = site.cast.house
    with use_tenant(house.tenant), clock.at(clock.now() - timedelta(days=2)):
        late = FollowUp.plan(
            kind="call",
            subject="Ring the mason",
            due_at=clock.now() + timedelta(hours=1),
            assignee=house.rita,
            by=house.rita,
        )
    page = open_calendar(open_page, site, "week", clock.now().astimezone(NEW_YORK))
    sunday = page.locator(".todo-week .lane-bg").last
    lane = sunday.bounding_box()
    hold_over(page, page.locator(".slot.is-late", has_text="Ring the mason"), lane["x"] + 30, lane["y"] + 300)
    page.locator(".move-at").wait_for()
    page.mouse.up()
    page.get_by_text("Moved to").wait_for()
    assert due(site, late) > clock.now()


def test_the_form_is_the_twin_without_scripts(open_page: Any, site: Any, call: FollowUp, tuesday: datetime) -> None:
    page = open_page(member=site.cast.house.rita, java_script_enabled=False)
    page.goto(site.path(f"followups/calendar/?span=week&day={tuesday:%Y-%m-%d}"))
    page.locator(".todo-week").get_by_role("link", name="Ring the mason").click()
    page.locator("#m-day").fill(f"{tuesday + timedelta(days=1):%Y-%m-%d}")
    page.locator("#m-clock").fill("14:15")
    page.get_by_role("button", name="Move", exact=True).click()
    page.get_by_text("Moved to").wait_for()
    assert due(site, call) == (tuesday + timedelta(days=1)).replace(hour=14, minute=15)


def test_on_a_phone_the_menu_sets_another_time(open_page: Any, site: Any, call: FollowUp, tuesday: datetime) -> None:
    look = {"width": 390, "height": 844, "color_scheme": "dark", "has_touch": True}
    page = open_calendar(open_page, site, "week", tuesday, **look)
    assert problems(page) == []
    page.get_by_role("link", name="Move Ring the mason").tap()
    page.locator("#menu #move-day").fill(f"{tuesday + timedelta(days=1):%Y-%m-%d}")
    page.locator("#menu #move-clock").fill("09:00")
    page.locator("#menu").get_by_role("button", name="Move", exact=True).tap()
    page.get_by_text("Moved to").wait_for()
    assert due(site, call) == (tuesday + timedelta(days=1)).replace(hour=9)


# The board


def card(page: Any, subject: str = "Ring the mason") -> Any:
    return page.locator(".board-card:not(.is-ghost)", has_text=subject)


def column(page: Any, key: str) -> Any:
    return page.locator(f".board-col[data-phase={key}]")


def hold_card_over(page: Any, key: str) -> None:
    settle(page)
    target = column(page, key).bounding_box()
    hold_over(page, card(page), target["x"] + 60, target["y"] + 120)


def test_a_card_is_dragged_to_another_status(open_page: Any, site: Any, call: FollowUp) -> None:
    page = open_page(member=site.cast.house.rita)
    page.goto(site.path("followups/board/"))
    hold_card_over(page, "in_progress")
    column(page, "in_progress").and_(page.locator(".is-target")).wait_for()
    page.mouse.up()
    column(page, "in_progress").get_by_text("Ring the mason").wait_for()
    assert fresh(site, call).status == "in_progress"
    assert page.url.rstrip("?") == site.path("followups/board/"), "the click that ends a drag opens nothing"


def test_a_card_on_missed_is_refused_and_on_done_asked_about(open_page: Any, site: Any, call: FollowUp) -> None:
    page = open_page(member=site.cast.house.rita)
    page.goto(site.path("followups/board/"))
    hold_card_over(page, "missed")
    column(page, "missed").get_by_text("A follow-up is missed when its time has passed").wait_for()
    assert violations(page) == []
    page.mouse.up()
    page.locator("#toasts", has_text="It can’t be moved there.").wait_for()
    column(page, "pending").get_by_text("Ring the mason").wait_for()
    hold_card_over(page, "completed")
    page.mouse.up()
    page.locator("#menu label", has_text="Successful").wait_for()
    assert fresh(site, call).status == "pending", "nothing is done before it is said how it went"
    page.locator("#menu label", has_text="No answer").click()
    page.keyboard.press("Enter")
    column(page, "completed").get_by_text("Ring the mason").wait_for()
    assert fresh(site, call).outcome == "no_answer"


def test_a_card_is_moved_by_keys_and_taken_back(open_page: Any, site: Any, call: FollowUp) -> None:
    page = open_page(member=site.cast.house.rita)
    page.goto(site.path("followups/board/"))
    card(page).get_by_role("heading").get_by_role("link").focus()
    page.keyboard.press("m")
    page.locator("#menu:popover-open button:focus").wait_for()
    assert violations(page) == []
    page.locator("#menu").get_by_role("button", name="Cancelled").focus()
    page.keyboard.press("Enter")
    column(page, "cancelled").get_by_text("Ring the mason").wait_for()
    page.locator("#toasts [data-act=undo]").click()
    column(page, "pending").get_by_text("Ring the mason").wait_for()
    assert fresh(site, call).status == "pending"


def test_a_follow_up_is_planned_in_a_column(open_page: Any, site: Any) -> None:
    page = open_page(member=site.cast.house.rita)
    page.goto(site.path("followups/board/"))
    page.get_by_role("link", name="Plan a follow-up: In progress").click()
    page.get_by_role("dialog", name="Plan a follow-up").locator("[name=text]:focus").wait_for()
    assert violations(page) == []
    page.keyboard.type("order shingles tomorrow")
    page.keyboard.press("Enter")
    column(page, "in_progress").get_by_text("Order shingles").wait_for()


def test_layouts(open_page: Any, site: Any, call: FollowUp, tuesday: datetime) -> None:
    page = open_page(member=site.cast.house.rita)
    day = f"day={tuesday:%Y-%m-%d}"
    paths = ("board/", f"calendar/?span=week&{day}", f"calendar/?span=month&{day}", f"calendar/?span=day&{day}")
    assert sweep(page, *(site.path(f"followups/{path}") for path in (*paths, "timeline/"))) == []


# The plan of the team


def test_a_move_by_the_menu_is_planned_saved_and_undone(open_page: Any, site: Any, call: FollowUp) -> None:
    house = site.cast.house
    page = open_page(member=house.mona, reduced_motion="reduce")
    before = due(site, call)
    page.goto(site.path(f"followups/team/?day={before:%Y-%m-%d}&open={house.rita.uid}"))
    page.locator("table.team").get_by_role("link", name="Move Ring the mason").click()
    page.locator("#menu").get_by_role("button", name="Mona").click()
    page.locator(".team-moves", has_text="Ring the mason").wait_for()
    assert page.locator("td .after").all_inner_texts() != []
    assert due(site, call) == before, "nothing is moved yet"
    found = problems(page)
    page.get_by_role("button", name="Move 1").click()
    page.get_by_text("Moved 1 follow-up.").wait_for()
    assert fresh(site, call).assignee_id == house.mona.pk
    page.get_by_role("button", name="Undo").click()
    page.get_by_text("undone").wait_for()
    assert fresh(site, call).assignee_id == house.rita.pk
    assert found == []
