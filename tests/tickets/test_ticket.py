"""A ticket: how it begins, what a message of theirs and one of ours does to it."""

from datetime import timedelta

import pytest

from comms.models import Message
from crm.jobs.models import Level, Side
from crm.kernel import clock
from crm.platform.models import Event
from tests.cast import House
from tests.tickets.messages import message
from tickets.models import Status, Ticket
from tickets.models.ticket_verbs.status_change import enter_status

pytestmark = pytest.mark.django_db


def test_a_ticket_begins_new_with_our_clock_running(ticket: Ticket) -> None:
    assert (ticket.status, ticket.side, ticket.subject) == (Status.NEW, Side.US, "Leak at the chimney")
    assert ticket.due_at is not None
    assert ticket.number > 0


def test_an_answer_makes_it_their_move_and_their_answer_ours(ticket: Ticket, house: House) -> None:
    ticket.receive(message("in"))
    assert (ticket.status, ticket.unread_count, ticket.last_message_text) == (Status.NEW, 1, "Hello")
    ticket.reply(message("out"), by=house.rita)
    assert (ticket.status, ticket.side, ticket.waiting_since) == (Status.PENDING, Side.CUSTOMER, None)
    assert ticket.first_reply_at is not None
    assert ticket.past == "1:ok"
    ticket.receive(message("in"))
    assert (ticket.status, ticket.side) == (Status.OPEN, Side.US)


def test_automatic_messages_turn_nothing(ticket: Ticket, house: House) -> None:
    ticket.receive(message("in"))
    ticket.reply(message("out"), by=None)
    assert (ticket.status, ticket.first_reply_at) == (Status.NEW, None)
    assert ticket.waiting_since
    ticket.reply(message("out"), by=house.rita)
    ticket.receive(message("in", automatic="auto_reply"))
    assert ticket.status == Status.PENDING


def test_what_the_product_sends_by_itself_is_no_answer_of_ours(ticket: Ticket, house: House) -> None:
    ticket.reply(message("out"), by=None)
    assert kinds(ticket) == ["ticket.notified"]
    ticket.reply(message("out"), by=house.rita)
    assert kinds(ticket) == ["ticket.notified", "ticket.replied"]


def kinds(ticket: Ticket) -> list[str]:
    events = Event.objects.filter(subject_kind="tickets.ticket", subject_id=ticket.pk).exclude(kind="ticket.created")
    return list(events.order_by("pk").values_list("kind", flat=True))


def test_an_older_message_does_not_stand_for_the_last(ticket: Ticket) -> None:
    ticket.receive(message("in", text="Later"))
    ticket.receive(message("in", text="Earlier", at=clock.now() - timedelta(days=1)))
    assert ticket.last_message_text == "Later"
    assert ticket.waiting_since == Message.objects.get(text="Earlier").at


def test_an_ended_ticket_has_no_clock_and_a_closed_one_receives_nothing(ticket: Ticket) -> None:
    ticket.save(update_fields=enter_status(ticket, Status.SOLVED))
    assert (ticket.level, ticket.due_at) == (Level.ENDED, None)
    ticket.receive(message("in"))
    assert ticket.status == Status.OPEN
    assert ticket.solved_at is None
    ticket.save(update_fields=enter_status(ticket, Status.CLOSED))
    with pytest.raises(ValueError, match="closed"):
        ticket.receive(message("in"))
