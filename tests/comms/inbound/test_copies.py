"""A second mail under a Message-ID that was used before: a true copy is a duplicate, anything else is a mail."""

from collections.abc import Iterator
from email.message import EmailMessage
from typing import Any

import pytest

from comms.inbound import inbound_storage
from comms.inbound.mail.receive_mail import receive_mail
from comms.models import Channel, Inbound, Message
from crm.platform.tenancy.context import use_tenant
from tests.cast import Cast
from tests.comms.inbound.conftest import Opened
from tests.comms.inbound.mails import CORA, SUPPORT, raw_mail

LETTER = (
    "Dear all,\n\nthe shingles come on Thursday between eight and ten in the morning. Please see to it\nthat somebody "
)
LETTER += "is at home.\n\nKind regards\nCora"


@pytest.fixture(autouse=True)
def inside(cast: Cast, opened: Opened) -> Iterator[Channel]:
    channel = opened(SUPPORT)
    with use_tenant(cast.house.tenant):
        yield channel


def receive(raw: bytes) -> str:
    inbound, _ = inbound_storage.keep(raw, kind=Inbound.Kind.MAIL, channel=None, provider="test")
    return receive_mail(raw, inbound, recipients=(SUPPORT,)).outcome


def scan(content: bytes, text: str = "", **headers: Any) -> bytes:
    mail = EmailMessage()
    for name, value in {"From": CORA, "To": SUPPORT, "Subject": "Scan", "Message-ID": "<s@copier>"}.items():
        mail[name] = value
    mail.set_content(text)
    mail.add_attachment(content, maintype="application", subtype="pdf", filename="scan.pdf")
    return mail.as_bytes()


@pytest.mark.parametrize(
    ("text", "headers"),
    [
        (f"{LETTER}\n\n____________\nTalk mailing list\nhttps://lists.example/talk\n", {}),
        (f"CAUTION: This email comes from outside your organization.\n\n{LETTER}", {}),
        (f"{LETTER}\n-- \nThis mail was scanned for viruses.", {"Subject": "[EXTERNAL] My roof"}),
        (LETTER.replace("\n", " "), {"Subject": "***SPAM*** My roof"}),
        (LETTER.replace(" ", "  "), {"Subject": "[Talk] My roof"}),
    ],
)
def test_a_copy_with_a_footer_or_other_wrapping_is_a_duplicate(text: str, headers: dict[str, str]) -> None:
    assert [receive(raw_mail(LETTER)), receive(raw_mail(text, **headers))] == ["ticket", "duplicate"]


def test_links_that_a_filter_changed_are_no_difference() -> None:
    one, other = (
        raw_mail(f"See {link} for the photos.") for link in ("https://a.example/1", "https://safe.example/?x")
    )
    assert [receive(one), receive(other)] == ["ticket", "duplicate"]


@pytest.mark.parametrize(
    ("text", "headers"),
    [
        ("Your delivery was refused.", {}),
        (LETTER.replace("Thursday", "Friday"), {}),
        (f"{LETTER}\n\nPS: Please bring the invoice as well.", {}),
        (LETTER, {"Subject": "Refused"}),
        ("", {}),
    ],
)
def test_other_content_is_a_mail_of_its_own(text: str, headers: dict[str, str]) -> None:
    assert [receive(raw_mail(LETTER)), receive(raw_mail(text, **headers))] == ["ticket", "ticket"]
    assert sorted(Message.objects.values_list("repeat", flat=True)) == [0, 1]
    assert receive(raw_mail(text, **headers) + b"\r\n") == "duplicate"


def test_two_scans_are_told_apart_by_their_files() -> None:
    assert [receive(scan(b"%PDF one")), receive(scan(b"%PDF two")), receive(scan(b"%PDF two") + b"\r\n")] == [
        "ticket",
        "ticket",
        "duplicate",
    ]


def test_the_lead_hears_of_each_mail_under_one_id(cast: Cast) -> None:
    for text in (LETTER, "Refused", "Refused "):
        receive(raw_mail(text))
    cast.house.job.refresh_from_db()
    assert cast.house.job.unread_count == 2


def test_a_duplicate_is_kept_aside_once() -> None:
    for raw in (raw_mail(LETTER), raw_mail(LETTER) + b"\r\n", raw_mail(LETTER) + b"\r\n"):
        receive(raw)
    kept = Message.objects.get(automatic="duplicate")
    assert (kept.message_id, kept.references, kept.person) == ("", "<a1@home.example>", None)


@pytest.mark.parametrize(("text", "outcome"), [("> We come on Monday.", "loop"), ("Please call me.", "ticket")])
def test_what_a_stranger_writes_under_an_id_of_ours_is_a_loop_where_it_is_our_mail(
    inside: Channel, cast: Cast, text: str, outcome: str
) -> None:
    usual = {"medium": "email", "direction": "out", "state": "sent", "message_id": "<o1@suncoast.example>"}
    Message.objects.create(brand_id=inside.brand_id, channel=inside, text="We come\non Monday.", **usual)
    assert receive(raw_mail(text, Message_ID="<o1@suncoast.example>")) == outcome
