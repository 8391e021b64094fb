"""Bounces: by report and in prose, with whom they are about and whether for good."""

from pathlib import Path

import pytest

from libs.inbound_mail import classify
from tests.libs.inbound_mail.classification.verdicts import OWN, verdict
from tests.libs.inbound_mail.mails import read

DAEMON = "Mail Delivery System <MAILER-DAEMON@mx.example.com>"
COPY = "Message-ID: <1@crm.example.nl>\nFrom: info@example.nl\nTo: bob@example.com\nSubject: Offer"


def report(*recipients: str, text: str = "It failed.", returned: str = COPY, sender: str = DAEMON) -> str:
    """Return a report in three parts; each recipient a block of its fields."""
    blocks = "\n\n".join(["Reporting-MTA: dns; mx.example.com", *recipients])
    return (
        f"From: {sender}\nTo: info@example.nl\nSubject: Undelivered Mail\nAuto-Submitted: auto-replied\n"
        "Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n"
        f"--b\n\n{text}\n--b\nContent-Type: message/delivery-status\n\n{blocks}\n"
        f"\n--b\nContent-Type: message/rfc822\n\n{returned}\n\nDear Bob\n--b--\n"
    )


BOB = "Final-Recipient: rfc822; bob@example.com\nAction: failed\n"


@pytest.mark.parametrize(
    ("block", "permanent", "status"),
    [
        (BOB + "Status: 5.1.1", True, "5.1.1"),
        (BOB + "Status: 5.1.1 (bad destination)", True, "5.1.1"),
        (BOB + "Status: 5.0.0\nDiagnostic-Code: smtp; 550-5.7.1 blocked", True, "5.7.1"),
        (BOB + "Status: 5.0.0\nDiagnostic-Code: smtp; 550 No such user here", True, "5.1.1"),
        (BOB + "Diagnostic-Code: smtp; 550 user unknown", True, "5.1.1"),
        (BOB + "Diagnostic-Code: smtp; 452 4.2.2 mailbox full", False, "4.2.2"),
        (BOB + "Status: 4.4.7\nDiagnostic-Code: smtp; 550 expired", False, "4.4.7"),
        (BOB, True, ""),
        (BOB.replace("failed", "delayed") + "Status: 4.4.1", False, "4.4.1"),
        (BOB.replace("failed", "Delayed (will retry)") + "Status: 5.0.0", False, "5.0.0"),
        (BOB.replace("rfc822; ", "") + "Status: 5.1.1", True, "5.1.1"),
        (BOB.replace("rfc822; bob", "RFC822;<bob").replace(".com", ".com>") + "Status: 5.1.1", True, "5.1.1"),
        ("Original-Recipient: rfc822;bob@example.com\n" + BOB.replace("bob@", "b17@") + "Status: 5.2.1", True, "5.2.1"),
        ("Action: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp; 550 <bob@example.com> unknown", True, "5.1.1"),
    ],
)
def test_a_report(block: str, permanent: bool, status: str) -> None:
    bounce = classify(read(report(block)), own=OWN).bounce
    assert bounce is not None
    assert (bounce.recipients, bounce.permanent, bounce.status) == (("bob@example.com",), permanent, status)
    assert bounce.original_message_id == "1@crm.example.nl"


def test_of_several_recipients_those_that_failed_for_good() -> None:
    one, two, three = (f"Final-Recipient: rfc822; {name}@example.com\nAction: " for name in ("one", "two", "three"))
    found = classify(
        read(report(f"{one}failed\nStatus: 5.1.1", f"{two}delivered\nStatus: 2.0.0", f"{three}delayed")), own=OWN
    )
    assert found.bounce is not None
    assert found.bounce.recipients == ("one@example.com",)


@pytest.mark.parametrize("action", ["delivered", "relayed", "expanded"])
def test_a_report_of_success_is_no_bounce(action: str) -> None:
    found = classify(read(report(BOB.replace("failed", action) + "Status: 2.1.5")), own=OWN)
    assert (found.kind, found.bounce) == ("auto_reply", None)


def test_a_report_that_names_nobody_is_completed_by_the_mail_that_came_back() -> None:
    bounce = classify(read(report("Action: failed\nStatus: 5.1.1")), own=OWN).bounce
    assert bounce is not None
    assert bounce.recipients == ("bob@example.com",)


def prose() -> dict[str, tuple[str, str]]:
    """Read the sample bounces: by the server that writes so, subject and text."""
    found = {}
    for section in Path(__file__).with_name("bounces.txt").read_text().split("=== ")[1:]:
        title, _, text = section.partition("\n")
        server, _, subject = title.partition(" | ")
        found[server] = (subject, text)
    return found


PROSE = prose()
BOB_HIMSELF = "Bob <bob@example.com>"


@pytest.mark.parametrize("server", PROSE)
def test_prose(server: str) -> None:
    subject, text = PROSE[server]
    found = verdict(text + COPY, subject=subject, sender=DAEMON).bounce
    assert found is not None
    assert (found.recipients, found.permanent, found.status) == (("bob@example.com",), True, "5.1.1")
    assert found.original_message_id == "1@crm.example.nl"


@pytest.mark.parametrize(
    ("text", "permanent", "status"),
    [
        ("<bob@example.com>: 450 4.7.1 greylisted", False, "4.7.1"),
        ("<bob@example.com>: 421 try again later", False, "4.4.7"),
        ("<bob@example.com>: mailbox is full", False, "4.2.2"),
        ("<bob@example.com>: user unknown", True, "5.1.1"),
        ("<bob@example.com>: Host or domain name not found", True, "5.1.2"),
        ("<bob@example.com>: 552 message too large", True, "5.3.4"),
        ("<bob@example.com>: could not be delivered. Will be retried; no action is required", False, "4.4.7"),
    ],
)
def test_for_good_or_for_now(text: str, permanent: bool, status: str) -> None:
    found = verdict(f"Your message could not be delivered.\n\n{text}", subject="Undelivered Mail", sender=DAEMON).bounce
    assert found is not None
    assert (found.recipients, found.permanent, found.status) == (("bob@example.com",), permanent, status)


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        ("Delivery Status Notification (Delay)", "There was a temporary problem delivering to bob@example.com."),
        (
            "Warning: message delayed 24 hours",
            "Your message to bob@example.com was not delivered; no action is required.",
        ),
        ("Warnung: Nachricht", "Ihre Nachricht an bob@example.com konnte noch nicht zugestellt werden."),
        ("Vertraagd: Offerte", "Uw bericht aan bob@example.com is vertraagd en kon nog niet worden bezorgd."),
    ],
)
def test_a_delay_is_no_failure_for_good(subject: str, text: str) -> None:
    found = verdict(text, subject=subject, sender=DAEMON).bounce
    assert found is not None
    assert (found.recipients, found.permanent) == (("bob@example.com",), False)


def test_an_address_with_its_link_behind_it_is_one() -> None:
    text = "bob@example.com<mailto:bob@example.com>\nRemote Server returned '550 5.1.10 RESOLVER.ADR.RecipientNotFound'"
    found = verdict(text, subject="Undeliverable: Offer", sender=DAEMON).bounce
    assert found is not None
    assert (found.recipients, found.status) == (("bob@example.com",), "5.1.10")


def test_failed_recipients_in_the_header_are_believed_first() -> None:
    found = verdict(
        "<other@example.com>: 550", "X-Failed-Recipients: bob@example.com, eve@example.com", sender=DAEMON
    ).bounce
    assert found is not None
    assert found.recipients == ("bob@example.com", "eve@example.com")


def test_the_address_it_came_to_may_tell_whom_it_is_about() -> None:
    found = verdict(
        "Your message could not be delivered. 550 user unknown",
        "Delivered-To: bounce+bob=example.com@example.nl",
        subject="Undelivered Mail",
        sender=DAEMON,
    ).bounce
    assert found is not None
    assert found.recipients == ("bob@example.com",)


@pytest.mark.parametrize(
    ("subject", "text", "sender"),
    [
        (
            "Re: Undelivered Mail Returned to Sender",
            "Could you send it again? <bob@example.com>: 550",
            "Bob <bob@example.com>",
        ),
        ("Fwd: Undeliverable: Offer", "Look what I got. 550 5.1.1 bob@example.com", BOB_HIMSELF),
        (
            "Delivery problem with my order",
            "My parcel could not be delivered, nobody was home.",
            "Bob <bob@example.com>",
        ),
        ("Mail delivery", "Your mail to ann@example.com was delayed: 550 5.1.1 is what I got", "Ann <ann@example.com>"),
        ("Not delivered", "The sofa was not delivered yesterday. Call 550 1234?", BOB_HIMSELF),
        ("Quota", "Which quota do we have?", "Postmaster <postmaster@example.com>"),
    ],
)
def test_a_person_who_writes_about_delivery(subject: str, text: str, sender: str) -> None:
    assert verdict(text, subject=subject, sender=sender).kind == "person"
