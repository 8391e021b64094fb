"""Mail to users: sent once, after the commit, retried when that may help, left for a person when nobody can know."""

import smtplib
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

from crm.kernel import clock
from crm.platform.accounts import outbox
from crm.platform.database.claims import ATTEMPTS, LEASE
from crm.platform.models import StaffMail

State = StaffMail.State
BUSY, REFUSED = smtplib.SMTPDataError(451, b"busy"), smtplib.SMTPDataError(554, b"no")


class Moving:
    """A clock that is moved by hand."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.at = clock.now() + timedelta(seconds=1)  # the model's defaults hold the real clock
        monkeypatch.setattr(clock, "now", self.now)

    def now(self) -> datetime:
        return self.at


@pytest.fixture
def moving(monkeypatch: pytest.MonkeyPatch) -> Moving:
    return Moving(monkeypatch)


@pytest.fixture
def queued(db: None, moving: Moving) -> StaffMail:
    return outbox.queue_mail(to="rita@example.com", subject="Hello", body="A link")


def answer(monkeypatch: pytest.MonkeyPatch, error: BaseException) -> None:
    def send(self: EmailMessage, *args: Any) -> int:
        raise error

    monkeypatch.setattr(EmailMessage, "send", send)


def test_it_is_sent_once_and_its_text_forgotten(queued: StaffMail) -> None:
    assert mail.outbox == []
    assert [outbox.send_waiting(), outbox.send_waiting()] == [1, 0]
    (sent,) = mail.outbox
    assert (sent.to, sent.subject, sent.body) == (["rita@example.com"], "Hello", "A link")
    queued.refresh_from_db()
    assert (queued.state, queued.body) == (State.SENT, "")


def test_a_demo_keeps_the_text_to_show(queued: StaffMail, settings: Any) -> None:
    settings.DEMO = True
    outbox.send_waiting()
    queued.refresh_from_db()
    assert queued.body == "A link"


def unreachable(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(self: BaseEmailBackend) -> None:
        raise ConnectionRefusedError

    monkeypatch.setattr(BaseEmailBackend, "open", refuse)


@pytest.mark.parametrize(
    "error",
    [
        ConnectionRefusedError(),
        smtplib.SMTPDataError(451, b"busy"),
        smtplib.SMTPRecipientsRefused({"rita@example.com": (450, b"try later")}),
    ],
)
def test_what_may_pass_is_tried_again_later_and_not_for_ever(
    queued: StaffMail, moving: Moving, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    unreachable(monkeypatch) if isinstance(error, ConnectionRefusedError) else answer(monkeypatch, error)
    tries = 0
    for _ in range(20):
        tries += outbox.send_waiting()
        assert outbox.send_waiting() == 0, "not again at once"
        moving.at += timedelta(minutes=20)
    queued.refresh_from_db()
    assert (tries, queued.state, queued.run_at) == (ATTEMPTS, State.FAILED, None)
    assert queued.last_error == type(error).__name__


@pytest.mark.parametrize(
    "error",
    [
        smtplib.SMTPRecipientsRefused({}),
        ValueError("a line break in the subject"),
        smtplib.SMTPDataError(554, b"no"),
        smtplib.SMTPSenderRefused(550, b"", ""),
    ],
)
def test_a_refusal_for_good_is_not_repeated(
    queued: StaffMail, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    answer(monkeypatch, error)
    assert outbox.send_waiting() == 1
    queued.refresh_from_db()
    assert (queued.state, queued.run_at) == (State.FAILED, None)


@pytest.mark.parametrize("error", [smtplib.SMTPServerDisconnected(), TimeoutError(), ConnectionResetError()])
def test_a_peer_that_falls_silent_with_the_mail_in_hand_leaves_it_to_a_person(
    queued: StaffMail, moving: Moving, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    answer(monkeypatch, error)
    assert outbox.send_waiting() == 1
    moving.at += timedelta(days=1)
    assert outbox.send_waiting() == 0
    queued.refresh_from_db()
    assert (queued.state, queued.run_at, queued.last_error) == (State.UNKNOWN, None, type(error).__name__)


def test_a_worker_that_died_while_sending_leaves_it_to_a_person(
    queued: StaffMail, moving: Moving, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer(monkeypatch, GeneratorExit())
    with pytest.raises(GeneratorExit):
        outbox.send_waiting()
    monkeypatch.undo()
    monkeypatch.setattr(clock, "now", moving.now)
    assert outbox.send_waiting() == 0, "its lease runs"
    moving.at += LEASE
    assert outbox.send_waiting() == 0
    queued.refresh_from_db()
    assert (queued.state, mail.outbox) == (State.UNKNOWN, [])


def test_a_later_success_after_a_transient_error(
    queued: StaffMail, moving: Moving, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as broken:
        unreachable(broken)
        outbox.send_waiting()
    moving.at += timedelta(minutes=5)
    assert outbox.send_waiting() == 1
    queued.refresh_from_db()
    assert queued.state == State.SENT


def test_a_dead_broker_is_no_error_for_who_queues(db: None, django_capture_on_commit_callbacks: Any) -> None:
    with django_capture_on_commit_callbacks(execute=True) as hints:
        outbox.queue_mail(to="rita@example.com", subject="Hello", body="A link")
    assert len(hints) == 1
    assert StaffMail.objects.get().state == State.QUEUED
