"""Calls are on tickets: logged by hand, missed, taken."""

from comms.channels.interface import ReceivedCall
from comms.inbound import arrival
from comms.inbound.calls import receive_call
from comms.library.packs.shape import Entry as Pack
from comms.library.seeding import create_library
from comms.models import Channel, Inbound, Message
from tests.tickets.matching.conftest import Office
from tickets.matching.calls import place_logged
from tickets.matching.subscribers import place_received
from tickets.models import Entry, Status, Ticket


def ring(office: Office, number: Channel, **told: object) -> Entry | None:
    call = {"sender": "+18135550142", "to": number.address, "provider_id": f"c{Message.objects.count()}"}
    stored = arrival.keep(f"{call}".encode(), kind=Inbound.Kind.WEBHOOK, channel=number, provider="test")[0]
    message = receive_call(ReceivedCall(**call | told), stored).message  # type: ignore[arg-type]
    place_received(office.events("message.received"))
    found: Entry | None = Entry.objects.select_related("ticket").filter(message=message).first()
    return found


def test_a_logged_call_is_on_the_ticket_once_with_its_outcome_and_reached_answers(
    office: Office, begun: Ticket
) -> None:
    for outcome, status in (("no_answer", Status.NEW), ("reached", Status.PENDING)):
        office.house.job.contact("call", outcome, by=office.house.rita, note="She asks for a date")
        for _again in range(2):
            place_logged(office.events("job.contacted"))
        begun.refresh_from_db()
        assert begun.status == status
    calls = Entry.objects.filter(message__medium="call").order_by("pk").select_related("message")
    assert [call.evidence["call"] for call in calls] == ["no_answer", "reached"]
    assert calls[0].message.text == "She asks for a date"


def test_a_missed_call_is_texted_back_once_a_day_where_the_template_is_there(office: Office) -> None:
    number = office.open("+18135550199", medium="call")
    ring(office, number)
    assert not Message.objects.filter(direction="out").exists()
    entry = Pack("missed_call", "own", "transactional", "Missed call", sms="Sorry we missed you, {{ brand.name }}.")
    create_library(["en"], {"en": [entry]})
    for _twice in range(2):
        missed = ring(office, number)
    text = Message.objects.get(direction="out")
    assert missed
    assert (text.medium, text.channel, text.address) == ("sms", office.number, "+18135550142")
    assert (text.author, Entry.objects.get(message=text).ticket) == (None, missed.ticket)
    missed.ticket.refresh_from_db()
    assert missed.ticket.waiting_since is not None


def test_a_missed_call_waits_and_one_that_was_taken_answers(office: Office) -> None:
    number = office.open("+18135550199", medium="call")
    missed = ring(office, number)
    assert missed
    missed.ticket.refresh_from_db()
    assert (missed.ticket.unread_count, missed.ticket.source_medium) == (1, "call")
    missed.ticket.member = office.house.rita
    missed.ticket.save(update_fields=["member"])
    taken = ring(office, number, is_answered=True, duration=90)
    assert taken
    missed.ticket.refresh_from_db()
    assert (taken.ticket, missed.ticket.waiting_since) == (missed.ticket, None)
