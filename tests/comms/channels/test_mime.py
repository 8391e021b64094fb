"""The mail as it leaves, read back by Python's parser."""

from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any, cast

import pytest

from comms.channels.interface import Outgoing, OutgoingFile, Permanent
from comms.channels.mime import build, mail_bytes
from comms.models import Channel

CHANNEL = Channel(provider="smtp", medium="email", address="hello@suncoast.example", display_name="Sun & Coast")


def leaving(**fields: Any) -> EmailMessage:
    given: dict[str, Any] = {"key": "k", "medium": "email", "to": "cora@example.org", "subject": "Hi", "text": "Hello"}
    raw = mail_bytes(build(CHANNEL, Outgoing(**given | fields)))
    assert max(map(len, raw.split(b"\r\n"))) <= 998, "RFC 5322"
    return cast("EmailMessage", message_from_bytes(raw, policy=policy.default))


def shape(part: EmailMessage) -> Any:
    if not part.is_multipart():
        return part.get_content_type()
    return {part.get_content_subtype(): [shape(cast("EmailMessage", each)) for each in part.iter_parts()]}


PHOTO = OutgoingFile("roof.png", "image/png", b"\x89PNG", content_id="roof")
QUOTE = OutgoingFile("Angebot – Dach.pdf", "application/pdf", b"%PDF-1.7")


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({}, "text/plain"),
        ({"html": "<p>Hello"}, {"alternative": ["text/plain", "text/html"]}),
        ({"files": (QUOTE,)}, {"mixed": ["text/plain", "application/pdf"]}),
        (
            {"html": "<img src=cid:roof>", "files": (PHOTO, QUOTE)},
            {"mixed": [{"related": [{"alternative": ["text/plain", "text/html"]}, "image/png"]}, "application/pdf"]},
        ),
        (
            {"files": (OutgoingFile("m", "message/rfc822", b"x"),)},
            {"mixed": ["text/plain", "application/octet-stream"]},
        ),
    ],
)
def test_its_parts_stand_where_mail_clients_want_them(fields: dict[str, Any], expected: Any) -> None:
    assert shape(leaving(**fields)) == expected


def test_names_and_words_of_any_script_arrive_as_written() -> None:
    mail = leaving(
        to_name='Ørsted, "Kåre"',
        subject="Ihr Angebot – Dach 屋根",
        text="Grüße " + "long " * 400,
        files=(QUOTE,),
        html="<p>" + "é" * 3000,
    )
    assert mail["To"].addresses[0].display_name == 'Ørsted, "Kåre"'
    assert mail["From"].addresses[0].display_name == "Sun & Coast"
    assert mail["Subject"] == "Ihr Angebot – Dach 屋根"
    body = mail.get_body(("plain",))
    assert body is not None
    assert body.get_content().split() == ["Grüße", *["long"] * 400]
    (file,) = mail.iter_attachments()
    assert (file.get_filename(), file.get_payload(decode=True)) == (QUOTE.name, QUOTE.content)


def test_its_headers_are_ours_and_whole() -> None:
    references = " ".join(f"<{number:04}-of-a-long-thread@mail.example.org>" for number in range(30))
    mail = leaving(headers={"Message-ID": "<tl.1@x>", "References": references, "From": "evil@x"}, reply_to="reply+1@x")
    assert mail["Message-ID"] == "<tl.1@x>"
    assert mail["References"].split() == references.split()
    assert mail.get_all("From") == ["Sun & Coast <hello@suncoast.example>"]
    assert mail["Reply-To"] == "reply+1@x"


@pytest.mark.parametrize(
    "fields",
    [
        {"subject": "Hi\nBcc: all@example.org"},
        {"to": "a@x\r\nBcc: b@x"},
        {"to_name": "A\nB"},
        {"headers": {"X-A": "b\r\nBcc: c@x"}},
        {"headers": {"X-A\nBcc": "c@x"}},
        {"reply_to": "a@x\nBcc: c@x"},
        {"cc": (("n", "a@x\nBcc: c@x"),)},
    ],
)
def test_nobody_adds_a_header_by_a_line_break(fields: dict[str, Any]) -> None:
    with pytest.raises(Permanent):
        leaving(**fields)


def test_no_header_is_folded_right_behind_its_colon() -> None:
    long = "a" * 120
    headers = {"Message-ID": f"<{long}@x.example>", "List-Unsubscribe": f"<https://x.example/{long * 3}>"}
    message = Outgoing(key="k", medium="email", to="c@x.example", subject=f"W{long} e", text="Hello", headers=headers)
    raw = mail_bytes(build(CHANNEL, message))
    head = raw.partition(b"\r\n\r\n")[0]
    assert not [line for line in head.split(b"\r\n") if line.rstrip().endswith(b":")]
