"""What Aircall sends us of calls, and what we ask it."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from comms.channels import http
from comms.channels.interface import Permanent, RawRequest, ReceivedCall, ReceivedFile, Transient, UnreadableRequest
from comms.channels.providers import aircall
from comms.channels.webhook_address import webhook_url
from comms.inbound.inbound_processing import read_waiting
from comms.models import Channel, Inbound, Message, Recording
from crm.platform.organization.configuration import directory
from crm.platform.tenancy.context import use_tenant
from tests.cast import Cast
from tests.comms.http_peer import Peer, http_peer

NUMBER, CORA = "+18135550100", "+18135550142"
STARTED = 1_800_000_000


def event(kind: str = "call.ended", **call: Any) -> dict[str, Any]:
    usual = {
        "id": 812,
        "direction": "inbound",
        "raw_digits": "+1 813-555-0142",
        "number": {"id": 5, "digits": "+1 813-555-0100"},
        "started_at": STARTED,
        "answered_at": STARTED + 20,
        "ended_at": STARTED + 115,
        "duration": 115,
        "recording": None,
        "voicemail": None,
    }
    return {"resource": "call", "event": kind, "timestamp": STARTED, "token": "t0ken", "data": usual | call}


def request(body: Any) -> RawRequest:
    return RawRequest("POST", "https://x.example/hooks/1", "", {}, json.dumps(body).encode())


def channel(**secrets: str) -> Channel:
    made = Channel(provider="aircall", address=NUMBER, medium="call", settings={"api_id": "id"})
    made.seal({"api_token": "key", "webhook_token": "t0ken"} | secrets)
    return made


def read(body: dict[str, Any]) -> ReceivedCall:
    [call] = aircall.Aircall().read(channel(), request(body))
    assert isinstance(call, ReceivedCall)
    return call


def test_only_the_token_of_the_webhook_is_accepted() -> None:
    provider = aircall.Aircall()
    assert provider.verify(channel(), request(event()))
    for forged in (event() | {"token": "other"}, {"data": {}}, [], event() | {"token": None}):
        assert not provider.verify(channel(), request(forged))
    assert not provider.verify(channel(webhook_token=""), request(event() | {"token": ""}))
    assert not provider.verify(channel(), RawRequest("POST", "", "", {}, b"\xff{"))


def test_a_call_is_read_with_the_time_that_was_spoken() -> None:
    call = read(event())
    assert (call.sender, call.to, call.duration, call.is_answered, call.is_over) == (CORA, NUMBER, 95, True, True)
    ours = read(event(direction="outbound"))
    assert (ours.sender, ours.to, ours.is_outgoing) == (NUMBER, CORA, True)
    missed = read(event(answered_at=None))
    assert (missed.is_answered, missed.duration, missed.is_over) == (False, 0, True)
    assert not read(event("call.created", answered_at=None, ended_at=None)).is_over
    assert read(event(raw_digits="anonymous")).sender == ""


def test_a_voicemail_is_a_missed_call_with_a_recording() -> None:
    call = read(event("call.voicemail_left", answered_at=None, ended_at=None, voicemail="https://s3.example/1"))
    assert (call.is_over, call.is_answered, call.recording_url) == (True, False, f"{aircall.API}/calls/812")


def test_other_events_are_nothing_and_a_call_without_id_is_set_aside() -> None:
    provider = aircall.Aircall()
    assert provider.read(channel(), request({"event": "number.closed", "data": {"id": 1}})) == []
    for body in (event(id=None), event() | {"data": "x"}):
        with pytest.raises(UnreadableRequest):
            provider.read(channel(), request(body))


@pytest.fixture
def peer(monkeypatch: pytest.MonkeyPatch) -> Iterator[Peer]:
    with http_peer() as peer:
        monkeypatch.setattr(aircall, "API", f"{peer.origin}/v1")
        yield peer


def test_a_channel_is_tested_by_its_keys(peer: Peer) -> None:
    peer.will(200, {"ping": "pong"})
    assert "Signed in" in aircall.Aircall().test(channel())
    assert peer.asked[0].headers["Authorization"].startswith("Basic ")
    peer.will(403, {"error": "Forbidden"})
    with pytest.raises(Permanent):
        aircall.Aircall().test(channel())
    peer.will(200, b"<html>")
    with pytest.raises((Transient, Permanent)):
        aircall.Aircall().test(channel())
    with pytest.raises(Permanent, match="missing"):
        aircall.Aircall().test(channel(api_token=""))


def test_a_recording_is_asked_for_anew_as_links_expire(peer: Peer, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def download(url: str) -> bytes:
        asked.append(url)
        return b"ID3"

    monkeypatch.setattr(http, "download_public", download)
    peer.will(200, {"call": {"id": 812, "recording": "https://s3.example/new"}})
    file = ReceivedFile("recording", "", url=f"{aircall.API}/calls/812")
    assert aircall.Aircall().fetch(channel(), file) == b"ID3"
    assert asked == ["https://s3.example/new"]
    peer.will(200, {"call": {"id": 812, "recording": None}})
    with pytest.raises(Permanent):
        aircall.Aircall().fetch(channel(), file)
    peer.will(500)
    with pytest.raises(Transient):
        aircall.Aircall().fetch(channel(), file)
    with pytest.raises(Permanent, match="not at Aircall"):
        aircall.Aircall().fetch(channel(), ReceivedFile("recording", "", url="https://10.0.0.1/x"))


@pytest.fixture
def line(cast: Cast) -> Iterator[Channel]:
    with use_tenant(cast.house.tenant):
        fields: dict[str, Any] = {"brand": directory().default_brand, "medium": "call", "role": "support"}
        secrets = {"api_token": "key", "webhook_token": "t0ken"}
        made = Channel.create(by=None, provider="aircall", address=NUMBER, secrets=secrets, **fields)
        yield made


def post(line: Channel, body: Any) -> int:
    address = webhook_url(line).partition("/hooks/")[2]
    sent = Client().post(f"/hooks/{address}", json.dumps(body), content_type="application/json")
    return sent.status_code


def test_events_that_are_lost_late_or_doubled_make_one_call(cast: Cast, line: Channel) -> None:
    # The beginning was lost; the end comes twice, then what came before it.
    voicemail = event("call.answered", ended_at=None)
    for body in (event(), event(), event(recording="https://s3.example/1"), voicemail):
        assert post(line, body) == 200
    assert post(line, event() | {"token": "wrong"}) == 403
    assert Inbound.objects.count() == 3, "the same bytes are stored once"
    read_waiting(list(Inbound.objects.order_by("pk").values_list("pk", flat=True)))
    message = Message.objects.get()
    assert (message.person, message.duration, message.direction) == (cast.house.cora, 95, "in")
    assert Recording.objects.get(message=message).url == f"{aircall.API}/calls/812"
