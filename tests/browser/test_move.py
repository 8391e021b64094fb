"""Moving leads in a real browser: move, undo, lost, open again; by mouse, by keyboard, on a phone, without scripts."""

from typing import Any

import pytest

from crm.jobs.models import Job
from crm.platform.tenancy.context import use_tenant
from tests.browser.test_pages import WIDTHS, problems, violations

pytestmark = pytest.mark.browser


def job_of(site: Any, title: str) -> Job:
    with use_tenant(site.cast.house.tenant):
        found: Job = Job.objects.get(number=site.numbers[title])
        return found


def test_a_row_moves_by_mouse_and_is_taken_back(open_page: Any, site: Any) -> None:
    page = open_page(member=site.cast.house.rita, reduced_motion="reduce")
    page.goto(site.path("leads/"))
    before = job_of(site, "Wanda Pruitt")
    row = page.locator("tr.lead", has_text="Wanda Pruitt")
    row.hover()
    row.locator(".plb [data-go]").click()
    page.locator("#toasts", has_text="Wanda Pruitt: moved to Visit booked.").wait_for()
    row.get_by_text("Visit booked").wait_for()
    page.locator("#tab-over", has_text="3").wait_for()
    found = violations(page)
    page.locator("#toasts").get_by_role("button", name="Undo").click()
    page.locator("#toasts", has_text="Wanda Pruitt: undone.").wait_for()
    row.locator("u", has_text="Reached").wait_for()
    after = job_of(site, "Wanda Pruitt")
    assert (after.stay, after.past, after.due_at) == (before.stay, before.past, before.due_at)

    row.hover()
    row.locator("[data-act=move]").click()
    page.locator("#menu").get_by_role("button", name="Estimating").wait_for()
    found += violations(page)
    page.locator("#menu").get_by_role("link", name="Lost…").click()
    page.locator("#dialog").get_by_role("radio", name="Other", exact=True).check()
    found += violations(page)
    page.locator("#dialog").get_by_role("button", name="Mark as lost").click()
    page.locator("#dialog [role=alert]", has_text="Add a few words.").wait_for()
    page.locator("#dialog").get_by_role("radio", name="Price").check()
    page.locator("#dialog").get_by_label("Difference, in USD").fill("2,400")
    page.locator("#dialog").get_by_role("button", name="Mark as lost").click()
    row.get_by_text("Lost · Price · $2,400 too much").wait_for()
    page.locator("#dialog").wait_for(state="hidden")
    assert found == []


def test_who_was_slower_is_shown_how_it_is(open_page: Any, site: Any) -> None:
    page = open_page(member=site.cast.house.rita, reduced_motion="reduce")
    page.goto(site.path(f"leads/{site.numbers['Samir Haddad']}/"))
    job = job_of(site, "Samir Haddad")
    with use_tenant(site.cast.house.tenant):
        step = next(s for s in job.pipeline.stages.all() if s.name == "Quote sent")
        job.move_to(step, by=site.cast.house.mona)
    page.get_by_role("button", name="Move to Inspected").click()
    page.get_by_role("alert").filter(has_text="Mona Manager moved it from Visit booked to Quote sent").wait_for()
    page.locator("#steps [aria-current=step]", has_text="Quote sent").wait_for()
    page.get_by_role("button", name="Move to Follow-up").wait_for()
    page.locator("#line [data-go='Move to Follow-up']").click()
    page.locator("#steps [aria-current=step]", has_text="Follow-up").wait_for()
    assert violations(page) == []


def test_by_keyboard_the_focus_never_gets_lost(open_page: Any, site: Any) -> None:
    page = open_page(member=site.cast.house.rita, color_scheme="dark", reduced_motion="reduce")
    page.goto(site.path("leads/"))
    row = page.locator("tr.lead", has_text="Hector Salinas")
    row.locator("th a").focus()
    page.keyboard.press("Tab")
    page.locator("[data-act=log]:focus").wait_for()
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.locator("#toasts", has_text="Hector Salinas: moved to Follow-up.").wait_for()
    page.locator("[data-act=move-next]:focus").wait_for()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.locator(":focus", has_text="Signed").wait_for()
    page.keyboard.press("Escape")
    row.locator("[data-act=move]:focus").wait_for()
    row.locator("th a").focus()
    page.keyboard.press("l")
    page.locator("#menu [name=contact]:checked:focus").wait_for()
    found = violations(page)
    page.keyboard.press("Enter")
    page.locator("#toasts", has_text="Hector Salinas: called · reached.").wait_for()
    row.locator("th a:focus").wait_for()
    page.keyboard.press("Enter")
    page.get_by_role("heading", level=1, name="Hector Salinas").wait_for()
    page.locator("#acts [data-act=lose]").focus()
    page.keyboard.press("Enter")
    page.locator("[name=reason]:focus").wait_for()
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    page.locator("#acts [data-act=reopen]").wait_for()
    page.locator("#acts :focus").wait_for()
    page.keyboard.press("Enter")
    page.locator("#acts [data-act=move-next]").wait_for()
    page.locator("#acts :focus").wait_for()
    page.locator("#having [data-act=priority]").focus()
    page.keyboard.press("Enter")
    page.locator("#menu button:focus").wait_for()
    page.keyboard.press("Enter")
    page.locator("#having [data-act=priority]:focus").wait_for()
    page.locator("#note-body").fill("Dog in the yard")
    page.locator(".composer-foot .btn").focus()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Pin to the top").focus()
    page.keyboard.press("Enter")
    page.locator(".pinned button:focus").wait_for()
    page.keyboard.press("Enter")
    page.locator("#timeline button:focus").wait_for()
    page.keyboard.press("l")
    page.locator("#write [name=contact]:focus").wait_for()
    assert job_of(site, "Hector Salinas").is_open
    assert found + violations(page) == []


@pytest.mark.parametrize(("scheme", "language"), [("light", "en"), ("dark", "nl")])
def test_on_a_phone(open_page: Any, site: Any, scheme: str, language: str) -> None:
    width, height = WIDTHS["phone"]
    look = {"color_scheme": scheme, "locale": language, "reduced_motion": "reduce"}
    page = open_page(member=site.cast.house.mona, width=width, height=height, has_touch=True, **look)
    page.goto(site.path(f"leads/{site.numbers['Samir Haddad']}/"))
    page.locator("#acts [data-act=move]").tap()
    page.locator("#menu form").first.wait_for()
    found = violations(page)
    assert all(box["height"] >= 44 for box in (b.bounding_box() for b in page.locator("#menu .menu-line").all()))
    page.locator("#menu a[href$='pause/']").tap()
    page.locator("#dialog #h-reason").fill("Bank")
    found += violations(page)
    page.locator("#dialog .is-primary").tap()
    page.locator("#acts [data-act=resume]").wait_for()
    page.locator("#toasts [data-act=undo]").tap()
    page.locator("#acts [data-act=move-next]").wait_for()
    page.locator("#having [data-act=assign]").tap()
    page.locator("#menu button", has_text="Sam Service").tap()
    page.locator("#having", has_text="Sam Service").wait_for()
    page.locator("#note-body").fill("Dog in the yard")
    page.locator(".composer [name=pin]").check()
    page.locator(".composer-foot .btn").tap()
    page.locator(".pinned", has_text="Dog in the yard").wait_for()
    page.locator("#more summary").tap()
    page.locator("[data-act=hear]").first.tap()
    page.locator("[data-act=answer]").tap()
    page.locator("[data-act=answer]").wait_for(state="detached")
    assert found + violations(page) == []


def test_without_scripts(open_page: Any, site: Any) -> None:
    page = open_page(member=site.cast.house.rita, java_script_enabled=False)
    page.goto(site.path(f"leads/{site.numbers['Samir Haddad']}/"))
    page.get_by_role("link", name="Move to …").click()
    page.get_by_role("button", name="Estimating").click()
    page.get_by_text("Samir Haddad: moved to Estimating.").wait_for()
    page.get_by_role("button", name="Undo").click()
    page.get_by_text("Samir Haddad: undone.").wait_for()
    page.get_by_role("link", name="Lost…").click()
    page.get_by_label("No answer").check()
    page.get_by_role("button", name="Mark as lost").click()
    page.get_by_role("button", name="Reopen").click()
    page.get_by_role("link", name="Release…").click()
    page.get_by_role("button", name="Release").click()
    page.get_by_role("link", name="Claim…").click()
    page.get_by_role("button", name="Assign to me").click()
    page.get_by_text("Samir Haddad: assigned to Rita Rep.").wait_for()


def test_each_form_is_a_page(open_page: Any, site: Any) -> None:
    page, found = open_page(member=site.cast.house.mona), []
    for verb in ("move", "lose", "assign"):
        page.goto(site.path(f"jobs/{site.numbers['Hector Salinas']}/{verb}/"))
        found += problems(page)
    assert found == []


def test_letters_find_a_step_and_the_focus_stays_in_its_place(open_page: Any, site: Any) -> None:
    page = open_page(member=site.cast.house.rita, reduced_motion="reduce")
    page.goto(site.path("leads/"))
    rows = page.locator("tr.lead th a")
    # Below the new lead, which is of another pipeline.
    rows.nth(1).focus()
    title, successor = rows.nth(1).inner_text(), rows.nth(2).inner_text()
    page.keyboard.press("s")
    page.locator("#menu button:focus").wait_for()
    page.keyboard.type("signed")
    page.locator("#menu button:focus", has_text="Signed").wait_for()
    page.keyboard.press("Enter")
    page.locator("#toasts", has_text=f"{title}: moved to Signed.").get_by_role("button", name="Undo").wait_for()
    page.locator("tr.lead th a:focus", has_text=title).wait_for()
    page.evaluate("htmx.trigger('#rows', 'hint')")
    page.locator("tr.lead th a:focus", has_text=successor).wait_for()
