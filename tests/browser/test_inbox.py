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
    page.keyboard.press("e")
    page.locator("#acts .badge", has_text="Solved").wait_for()
    # Answer, and take it back before it leaves.
    page.keyboard.press("r")
    page.locator("#write-text:focus").wait_for()
    page.keyboard.type("We come at two")
    page.locator("[data-send]").press("Enter")
    page.locator(".msg.is-out", has_text="We come at two").wait_for()
    settle(page)  # a new page, whose scripts come after what it shows
    page.keyboard.press("r")
    page.locator("#composer .waiting button").press("Enter")
    page.locator(".msg.is-out .msg-state", has_text="taken back").wait_for()
