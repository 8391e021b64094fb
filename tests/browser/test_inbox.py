"""The inbox in a real browser: its pages pass axe, and a conversation is worked through by keys alone."""

from datetime import timedelta
from typing import Any

import pytest

from comms.models import Channel
from crm.kernel import clock
from crm.platform.tenancy.context import use_tenant
from tests.browser.test_pages import in_all_looks, settle, sweep
from tests.tickets.messages import message
from tests.tickets.test_inbox import begin, say
from tickets.models import Entry, Ticket

pytestmark = pytest.mark.browser


@pytest.fixture
def tickets(site: Any, settings: Any) -> list[Ticket]:
    """Cora's mail, which Rita has, on her lead; and a call that nobody took."""
    settings.DEMO = True
    house = site.cast.house
    with use_tenant(house.tenant):
        Channel.create(
            by=None, brand=house.job.brand, medium="email", role="support", provider="embedded",
            address="support@suncoast.example",
        )  # fmt: skip
        mailed, called = (begin(house, subject, member=house.rita, person=house.cora) for subject in ("Leak", "Call"))
        Ticket.objects.filter(pk=mailed.pk).update(job=house.job)
        mailed.refresh_from_db()
        long_ago = clock.now() - timedelta(hours=2)
        say(mailed, text="It leaks", folded_text="> When may we come?", person=house.cora, at=long_ago, subject="Leak")
        Entry.objects.create(ticket=mailed, kind="note", author=house.mona, body="Mind the dog")
        missed = message("in", medium="call", duration=0, person=house.cora, address="+18135550142", text="")
        Entry.objects.add_message(called, missed, matched_by="new")
        called.receive(missed)
    return [mailed, called]


def test_pages(open_page: Any, site: Any, tickets: list[Ticket]) -> None:
    page = open_page(member=site.cast.house.rita)
    number = tickets[0].number
    found = sweep(page, site.path("tickets/"), site.path("messages/calls/"))
    page.goto(site.path(f"tickets/{number}/"))
    page.locator("[data-act=reply]").click()
    page.locator("#write-text").wait_for()
    found += in_all_looks(page)
    page.goto(site.path(f"leads/{site.cast.house.job.number}/"))
    page.locator("#conversations [data-act=reply]").click()
    page.locator("#write-text").wait_for()
    assert found + in_all_looks(page) == []


def test_a_conversation_by_keys(open_page: Any, site: Any, tickets: list[Ticket]) -> None:
    page = open_page(member=site.cast.house.rita)
    page.goto(site.path("tickets/"))
    row = f"#t{tickets[0].number}"
    for _each in tickets:
        page.keyboard.press("j")
        if page.locator(f"{row} h2 a:focus").count():
            break
    page.locator(f"{row} h2 a:focus").wait_for()
    page.keyboard.press("o")
    page.locator(f"#conversation[data-number='{tickets[0].number}'] .msg", has_text="It leaks").wait_for()
    # Two keys log a call.
    page.keyboard.press("c")
    page.keyboard.press("n")
    page.locator(".msg-call", has_text="no answer").wait_for()
    # Solved, the next one opens.
    page.keyboard.press("e")
    page.locator(f"#conversation[data-number='{tickets[1].number}']").wait_for()


def test_an_answer_by_keys_and_back_again(open_page: Any, site: Any, tickets: list[Ticket]) -> None:
    first, second = (one.number for one in tickets)
    page = open_page(member=site.cast.house.rita)
    page.goto(site.path(f"tickets/{first}/"))
    page.keyboard.press("r")
    page.locator("#write-text:focus").wait_for()
    page.keyboard.type("We come at two")
    page.keyboard.press("Control+Enter")
    # The next one is open; the answer is taken back from there.
    page.locator(f"#conversation[data-number='{second}']").wait_for()
    page.locator(".toast button", has_text="Undo").press("Enter")
    text = page.locator(f"#conversation[data-number='{first}'] #write-text")
    text.wait_for()
    assert text.input_value() == "We come at two"
    # The draft is open and swallows no key; the caret is at its end; Esc leaves it.
    settle(page)
    page.keyboard.press("j")
    page.locator(".ticket h2 a:focus").wait_for()
    page.goto(site.path(f"tickets/{first}/"))
    text.wait_for()
    settle(page)
    page.keyboard.press("r")
    page.keyboard.type(", or three")
    assert text.input_value() == "We come at two, or three"
    page.keyboard.press("Escape")
    text.wait_for(state="detached")


def test_a_pasted_and_a_dropped_file_go_along(open_page: Any, site: Any, tickets: list[Ticket]) -> None:
    page = open_page(member=site.cast.house.rita)
    page.goto(site.path(f"tickets/{tickets[0].number}/"))
    page.keyboard.press("r")
    page.locator("#write-text:focus").wait_for()
    for kind, name, field in (("paste", "stain.pdf", "clipboardData"), ("drop", "quote.pdf", "dataTransfer")):
        page.evaluate(
            """([kind, name, field]) => {
                const files = new DataTransfer();
                files.items.add(new File(["%PDF-1.7 x"], name, { type: "application/pdf" }));
                const Kind = kind === "paste" ? ClipboardEvent : DragEvent;
                const event = new Kind(kind, { [field]: files, bubbles: true, cancelable: true });
                document.querySelector("#write-text").dispatchEvent(event);
            }""",
            [kind, name, field],
        )
        page.locator("#write-files .file", has_text=name).wait_for()
    page.reload()
    page.locator("#write-files .file", has_text="quote.pdf").wait_for()


def test_nine_conversations_fit_on_a_screen(open_page: Any, site: Any, tickets: list[Ticket]) -> None:
    with use_tenant(site.cast.house.tenant):
        for number in range(12):
            begin(site.cast.house, f"Matter {number}", member=site.cast.house.rita, person=site.cast.house.cora)
    page = open_page(member=site.cast.house.rita, width=1440, height=900)
    page.goto(site.path("tickets/"))
    whole = "rows => rows.filter(row => row.getBoundingClientRect().bottom <= innerHeight).length"
    assert page.locator(".ticket").evaluate_all(whole) >= 9
