"""What a customer is asked for: whose move it is, what reminds them, and what becomes of what they send."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from crm.documents.files.inspection import Inspected
from crm.documents.handlers import tell_due
from crm.documents.models import Document, DocumentRequest, RequestState
from crm.jobs.models import Side
from crm.kernel import clock
from crm.kernel.refusal import Refused, Stale
from crm.platform import undo
from crm.platform.models import Event
from crm.platform.models.due import Due
from tests.documents.conftest import NOW, kind
from tests.markup import flat


@pytest.fixture
def asked(house: Any) -> DocumentRequest:
    return DocumentRequest.ask(
        house.job,
        "Claim letter",
        kind=kind("Insurance claim"),
        by=house.rita,
        note="The letter of the insurer.",
        due_on=NOW.date() + timedelta(days=7),
    )


@pytest.fixture
def sent(house: Any, paper: Inspected) -> Document:
    return Document.add(paper, kind=kind("Insurance claim"), job=house.job, sent_by=house.cora, visibility="customer")


def side(house: Any) -> str:
    house.job.refresh_from_db()
    return str(house.job.side)


def test_while_something_is_asked_it_is_their_move(house: Any, asked: DocumentRequest, sent: Document) -> None:
    assert side(house) == Side.CUSTOMER
    other = DocumentRequest.ask(house.job, "Colour", kind=kind("Other document"), by=house.rita)
    asked.mark_sent()
    asked.receive(sent)
    assert side(house) == Side.CUSTOMER, "the colour is asked still"
    other.withdraw(by=house.rita)
    assert side(house) == Side.US
    asked.refuse("The second page is missing.", by=house.rita)
    assert (side(house), asked.state) == (Side.CUSTOMER, RequestState.REFUSED)
    asked.receive(sent)
    asked.accept(by=house.rita)
    asked.accept(by=house.rita)
    assert (side(house), asked.state, asked.reason) == (Side.US, RequestState.ACCEPTED, "")
    kinds = Event.objects.of_job(house.job.pk).filter(kind__startswith="document_request").order_by("pk")
    assert [row.kind.partition(".")[2] for row in kinds] == [
        *("asked", "asked", "received", "withdrawn", "refused", "received", "accepted"),
    ]


def test_it_stays_our_move_while_their_message_waits(house: Any, asked: DocumentRequest, sent: Document) -> None:
    with clock.at(NOW + timedelta(hours=1)):
        house.job.hear("email", by=None)
    with clock.at(NOW + timedelta(hours=3)):
        other = DocumentRequest.ask(house.job, "Colour", kind=kind("Other document"), by=house.rita)
        asked.receive(sent)
    assert (side(house), house.job.clock_started_at) == (Side.US, NOW + timedelta(hours=1))
    house.job.answer("email", by=house.rita)
    other.postpone(NOW.date() + timedelta(days=9), by=house.rita)
    other.withdraw(by=house.rita)
    assert side(house) == Side.US


def test_pages_stand_in_their_order_and_go_until_they_are_accepted(
    house: Any, asked: DocumentRequest, sent: Document, paper: Inspected
) -> None:
    second = Document.add(paper, kind=kind("Insurance claim"), job=house.job, sent_by=house.cora)
    asked.receive(sent)
    asked.receive(second)
    asked.raise_page(second)
    assert [page.document for page in asked.pages.all()] == [second, sent]
    assert asked.document == second
    for page in (second, sent):
        asked.remove_page(page)
    sent.refresh_from_db()
    assert (asked.state, asked.document, sent.is_shown, side(house)) == (RequestState.SENT, None, False, Side.CUSTOMER)
    asked.receive(second)
    asked.accept(by=house.rita)
    with pytest.raises(Stale):
        asked.remove_page(second)


def test_what_was_sent_back_is_replaced_unless_it_is_kept(
    house: Any, asked: DocumentRequest, sent: Document, paper: Inspected
) -> None:
    asked.receive(sent)
    for keeps_earlier, expected in ((True, 2), (False, 1)):
        asked.refuse("Unreadable", by=house.rita)
        again = Document.add(paper, kind=kind("Insurance claim"), job=house.job, sent_by=house.cora)
        asked.receive(again, keeps_earlier=keeps_earlier)
        assert asked.pages.count() == expected


def test_a_job_on_hold_stays_on_hold(house: Any) -> None:
    house.job.pause(reason="Snow", until=None, by=house.rita)
    DocumentRequest.ask(house.job, "Colour", kind=kind("Other document"), by=house.rita)
    assert side(house) == Side.PAUSED


def test_what_may_not_be(house: Any, asked: DocumentRequest, sent: Document) -> None:
    with pytest.raises(Stale):
        asked.accept(by=house.rita)
    with pytest.raises(Refused, match="day in the future"):
        asked.postpone(NOW.date() - timedelta(days=1), by=house.rita)
    asked.receive(sent)
    with pytest.raises(Refused, match="Enter a reason"):
        asked.refuse("  ", by=house.rita)
    asked.accept(by=house.rita)
    for act in (lambda: asked.receive(sent), lambda: asked.remind(by=house.rita), lambda: asked.withdraw(by=None)):
        with pytest.raises(Stale):
            act()
    house.job.drop("Spam", by=house.rita)
    with pytest.raises(Refused, match="closed"):
        DocumentRequest.ask(house.job, "More", kind=kind("Contract"), by=house.rita)


def test_the_customer_is_reminded_before_and_on_the_day_and_the_office_hears_after(
    house: Any, asked: DocumentRequest, sent: Document
) -> None:
    key, told = f"document_request.due:{asked.pk}", []
    while row := Due.objects.filter(key=key).first():
        Due.objects.filter(key=key).delete()
        with clock.at(row.run_at):
            tell_due([asked.pk])
        event = Event.objects.filter(subject_id=asked.pk, kind__contains="due").latest("pk")
        told.append((event.kind, event.data["days"], row.run_at))
    nine = NOW.replace(hour=13)
    assert told == [
        ("document_request.due", 2, nine + timedelta(days=5)),
        ("document_request.due", 0, nine + timedelta(days=7)),
        ("document_request.overdue", -1, nine + timedelta(days=8)),
    ]
    asked.postpone(NOW.date() + timedelta(days=30), by=house.rita)
    assert Due.objects.filter(key=key).exists()
    asked.receive(sent)
    assert not Due.objects.filter(key=key).exists()


def test_sending_back_is_undone(house: Any, asked: DocumentRequest, sent: Document) -> None:
    asked.receive(sent)
    with undo.record_undoable("document_request.refused", [asked], by=house.rita) as change:
        asked.refuse("Wrong page", by=house.rita)
    undo.undo_change(change.uid, by=house.rita)
    asked.refresh_from_db()
    assert (asked.state, asked.reason, asked.document, side(house)) == (RequestState.RECEIVED, "", sent, Side.US)


def test_the_tabs_of_what_is_asked_stand_in_their_bar(house: Any, asked: DocumentRequest, client: Client) -> None:
    client.force_login(house.rita.user)
    page = flat(client.get(reverse("documents:requests", args=[house.tenant.slug])).text)
    # Tabs take the room there is: in their bar sideways, in the page itself half of its height.
    assert re.search(r'<div class="views-bar"><nav class="views" [^>]{0,80}><a class="view" href="\?show=', page)
