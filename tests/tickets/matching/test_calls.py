"""Calls are on tickets: logged by hand, missed, taken."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from comms.channels.interface import ReceivedCall
from comms.channels.registry import provider_of
from comms.inbound import inbound_storage, retention
from comms.inbound.messaging.calls import receive_call
from comms.library.packs.pack_entries import PackEntry as Pack
from comms.library.seeding import create_library
from comms.models import Channel, Inbound, Message, Recording
from comms.recordings.fetch import fetch
from crm.kernel import clock
from tests.tickets.matching.conftest import Office
from tickets.calls.logged import place_logged
from tickets.matching.subscribers import place_received
from tickets.models import Entry, Status, Ticket


def ring(office: Office, number: Channel, **told: object) -> Entry | None:
    call = {"sender": "+18135550142", "to": number.address, "provider_id": f"c{Message.objects.count()}"}
    stored = inbound_storage.keep(f"{call}".encode(), kind=Inbound.Kind.WEBHOOK, channel=number, provider="test")[0]
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


def test_a_recording_is_ours_to_few_each_time_on_record_and_goes_after_its_days(
    office: Office, client: Client, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    settings.DEMO = True
    number, wave = office.open("+18135550199", medium="call"), b"RIFF\0\0\0\0WAVEfmt said"
    monkeypatch.setattr(type(provider_of(number)), "fetch", lambda self, channel, file: wave)
    told = {"is_answered": True, "duration": 60, "recording_url": "https://voice.example/secret"}
    entries = [ring(office, number, **told), ring(office, number, **told)]
    kept, held = list(Recording.objects.order_by("pk"))
    for row in (kept, held, held):
        fetch(office.house.tenant.pk, row.pk)
    kept.refresh_from_db()
    held.refresh_from_db()
    slug = office.house.tenant.slug
    url = f"/{slug}/messages/recordings/{kept.uid}/"
    client.force_login(office.house.rita.user)
    assert client.get(url).status_code == 404
    assert url not in client.get(f"/{slug}/messages/{kept.message.uid}/").content.decode()
    client.force_login(office.house.mona.user)
    ticket = entries[0] and entries[0].ticket
    assert ticket
    for page in (f"/{slug}/messages/{kept.message.uid}/", f"/{slug}/tickets/{ticket.number}/"):
        shown = client.get(page).content.decode()
        assert url in shown
        assert "voice.example" not in shown
    for _twice in range(2):
        heard = client.get(url)
        assert (b"".join(heard), heard["Content-Type"]) == (wave, "audio/wav")
    assert [event.actor for event in office.events("message.listened")] == [office.house.mona] * 2
    other = Ticket.begin(brand=ticket.brand, by=None)
    Entry.objects.filter(message=held.message).update(ticket=other)
    other.place_legal_hold("claim 17", by=office.house.mona)
    client.force_login(office.house.ada.user)
    policy = f"/{slug}/messages/recordings/"
    assert client.post(f"{policy}set/", {"keep_days": "0"}).status_code == 422
    assert client.post(f"{policy}set/", {"keep_days": "30"}).status_code == 302
    with clock.at(clock.now() + timedelta(days=31)):
        retention.forget([])
    for row in (kept, held):
        row.refresh_from_db()
    assert (kept.url, kept.file.path, bool(kept.removed_at)) == ("", "", True)
    assert (held.url, bool(held.file.path), held.removed_at) == (told["recording_url"], True, None)
    assert client.get(url).status_code == 404
