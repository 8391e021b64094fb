"""Small raw mails to send to ourselves."""

from email.message import EmailMessage
from typing import Any

CORA = "Cora Customer <cora@suncoast-test-mail.example>"
SUPPORT = "support@suncoast.example"


def raw_mail(text: str = "Hello there", *, sender: str = CORA, to: str = SUPPORT, **headers: Any) -> bytes:
    """A mail as bytes; headers by name, `_` for `-`; None leaves one out."""
    mail = EmailMessage()
    usual = {"From": sender, "To": to, "Subject": "My roof", "Message-ID": "<a1@home.example>"}
    usual |= {name.replace("_", "-"): value for name, value in headers.items()}
    for name, value in usual.items():
        if value is not None:
            mail[name] = value
    mail.set_content(text)
    return mail.as_bytes()


def with_file(content: bytes, name: str = "roof.txt") -> bytes:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"], mail["Message-ID"] = CORA, SUPPORT, "Files", "<f1@home.example>"
    mail.set_content("See the file")
    mail.add_attachment(content, maintype="text", subtype="plain", filename=name)
    return mail.as_bytes()


AUTO_REPLY = raw_mail(
    "I am out of the office until 3 December 2026.", Auto_Submitted="auto-replied", Message_ID="<ooo@home.example>"
)
BOUNCE = b"""Return-Path: <>
From: Mail Delivery System <MAILER-DAEMON@mx.example>
To: support@suncoast.example
Subject: Undelivered Mail Returned to Sender
Message-ID: <b1@mx.example>
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="x"

--x
Content-Type: text/plain

This is the mail system. I could not deliver your message.
--x
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example

Final-Recipient: rfc822; cora@suncoast-test-mail.example
Action: failed
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 no such user

--x
Content-Type: message/rfc822

Message-ID: %s
From: support@suncoast.example
To: cora@suncoast-test-mail.example
Subject: Your roof

Hello
--x--
""".replace(b"\n", b"\r\n")
