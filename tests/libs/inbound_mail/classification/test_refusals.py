"""Why a server refused a mail, by recipient: only what does not exist marks an address, whatever the code says."""

from pathlib import Path

import pytest

from libs.inbound_mail import classify
from libs.inbound_mail.classification.refusals import refusal_of
from libs.inbound_mail.message import Mail
from tests.libs.inbound_mail.classification.verdicts import OWN
from tests.libs.inbound_mail.mails import read


def returned_mails() -> dict[str, tuple[Mail, dict[str, str]]]:
    """Read returns.txt: name | sender | subject | what became of each recipient, then prose, then ~~~ and a report."""
    mails = {}
    for section in Path(__file__).with_name("returns.txt").read_text().split("=== ")[1:]:
        title, _, body = section.partition("\n")
        name, sender, subject, wanted = title.split(" | ")
        recipients = dict(pair.split("=") for pair in wanted.split())
        text, _, report = body.partition("~~~\n")
        copy = f"Message-ID: <1@crm.example.nl>\nTo: {', '.join(recipients)}\nSubject: Your quote"
        mails[name] = (_returned(sender, subject, text.strip(), report.strip(), copy), recipients)
    return mails


def _returned(sender: str, subject: str, text: str, report: str, copy: str) -> Mail:
    head = f"From: {sender}\nReturn-Path: <>\nTo: info@example.nl\nSubject: {subject}\nMIME-Version: 1.0\n"
    plain = f"Content-Type: text/plain; charset=utf-8\n\n{text}\n"
    if not report:
        return read(
            f"{head}{plain}\n------ This is a copy of your message, including all the headers. ------\n\n{copy}\n"
        )
    kind = "Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n"
    status = f"--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example.com\n\n{report}\n"
    return read(f"{head}{kind}--b\n{plain}{status}\n--b\nContent-Type: message/rfc822\n\n{copy}\n\nDear Bob\n--b--\n")


RETURNED = returned_mails()
DELAYED = (
    "Final-Recipient: rfc822; bob@example.com\nAction: delayed\nStatus: 5.1.1\nDiagnostic-Code: smtp; 550 user unknown"
)


@pytest.mark.parametrize("name", RETURNED)
def test_each_recipient_has_its_own_reason(name: str) -> None:
    mail, wanted = RETURNED[name]
    bounce = classify(mail, own=OWN).bounce
    assert bounce is not None
    assert {failure.recipient: str(failure.refusal) for failure in bounce.failures} == wanted


@pytest.mark.parametrize(
    ("status", "answer", "refusal"),
    [
        ("5.1.1", "550 5.1.1 User unknown", "no_address"),
        ("5.0.0", "550 no such user", "no_address"),
        ("", "550 5.5.0 Requested action not taken: mailbox unavailable", "no_address"),
        ("5.4.4", "Host or domain name not found", "no_address"),
        # A code that blames the address, beside words that blame the message.
        ("5.1.1", "550 5.1.1 message rejected as spam", "spam"),
        ("5.2.1", "552 5.2.1 mailbox over quota", "full"),
        ("5.1.1", "550 5.1.1 rejected due to policy", "policy"),
        # What may pass is of no address, whatever it says.
        ("4.1.1", "450 4.1.1 user unknown, try again later", "later"),
        ("5.0.0", "450 user unknown", "later"),
        # About our address, not theirs.
        ("5.1.8", "550 5.1.8 Sender address rejected: Domain not found", "policy"),
        # Nothing tells.
        ("5.0.0", "", "other"),
        ("", "554 Transaction failed", "other"),
        ("5.1.0", "550 5.1.0 Address rejected", "other"),
        ("5.4.1", "550 5.4.1 Recipient address rejected: Access denied", "policy"),
        # The names of hosts and addresses are no words.
        ("", "550 5.1.1 mx1.spam-block.example: <policy@example.com> user unknown", "no_address"),
    ],
)
def test_a_code_marks_an_address_only_where_no_words_contradict(status: str, answer: str, refusal: str) -> None:
    assert str(refusal_of(status, answer)) == refusal


def test_a_recipient_that_may_yet_be_reached_is_never_without_an_address() -> None:
    bounce = classify(_returned("MAILER-DAEMON@mx.example.com", "Delayed Mail", "Hello", DELAYED, ""), own=OWN).bounce
    assert bounce is not None
    assert [str(failure.refusal) for failure in bounce.failures] == ["later"]
