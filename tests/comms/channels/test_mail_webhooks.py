"""What providers of mail send us: signatures, mails put together again, delivery reports."""

import base64
import json
from collections.abc import Callable, Sequence
from contextlib import suppress
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any, cast

import pytest

from comms.channels import http
from comms.channels.interface import ProviderReport, RawRequest, Received, ReceivedMail, UnreadableRequest
from comms.channels.mail_webhooks import brevo, mailgun, postmark, sendgrid, ses
from tests.comms.channels.requests import JSON, form, request

MAIL = b"From: deb@example.com\r\nSubject: Roof\r\nDate: Sun, 22 Nov 2026 10:00:00 +0000\r\n\r\nCaf\xe9\r\n"
READERS: dict[str, Callable[[RawRequest], list[Received]]] = {
    "sendgrid": sendgrid.read,
    "mailgun": mailgun.read,
    "postmark": postmark.read,
    "brevo": lambda request: brevo.read(request, "key"),
    "ses": lambda request: ses.read(request, {"region": "eu-west-1"}, {}),
}


def mail(received: Sequence[Received]) -> EmailMessage:
    [one] = received
    assert isinstance(one, ReceivedMail)
    return cast("EmailMessage", message_from_bytes(one.raw, policy=policy.default))


def body_of(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    assert part is not None
    return str(part.get_content()).strip()


def test_a_raw_mail_comes_through_byte_by_byte() -> None:
    said = {"Type": "Notification", "Message": json.dumps({"notificationType": "Received", **_ses_mail()})}
    for received in [
        sendgrid.read(form(email=MAIL, envelope=b'{"to": ["sales@suncoast.example"], "from": "deb@example.com"}')),
        mailgun.read(form(body__mime=MAIL, recipient=b"sales@suncoast.example")),
        ses.read(request(said), {}, {}),
    ]:
        assert received == [
            ReceivedMail(MAIL, ("sales@suncoast.example",), cast("ReceivedMail", received[0]).provider_id)
        ]


def _ses_mail() -> dict[str, Any]:
    receipt = {"recipients": ["sales@suncoast.example"], "action": {"type": "SNS", "encoding": "BASE64"}}
    return {"content": base64.b64encode(MAIL).decode(), "receipt": receipt, "mail": {"messageId": "ses-1"}}


def test_sendgrids_fields_are_each_in_their_own_charset() -> None:
    received = sendgrid.read(
        form(
            headers=b"From: d@example.com\nSubject: =?utf-8?q?D=C3=A9j=C3=A0?=\nDate: a\nDate: b\nX: 1\n  folded",
            text="Café".encode("iso-8859-1"),
            html="<p>Ж</p>".encode("windows-1251"),
            charsets=b'{"text": "iso-8859-1", "html": "windows-1251", "from": "UTF-8"}',
            attachment1=("roof.jpg", "image/jpeg", b"\xff\xd8\r\n--x\r\n"),
            attachment__info=b'{"attachment1": {"filename": "roof.jpg", "content-id": "c1"}}',
        )
    )
    message = mail(received)
    assert message["Subject"] == "Déjà"
    assert message["X"] == "1 folded"
    assert (body_of(message, "plain"), body_of(message, "html")) == ("Café", "<p>Ж</p>")
    [file] = message.iter_attachments()
    assert (file.get_filename(), file.get_payload(decode=True), file["Content-ID"]) == (
        "roof.jpg",
        b"\xff\xd8\r\n--x\r\n",
        "<c1>",
    )


@pytest.mark.parametrize("charset", ["nope", "", "utf-8", "\\u0000", "idna", "rot13"])
def test_a_charset_that_lies_loses_no_mail(charset: str) -> None:
    said = {"headers": b"From: a@b.example", "text": b"Caf\xe9", "charsets": f'{{"text": "{charset}"}}'.encode()}
    assert body_of(mail(sendgrid.read(form(**said))), "plain") == "Café"


def test_mailguns_fields() -> None:
    headers = [["From", "Deb <deb@example.com>"], ["Subject", "Dak"], ["Date", "a"], ["Date", "b"], "odd"]
    received = mailgun.read(
        form(
            message__headers=json.dumps(headers).encode(),
            body__plain="Goedemorgen €".encode(),
            body__html=b"<img src=cid:i>",
            attachment__1=("dak.png", "image/png", b"\x89PNG"),
            attachment__count=b"1",
            content__id__map=b'{"<i>": "attachment-1"}',
            token=b"t0k",
        )
    )
    message = mail(received)
    assert cast("ReceivedMail", received[0]).provider_id == "t0k"
    assert (message["Subject"], body_of(message, "plain")) == ("Dak", "Goedemorgen €")
    assert message.get_all("Date") == ["a", "b"]
    [file] = message.iter_attachments()
    assert (file.get_filename(), file["Content-ID"]) == ("dak.png", "<i>")


@pytest.mark.parametrize(
    "sender", [{"Email": "deb@example.com", "Name": 'O\'Brien, "Deb"'}, {"Email": "", "Name": ""}, None]
)
def test_postmarks_fields(sender: dict[str, str] | None) -> None:
    received = postmark.read(
        request(
            {
                "FromFull": sender,
                "From": "undisclosed",
                "ToFull": [{"Email": "sales@suncoast.example", "Name": ""}],
                "Subject": "Roof\r\nBcc: x@y.example",
                "Headers": [{"Name": "Message-ID", "Value": "<1@example.com>"}, {"Name": "Date", "Value": "now"}],
                "TextBody": "Hi \ud800",
                "Attachments": [
                    {"Name": "empty.txt", "Content": "", "ContentType": "text/plain"},
                    {"Name": "b.txt", "Content": "SGk=", "ContentType": "text/plain"},
                ],
                "OriginalRecipient": "sales@suncoast.example",
                "MessageID": "pm-1",
            }
        )
    )
    message = mail(received)
    assert "Bcc" not in message
    assert message["Message-ID"] == "<1@example.com>"
    assert body_of(message, "plain").startswith("Hi ")
    assert [file.get_payload(decode=True) for file in message.iter_attachments()] == [b"", b"Hi"]
    if sender and sender["Email"]:
        assert message["From"].addresses[0].display_name == 'O\'Brien, "Deb"'


def test_brevos_files_are_fetched(monkeypatch: pytest.MonkeyPatch) -> None:
    fetched: list[str] = []

    def download(url: str, **kwargs: Any) -> bytes:
        fetched.append(f"{url} {kwargs['headers']['api-key']}")
        return b"photo"

    monkeypatch.setattr(http, "download", download)
    item = {
        "Uuid": ["u1"],
        "Headers": {"From": "deb@example.com", "Received": ["one", "two"], "Subject": "Roof"},
        "RawTextBody": "Hi",
        "Attachments": [{"Name": "r.jpg", "ContentType": "image/jpeg", "DownloadToken": "a/b"}],
        "Recipients": [{"Address": "sales@suncoast.example"}],
    }
    message = mail(brevo.read(request({"items": [item]}), "key"))
    assert (message["Subject"], message.get_all("Received")) == ("Roof", ["one", "two"])
    assert fetched == ["https://api.brevo.com/v3/inbound/attachments/a%2Fb key"]


AT = 1763800000
TO = "a@x.example"


def _sendgrid(event: str, **more: str) -> tuple[str, Any]:
    return "sendgrid", [{"event": event, "email": TO, "anymail_id": "1", "timestamp": AT, **more}]


def _mailgun(event: str, **more: Any) -> tuple[str, Any]:
    message = {"headers": {"message-id": "1@x"}}
    data = {"event": event, "recipient": TO, "timestamp": AT, "message": message, **more}
    return "mailgun", {"signature": {"token": "t"}, "event-data": data}


def _postmark(record: str, kind: str, **more: str) -> tuple[str, Any]:
    given = {"RecordType": record, "Type": kind, "ID": 7, "MessageID": "1", "Email": TO}
    return "postmark", given | {"BouncedAt": "2026-11-22T10:00:00Z", **more}


def _brevo(event: str, **more: str) -> tuple[str, Any]:
    return "brevo", {"event": event, "email": TO, "message-id": "<1@x>", "ts_epoch": AT * 1000, **more}


def _ses(event: str, **more: Any) -> tuple[str, Any]:
    said = {"eventType": event, "mail": {"messageId": "1", "destination": [TO]}, event.lower(): more}
    return "ses", {"Type": "Notification", "MessageId": "sns-1", "Message": json.dumps(said)}


# A report of each provider, as its documentation shows it, and what it says.
REPORTS = [
    (_sendgrid("bounce", status="5.1.1"), ("bounced", "1", True)),
    (_sendgrid("bounce", type="blocked"), ("bounced", "1", False)),
    (_sendgrid("delivered"), ("delivered", "1", False)),
    (_sendgrid("spamreport"), ("complained", "1", False)),
    (_mailgun("failed", severity="permanent"), ("bounced", "<1@x>", True)),
    (_mailgun("failed", severity="temporary"), ("deferred", "<1@x>", False)),
    (_mailgun("opened"), ("opened", "<1@x>", False)),
    (_postmark("Bounce", "HardBounce"), ("bounced", "1", True)),
    (_postmark("Bounce", "SoftBounce"), ("bounced", "1", False)),
    (_postmark("SpamComplaint", "SpamComplaint"), ("complained", "1", False)),
    (_brevo("hard_bounce"), ("bounced", "<1@x>", True)),
    (_brevo("soft_bounce"), ("bounced", "<1@x>", False)),
    (_brevo("unsubscribe"), ("unsubscribed", "<1@x>", False)),
    (
        _ses("Bounce", bounceType="Permanent", bounceSubType="General", bouncedRecipients=[{"emailAddress": TO}]),
        ("bounced", "1", True),
    ),
    (_ses("Complaint", complainedRecipients=[{"emailAddress": TO}]), ("complained", "1", False)),
]


SPAM = "550 5.7.1 message rejected as spam"
_GENERAL = {"bounceType": "Permanent", "bounceSubType": "General"}
# What a provider calls a hard or permanent bounce, and why it was one.
REFUSALS = [
    (_sendgrid("bounce", status="5.1.1", reason="550 5.1.1 no such user"), "no_address"),
    (_sendgrid("bounce", status="5.7.1", reason=SPAM), "spam"),
    (_sendgrid("bounce", status="5.0.0", reason="554", bounce_classification="Invalid Address"), "no_address"),
    (_sendgrid("bounce", status="5.2.2", reason="552 5.2.2 mailbox full", type="bounce"), "full"),
    (_mailgun("failed", severity="permanent", **{"delivery-status": {"code": 550, "message": SPAM}}), "spam"),
    (
        _mailgun("failed", severity="permanent", **{"delivery-status": {"message": "550 5.1.1 unknown user"}}),
        "no_address",
    ),
    (_mailgun("failed", severity="permanent", **{"delivery-status": {"enhanced-code": "5.1.1"}}), "no_address"),
    (_mailgun("failed", severity="permanent", reason="suppress-complaint"), "other"),
    (_postmark("Bounce", "HardBounce"), "no_address"),
    (_postmark("Bounce", "HardBounce", Details=SPAM), "spam"),
    (_postmark("Bounce", "HardBounce", Details="smtp;554 Transaction failed"), "other"),
    (_postmark("Bounce", "ManuallyDeactivated"), "other"),
    (_brevo("hard_bounce"), "no_address"),
    (_brevo("hard_bounce", reason=SPAM), "spam"),
    (_brevo("invalid_email", reason="invalid email"), "no_address"),
    (_ses("Bounce", **_GENERAL, bouncedRecipients=[{"emailAddress": TO, "diagnosticCode": SPAM}]), "spam"),
    (_ses("Bounce", **_GENERAL, bouncedRecipients=[{"emailAddress": TO, "status": "5.1.1"}]), "no_address"),
    (_ses("Bounce", **_GENERAL, bouncedRecipients=[{"emailAddress": TO}]), "other"),
    (
        _ses("Bounce", bounceType="Permanent", bounceSubType="NoEmail", bouncedRecipients=[{"emailAddress": TO}]),
        "no_address",
    ),
]


@pytest.mark.parametrize(("posted", "refusal"), REFUSALS, ids=range(len(REFUSALS)))
def test_a_hard_bounce_has_the_reason_of_the_server(posted: tuple[str, Any], refusal: str) -> None:
    key, said = posted
    [report] = READERS[key](request(said))
    assert isinstance(report, ProviderReport)
    assert str(report.refusal) == refusal


def test_a_notification_about_two_recipients_gives_each_its_reason() -> None:
    recipients = [
        {"emailAddress": TO, "status": "5.2.2", "diagnosticCode": "552 5.2.2 mailbox full"},
        {"emailAddress": "b@x.example", "status": "5.1.1"},
    ]
    _key, said = _ses("Bounce", **_GENERAL, bouncedRecipients=recipients)
    reports = ses.read(request(said), {}, {})
    assert [str(report.refusal) for report in reports if isinstance(report, ProviderReport)] == ["full", "no_address"]


@pytest.mark.parametrize(("posted", "expected"), REPORTS, ids=range(len(REPORTS)))
def test_a_report_says_what_became_of_which_message(posted: tuple[str, Any], expected: tuple[str, str, bool]) -> None:
    key, said = posted
    [report] = READERS[key](request(said))
    assert isinstance(report, ProviderReport)
    assert (report.kind, report.provider_id, report.is_permanent) == expected
    assert report.recipient == "a@x.example"
    assert report.event_id
    assert [*READERS[key](request(said))] == [report], "delivered twice it is the same report"


ODD = [
    b"",
    b"[]",
    b"null",
    b"7",
    b"\xff\xfe\x00",
    b"[" * 90_000,
    b'{"event": {}}',
    b'[{"event": 7}, null]',
    b"--x\r\n\r\n--x--",
]


@pytest.mark.parametrize("key", READERS)
@pytest.mark.parametrize("kind", [JSON, "multipart/form-data; boundary=x", "multipart/form-data", "text/plain", ""])
@pytest.mark.parametrize("body", ODD, ids=range(len(ODD)))
def test_what_makes_no_sense_is_unreadable_at_worst(key: str, kind: str, body: bytes) -> None:
    with suppress(UnreadableRequest):
        READERS[key](request(body, kind))


def test_a_form_of_more_parts_than_any_provider_sends_is_refused() -> None:
    part = b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n'
    with pytest.raises(UnreadableRequest, match="more parts"):
        sendgrid.read(request(part * 10_000 + b"--x--", "multipart/form-data; boundary=x"))
