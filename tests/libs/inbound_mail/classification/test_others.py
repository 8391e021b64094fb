"""Complaints, challenges, lists, loops, and what a person passes on."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from libs.inbound_mail import classify
from libs.inbound_mail.message import MailAddress, OwnAddresses
from tests.libs.inbound_mail.classification.verdicts import OWN, verdict
from tests.libs.inbound_mail.mails import HEAD, mixed, read

OURS = "Content-Type: message/rfc822\n\nTo: bob@example.com\nMessage-ID: <1@crm.example.nl>\n\nOffer"


@pytest.mark.parametrize(
    ("fields", "recipients", "kind"),
    [
        ("Feedback-Type: abuse\nOriginal-Rcpt-To: bob@example.com", ("bob@example.com",), "abuse"),
        ("Feedback-Type: opt-out\nRemoval-Recipient: bob@example.com", ("bob@example.com",), "opt-out"),
        ("Feedback-Type: abuse", ("bob@example.com",), "abuse"),
        ("User-Agent: Yahoo!\nOriginal-Rcpt-To: rfc822; bob@example.com", ("bob@example.com",), "abuse"),
    ],
)
def test_a_complaint(fields: str, recipients: tuple[str, ...], kind: str) -> None:
    raw = mixed("\nThis is an abuse report", f"Content-Type: message/feedback-report\n\n{fields}", OURS, kind="report")
    found = classify(read(raw), own=OWN)
    assert found.kind == "complaint"
    assert found.complaint is not None
    assert (found.complaint.recipients, found.complaint.feedback_type) == (recipients, kind)
    assert found.complaint.original_message_id == "1@crm.example.nl"


def test_a_complaint_as_microsoft_sends_it() -> None:
    raw = mixed(
        "Content-Type: message/rfc822\n\nX-HmXmrOriginalRecipient: bob@hotmail.com\n\nOffer",
        head="From: staff@hotmail.com\nSubject: complaint about message from 192.0.2.1\n",
    )
    found = classify(read(raw), own=OWN)
    assert found.complaint is not None
    assert found.complaint.recipients == ("bob@hotmail.com",)


def test_a_report_that_a_mail_is_no_spam_is_no_complaint() -> None:
    raw = mixed("\nNot spam", "Content-Type: message/feedback-report\n\nFeedback-Type: not-spam", OURS, kind="report")
    assert classify(read(raw), own=OWN).kind == "auto_reply"


@pytest.mark.parametrize(
    ("sender", "subject", "text"),
    [
        (
            "noreply@boxbe.com",
            "Re: Offer (Action Required)",
            "Click the link below to be added to the Guest List.",
        ),
        (
            "bob@spamarrest.com",
            "Re: Offer",
            "Click the link below to verify that you are a real person.",
        ),
        (
            "bob@example.com",
            "Please confirm your message",
            "Reply to this message to confirm that you are human.",
        ),
        ("bob-confirm-123.456.abc@example.com", "Please confirm", "Your message is being held. Reply to deliver it."),
    ],
)
@pytest.mark.parametrize("path", ["Return-Path: <>", "X-Test: 1"])
def test_a_challenge_is_never_a_bounce(sender: str, subject: str, text: str, path: str) -> None:
    assert verdict(text, path, sender=sender, subject=subject).kind == "challenge"


@pytest.mark.parametrize(
    "text",
    [
        "Please confirm your visit of Tuesday. Click the link in my signature for the address.",
        "Can you confirm that you are coming? Then I hold the date for you.",
    ],
)
def test_a_person_who_asks_to_confirm(text: str) -> None:
    assert verdict(text, subject="Please confirm the appointment").kind == "person"


@pytest.mark.parametrize(
    "fields",
    [
        "List-Id: Talk <talk.lists.example.org>\nPrecedence: list",
        "List-Post: <mailto:talk@lists.example.org>",
        "List-Unsubscribe: <https://example.com/u>\nPrecedence: bulk",
        "List-Unsubscribe: <https://example.com/u>\nFeedback-ID: 1:news",
        "Precedence: bulk",
    ],
)
def test_a_list(fields: str) -> None:
    assert verdict("Hello all", fields).kind == "list"


def test_a_group_of_our_own_is_no_list() -> None:
    group = "List-Id: <support.example.nl>\nList-Post: <mailto:support@example.nl>\nPrecedence: list"
    assert verdict("Can you help me?", group).kind == "person"
    assert verdict("Can you help me?", "List-Id: Team <team.lists.example.nl>\nPrecedence: list").kind == "person"
    assert verdict("Can you help me?", "List-Id: <talk.anexample.nl>\nPrecedence: list").kind == "list"


@pytest.mark.parametrize(
    ("fields", "sender"),
    [
        ("X-Loop: INFO@Example.NL", "info@example.nl"),
        ("Message-ID: <42@crm.example.nl>", "info@example.nl"),
        ("Message-ID: <42@crm.example.nl>", "bob@example.com"),
        ("X-Loop: info@example.nl", "bob@example.com"),
        ("\n".join(["Received: from a by b"] * 40), "bob@example.com"),
    ],
)
def test_a_loop(fields: str, sender: str) -> None:
    assert verdict("Hello", fields, sender=sender).kind == "loop"


@pytest.mark.parametrize("field", ["Reply-To: bob@example.com", "X-BeenThere: info@example.nl", "X-Test: 1"])
def test_a_mail_in_our_name_without_our_mark_is_no_loop(field: str) -> None:
    assert verdict("Name: Bob", field, sender="INFO@Example.NL").kind == "person"


def test_without_anything_of_our_own_nothing_is_a_loop() -> None:
    assert classify(read(f"{HEAD}\nHello"), own=OwnAddresses()).kind == "person"


@pytest.mark.parametrize("sample", Path(__file__).with_name("forwards.txt").read_text().split("=== ")[1:])
def test_what_a_person_passes_on(sample: str) -> None:
    subject, _, block = sample.partition("\n")
    found = verdict(f"See below, can you take this?\n\n{block}\n\nWe want a kitchen.", subject=subject)
    assert found.kind == "person"
    assert found.forwarded is not None
    assert found.forwarded.sender is not None
    assert (found.forwarded.sender.address, found.forwarded.subject) == ("bob@example.com", "Kitchen")
    assert "We want a kitchen." in found.forwarded.text


@pytest.mark.parametrize(
    "line",
    [
        "On Tue, Nov 24, 2026 at 9:01 AM Bob Lee <bob@example.com> wrote:",
        "Op di 24 nov 2026 om 09:01 schreef Bob Lee <bob@example.com>:",
        "Am 24.11.2026 um 09:01 schrieb Bob Lee <bob@example.com>:",
    ],
)
def test_a_mail_passed_on_below_one_line(line: str) -> None:
    found = verdict(f"Can you take this?\n\n{line}\n> We want a kitchen.\n> Bob\n", subject="Fwd: Kitchen").forwarded
    assert found is not None
    assert found.sender == MailAddress("Bob Lee", "bob@example.com")
    assert (found.words, found.text) == ("Can you take this?", "We want a kitchen.\nBob")


@pytest.mark.parametrize(
    "text",
    [
        "Videresendt fra: Eva <eva@example.com>\n\nHello\n\nOn 24 Nov 2026, Bob <bob@example.com> wrote:\n> Hi",
        "On 24 Nov 2026, Bob <bob@example.com> wrote:\n> Hi\n\nI told him no.",
    ],
)
def test_a_line_within_another_text_passes_nothing_on(text: str) -> None:
    assert verdict(text, subject="Fwd: Kitchen").forwarded is None


def test_a_mail_passed_on_as_an_attachment() -> None:
    inner = "From: Bob <bob@example.com>\nSubject: Kitchen\nDate: Fri, 20 Nov 2026 10:00:00 +0000\n\nWe want a kitchen."
    found = classify(read(mixed("\nFor you", f"Content-Type: message/rfc822\n\n{inner}")), own=OWN).forwarded
    assert found is not None
    assert found.sender is not None
    assert found.sender.address == "bob@example.com"
    assert found.date == datetime(2026, 11, 20, 10, tzinfo=UTC)


def test_a_reply_passes_nothing_on() -> None:
    text = "Yes please\n\nFrom: info <info@example.nl>\nSent: Friday\nSubject: Offer\n\nOffer"
    assert verdict(text, subject="Re: Offer").forwarded is None


def test_every_verdict_says_why() -> None:
    assert verdict("Hello").reason
