"""Follow-ups in a real browser: every page passes axe, and a day's work goes by mouse, with and without scripts."""

from datetime import timedelta
from typing import Any

import pytest

from crm.jobs.models import Job
from crm.kernel import clock
from crm.platform.tenancy.context import use_tenant
from followups.models import FollowUp, FollowUpOutcome
from tests.browser.test_pages import in_all_looks, sweep, violations

pytestmark = pytest.mark.browser


@pytest.fixture
def planned(site: Any) -> dict[str, FollowUp]:
    """Overdue, today, later, done, and one without a lead; all Rita's."""
    house, found = site.cast.house, {}
    with use_tenant(house.tenant):
        job = Job.objects.get(title="Samir Haddad")
        for subject, hours in (("Call about the colour", -50), ("Send the drawings", 0.2), ("Visit the roof", 60)):
            then = min(hours, 0)
            with clock.at(clock.now() + timedelta(hours=then - 1)):
                at = clock.now() + timedelta(hours=hours - then + 1)
                found[subject] = FollowUp.plan(
                    kind="call", subject=subject, due_at=at, job=job, assignee=house.rita, by=house.rita
                )
        at = clock.now() + timedelta(hours=1)
        done = FollowUp.plan(kind="task", subject="Tidy the van", due_at=at, assignee=house.rita, by=house.rita)
        done.complete(FollowUpOutcome.NO_ANSWER, by=house.rita)
        found["Tidy the van"] = done
    return found


def test_pages(open_page: Any, site: Any, planned: dict[str, FollowUp]) -> None:
    page = open_page(member=site.cast.house.rita)
    number = site.numbers["Samir Haddad"]
    paths = (
        "followups/",
        "followups/?status=completed",
        "followups/?kind=visa",
        f"followups/new/?job={number}",
        f"followups/job/{number}/",
        f"followups/{planned['Call about the colour'].uid}/",
        f"followups/{planned['Tidy the van'].uid}/",
        f"leads/{number}/",
    )
    assert sweep(page, *map(site.path, paths)) == []


def test_what_opens(open_page: Any, site: Any, planned: dict[str, FollowUp]) -> None:
    page = open_page(member=site.cast.house.mona)
    page.goto(site.path("followups/?who=all"))
    page.locator("summary.chip").click()
    found = in_all_looks(page)
    page.goto(site.path(f"leads/{site.numbers['Samir Haddad']}/"))
    page.locator("#next-step summary", has_text="Date").click()
    page.locator("#next-step summary", has_text="Done").click()
    assert found + in_all_looks(page) == []


def test_a_row_is_done_and_the_next_is_planned(open_page: Any, site: Any, planned: dict[str, FollowUp]) -> None:
    page = open_page(member=site.cast.house.rita)
    page.goto(site.path("followups/"))
    page.locator("#count-followups-list", has_text="1").wait_for()
    assert page.locator(".todo-group b").all_inner_texts()[0] == "Overdue"
    page.keyboard.press("j")
    page.locator(".todo-row", has_text="Call about the colour").locator(".what a:focus").wait_for()
    page.keyboard.press("c")
    page.locator("#menu label", has_text="Successful").locator("input:focus").wait_for()
    assert violations(page) == []
    page.keyboard.press("Enter")
    page.locator(".todo-row.is-done", has_text="Done: Successful.").wait_for()
    page.locator(".todo-row.is-done .what a:focus").wait_for()
    page.locator(".tile b", has_text="0").first.wait_for()
    page.locator("#group-overdue").wait_for(state="hidden")
    page.locator("#count-followups-list", has_text="1").wait_for(state="detached")
    line = page.get_by_label("And then?")
    line.press_sequentially("email tomorrow 9")
    page.locator(".todo-then .understood b", has_text="Email").wait_for()
    line.press("Enter")
    page.locator(".todo-row", has_text="Planned: Email").wait_for()
    assert violations(page) == []
    page.get_by_role("button", name="Undo: Call about the colour").click()
    page.locator(".todo-row", has_text="Reopened.").wait_for()
    page.locator(".todo-row .what a").first.focus()
    page.keyboard.press("n")
    page.get_by_role("dialog", name="Plan a follow-up").locator("[name=text]:focus").wait_for()
    page.keyboard.type("order shingles tomorrow")
    page.keyboard.press("Enter")
    page.locator(".todo-row", has_text="Order shingles").wait_for()


def test_what_was_done_with_a_row_is_taken_back_from_its_toast(
    open_page: Any, site: Any, planned: dict[str, FollowUp]
) -> None:
    page = open_page(member=site.cast.house.rita)
    page.goto(site.path("followups/"))
    page.locator("#count-followups-list", has_text="1").wait_for()
    late, undo = page.locator(".todo-row", has_text="Call about the colour"), page.locator("#toasts [data-act=undo]")
    page.keyboard.press("j")
    page.keyboard.press("t")
    late.get_by_text("Moved to").wait_for()
    page.locator("#group-overdue").wait_for(state="hidden")
    toast = page.locator("#toasts .toast", has_text="Call about the colour · ")
    toast.get_by_text("Moved to").wait_for()
    assert violations(page) == []
    undo.click()
    page.locator("#toasts", has_text="Undone.").wait_for()
    late.get_by_text("Moved to").wait_for(state="detached")
    page.locator("#group-overdue", has_text="1").wait_for()
    late.locator(".age").wait_for()


def test_the_next_step_beside_the_lead(open_page: Any, site: Any, planned: dict[str, FollowUp]) -> None:
    page = open_page(member=site.cast.house.rita)
    page.goto(site.path(f"leads/{site.numbers['Samir Haddad']}/"))
    panel = page.locator("#next-step")
    panel.get_by_role("button", name="Tomorrow").click()
    panel.get_by_text("Moved to").wait_for()
    panel.get_by_label("Plan another").fill("whenever")
    panel.get_by_role("button", name="Plan").click()
    panel.locator("[name=text][aria-invalid]").wait_for()  # "When?" is said while one types, too
    assert panel.get_by_text("When?").is_visible()
    assert panel.get_by_label("Plan another").input_value() == "whenever"
    panel.get_by_label("Plan another").fill("call in 20 minutes")
    panel.get_by_role("button", name="Plan").click()
    panel.get_by_text("Planned: Call").wait_for()
    panel.locator("summary", has_text="Done").click()
    panel.locator("label", has_text="No answer").click()
    page.keyboard.press("Enter")
    panel.get_by_text("Done: No answer.").wait_for()
    panel.locator("[name=text]:focus").wait_for()


def test_without_scripts(open_page: Any, site: Any, planned: dict[str, FollowUp]) -> None:
    page = open_page(member=site.cast.house.rita, java_script_enabled=False)
    page.goto(site.path("leads/"))
    page.locator("tr.lead").get_by_role("link", name="Plan next step").first.click()
    page.get_by_label("What and when, in plain words").fill("bel morgen 15:00")
    page.get_by_role("button", name="Plan").click()
    page.get_by_text("Planned: Bel").wait_for()
    page.get_by_role("link", name="Plan or complete it").click()
    page.get_by_role("button", name="Next week").click()
    page.get_by_text("Moved to").wait_for()
    page.goto(site.path("followups/"))
    page.get_by_role("link", name="Done: Send the drawings").click()
    page.get_by_role("button", name="Done").click()
    page.get_by_text("Done: Successful.").wait_for()
    page.goto(site.path("followups/"))
    assert page.locator(".todo-row", has_text="Send the drawings").count() == 0
    page.get_by_role("link", name="Call about the colour", exact=True).click()
    page.get_by_role("textbox", name="Result").fill("Not there.")
    page.get_by_label("And then?").fill("call in 2 weeks")
    page.locator("label", has_text="No answer").click()
    page.get_by_role("button", name="Done").click()
    page.get_by_text("Planned: Call").wait_for()
    page.get_by_text("Not there.").wait_for()
