"""Sending by Twilio, MessageBird, Bird and Meta, to a peer on loopback that answers as it likes."""

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs

import pytest

from comms.channels.interface import (
    Outgoing,
    OutgoingFile,
    Permanent,
    TemplateState,
    Transient,
    Unknown,
)
from comms.channels.providers import bird, messagebird, meta_whatsapp, twilio
from comms.models import Channel
from tests.comms.channels.text_channels import NUMBER, PROVIDERS, SETTINGS, THEIRS, channel
from tests.comms.http_peer import Peer, http_peer

TEXT = Outgoing(key="7d0c", medium="sms", to=THEIRS, text="On our way", callback_url="https://x.example/hooks/1")
WHATSAPP = Outgoing(key="7d0d", medium="whatsapp", to=THEIRS, text="On our way")
TEMPLATE = Outgoing(
    key="7d0e",
    medium="whatsapp",
    to=THEIRS,
    template="quote_ready",
    language="en_US",
    heading_values=("Suncoast",),
    values=("Deborah", "W-1"),
    button_values=((1, "2318"),),
)


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


def _text(value: str) -> dict[str, str]:
    return {"type": "text", "text": value}


COMPONENTS = [
    {"type": "header", "parameters": [_text("Suncoast")]},
    {"type": "body", "parameters": [_text("Deborah"), _text("W-1")]},
    {"type": "button", "sub_type": "url", "index": "1", "parameters": [_text("2318")]},
]


@pytest.mark.parametrize(
    ("key", "name", "place", "wanted"),
    [
        # developers.facebook.com/docs/whatsapp/cloud-api/guides/send-message-templates
        (
            "meta_whatsapp",
            "quote_ready",
            ("template",),
            {"name": "quote_ready", "language": {"code": "en_US"}, "components": COMPONENTS},
        ),
        # docs.bird.com, Channels API, Template
        (
            "bird",
            "p1:v2",
            ("template",),
            {
                "projectId": "p1",
                "version": "v2",
                "locale": "en_US",
                "parameters": [
                    {"type": "string", "key": key, "value": value}
                    for key, value in zip("1234", ("Suncoast", "Deborah", "W-1", "2318"), strict=True)
                ],
            },
        ),
        # developers.messagebird.com/api/conversations, HSM object
        (
            "messagebird",
            "quote_ready",
            ("content", "hsm"),
            {
                "namespace": "ns",
                "templateName": "quote_ready",
                "language": {"policy": "deterministic", "code": "en_US"},
                "components": COMPONENTS,
            },
        ),
    ],
)
def test_a_template_goes_out_as_its_provider_documents_it(
    server: Peer, key: str, name: str, place: tuple[str, ...], wanted: dict[str, Any]
) -> None:
    server.will(201, TAKEN[key])
    PROVIDERS[key].send(channel(key), replace(TEMPLATE, template=name))
    said = server.asked[-1].json
    for step in place:
        said = said[step]
    assert said == wanted


def test_twilio_knows_a_template_by_its_content_sid_and_numbers_all_its_values(server: Peer) -> None:
    server.will(201, TAKEN["twilio"])
    PROVIDERS["twilio"].send(channel("twilio"), replace(TEMPLATE, template="HX1"))
    said = {name: values[0] for name, values in parse_qs(server.asked[-1].body.decode()).items()}
    assert said["ContentSid"] == "HX1"
    assert json.loads(said["ContentVariables"]) == {"1": "Suncoast", "2": "Deborah", "3": "W-1", "4": "2318"}
    assert "Body" not in said
    with pytest.raises(Permanent, match="content SID"):
        PROVIDERS["twilio"].send(channel("twilio"), TEMPLATE)


@pytest.mark.parametrize(
    ("key", "medium", "wanted"),
    [
        ("twilio", "sms", b"MediaUrl=https%3A%2F%2Fx.example%2Froof.jpg"),
        ("bird", "sms", b'{"mediaUrl": "https://x.example/roof.jpg"}'),
        ("messagebird", "whatsapp", b'"image": {"url": "https://x.example/roof.jpg"'),
    ],
)
def test_a_picture_goes_by_its_link(server: Peer, key: str, medium: str, wanted: bytes) -> None:
    server.will(201, TAKEN[key])
    file = OutgoingFile("roof.jpg", "image/jpeg", b"", url="https://x.example/roof.jpg")
    PROVIDERS[key].send(channel(key), Outgoing("k", medium, THEIRS, text="A", files=(file,)))
    assert wanted in server.asked[-1].body


def test_meta_says_where_its_templates_stand_page_by_page(server: Peer) -> None:
    row = {"name": "quote_ready", "status": "APPROVED", "category": "UTILITY", "language": "en_US"}
    body = [{"type": "HEADER", "text": "Hi"}, {"type": "BODY", "text": "Hi {{1}}, it is ready."}]
    refused = row | {"language": "nl", "status": "REJECTED", "rejected_reason": "INVALID_FORMAT"}
    server.answers = [
        (200, {"data": [row | {"components": body}], "paging": {"cursors": {"after": "Mg="}, "next": "https://…"}}, {}),
        (200, {"data": [refused, row | {"name": "another"}], "paging": {"cursors": {"after": "Mw="}}}, {}),
    ]
    ours = channel("meta_whatsapp")
    with pytest.raises(Permanent, match="business account"):
        PROVIDERS["meta_whatsapp"].template_states(ours, ["quote_ready"])
    ours.settings = ours.settings | {"business_account_id": "77"}
    told = PROVIDERS["meta_whatsapp"].template_states(ours, ["quote_ready"])
    assert told == [
        TemplateState("quote_ready", "approved", "en_US", "utility", "", "Hi {{1}}, it is ready.", {}),
        TemplateState("quote_ready", "rejected", "nl", "utility", "INVALID_FORMAT", "", {}),
    ]
    assert "after=Mg%3D" in server.asked[-1].path
    # Placeholders with names are numbered, as ours are compared; and a heading may be a file.
    named = [
        {"type": "HEADER", "format": "IMAGE"},
        {"type": "BODY", "text": "Hi {{first_name}}: {{day}}, {{first_name}}"},
    ]
    server.answers = [(200, {"data": [row | {"parameter_format": "NAMED", "components": named}]}, {})]
    [told_named] = PROVIDERS["meta_whatsapp"].template_states(ours, ["quote_ready"])
    assert told_named.body == "Hi {{1}}: {{2}}, {{1}}"
    assert told_named.shape == {"names": {"body": ["first_name", "day"], "header": []}, "heading": "image"}


def test_a_template_with_names_and_a_picture_above(server: Peer) -> None:
    server.will(200, TAKEN["meta_whatsapp"])
    picture = OutgoingFile("roof.jpg", "image/jpeg", b"", url="https://x.example/roof.jpg")
    shaped = replace(
        TEMPLATE, heading_values=(), names=("first_name", "number"), heading="image", files=(picture,), button_values=()
    )
    PROVIDERS["meta_whatsapp"].send(channel("meta_whatsapp"), shaped)
    sent = json.loads(server.asked[-1].body)["template"]["components"]
    assert sent == [
        {"type": "header", "parameters": [{"type": "image", "image": {"link": "https://x.example/roof.jpg"}}]},
        {
            "type": "body",
            "parameters": [
                {"type": "text", "parameter_name": "first_name", "text": "Deborah"},
                {"type": "text", "parameter_name": "number", "text": "W-1"},
            ],
        },
    ]
    with pytest.raises(Permanent, match="begins with a file"):
        PROVIDERS["meta_whatsapp"].send(channel("meta_whatsapp"), replace(shaped, files=()))


def test_twilio_says_where_a_content_stands(server: Peer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(twilio, "CONTENT", f"{server.origin}/v1/Content")
    known, gone = f"HX{'a' * 32}", f"HX{'b' * 32}"
    approval = {"status": "paused", "category": "UTILITY", "rejection_reason": "", "name": "quote_ready"}
    server.answers = [(200, {"sid": known, "whatsapp": approval}, {}), (404, {"code": 20404}, {})]
    told = PROVIDERS["twilio"].template_states(channel("twilio"), [known, gone, "quote_ready"])
    assert told == [TemplateState(known, "paused", "", "utility")]
    assert [asked.path for asked in server.asked] == [f"/v1/Content/{sid}/ApprovalRequests" for sid in (known, gone)]


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
