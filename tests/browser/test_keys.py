"""A rep's morning by keyboard alone: keys, palette, planning, a new lead; and the switch that turns single keys off."""

import re
from typing import Any

import pytest

from crm.jobs.models import Job
from crm.platform.tenancy.context import use_tenant
from tests.browser.test_pages import WIDTHS, violations

pytestmark = pytest.mark.browser


def focused(page: Any) -> str:
    text: str = page.evaluate("document.activeElement.innerText")
    return text


def test_by_keyboard_alone(open_page: Any, site: Any) -> None:
    page = open_page(member=site.cast.house.rita)
    page.goto(site.path("leads/"))
    press = page.keyboard.press
    for key, expected in (("j", 0), ("j", 1), ("j", 2), ("k", 1)):
        press(key)
        assert focused(page) == page.locator("tr.lead th a").nth(expected).inner_text()

    press("k")
    first = focused(page)
    press("e")
    line = page.get_by_label("What and when, in plain words")
    line.wait_for()
    page.keyboard.type("nonsense")
    press("Enter")
    page.locator("#dialog .error").wait_for()
    line.fill("call tomorrow 3pm")
    press("Enter")
    page.locator("tr.lead", has_text=first).locator(".next", has_text="Call · tomorrow").wait_for()
    page.locator("#toasts", has_text="Planned: Call").wait_for()
    page.locator("#dialog").wait_for(state="hidden")
    page.locator("tr.lead th a:focus", has_text=first).wait_for()
    # A pointer that lies over the list must not take the row's actions away from the keys.
    page.locator("tr.lead", has_text="Hector Salinas").hover()
    page.locator("tr.lead", has_text="Hector Salinas").locator("#rowbar").wait_for()
    press("m")
    page.locator("#menu").get_by_role("button", name="Reached").wait_for()
    press("Escape")
    page.locator("tr.lead th a:focus", has_text=first).wait_for()

    press("Control+k")
    options = page.locator("#palette-list [role=option]")
    options.first.wait_for()
    page.keyboard.type("okafor")
    press("Enter")  # before the answer: it waits for it
    page.get_by_role("heading", level=1, name="Luz Okafor").wait_for()

    press("/")
    options.first.wait_for()
    page.keyboard.type("salinas")
    page.locator("[role=option]", has_text="Call (813)").wait_for()
    assert page.locator("[role=option][aria-selected=true]").inner_text().startswith("HS\nHector Salinas")
    found = violations(page)
    press("ArrowDown")
    chosen = page.locator("#palette [role=combobox]").get_attribute("aria-activedescendant")
    assert page.locator(f"#{chosen}").inner_text().startswith("Call")
    press("Escape")
    page.locator("#palette").wait_for(state="hidden")

    press("g")
    press("f")
    page.wait_for_url(site.path("followups/"))
    press("j")
    page.locator(".todo-row a:focus", has_text="Call").wait_for()
    press("o")
    page.get_by_role("heading", level=1, name="Call").wait_for()
    assert found == []


def test_keys_and_palette_act_on_what_is_in_hand(open_page: Any, site: Any) -> None:
    page = open_page(member=site.cast.house.rita)
    page.goto(site.path("leads/"))
    press, dialog = page.keyboard.press, page.locator("#dialog")
    press("j")
    # With a selection the same keys act on all of it; Esc closes what is open, then clears it.
    press("x")
    press("j")
    press("x")
    press("m")
    dialog.get_by_role("heading", name="Move").wait_for()
    press("Escape")
    press("Control+k")
    page.get_by_role("group", name="With the 2 selected").wait_for()
    press("Escape")
    page.locator("#palette").wait_for(state="hidden")
    assert page.locator("#bulk").is_visible()
    press("Escape")
    page.locator("#bulk").wait_for(state="hidden")

    page.goto(site.path(f"leads/{site.numbers['Luz Okafor']}/"))
    for text, shown in (("lost", "Why was it lost?"), ("hold", "What is it waiting for?")):
        press("Control+k")
        page.keyboard.type(text)
        page.get_by_role("group", name="With Luz Okafor").wait_for()
        press("Enter")
        dialog.get_by_text(shown).first.wait_for()
        press("Escape")
    press("w")
    page.locator("#note-body:focus").wait_for()


def test_a_list_that_shows_what_others_changed_stays_where_it_is(open_page: Any, site: Any) -> None:
    page = open_page(member=site.cast.house.rita, width=1440, height=420)
    page.goto(site.path("leads/"))
    for _row in range(4):
        page.keyboard.press("j")
    where = "() => [document.querySelector('.body').scrollTop, document.activeElement.innerText]"
    before = page.evaluate(where)
    assert before[0] > 0, "the list is longer than the window"
    # As by a hint of somebody else's act.
    page.evaluate("() => { document.querySelector('#rows').dataset.old = 'yes'; htmx.trigger('#rows', 'hint'); }")
    page.locator("#rows[data-old]").wait_for(state="detached")
    # What a browser holds on to is laid out by the next frame.
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    assert page.evaluate(where) == before


def test_back_on_the_list_one_is_where_one_was(open_page: Any, site: Any) -> None:
    page = open_page(member=site.cast.house.mona, height=470)
    page.goto(site.path("leads/?level=open"))
    address, titles = page.url, page.locator("tr.lead th a").all_inner_texts()
    scrolled = "document.querySelector('[data-place]').scrollTop"

    def returned(to: str) -> None:
        page.wait_for_url(address)
        page.locator(".lead a:focus", has_text=to).wait_for()

    for _ in range(6):
        page.keyboard.press("j")
    at = page.evaluate(scrolled)
    assert at > 0
    page.keyboard.press("Enter")
    page.get_by_role("heading", level=1, name=titles[5]).wait_for()
    page.go_back()
    returned(titles[5])
    assert page.evaluate(scrolled) == at
    page.locator("h1").click()  # the focus is nowhere
    page.keyboard.press("k")
    page.keyboard.press("o")
    page.get_by_role("heading", level=1, name=titles[4]).wait_for()
    with use_tenant(site.cast.house.tenant):
        Job.objects.get(title=titles[4]).lose("moved away", by=site.cast.house.mona)
    page.locator(".crumbs").get_by_role("link", name="Leads").click()
    returned(titles[5])  # the next one, where it is gone


@pytest.mark.parametrize(("size", "scheme"), [("wide", "light"), ("phone", "dark")])
def test_a_lead_is_opened(open_page: Any, site: Any, size: str, scheme: str) -> None:
    width, height = WIDTHS[size]
    page = open_page(member=site.cast.house.rita, width=width, height=height, color_scheme=scheme)
    page.goto(site.path("leads/"))
    page.keyboard.press("n")
    page.get_by_label("Name", exact=True).fill("Hector S.")
    page.locator("#id_phone").press_sequentially("813 555 0151")
    page.locator(".known", has_text="Hector Salinas").wait_for()
    page.get_by_role("button", name="Create lead").click()
    page.get_by_text("Is it the same one?").first.wait_for()
    found = violations(page)
    page.get_by_label("A different customer").check()
    page.locator("#id_then").fill("call tue 3pm")
    page.get_by_role("button", name="Create lead").dblclick()
    page.get_by_role("heading", level=1, name="Hector S.").wait_for()
    # Planned with it, and of a double click once.
    page.locator("#next-step.next-step a.next", has_text="Call").wait_for()
    assert page.locator("#next-step li").count() == 0
    assert found + violations(page) == []


def test_single_keys_can_be_switched_off(open_page: Any, site: Any) -> None:
    page = open_page(member=site.cast.house.rita)
    page.goto(site.path("leads/"))
    page.keyboard.press("?")
    page.get_by_role("heading", name="Keys").wait_for()
    found = violations(page)
    with page.expect_response(re.compile("preferences/keys")):
        page.get_by_label("Single-key shortcuts").uncheck()
    page.get_by_role("button", name="Close").click()
    for again in (False, True):
        if again:
            page.reload()
        page.keyboard.press("j")
        page.keyboard.press("n")
        assert not page.locator("tr.lead th a:focus").count()
        assert not page.locator("dialog[open]").count()
    page.keyboard.press("Control+k")
    page.locator("#palette-list [role=option]").first.wait_for()
    assert found == []


def test_a_lead_is_opened_without_scripts(open_page: Any, site: Any) -> None:
    page = open_page(member=site.cast.house.rita, java_script_enabled=False)
    page.goto(site.path("leads/"))
    page.get_by_role("link", name="New lead").click()
    page.get_by_label("Name", exact=True).fill("Hector S.")
    page.locator("#id_phone").fill("813 555 0151")
    page.get_by_role("button", name="Create lead").click()
    page.get_by_label("Hector Salinas").check()
    page.get_by_role("button", name="Create lead").click()
    page.get_by_role("heading", level=1, name="Hector S.").wait_for()
