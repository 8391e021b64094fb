"""Calls logged on a conversation, and the callback list: missed calls, messages that failed, calls planned."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from comms.models import Message
from crm.jobs.models import Job
from crm.kernel import clock
from crm.kernel.refusal import Refused
from crm.people.models import Person
from crm.platform.models import Event, Member
from followups.models import FollowUp
from tests.cast import House
from tests.tickets.messages import message
from tests.tickets.test_inbox import begin
from tickets.calls.logged import log_call, take_back_call
from tickets.models import Entry, Status, Ticket

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


def missed(house: House, subject: str, *, hours: int, member: Member | None = None) -> Ticket:
    """Begin a ticket with a call that nobody took."""
    ticket = begin(house, subject, member=member, person=Person.objects.create(name=subject))
    at = clock.now() - timedelta(hours=hours)
    call = message("in", medium="call", duration=0, at=at, address="+18135550188", person=ticket.person)
    Entry.objects.add_message(ticket, call, matched_by="new")
    ticket.receive(call)
    return ticket


def wanted(house: House, *, hours: int) -> Message:
    at = clock.now() - timedelta(hours=hours)
    return message("out", person=house.cora, job=house.job, author=house.rita, call_wanted_at=at, at=at)


def planned(house: House, *, hours: int) -> FollowUp:
    row = FollowUp.plan(
        kind="call", subject="About the quote", due_at=clock.now() + timedelta(hours=1), by=house.rita, job=house.job,
        assignee=house.rita,
    )  # fmt: skip
    at = clock.now() - timedelta(hours=hours)
    FollowUp.objects.filter(pk=row.pk).update(due_at=at, sort_at=at)
    return row


def get(house: House, member: Member, query: str = "") -> list[str]:
    client = Client()
    client.force_login(member.user)
    page = client.get(f"/{house.tenant.slug}/messages/calls/{query}")
    assert page.status_code == 200
    return re.findall(r'id="call-(\w+)-', page.content.decode())


def test_a_call_is_logged_on_ticket_and_lead_and_taken_back_from_both(house: House, client: Client) -> None:
    ticket = begin(house, "Leak", member=house.rita, person=house.cora)
    ticket.attach(house.job, by=house.rita)
    ticket.receive(message("in"))
    house.job.refresh_from_db()
    before = house.job.touched_at
    client.force_login(house.rita.user)
    url = f"/{house.tenant.slug}/tickets/{ticket.number}/call/"
    said = {"outcome": "reached", "note": "She asks for a date", "on": "conversation"}
    told = client.post(url, said, headers=HTMX).content.decode()
    ticket.refresh_from_db()
    house.job.refresh_from_db()
    entry = Entry.objects.select_related("message").get(evidence__call="reached")
    assert (ticket.status, entry.message.text, entry.message.author) == (
        Status.PENDING,
        "She asks for a date",
        house.rita,
    )
    assert house.job.touched_at != before
    assert Event.objects.filter(kind="job.contacted").count() == 1
    page = client.get(f"/{house.tenant.slug}/tickets/{ticket.number}/").content.decode()
    assert re.search(r"Call · reached", page)
    [undo] = re.findall(r'hx-post="(/[^"]*/call/take-back/)"', told)
    assert Client().post(undo).status_code == 302
    for _twice in range(2):
        client.post(undo)
    for row in (ticket, house.job, entry.message):
        row.refresh_from_db()
    assert (ticket.status, bool(ticket.waiting_since), entry.message.state) == (Status.NEW, True, "cancelled")
    assert house.job.touched_at == before


def test_nobody_elses_call_is_taken_back_nor_one_logged_on_what_is_closed(house: House, client: Client) -> None:
    ticket = begin(house, "Leak", member=house.rita)
    entry = log_call(ticket, "no_answer", by=house.rita)
    client.force_login(house.mona.user)
    undo = f"/{house.tenant.slug}/tickets/entries/{entry.uid}/call/take-back/"
    assert client.post(undo, headers=HTMX).status_code == 422
    take_back_call(entry, by=house.rita)
    ticket.close(by=house.rita)
    with pytest.raises(Refused):
        log_call(ticket, "reached", by=house.rita)
    with pytest.raises(ValueError, match="sent"):
        log_call(ticket, "sent", by=house.rita)


def test_the_callback_list_has_all_that_wait_for_a_call_by_oldest_and_is_worked_through(
    house: House, client: Client
) -> None:
    ticket, failed, row = missed(house, "Ann", hours=3), wanted(house, hours=2), planned(house, hours=1)
    missed(house, "Mona’s", hours=4, member=house.mona)
    assert get(house, house.rita) == ["missed", "failed", "planned"]
    assert get(house, house.mona) == ["missed", "missed"]
    assert get(house, house.mona, "?all") == ["missed", "missed", "failed", "planned"]
    assert get(house, house.rita, "?all") == ["missed", "failed", "planned"]
    client.force_login(house.rita.user)

    def log(source: str, key: Any, outcome: str) -> list[str]:
        told = {"source": source, "key": str(key), "outcome": outcome, "note": "Later"}
        page = client.post(f"/{house.tenant.slug}/messages/calls/log/", told, headers=HTMX)
        assert page.status_code == 200
        return re.findall(r'id="call-(\w+)-', page.content.decode())

    assert log("missed", ticket.number, "no_answer") == ["failed", "planned", "missed"]
    assert log("failed", failed.uid, "no_answer") == ["planned", "missed", "failed"]
    assert log("planned", row.uid, "no_answer") == ["missed", "failed"]
    with clock.at(clock.now() + timedelta(hours=3)):
        assert get(house, house.rita) == ["missed", "failed", "planned"]
    assert log("missed", ticket.number, "reached") == ["failed"]
    assert log("failed", failed.uid, "message_left") == []
    now = clock.now()
    FollowUp.objects.filter(pk=row.pk).update(sort_at=now, due_at=now)
    assert log("planned", row.uid, "reached") == []
    row.refresh_from_db()
    ticket.refresh_from_db()
    assert (row.status, row.outcome, ticket.waiting_since) == ("completed", "successful", None)
    contacts = Event.objects.filter(kind="job.contacted").order_by("pk").values_list("data__outcome", flat=True)
    assert list(contacts) == ["no_answer", "no_answer", "message_left", "reached"]


@pytest.mark.parametrize("outcome", ["reached", "no_answer", "message_left"])
def test_an_outcome_is_taken_back_whatever_was_called_for(house: House, client: Client, outcome: str) -> None:
    ticket, failed, row = missed(house, "Ann", hours=3), wanted(house, hours=2), planned(house, hours=1)
    touched = Job.objects.get(pk=row.job_id).touched_at
    client.force_login(house.rita.user)
    base = f"/{house.tenant.slug}/messages/calls/log/"
    for source, key in (("missed", ticket.number), ("failed", failed.uid), ("planned", row.uid)):
        told = {"source": source, "key": str(key), "outcome": outcome, "note": "They said"}
        page = client.post(base, told, headers=HTMX).content.decode()
        [undo] = re.findall(rf'action="({base}{source}/[^"]*/undo/)"', page)
        client.force_login(house.mona.user)
        other = client.post(undo, headers={"HX-Request": "true"})
        assert "Undone." not in other.content.decode(), "a colleague’s"
        client.force_login(house.rita.user)
        for _again in range(2):
            back = client.post(undo, headers={"HX-Request": "true"}).content.decode()
            assert "Undone." in back
        assert re.findall(r'id="call-(\w+)-', back) == ["missed", "failed", "planned"]
        assert 'id="callbacks" hx-swap-oob="true"' in back
    row.refresh_from_db()
    assert (row.status, Job.objects.get(pk=row.job_id).touched_at) == ("pending", touched)
    for wrong in ("other", "planned", "failed", "missed"):
        assert client.post(f"{base}{wrong}/{house.cora.uid}/undo/").status_code in (302, 404)


def test_a_message_left_is_enough_and_what_is_not_seen_is_not_logged(house: House, client: Client) -> None:
    ticket = missed(house, "Ann", hours=3)
    log_call(ticket, "message_left", by=house.rita)
    assert get(house, house.rita) == []
    monas = missed(house, "Mona’s", hours=4, member=house.mona)
    client.force_login(house.rita.user)
    url = f"/{house.tenant.slug}/messages/calls/log/"
    for key in (str(monas.number), "x", "9" * 30):
        assert client.post(url, {"source": "missed", "key": key, "outcome": "reached"}).status_code == 404
    for source, outcome in (("other", "reached"), ("missed", "sent")):
        refused = client.post(url, {"source": source, "key": "1", "outcome": outcome}, follow=True)
        assert "Choose an outcome." in refused.content.decode()


def test_the_list_asks_no_more_for_more(house: House) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as made:
            get(house, house.rita)
        return len(made)

    def add(hours: int) -> None:
        missed(house, f"Ann {hours}", hours=hours)
        wanted(house, hours=hours)
        planned(house, hours=hours)

    add(1)
    asked()
    few = asked()
    for hours in range(2, 6):
        add(hours)
    assert asked() == few
