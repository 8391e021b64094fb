"""A phone in the hand: a row's actions by a swipe or their button twin, the plus and a lead's actions at the foot."""

from typing import Any

import pytest

from crm.jobs.models import Job
from crm.people.models import ContactPoint, Person
from crm.platform.tenancy.context import use_tenant
from followups.models import FollowUp
from tests.browser.test_pages import beyond_the_window, problems, violations

pytestmark = pytest.mark.browser


@pytest.fixture
def page(open_page: Any, site: Any) -> Any:
    page = open_page(member=site.cast.house.rita, width=390, height=844, has_touch=True, is_mobile=True)
    page.goto(site.path("leads/"))
    page.locator("#tab-over:not(:empty)").wait_for()
    return page


class Finger:
    """Touches the screen as a hand does: down, along in small steps, up."""

    def __init__(self, page: Any) -> None:
        self.page, self.touch = page, page.context.new_cdp_session(page)

    def _send(self, what: str, *points: dict[str, float]) -> None:
        self.touch.send("Input.dispatchTouchEvent", {"type": what, "touchPoints": list(points)})

    def stroke(self, start: tuple[float, float], end: tuple[float, float]) -> None:
        (x, y), (to_x, to_y) = start, end
        self._send("touchStart", {"x": x, "y": y})
        for step in range(1, 9):
            self._send("touchMove", {"x": x + (to_x - x) * step / 8, "y": y + (to_y - y) * step / 8})
        self._send("touchEnd")
        stands(self.page)


# Ten frames in which nothing has moved: a fling of the screen goes on for some after the finger has left it.
STILL = """() => new Promise((done) => {
    const place = () => [scrollX, scrollY, visualViewport.pageLeft, visualViewport.pageTop].join();
    const moves = () => document.getAnimations()
        .some((one) => one.playState === "running" && one.effect.getTiming().iterations < 9);
    let before = place(), still = 0;
    const look = () => {
        const now = place();
        still = now === before && !moves() ? still + 1 : 0;
        before = now;
        if (still < 10) requestAnimationFrame(look);
        else done(true);
    };
    requestAnimationFrame(look);
})"""


def stands(page: Any) -> None:
    """Wait until nothing on the page moves: a tap on one that still runs on stops it and does nothing else."""
    page.wait_for_function(STILL)


def middle(row: Any) -> float:
    box = row.bounding_box()
    return float(box["y"] + box["height"] / 2)


def test_a_swipe_and_its_twin_show_what_to_do(page: Any, site: Any) -> None:
    finger, row, opened = Finger(page), page.locator("tr.lead").nth(2), page.locator("tr.lead[data-opened]")
    at, title = middle(row), row.locator("th a").inner_text()
    finger.stroke((300, at), (150, at + 6))
    opened.get_by_role("link", name=f"Plan the next step of {title}").wait_for()
    assert page.url == site.path("leads/")
    for button in opened.locator("#rowbar .btn:visible").all():
        box = button.bounding_box()
        assert min(box["width"], box["height"]) >= 44
    found = violations(page)

    page.keyboard.press("Escape")
    finger.stroke((8, at), (200, at))  # the browser's own way back
    finger.stroke((200, 600), (206, 300))  # a scroll
    assert opened.count() == 0

    page.evaluate("scrollTo(0, 0)")
    stands(page)
    row.get_by_role("button", name=f"Actions for {title}").tap()
    opened.get_by_role("link", name=f"Plan the next step of {title}").tap()
    page.get_by_label("What and when, in plain words").fill("call tomorrow 3pm")
    page.locator("#dialog").get_by_role("button", name="Plan", exact=True).tap()
    page.locator("tr.lead", has_text=title).locator(".next", has_text="Call · tomorrow").wait_for()

    page.get_by_role("button", name=f"Actions for {title}").tap()
    opened.get_by_role("button", name=f"Move {title} to").tap()
    page.locator("#toasts .toast", has_text=f"{title}: moved to").wait_for()
    assert found == []


def test_the_thumb_reaches_what_there_is_to_do(page: Any, site: Any) -> None:
    page.locator(".page-actions").get_by_role("link", name="New lead").tap()
    page.get_by_label("Name", exact=True).wait_for()
    page.get_by_role("link", name="Cancel").tap()
    page.locator("#dialog").wait_for(state="hidden")
    heads = page.locator(".plb-head a")
    page.evaluate("scrollTo(0, 500)")
    page.wait_for_function("document.querySelector('.plb-head a').getBoundingClientRect().y < 160")
    stands(page)
    heads.filter(has_text="Quote").tap()
    page.wait_for_url("**phase=3**")
    page.locator("tr.lead a", has_text="Hector Salinas").tap()
    call = page.get_by_role("link", name="Call", exact=True)
    call.wait_for()
    page.wait_for_load_state()
    assert call.bounding_box()["y"] > 640
    assert problems(page) == []


def test_one_long_word_widens_no_page(page: Any, site: Any) -> None:
    name, number = "Donaudampfschifffahrtsgesellschaft" * 3, site.numbers["Hector Salinas"]
    with use_tenant(site.cast.house.tenant):
        job = Job.objects.get(number=number)
        Job.objects.filter(pk=job.pk).update(title=name)
        Person.objects.filter(pk=job.person_id).update(name=name)
        ContactPoint.objects.filter(person_id=job.person_id).update(value=f"{name.lower()}@{name.lower()}.example")
    found = []
    of_lead = (f"leads/{number}/", f"jobs/{number}/move/", f"messages/write/{number}/", f"documents/lead/{number}/")
    why = f"messages/decisions/job/{number}/"
    for rest in ("leads/", "leads/board/", *of_lead, why, "followups/", "search/?q=donau"):
        page.goto(site.path(rest))
        page.wait_for_load_state("networkidle")
        found += beyond_the_window(page)
    assert found == []


# A swipe over a row, and at once a click on what is in it: returns whether the click is stopped.
SWIPE_AND_CLICK = """(row, [target, pointerId]) => {
    const touch = { bubbles: true, cancelable: true, pointerType: "touch", pointerId: 7, clientY: 300 };
    for (const [what, clientX] of [["pointerdown", 250], ["pointermove", 100], ["pointerup", 100]])
        row.dispatchEvent(new PointerEvent(what, { ...touch, clientX }));
    let isStopped;
    const look = (click) => {
        isStopped = click.defaultPrevented;
        click.preventDefault();
        click.stopImmediatePropagation();
    };
    const place = row.querySelector(target);
    place.addEventListener("click", look, { capture: true, once: true });
    place.dispatchEvent(new PointerEvent("click", { ...touch, pointerId }));
    return isStopped;
}"""


@pytest.mark.parametrize(
    ("target", "touch", "is_stopped"), [("th a", 7, True), ("th a", 8, False), (".more button", 7, False)]
)
def test_a_swipe_stops_its_own_click_on_a_link_alone(page: Any, target: str, touch: int, is_stopped: bool) -> None:
    row = page.locator("tr.lead", has=page.locator(".more")).first
    assert row.evaluate(SWIPE_AND_CLICK, [target, touch]) is is_stopped
    assert page.locator("tr.lead[data-opened]").count() == 1


def test_a_follow_up_is_moved_by_a_swipe_and_by_its_twin(page: Any, site: Any) -> None:
    house = site.cast.house
    with use_tenant(house.tenant):
        job = Job.objects.get(title="Samir Haddad")
        for subject in ("First visit", "Second visit"):
            FollowUp.plan(kind="visit", subject=subject, due_at=None, job=job, assignee=house.rita, by=house.rita)
    page.goto(site.path("followups/"))
    row = page.locator(".todo-row", has_text="First visit")
    row.get_by_role("button", name="Actions for").wait_for()
    row.scroll_into_view_if_needed()
    stands(page)
    Finger(page).stroke((250, middle(row)), (100, middle(row) + 4))
    page.locator(".todo-row[data-opened]", has_text="First visit").wait_for()
    assert violations(page) == []
    row.get_by_role("button", name="Move to tomorrow").tap()
    page.locator(".toast", has_text="First visit").wait_for()

    other = page.locator(".todo-row", has_text="Second visit")
    other.get_by_role("button", name="Actions for").tap()
    other.get_by_role("button", name="Move to tomorrow").tap()
    page.locator(".toast", has_text="Second visit").wait_for()
