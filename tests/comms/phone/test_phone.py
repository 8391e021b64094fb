"""Playing the customer: what is written goes through the real doors, and only where a demo runs."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from comms.channels.difficulty import their_time
from comms.gate.candidate import SendCandidate
from comms.gate.judgement import preview
from comms.models import Channel, Inbound, Message
from comms.outbox import send as sending
from crm.jobs.models import Job
from crm.platform.tenancy.context import use_tenant
from crm.platform.work import due
from demo.channels import create_channels
from tests.cast import HOUSE, Cast
from tests.web.test_people_pages import words

PHONE = f"/demo/phone/{HOUSE}/"


@pytest.fixture
def house(cast: Cast, settings: Any) -> Iterator[Any]:
    settings.DEMO = True
    with use_tenant(cast.house.tenant):
        brand = cast.house.job.brand
        brand.email, brand.phone = "hello@suncoast.example", "+18135550100"
        brand.save()
        create_channels()
        yield cast.house


def who(house: Any) -> dict[str, str]:
    return {"who": str(house.cora.uid)}


def test_it_is_nowhere_but_in_a_demo(client: Client, cast: Cast, settings: Any) -> None:
    settings.DEBUG, settings.DEMO = False, False
    for address in (PHONE, f"{PHONE}mail/{cast.house.cora.uid}/", f"{PHONE}mail/{cast.house.cora.uid}/source/"):
        assert client.get(address).status_code == 404
    for act in ("text", "call", "mail"):
        assert client.post(f"{PHONE}{act}/", {"text": "Hi"}).status_code == 404


def test_a_text_with_a_picture_reaches_the_lead(client: Client, house: Any) -> None:
    photo = SimpleUploadedFile("roof.jpg", b"\xff\xd8\xff\xe0" + b"x" * 100, "image/jpeg")
    sent = {**who(house), "app": "whatsapp", "text": "Look at this", "files": photo}
    assert client.post(f"{PHONE}text/", sent).status_code == 302
    due.run_due_work()
    message = Message.objects.get()
    assert (message.medium, message.text, message.person_id, message.job_id) == (
        "whatsapp",
        "Look at this",
        house.cora.pk,
        house.job.pk,
    )
    assert Job.objects.get(pk=house.job.pk).unread_count == 1
    page = words(client.get(PHONE, who(house) | {"app": "whatsapp"}))
    assert "Look at this" in page
    assert f"#{house.job.number}" in page


def test_a_call_nobody_takes_waits_for_us(client: Client, house: Any) -> None:
    client.post(f"{PHONE}call/", {**who(house), "seconds": "0"})
    due.run_due_work()
    assert Message.objects.get().duration == 0
    assert "You rang, nobody answered" in words(client.get(PHONE, who(house)))


def test_a_mail_is_seen_as_it_left_and_its_answer_finds_the_way_back(client: Client, house: Any) -> None:
    channel = Channel.objects.get(address="hello@suncoast.example")
    fields = {"person": house.cora, "job": house.job, "subject": "Your roof", "text": "Hi Cora"}
    fields |= {"html": "<p>Hi <b>Cora</b><script>alert(1)</script></p>", "purpose": "service"}
    address = house.cora.contact_points.get(kind="email").value
    message = Message.queue(channel=channel, address=address, by=house.rita, **fields)
    sending.send(house.tenant.pk, message.pk)
    page = words(client.get(PHONE, who(house)))
    assert "Your roof" in page
    paper = client.get(f"{PHONE}mail/{message.uid}/", who(house))
    assert "<b>Cora</b>" in words(paper)
    assert "script-src" not in paper["Content-Security-Policy"]
    assert paper["Content-Security-Policy"].startswith("sandbox")
    assert b"Message-ID:" in client.get(f"{PHONE}mail/{message.uid}/source/", who(house)).content
    client.post(f"{PHONE}mail/", {**who(house), "text": "Thank you", "answers": str(message.uid)})
    due.run_due_work()
    answer = Message.objects.get(direction="in")
    assert (answer.subject, answer.text.strip(), answer.job_id) == ("Re: Your roof", "Thank you", house.job.pk)
    assert answer.in_reply_to == message.message_id
    assert "Hi Cora" in answer.folded_text


def test_a_stranger_has_a_number_nobody_has(client: Client, house: Any) -> None:
    client.post(f"{PHONE}text/", {"who": "stranger-4711", "text": "Do you do gutters?"})
    due.run_due_work()
    message = Message.objects.get()
    assert message.address == "+18135554711"
    assert message.job_id is None


def test_what_comes_twice_and_backwards_counts_once(client: Client, house: Any) -> None:
    client.post(f"{PHONE}difficult/", {**who(house), "network": "landline", "arrival": "twice"})
    assert "Make it difficult" in words(client.get(PHONE, who(house)))
    client.post(f"{PHONE}text/", {**who(house), "text": "Hello"})
    client.post(f"{PHONE}mail/", {**who(house), "subject": "Roof", "text": "Hello again"})
    due.run_due_work()
    assert sorted(Message.objects.filter(automatic="").values_list("text", flat=True)) == ["Hello", "Hello again"]
    assert Inbound.objects.filter(state="read").count() == 4
    client.post(f"{PHONE}difficult/", {**who(house), "network": "nonsense", "arrival": "backwards"})
    channel = Channel.objects.get(address="hello@suncoast.example")
    assert (channel.settings["network"], channel.settings["arrival"]) == ("", "backwards")
    fields = {"person": house.cora, "job": house.job, "subject": "Your roof", "text": "Hi Cora", "purpose": "service"}
    address = house.cora.contact_points.get(kind="email").value
    message = Message.queue(channel=channel, address=address, by=house.rita, **fields)
    sending.send(house.tenant.pk, message.pk)
    client.post(f"{PHONE}report/{message.uid}/", {**who(house), "kind": "opened"})
    due.run_due_work()
    message.refresh_from_db()
    assert (message.state, message.delivery, message.reports.count()) == ("sent", "opened", 3)


def test_the_played_customers_clock_is_the_one_the_gate_reads(client: Client, house: Any) -> None:
    channel = Channel.objects.get(medium="whatsapp")
    noon = datetime(2026, 5, 12, 16, 0, tzinfo=UTC)
    number = house.cora.contact_points.get(kind="phone").value
    asked = SendCandidate(
        "whatsapp", number, channel.brand_id, channel, person_id=house.cora.pk, author_id=house.rita.pk
    )
    said = {"direction": "in", "channel": channel, "medium": "whatsapp", "brand": channel.brand, "address": number}
    Message.objects.create(**said, text="Hello", state="received", at=noon, person=house.cora)
    for set_to, reason in (("", ""), ("tonight", ""), ("later", "window_shut"), ("yesterday", "")):
        client.post(f"{PHONE}difficult/", {**who(house), "clock": set_to})
        channel.refresh_from_db()
        assert preview(replace(asked, channel=channel), noon).reason == reason, set_to
    zone, shifted = "America/New_York", channel.settings | {"clock": "tonight"}
    late = their_time(Channel(provider="embedded", settings=shifted), zone, noon)
    assert (late, late.astimezone(ZoneInfo(zone)).time()) == (datetime(2026, 5, 13, 1, 30, tzinfo=UTC), time(21, 30))
    assert their_time(Channel(provider="twilio", settings=shifted), zone, noon) == noon


@pytest.mark.parametrize("key", ["", "nobody", "stranger-", "stranger-12x4", "0" * 500, "\x00"])
def test_an_odd_key_plays_somebody_who_is_there(client: Client, house: Any, key: str) -> None:
    assert client.get(PHONE, {"who": key}).status_code == 200
    assert client.post(f"{PHONE}text/", {"who": key, "text": ""}).status_code == 302
    assert not Message.objects.exists()


def test_nobody_of_another_organization_can_be_played(client: Client, house: Any, cast: Cast) -> None:
    page = words(client.get(PHONE, {"who": str(cast.other.cora.uid)}))
    assert f"cora@{cast.other.tenant.slug}" not in page
