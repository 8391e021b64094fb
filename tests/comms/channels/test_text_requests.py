"""What Twilio, MessageBird, Bird and Meta send us: their signatures, and what their requests hold."""

import base64
import hashlib
import hmac
import json
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

import jwt
import pytest

from comms.channels import payload
from comms.channels.interface import (
    ProviderReport,
    RawRequest,
    ReceivedCall,
    ReceivedFile,
    ReceivedText,
    UnreadableRequest,
)
from crm.kernel import clock
from tests.comms.channels.text_channels import NUMBER, PROVIDERS, SECRETS, THEIRS, channel

# Long ago: no signature may lean on the time of the machine.
SENT = datetime(2024, 5, 6, 15, 0, tzinfo=UTC)


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
    now = int(SENT.timestamp())
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
        with clock.at(SENT):
            return provider.verify(channel("messagebird"), request(sent, MessageBird_Signature_JWT=token))

    assert holds({})
    assert holds({"exp": now - 60, "nbf": now + 60}), "clocks differ by minutes"
    assert not holds({}, sent=b"originator=31600000000")
    assert not holds({}, key="x" * 32)
    assert not holds({"iss": "Somebody"})
    for wrong in ({"exp": now - 3600}, {"nbf": now + 3600}, {"exp": "soon"}, {"nbf": None}):
        assert not holds(wrong)
    assert not holds({"url_hash": "0" * 64})
    unsigned = jwt.encode(claims, "", algorithm="none")
    with clock.at(SENT):
        assert not provider.verify(channel("messagebird"), request(body, MessageBird_Signature_JWT=unsigned))


@pytest.mark.parametrize("key", ["messagebird", "bird"])
def test_birds_signature_over_time_address_and_body(key: str) -> None:
    provider, body, url = PROVIDERS[key], b'{"event": "x"}', "https://x.example/hooks/1"
    time = str(int(SENT.timestamp()))
    middle = "" if key == "messagebird" else url
    signed = b"\n".join([time.encode(), middle.encode(), hashlib.sha256(body).digest()])
    mac = base64.b64encode(hmac.new(SECRETS[key]["signing_key"].encode(), signed, hashlib.sha256).digest()).decode()
    headers = {"MessageBird_Signature": mac, "MessageBird_Request_Timestamp": time}
    assert not provider.verify(channel(key), request(body, **headers)), "of long ago"
    with clock.at(SENT):
        assert provider.verify(channel(key), request(body, **headers))
        assert not provider.verify(channel(key), request(body + b" ", **headers))
        assert not provider.verify(channel(key), request(body, **headers | {"MessageBird_Request_Timestamp": "1"}))
        assert not provider.verify(channel(key), request(body, **headers | {"MessageBird_Signature": "not base64!"}))


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
    assert isinstance(report, ProviderReport)
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
        ("interactive", {"list_reply": {"id": "1", "title": "Gutters", "description": "Repair"}}, "Gutters: Repair"),
        (
            "interactive",
            {
                "nfm_reply": {
                    "name": "flow",
                    "response_json": '{"flow_token": "x", "roof_age": "12", "days": ["Mo", "Tu"]}',
                }
            },
            "roof age: 12\ndays: Mo, Tu",
        ),
        (
            "order",
            {"text": "Two", "product_items": [{"product_retailer_id": "A1", "quantity": 2, "item_price": 5}]},
            "Two\n🛒 2 × A1, 5",
        ),
        ("image", {"id": "9", "mime_type": "image/jpeg", "caption": "The leak"}, "The leak"),
        ("unsupported", {"type": "poll"}, "[They sent something that we cannot show here (poll).]"),
    ],
)
def test_metas_messages(kind: str, content: dict[str, Any], words: str) -> None:
    message = {"id": "wamid.1", "from": THEIRS.lstrip("+"), "timestamp": "1763800000", "type": kind, kind: content}
    contact = {"wa_id": THEIRS.lstrip("+"), "profile": {"name": "Deborah"}}
    [text] = read("meta_whatsapp", meta({"messages": [message], "contacts": [contact]}))
    assert (text.sender, text.to, text.text, text.sender_name) == (THEIRS, NUMBER, words, "Deborah")
    assert text.at == datetime.fromtimestamp(1763800000, UTC)
    assert [file.url for file in text.files] == (["9"] if kind == "image" else [])


def change(**message: Any) -> Any:
    """What is read of a message of Deborah's."""
    told = {"id": "wamid.1", "from": THEIRS.lstrip("+"), "timestamp": "1763800000"} | message
    [received] = read("meta_whatsapp", meta({"messages": [told]}))
    return received


def test_metas_changes_of_messages() -> None:
    reaction = change(type="reaction", reaction={"message_id": "wamid.0"})
    assert (reaction.about, reaction.sign) == ("wamid.0", "")
    new = {"type": "text", "text": {"body": "Thursday"}}
    edited = change(type="edit", edit={"original_message_id": "wamid.0", "message": new})
    assert (edited.edits, edited.text) == ("wamid.0", "Thursday")
    assert change(type="revoke", revoke={"original_message_id": "wamid.0"}).about == "wamid.0"
    card = {"name": {"formatted_name": "Ann"}, "phones": [{"phone": "+1 813"}], "org": {"company": "Roofs"}}
    assert change(type="contacts", contacts=[card]).text == "👤 Ann, Roofs, +1 813"
    assert change(type="text", text={"body": "Hi"}, referral={"headline": "Ad"}).referral.headline == "Ad"


@pytest.mark.parametrize("told", [{"from": "US.1349"}, {"from_user_id": "US.1349", "from": ""}])
def test_metas_users_without_a_number(told: dict[str, str]) -> None:
    text = change(type="text", text={"body": "Hi"}, **told)
    assert (text.sender, text.user_id) == ("", "US.1349")
    status = {"id": "wamid.1", "status": "delivered", "recipient_user_id": "US.1349"}
    [report] = read("meta_whatsapp", meta({"statuses": [status]}))
    assert report.recipient == "US.1349"


def test_metas_choice_about_offers() -> None:
    said = {"wa_id": THEIRS.lstrip("+"), "category": "marketing_messages", "value": "stop", "timestamp": 1763800000}
    [choice] = read("meta_whatsapp", meta({"user_preferences": [said]}))
    assert (choice.sender, choice.wants_offers) == (THEIRS, False)


def test_places_by_every_provider() -> None:
    place = {"Latitude": "27.9", "Longitude": "-82.5", "Label": "Home", "Address": "12 Palm Way"}
    [twilio] = read("twilio", {"MessageSid": "SM1", "From": f"whatsapp:{THEIRS}", "Body": ""} | place, form=True)
    at = {"latitude": 27.9, "longitude": -82.5}
    message = {"id": "c1", "direction": "received", "platform": "whatsapp", "type": "location"}
    [messagebird] = read("messagebird", {"message": message | {"content": {"location": at}, "from": THEIRS}})
    body = {"type": "location", "location": {"coordinates": at, "location": {"label": "Home"}}}
    [bird] = read("bird", {"event": "whatsapp.inbound", "payload": {"id": "b1", "platform": "whatsapp", "body": body}})
    words = [received.text for received in (twilio, messagebird, bird)]
    assert words == ["📍 Home, 12 Palm Way, 27.9, -82.5", "📍 27.9, -82.5", "📍 Home, 27.9, -82.5"]


def test_twilio_says_what_it_read_and_of_which_kind_it_shows_nothing() -> None:
    written = {"MessageSid": "SM1", "From": THEIRS, "Body": "Arrêter", "OptOutType": "STOP"}
    [stop] = read("twilio", written, form=True)
    [contact] = read("twilio", {"MessageSid": "SM2", "From": THEIRS, "MessageType": "poll"}, form=True)
    assert (stop.asked, contact.text) == ("stop", "[They sent something that we cannot show here (poll).]")


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
    with suppress(UnreadableRequest):
        PROVIDERS[key].read(channel(key), request(body, kind=kind))


@pytest.mark.parametrize(
    ("value", "at"),
    [
        ("2026-11-22T09:00:00+23:59", datetime(2026, 11, 21, 9, 1, tzinfo=UTC)),
        ("2026-11-22T09:00:00", datetime(2026, 11, 22, 9, tzinfo=UTC)),
        ("0001-01-01T00:00:00+23:59", None),
        ("9" * 400, None),
        ("never", None),
    ],
)
def test_an_instant_of_theirs_is_one_the_database_takes(value: str, at: datetime | None) -> None:
    found = payload.instant(value)
    assert (found, found and found.tzinfo) == (at, at and UTC)
