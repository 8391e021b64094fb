"""How a ticket ends by itself, and what is not done to it afterwards (K5, RULES 3.2)."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.test import Client

from comms.inbound import retention
from comms.models import Inbound
from crm.jobs.models import Priority
from crm.kernel import clock
from crm.kernel.refusal import Refused
from crm.platform.files import stored_files
from crm.platform.models import Event
from crm.platform.work import due
from tests.cast import House
from tests.tickets.messages import message
from tickets.matching.placement import place
from tickets.models import Entry, LifePolicy, Participant, Status, Ticket

pytestmark = pytest.mark.django_db


def test_it_closes_and_is_archived_when_its_days_have_passed(ticket: Ticket, house: House) -> None:
    ticket.solve(by=house.rita)
    LifePolicy.set(reopen_days=2, close_days=3, archive_days=5, by=house.ada)
    after = clock.now()
    for days, status, archived in ((2, Status.SOLVED, False), (8, Status.CLOSED, False), (30, Status.CLOSED, True)):
        with clock.at(after + timedelta(days=days)):
            while due.tick():
                pass
        ticket.refresh_from_db()
        assert (ticket.status, bool(ticket.archived_at)) == (status, archived), days
    for act in (
        lambda: ticket.assign_to(house.sam, by=house.mona),
        lambda: ticket.prioritize(Priority.LOW, by=house.mona),
        lambda: ticket.attach(house.job, by=house.mona),
    ):
        with pytest.raises(Refused):
            act()


def test_a_reply_opens_it_again_but_thanks_and_late_ones_do_not(ticket: Ticket, house: House) -> None:
    ticket.set_person(house.cora, by=house.rita)
    assert [each.person for each in Participant.objects.filter(is_requester=True)] == [house.cora]
    ticket.reply(message("out"), by=house.rita)
    ticket.solve(by=house.rita)
    ticket.receive(message("in", text="Bedankt!"))
    assert (ticket.status, ticket.waiting_since, ticket.last_message_text) == (Status.SOLVED, None, "Bedankt!")
    assert Event.objects.of(ticket).latest("pk").data["thanks"] is True
    ticket.receive(message("in", text="It leaks again"))
    assert (ticket.status, bool(ticket.waiting_since)) == (Status.OPEN, True)
    ticket.solve(by=house.rita)
    first = message("out", person=house.cora)
    Entry.objects.add_message(ticket, first, matched_by="written")
    late = message("in", person=house.cora, at=clock.now() + timedelta(days=8), text="And once more")
    entry = place(late, first, "reply_token")
    ticket.refresh_from_db()
    assert ticket.status == Status.CLOSED
    assert entry is not None
    assert entry.ticket.continues == ticket


def test_a_legal_hold_says_why_and_keeps_raw_mail_in_rows_and_in_files(ticket: Ticket, house: House) -> None:
    old = clock.now() - timedelta(days=4000)
    held, other = (stored_files.keep(BytesIO(b"raw"), "a.eml", purpose="inbound", by=None) for _two in range(2))
    rows = [
        Inbound.objects.create(kind="mail", provider="smtp", state="read", received_at=old, digest=digest, **content)
        for digest, content in (("a", {"body": b"raw"}), ("b", {"body": b"raw"}), ("c", {"file": held}))
    ]
    for inbound in (rows[0], rows[2]):
        Entry.objects.add_message(ticket, message("in", inbound=inbound), matched_by="written")
    with pytest.raises(Refused):
        ticket.place_legal_hold(" ", by=house.mona)
    ticket.place_legal_hold("claim 17", by=house.mona)
    told = Event.objects.of(ticket).latest("pk")
    assert (told.kind, told.actor, told.data) == ("ticket.hold_placed", house.mona, {"reason": "claim 17"})
    retention.forget([])
    assert [bytes(Inbound.objects.get(pk=row.pk).body) for row in rows] == [b"raw", b"", b""]
    for days, kept in ((31, [True, False]), (33, [True, False]), (40, [False, False])):
        with clock.at(clock.now() + timedelta(days=days)):
            if days == 40:
                ticket.lift_legal_hold("settled", by=house.mona)
            stored_files.expire([held.pk, other.pk])
            for file in (held, other):
                file.refresh_from_db()
            assert [file.is_kept for file in (held, other)] == kept, days


def test_the_days_are_set_on_a_page(house: House, client: Client) -> None:
    client.force_login(house.mona.user)
    page = f"/{house.tenant.slug}/tickets/settings/end/"
    assert client.get(page).status_code == 200
    sent = {"reopen_days": "9", "close_days": "8", "archive_days": "90"}
    assert client.post(f"{page}set/", sent).status_code == 422
    assert client.post(f"{page}set/", sent | {"close_days": "14"}).status_code == 302
    assert LifePolicy.objects.get().close_days == 14
