"""Texts and calls: each once, of whom the number is, and what they mean for the lead."""

from collections.abc import Iterator
from typing import Any

import pytest

from comms.channels.interface import ReceivedCall, ReceivedFile, ReceivedText, Transient
from comms.inbound import inbound_storage, media
from comms.inbound.inbound_result import InboundResult
from comms.inbound.messaging.calls import receive_call
from comms.inbound.messaging.texts import receive_text
from comms.models import Attachment, Channel, Inbound, Message, Suppression
from crm.platform.tenancy.context import use_tenant
from tests.cast import Cast
from tests.comms.inbound.conftest import Opened, Sample

CORA = "+18135550142"


@pytest.fixture
def number(opened: Opened) -> Channel:
    return opened("+18135550100", "sms")


@pytest.fixture(autouse=True)
def inside(cast: Cast, number: Channel) -> Iterator[None]:
    with use_tenant(cast.house.tenant):
        yield


def stored(number: Channel) -> Inbound:
    body = f"{Inbound.objects.count()}".encode()
    return inbound_storage.keep(body, kind=Inbound.Kind.WEBHOOK, channel=number, provider="sample")[0]


def text(number: Channel, words: str = "It leaks", **more: Any) -> InboundResult:
    usual = {"sender": "(813) 555-0142", "to": number.address, "provider_id": "t1"}
    return receive_text(ReceivedText("sms", text=words, **usual | more), stored(number))


def test_a_text_is_its_customers_once(cast: Cast, number: Channel) -> None:
    assert [text(number).outcome, text(number).outcome] == ["ticket", "duplicate"]
    message = Message.objects.get()
    assert (message.person, message.job, message.address) == (cast.house.cora, cast.house.job, CORA)
    cast.house.job.refresh_from_db()
    assert (cast.house.job.unread_count, cast.house.job.unread_channel) == (1, "sms")


def test_an_unknown_number_is_a_person_to_be_confirmed_and_letters_are_nobody(number: Channel) -> None:
    new = text(number, sender="+18135550177", provider_id="t2").message
    assert new
    assert new.person
    assert new.person.unconfirmed_since
    letters = text(number, sender="ALERTS", provider_id="t3").message
    assert letters
    assert letters.person is None


def test_stop_is_heard_at_once(number: Channel) -> None:
    text(number, "STOP")
    assert Suppression.objects.count() == 1


@pytest.mark.parametrize(
    ("call", "waits", "channel"),
    [
        ({"is_answered": False}, True, "phone"),
        ({"is_answered": True, "duration": 61}, False, ""),
        ({"is_over": False}, None, ""),
    ],
)
def test_a_missed_call_waits_and_a_taken_one_answers(
    cast: Cast, number: Channel, call: dict[str, Any], waits: bool | None, channel: str
) -> None:
    job = cast.house.job
    if waits is False:
        job.hear("sms")
    for _ in range(2):
        receive_call(ReceivedCall(CORA, "+18135550100", "c1", **call), stored(number))
    job.refresh_from_db()
    assert (job.waiting_since is not None, job.unread_channel) == (bool(waits), channel)
    assert Message.objects.get().duration == (None if waits is None else call.get("duration", 0))


def test_a_call_of_ours_is_a_contact(cast: Cast, number: Channel) -> None:
    call = ReceivedCall("+18135550100", CORA, "c2", is_outgoing=True, is_answered=True, duration=30)
    receive_call(call, stored(number))
    assert Message.objects.get().direction == "out"
    cast.house.job.refresh_from_db()
    assert cast.house.job.touched_at is not None


def test_files_a_text_points_at_are_fetched_once_they_can_be(
    cast: Cast, number: Channel, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = ReceivedFile("roof.png", "image/png", url="https://files.example/1")
    received = ReceivedText("sms", CORA, number.address, "See", "t9", files=(file,))
    message = receive_text(received, stored(number)).message
    assert message
    monkeypatch.setattr(Sample, "read", lambda *_: [received])

    def fails(*_: object) -> bytes:
        raise Transient("not now")

    monkeypatch.setattr(Sample, "fetch", fails)
    with pytest.raises(Transient):
        media.fetch(cast.house.tenant.pk, message.pk)
    monkeypatch.setattr(Sample, "fetch", lambda *_: b"\x89PNG\r\n\x1a\n")
    for _ in range(2):
        media.fetch(cast.house.tenant.pk, message.pk)
    attachment = Attachment.objects.get()
    assert (attachment.name, attachment.media_type) == ("roof.png", "image/png")
