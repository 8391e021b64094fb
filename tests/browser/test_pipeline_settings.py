"""Settings of the line in a real browser: steps move by mouse and keys, one is archived, a target is set."""

from datetime import timedelta
from typing import Any

import pytest

from crm.jobs.creation.job_creation import open_job
from crm.jobs.models import Job, Stage
from crm.jobs.pipelines.setup import pipeline_setup
from crm.kernel import clock
from crm.platform.tenancy.context import use_tenant
from crm.platform.work.tasks import dispatch_events, tick
from tests.browser.test_pages import WIDTHS, in_all_looks, sweep, violations

pytestmark = pytest.mark.browser


@pytest.fixture
def path(site: Any) -> str:
    """The address of the default pipeline, with a second lead in "Reached" for three hours."""
    house = site.cast.house
    with use_tenant(house.tenant), clock.at(clock.now() - timedelta(hours=3)):
        open_job(title="Nora Finch", stage=house.stage("Reached"), member=house.rita, by=None)
        return f"settings/pipelines/{pipeline_setup().default_pipeline.uid}/"


def names(page: Any, phase: int) -> list[str]:
    return page.locator("[data-sort]").nth(phase).locator(".step-name bdi").all_inner_texts()


def drag(page: Any, step: str, onto: str) -> None:
    """By the grip, to just above another step."""
    grip = page.locator(".step-row", has_text=step).first.locator(".grip")
    grip.scroll_into_view_if_needed()
    start, end = grip.bounding_box(), page.locator(".step-row", has_text=onto).first.bounding_box()
    page.mouse.move(start["x"] + 8, start["y"] + 8)
    page.mouse.down()
    page.mouse.move(start["x"] + 12, (start["y"] + end["y"]) / 2)
    page.mouse.move(end["x"] + 30, end["y"] + 4, steps=4)


def test_pages(open_page: Any, site: Any, path: str) -> None:
    page = open_page(member=site.cast.house.ada)
    with use_tenant(site.cast.house.tenant):
        new, phase = site.cast.house.stage("New").pk, pipeline_setup().phases[0].pk
    paths = (
        "settings/pipelines/",
        path,
        f"{path}targets/",
        f"{path}targets/{new}/",
        f"{path}steps/{new}/archive/",
        f"{path}archive/",
        f"settings/phases/{phase}/remove/",
        "settings/levels/",
        "settings/sources/",
        "followups/types/",
    )
    found = sweep(page, *map(site.path, paths))
    page.goto(site.path(path))
    page.locator("details.drop summary").first.click()
    assert found + in_all_looks(page) == []


@pytest.mark.parametrize("size", ["wide", "phone"])
def test_an_admin_edits_the_line(open_page: Any, site: Any, path: str, size: str) -> None:
    width, height = WIDTHS[size]
    page = open_page(member=site.cast.house.ada, width=width, height=height)
    page.goto(site.path("settings/pipelines/"))
    phases_move(page)
    page.goto(site.path(path))
    steps_move_by_mouse(page)
    a_step_moves_by_keys(page)
    a_step_is_renamed(page)
    page.get_by_role("link", name="Targets", exact=True).click()
    a_target_tells_what_it_does(page)
    work()
    with use_tenant(site.cast.house.tenant):
        assert Job.objects.get(title="Nora Finch", stage__name="Reached").allowed == 7200
    page.goto(site.path(path))
    a_step_is_archived(page)
    work()
    with use_tenant(site.cast.house.tenant):
        job = Job.objects.get(title="Nora Finch", stage__name="Quote sent")
        assert job.past == f"{Stage.objects.get(name='Reached', pipeline=job.pipeline).pk}:late"


def phases_move(page: Any) -> None:
    """By mouse and by button."""
    drag(page, "Inspect", "Contact")
    page.mouse.up()
    page.get_by_text("“Inspect” was moved.").wait_for()
    assert names(page, 1)[:2] == ["Inspect", "Contact"]
    page.get_by_role("button", name="Move Inspect down").click()
    page.locator(".step-row").first.get_by_text("Contact", exact=True).wait_for()


def steps_move_by_mouse(page: Any) -> None:
    """Within the phase, into another, and back with Escape."""
    drag(page, "Reached", "New")
    page.mouse.up()
    page.get_by_text("The order is saved.").wait_for()
    assert names(page, 0) == ["Reached", "New"]
    drag(page, "New", "Visit booked")
    page.mouse.up()
    page.get_by_text("“New” was moved to the phase Inspect.").wait_for()
    assert (names(page, 0), names(page, 1)) == (["Reached"], ["New", "Visit booked"])
    drag(page, "Visit booked", "New")
    assert names(page, 1) == ["Visit booked", "New"]
    page.keyboard.press("Escape")
    page.mouse.up()
    assert names(page, 1) == ["New", "Visit booked"]


def a_step_moves_by_keys(page: Any) -> None:
    """The button keeps the focus while its step walks back."""
    button = page.get_by_role("button", name="Move New up")
    button.focus()
    page.keyboard.press("Enter")
    page.get_by_text("“New” was moved to the phase Contact.").wait_for()
    page.keyboard.press("Enter")
    page.locator(".step-row").first.get_by_text("New", exact=True).wait_for()
    button.and_(page.locator(":focus")).wait_for()


def a_step_is_renamed(page: Any) -> None:
    """A name that is taken is refused where one stands; another one is kept."""
    menu = page.locator(".step-row", has_text="New").first.locator("details")
    menu.locator("summary").click()
    menu.get_by_label("Name").fill("reached")
    menu.get_by_role("button", name="Rename").click()
    page.get_by_role("alert").get_by_text("“Reached” already exists.").wait_for()
    menu.locator("summary").click()
    menu.get_by_label("Name").fill("Came in")
    menu.get_by_role("button", name="Rename").click()
    page.get_by_text("The step was renamed to “Came in”.").wait_for()


def a_target_tells_what_it_does(page: Any) -> None:
    """As soon as it is typed; then it is saved."""
    field = page.get_by_label("Reached, Our move")
    field.fill("soon")
    field.press("Tab")
    page.get_by_role("link", name="Reached: Write it like 2d 4h").wait_for()
    field.fill("2h")
    field.press("Tab")
    page.get_by_text("Changes the due date of 1 open lead. 1 becomes late immediately.").wait_for()
    assert violations(page) == []
    page.get_by_role("button", name="Save").click()
    page.get_by_text("1 target was changed.").wait_for()


def a_step_is_archived(page: Any) -> None:
    """With a lead in it, which is sent on."""
    menu = page.locator(".step-row", has_text="Reached").first.locator("details")
    menu.locator("summary").click()
    menu.get_by_role("link", name="Archive step").click()
    page.get_by_text("1 open lead is in this step.").wait_for()
    page.get_by_label("To the step").select_option(label="Quote sent")
    page.get_by_role("button", name="Archive step").click()
    page.get_by_text("“Reached” was archived. Its leads are being moved.").wait_for()


def work() -> None:
    dispatch_events()
    tick()
