"""Mails of one thread are on one ticket in whatever order they are read, where nobody has begun to work on one."""

from typing import Any

import pytest

from tests.cast import House
from tests.comms.inbound.mails import CORA
from tests.tickets.matching.conftest import Office
from tickets.matching.explanation import possible_reply, why_here
from tickets.matching.possible import confirm_match
from tickets.matching.subscribers import place_received
from tickets.merging.merge import take_back
from tickets.models import Entry, EntryMove, Ticket

NED = "Ned Neighbour <ned@neighbour.example>"


def mail(office: Office, number: int, *before: int, answers: int | None = None, **more: Any) -> Entry:
    """Have a mail arrive that answers the last of those before it."""
    named = {"References": " ".join(f"<{each}@home.example>" for each in before)} if before else {}
    nearest = before[-1] if before and answers is None else answers
    if nearest is not None:
        named["In_Reply_To"] = f"<{nearest}@home.example>"
    usual = {"Message_ID": f"<{number}@home.example>", "Subject": "Re: My roof" if before else "My roof"}
    entry = office.mail(f"Number {number}", **usual | named | more)
    assert entry
    return entry


@pytest.mark.parametrize("order", [(4, 3, 2, 1), (2, 4, 1, 3), (3, 1, 4, 2), (1, 3, 4, 2), (4, 1, 3, 2)])
def test_a_thread_is_one_ticket_in_every_order(office: Office, order: tuple[int, ...]) -> None:
    for number in order:
        # References are trimmed: each names the last two alone.
        mail(office, number, *range(max(1, number - 2), number))
    ticket = Ticket.objects.get(merged_into=None)
    assert (ticket.entries.count(), ticket.unread_count) == (4, 4)
    place_received(office.events("message.received"))
    assert Entry.objects.count() == 4


def test_of_a_batch_read_in_any_order_too(office: Office) -> None:
    for number, before in ((4, "<3@home.example>"), (3, "<2@home.example>"), (1, None), (2, "<1@home.example>")):
        sender = NED if number == 4 else CORA
        to = f"support@suncoast.example, {NED}"
        office.read(f"Number {number}", Message_ID=f"<{number}@home.example>", sender=sender, to=to, In_Reply_To=before)
    place_received(office.events("message.received"))
    assert Ticket.objects.get(merged_into=None).entries.count() == 4


def test_what_it_answers_goes_on_the_ticket_of_its_answer(office: Office, house: House) -> None:
    answer = mail(office, 2, 1)
    answer.ticket.assign_to(house.rita, by=house.rita)  # whoever has begun with it keeps it
    first = mail(office, 1)
    assert (first.ticket, first.matched_by) == (answer.ticket, "answered")
    assert why_here(first)
    # One that only refers back to it, and answers what never comes.
    other = mail(office, 13, 11, 12)
    assert mail(office, 11).ticket == other.ticket


def test_two_that_somebody_works_on_stay_two_and_it_is_asked(office: Office, house: House) -> None:
    """2 begins a ticket for want of 1, which is on another: joined where nobody has touched it, and taken back."""
    root, answer = mail(office, 0), mail(office, 2, 1)
    mail(office, 1, 0)
    assert {entry.ticket for entry in Entry.objects.all()} == {root.ticket}
    take_back(EntryMove.objects.get(), by=house.rita)
    answer.refresh_from_db()
    assert answer.ticket != root.ticket
    other = mail(office, 4, 3, Subject="Re: My porch")
    for ticket in (other.ticket, root.ticket):
        ticket.refresh_from_db()
        ticket.assign_to(house.rita, by=house.rita)
    mail(office, 3, 0, Subject="Re: My porch")
    other.refresh_from_db()
    assert other.ticket not in (root.ticket, answer.ticket)
    assert f"#{root.ticket.number}" in possible_reply(other)
    confirm_match(other, by=house.rita)
    other.refresh_from_db()
    assert other.ticket == root.ticket


def test_a_stranger_who_names_a_mail_beforehand_does_not_get_it(office: Office) -> None:
    stranger = mail(office, 2, 1, sender=NED)
    first = mail(office, 1)
    assert first.ticket != stranger.ticket
    stranger.refresh_from_db()
    assert stranger.evidence["possible"]["by"] == "unsigned_id"
    # Nor does what is about something else, by whoever it is.
    other = mail(office, 5, 4, Subject="My invoice")
    assert mail(office, 4, Subject="The garden").ticket != other.ticket


@pytest.fixture
def house(office: Office) -> House:
    return office.house
