"""Twilio, MessageBird, Bird and Meta: sending to a peer on loopback, their signatures, what their requests hold."""

import base64
import hashlib
import hmac
import json
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

import jwt
import pytest

from comms.channels.interface import (
    Outgoing,
    OutgoingFile,
    Permanent,
    Provider,
    RawRequest,
    ReceivedCall,
    ReceivedFile,
    ReceivedText,
    Report,
    Transient,
    Unknown,
    Unreadable,
)
from comms.channels.providers import bird, messagebird, meta_whatsapp, twilio
from comms.models import Channel
from crm.kernel import clock
from tests.comms.http_peer import Peer, http_peer

NUMBER, THEIRS = "+18135550100", "+18135550199"
TEXT = Outgoing(key="7d0c", medium="sms", to=THEIRS, text="On our way", callback_url="https://x.example/hooks/1")
WHATSAPP = Outgoing(key="7d0d", medium="whatsapp", to=THEIRS, text="On our way")
TEMPLATE = Outgoing(
    key="7d0e", medium="whatsapp", to=THEIRS, template="quote_ready", language="en", values=("Deborah", "W-1")
)
SECRETS = {
    "twilio": {"auth_token": "12345"},
    "messagebird": {"access_key": "live_1", "signing_key": "PlLrKaqvZNRR5zAjm42ZT6q1SQxgbbGd"},
    "bird": {"access_key": "live_2", "signing_key": "k3y"},
    "meta_whatsapp": {"access_token": "EAAB", "app_secret": "s3cret", "verify_token": "mine"},
}
SETTINGS = {
    "twilio": {"account_sid": "AC1"},
    "messagebird": {"channel_id": "ch", "namespace": "ns"},
    "bird": {"workspace_id": "ws", "channel_id": "ch"},
    "meta_whatsapp": {"phone_number_id": "106540352242922"},
}
PROVIDERS: dict[str, Provider] = {
    each.key: each for each in (twilio.Twilio(), messagebird.MessageBird(), bird.Bird(), meta_whatsapp.MetaWhatsApp())
}


def channel(key: str, **secrets: str) -> Channel:
    made = Channel(provider=key, address=NUMBER, settings=SETTINGS[key])
    made.seal(SECRETS[key] | secrets)
    return made


@pytest.fixture(scope="module")
def server() -> Iterator[Peer]:
    with http_peer() as peer:
        yield peer


@pytest.fixture(autouse=True)
def here(server: Peer, monkeypatch: pytest.MonkeyPatch) -> None:
    server.asked.clear()
    for module, name in [(twilio, "API"), (bird, "API"), (meta_whatsapp, "API")]:
        monkeypatch.setattr(module, name, server.origin)
    monkeypatch.setattr(messagebird, "REST", server.origin)
    monkeypatch.setattr(messagebird, "CONVERSATIONS", server.origin)


TAKEN = {
    "twilio": {"sid": "SM1", "num_segments": "2", "price": "-0.0158", "price_unit": "USD"},
    "messagebird": {
        "id": "mb1",
        "recipients": {"items": [{"messagePartCount": 1, "price": {"amount": 0.07, "currency": "EUR"}}]},
    },
    "bird": {"id": "b1"},
    "meta_whatsapp": {"messages": [{"id": "wamid.1"}]},
}


@pytest.mark.parametrize("key", PROVIDERS)
def test_a_message_that_is_taken_has_their_id(server: Peer, key: str) -> None:
    server.will(201, TAKEN[key])
    receipt = PROVIDERS[key].send(channel(key), WHATSAPP if key == "meta_whatsapp" else TEXT)
    assert receipt.provider_id in {"SM1", "mb1", "b1", "wamid.1"}
    assert b"On our way" in server.asked[-1].body.replace(b"+", b" ")
    assert THEIRS.lstrip("+").encode() in server.asked[-1].body


def test_what_a_text_cost_and_how_many_parts_it_had(server: Peer) -> None:
    server.will(201, TAKEN["twilio"])
    receipt = PROVIDERS["twilio"].send(channel("twilio"), TEXT)
    assert (receipt.segments, receipt.cost, receipt.currency) == (2, 2, "USD")
    server.will(201, TAKEN["messagebird"])
    receipt = PROVIDERS["messagebird"].send(channel("messagebird"), TEXT)
    assert (receipt.segments, receipt.cost, receipt.currency) == (1, 7, "EUR")


@pytest.mark.parametrize("key", PROVIDERS)
@pytest.mark.parametrize(
    ("status", "meaning"), [(429, Transient), (500, Transient), (503, Transient), (502, Unknown), (401, Permanent)]
)
def test_a_refusal_means_the_same_whoever_says_it(
    server: Peer, key: str, status: int, meaning: type[Exception]
) -> None:
    server.will(status, {})
    with pytest.raises(meaning):
        PROVIDERS[key].send(channel(key), WHATSAPP if key == "meta_whatsapp" else TEXT)


@pytest.mark.parametrize("key", PROVIDERS)
@pytest.mark.parametrize("garbage", [b"", b"<html>", b"[]", b"null", b"{"])
def test_an_answer_that_makes_no_sense_is_unknown(server: Peer, key: str, garbage: bytes) -> None:
    server.will(200, garbage)
    with pytest.raises(Unknown):
        PROVIDERS[key].send(channel(key), WHATSAPP if key == "meta_whatsapp" else TEXT)


@pytest.mark.parametrize("key", PROVIDERS)
def test_a_connection_that_ends_is_unknown(server: Peer, key: str) -> None:
    server.will_hang_up()
    with pytest.raises(Unknown):
        PROVIDERS[key].send(channel(key), WHATSAPP if key == "meta_whatsapp" else TEXT)


@pytest.mark.parametrize("key", PROVIDERS)
def test_without_its_secrets_it_says_which_is_missing(key: str) -> None:
    bare = Channel(provider=key, address=NUMBER, settings=SETTINGS[key])
    with pytest.raises(Permanent, match="missing"):
        PROVIDERS[key].send(bare, WHATSAPP if key == "meta_whatsapp" else TEXT)


@pytest.mark.parametrize(
    ("key", "status", "body", "suppress"),
    [
        ("twilio", 400, {"code": 21610, "message": "Attempt to send to unsubscribed recipient"}, "stop"),
        ("twilio", 400, {"code": 21614, "message": "not a mobile number"}, "unreachable"),
        ("meta_whatsapp", 400, {"error": {"code": 131050, "message": "opted out"}}, "stop"),
        ("meta_whatsapp", 400, {"error": {"code": 131026, "message": "undeliverable"}}, "unreachable"),
        ("meta_whatsapp", 400, {"error": {"code": 131047, "message": "Re-engagement message"}}, ""),
    ],
)
def test_a_refusal_that_is_about_the_address(
    server: Peer, key: str, status: int, body: dict[str, Any], suppress: str
) -> None:
    server.will(status, body)
    with pytest.raises(Permanent) as refused:
        PROVIDERS[key].send(channel(key), WHATSAPP if key == "meta_whatsapp" else TEXT)
    assert refused.value.suppress == suppress


def test_meta_says_by_code_that_it_is_too_much(server: Peer) -> None:
    server.will(400, {"error": {"code": 131056, "message": "pair rate limit"}})
    with pytest.raises(Transient):
        PROVIDERS["meta_whatsapp"].send(channel("meta_whatsapp"), WHATSAPP)


@pytest.mark.parametrize("key", ["twilio", "messagebird", "meta_whatsapp"])
def test_a_template_goes_out_by_name_with_its_values(server: Peer, key: str) -> None:
    server.will(201, TAKEN[key])
    PROVIDERS[key].send(channel(key), TEMPLATE)
    body = server.asked[-1].body
    assert b"quote_ready" in body
    assert b"Deborah" in body
    assert b"W-1" in body


def test_whatsapp_takes_one_file_a_message(server: Peer) -> None:
    server.will(201, TAKEN["meta_whatsapp"])
    file = OutgoingFile("roof.jpg", "image/jpeg", b"", url="https://x.example/roof.jpg")
    PROVIDERS["meta_whatsapp"].send(
        channel("meta_whatsapp"), Outgoing("k", "whatsapp", THEIRS, text="A", files=(file,))
    )
    assert server.asked[-1].json["image"] == {"link": file.url, "caption": "A"}
    with pytest.raises(Permanent, match="one file"):
        PROVIDERS["meta_whatsapp"].send(channel("meta_whatsapp"), Outgoing("k", "whatsapp", THEIRS, files=(file, file)))


def test_asking_whether_the_settings_work_sends_nothing(server: Peer) -> None:
    server.will(
        200, {"friendly_name": "Suncoast", "status": "active", "name": "Suncoast", "amount": 12, "type": "euros"}
    )
    for key, provider in PROVIDERS.items():
        assert provider.test(channel(key))
    assert {asked.method for asked in server.asked} == {"GET"}
    server.will(401, {"message": "Authenticate"})
    for key, provider in PROVIDERS.items():
        with pytest.raises(Permanent, match="Authenticate"):
            provider.test(channel(key))


# --- signatures ---


def request(body: bytes = b"", *, url: str = "https://x.example/hooks/1", kind: str = "", **headers: str) -> RawRequest:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return RawRequest("POST", url, url.partition("?")[2], {"Content-Type": kind, **named}, body)


FORM = "application/x-www-form-urlencoded"


def test_twilios_documented_signature() -> None:
    """https://www.twilio.com/docs/usage/security: the example with the token 12345."""
    url = "https://mycompany.com/myapp.php?foo=1&bar=2"
    fields = {"CallSid": "CA1234567890ABCDE", "Caller": "+14158675309", "Digits": "1234", "From": "+14158675309"}
    body = urlencode(fields | {"To": "+18005551212"}).encode()
    signed = "RSOYDt4T1cUTdK1PDd93/VVr8B8="
    provider = PROVIDERS["twilio"]
    assert provider.verify(channel("twilio"), request(body, url=url, kind=FORM, X_Twilio_Signature=signed))
    for forged in [
        request(body + b"&x=1", url=url, kind=FORM, X_Twilio_Signature=signed),
        request(body, url=url + "3", kind=FORM, X_Twilio_Signature=signed),
        request(body, url=url, kind=FORM, X_Twilio_Signature=signed[:-2] + "9="),
        request(body, url=url, kind=FORM, X_Twilio_Signature="é"),
        request(body, url=url, kind=FORM),
    ]:
        assert not provider.verify(channel("twilio"), forged)
    assert not provider.verify(channel("twilio", auth_token=""), request(body, url=url, kind=FORM))


def test_metas_signature_and_its_check_of_the_address() -> None:
    provider, body = PROVIDERS["meta_whatsapp"], b'{"entry": []}'
    signed = "sha256=" + hmac.new(b"s3cret", body, hashlib.sha256).hexdigest()
    assert provider.verify(channel("meta_whatsapp"), request(body, X_Hub_Signature_256=signed))
    assert not provider.verify(channel("meta_whatsapp"), request(body + b" ", X_Hub_Signature_256=signed))
    assert not provider.verify(channel("meta_whatsapp"), request(body))
    asked = "https://x.example/hooks/1?hub.mode=subscribe&hub.verify_token=mine&hub.challenge=1158201444"
    assert provider.challenge(channel("meta_whatsapp"), request(url=asked)) == "1158201444"
    assert provider.challenge(channel("meta_whatsapp"), request(url=asked.replace("mine", "yours"))) is None


def test_messagebirds_signed_token_covers_address_and_body() -> None:
    provider, body, url = PROVIDERS["messagebird"], b"originator=31612345678", "https://x.example/hooks/1"
    now = int(clock.now().timestamp())
    claims = {
        "iss": "MessageBird",
        "nbf": now - 1,
        "exp": now + 60,
        "jti": "e92eb5f0",
        "url_hash": hashlib.sha256(url.encode()).hexdigest(),
        "payload_hash": hashlib.sha256(body).hexdigest(),
    }

    def holds(changed: dict[str, Any], key: str = SECRETS["messagebird"]["signing_key"], sent: bytes = body) -> bool:
        token = jwt.encode(claims | changed, key, algorithm="HS256")
        return provider.verify(channel("messagebird"), request(sent, MessageBird_Signature_JWT=token))

    assert holds({})
    assert not holds({}, sent=b"originator=31600000000")
    assert not holds({}, key="x" * 32)
    assert not holds({"iss": "Somebody"})
    assert not holds({"exp": now - 3600})
    assert not holds({"url_hash": "0" * 64})
    unsigned = jwt.encode(claims, "", algorithm="none")
    assert not provider.verify(channel("messagebird"), request(body, MessageBird_Signature_JWT=unsigned))


@pytest.mark.parametrize("key", ["messagebird", "bird"])
def test_birds_signature_over_time_address_and_body(key: str) -> None:
    provider, body, url = PROVIDERS[key], b'{"event": "x"}', "https://x.example/hooks/1"
    time = str(int(clock.now().timestamp()))
    middle = "" if key == "messagebird" else url
    signed = b"\n".join([time.encode(), middle.encode(), hashlib.sha256(body).digest()])
    mac = base64.b64encode(hmac.new(SECRETS[key]["signing_key"].encode(), signed, hashlib.sha256).digest()).decode()
    headers = {"MessageBird_Signature": mac, "MessageBird_Request_Timestamp": time}
    assert provider.verify(channel(key), request(body, **headers))
    assert not provider.verify(channel(key), request(body + b" ", **headers))
    assert not provider.verify(channel(key), request(body, **headers | {"MessageBird_Request_Timestamp": "1"}))
    assert not provider.verify(channel(key), request(body, **headers | {"MessageBird_Signature": "not base64!"}))


# --- what requests hold ---


def read(key: str, body: dict[str, Any], *, form: bool = False) -> list[Any]:
    content = urlencode(body).encode() if form else json.dumps(body).encode()
    return [*PROVIDERS[key].read(channel(key), request(content, kind=FORM if form else "application/json"))]


def test_twilios_text_with_a_photo() -> None:
    body = {
        "MessageSid": "MM1",
        "SmsStatus": "received",
        "From": f"whatsapp:{THEIRS}",
        "To": f"whatsapp:{NUMBER}",
        "Body": "Look ✓",
        "NumMedia": "1",
        "MediaUrl0": "https://api.twilio.com/m/ME1",
        "MediaContentType0": "image/jpeg",
        "ProfileName": "Deborah",
    }
    [text] = read("twilio", body, form=True)
    assert isinstance(text, ReceivedText)
    assert (text.medium, text.sender, text.to, text.text) == ("whatsapp", THEIRS, NUMBER, "Look ✓")
    assert text.files == (ReceivedFile("1", "image/jpeg", url="https://api.twilio.com/m/ME1"),)


@pytest.mark.parametrize(
    ("status", "code", "kind", "permanent"),
    [
        ("delivered", "", "delivered", False),
        ("undelivered", "30003", "failed", True),
        ("failed", "21610", "unsubscribed", True),
        ("read", "", "opened", False),
    ],
)
def test_twilios_report(status: str, code: str, kind: str, permanent: bool) -> None:
    [report] = read("twilio", {"MessageSid": "SM1", "MessageStatus": status, "ErrorCode": code}, form=True)
    assert isinstance(report, Report)
    assert (report.provider_id, report.kind, report.is_permanent) == ("SM1", kind, permanent)
    assert read("twilio", {"MessageSid": "SM1", "MessageStatus": "queued"}, form=True) == []


def test_twilios_calls() -> None:
    body = {"CallSid": "CA1", "From": THEIRS, "To": NUMBER, "Direction": "inbound"}
    [taken] = read("twilio", body | {"CallStatus": "completed", "CallDuration": "65"}, form=True)
    assert isinstance(taken, ReceivedCall)
    assert (taken.is_answered, taken.duration, taken.is_over, taken.is_outgoing) == (True, 65, True, False)
    [missed] = read("twilio", body | {"CallStatus": "no-answer", "CallDuration": "0"}, form=True)
    assert (missed.is_answered, missed.is_over) == (False, True)
    [rings] = read("twilio", body | {"CallStatus": "ringing"}, form=True)
    assert not rings.is_over


def meta(value: dict[str, Any]) -> dict[str, Any]:
    number = {"display_phone_number": NUMBER.lstrip("+"), "phone_number_id": "106540352242922"}
    return {"entry": [{"changes": [{"field": "messages", "value": {"metadata": number} | value}]}]}


@pytest.mark.parametrize(
    ("kind", "content", "words"),
    [
        ("text", {"body": "Hello"}, "Hello"),
        ("button", {"text": "Yes", "payload": "yes"}, "Yes"),
        ("interactive", {"type": "button_reply", "button_reply": {"id": "1", "title": "Tuesday"}}, "Tuesday"),
        ("location", {"latitude": 27.9, "longitude": -82.5, "name": "Home"}, "📍 Home, 27.9, -82.5"),
        ("reaction", {"message_id": "wamid.0", "emoji": "👍"}, "👍"),
        ("image", {"id": "9", "mime_type": "image/jpeg", "caption": "The leak"}, "The leak"),
        ("unsupported", {}, "[unsupported]"),
    ],
)
def test_metas_messages(kind: str, content: dict[str, Any], words: str) -> None:
    message = {"id": "wamid.1", "from": THEIRS.lstrip("+"), "timestamp": "1763800000", "type": kind, kind: content}
    contact = {"wa_id": THEIRS.lstrip("+"), "profile": {"name": "Deborah"}}
    [text] = read("meta_whatsapp", meta({"messages": [message], "contacts": [contact]}))
    assert (text.sender, text.to, text.text, text.sender_name) == (THEIRS, NUMBER, words, "Deborah")
    assert text.at == datetime.fromtimestamp(1763800000, UTC)
    assert [file.url for file in text.files] == (["9"] if kind == "image" else [])


def test_metas_reports_and_those_of_another_number() -> None:
    failed = {
        "id": "wamid.1",
        "status": "failed",
        "recipient_id": "1",
        "errors": [{"code": 131026, "title": "Not sent"}],
    }
    [report] = read("meta_whatsapp", meta({"statuses": [failed]}))
    assert (report.kind, report.is_permanent, report.code, report.detail) == ("failed", True, "131026", "Not sent")
    assert read("meta_whatsapp", meta({"statuses": [failed], "metadata": {"phone_number_id": "7"}})) == []


def test_messagebirds_text_and_conversation() -> None:
    [text] = read(
        "messagebird", {"id": "1", "originator": "31612345678", "recipient": "31097", "body": "Ja"}, form=True
    )
    assert (text.medium, text.sender, text.text) == ("sms", "+31612345678", "Ja")
    message = {"id": "c1", "direction": "received", "platform": "whatsapp", "type": "text", "content": {"text": "Ja"}}
    said = {"type": "message.created", "contact": {"msisdn": 31612345678, "displayName": "Jan"}, "message": message}
    [written] = read("messagebird", said)
    assert (written.medium, written.sender, written.text, written.sender_name) == (
        "whatsapp",
        "+31612345678",
        "Ja",
        "Jan",
    )
    [report] = read("messagebird", {"id": "1", "status": "delivery_failed", "statusErrorCode": "1"}, form=True)
    assert (report.kind, report.is_permanent) == ("failed", True)


def test_birds_text() -> None:
    payload = {
        "id": "b1",
        "platform": "sms-messagebird",
        "sender": {"contact": {"identifierValue": THEIRS}},
        "receiver": {"connector": {"identifierValue": NUMBER}},
        "body": {"type": "text", "text": {"text": "Hi"}},
    }
    [text] = read("bird", {"service": "channels", "event": "sms.inbound", "payload": payload})
    assert (text.medium, text.sender, text.to, text.text) == ("sms", THEIRS, NUMBER, "Hi")


ODD: list[Any] = [
    b"",
    b"[]",
    b"null",
    b"\xff\xfe",
    b"{" * 100_000,
    b'{"entry": 7}',
    b'{"entry": [{"changes": [7, {"value": []}]}]}',
]


@pytest.mark.parametrize("key", PROVIDERS)
@pytest.mark.parametrize("kind", [FORM, "application/json", "text/plain"])
@pytest.mark.parametrize("body", ODD, ids=range(len(ODD)))
def test_a_request_that_makes_no_sense_is_unreadable_at_worst(key: str, kind: str, body: bytes) -> None:
    with suppress(Unreadable):
        PROVIDERS[key].read(channel(key), request(body, kind=kind))
