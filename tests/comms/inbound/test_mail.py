"""A raw mail becomes what it is: a customer's message, our own, a bounce, a loop, a duplicate; each once."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pytest

from comms.addresses import address_key
from comms.gate.consent import suppressions
from comms.inbound import inbound_storage
from comms.inbound.inbound_result import InboundResult
from comms.inbound.mail import arrived_mail
from comms.inbound.mail.receive_mail import receive_mail
from comms.models import Attachment, Channel, Inbound, Message, Suppression
from crm.jobs.creation.job_creation import open_job
from crm.kernel import clock
from crm.people.models import ContactPoint, Person
from crm.platform.files import stored_files
from crm.platform.models import Event
from crm.platform.tenancy.context import use_tenant
from libs.inbound_mail import MailLimits, read_mail
from tests.cast import Cast
from tests.comms.inbound.conftest import Opened
from tests.comms.inbound.mails import AUTO_REPLY, BOUNCE, CORA, SUPPORT, raw_mail, with_file


@pytest.fixture
def support(opened: Opened) -> Channel:
    return opened(SUPPORT)


@pytest.fixture(autouse=True)
def inside(cast: Cast, support: Channel) -> Iterator[None]:
    with use_tenant(cast.house.tenant):
        yield


def receive(raw: bytes, channel: Channel | None = None, **more: Any) -> InboundResult:
    inbound, _ = inbound_storage.keep(raw, kind=Inbound.Kind.MAIL, channel=channel, provider="test")
    return receive_mail(raw, inbound, **more)


def ours(cast: Cast, **fields: Any) -> Message:
    usual: dict[str, Any] = {
        "medium": "email",
        "direction": "out",
        "state": "sent",
        "message_id": "<o1@suncoast.example>",
    }
    usual |= {"address": "cora@suncoast-test-mail.example", "sent_at": clock.now(), "person": cast.house.cora}
    channel = Channel.objects.first()
    message: Message = Message.objects.create(brand_id=channel.brand_id, channel=channel, **usual | fields)
    message.refresh_from_db()
    return message


def test_a_customers_mail_is_a_message_of_theirs_and_their_job_hears(cast: Cast, support: Channel) -> None:
    text = "It leaks.\n\nOn Mon, Nov 2, 2026 at 10:00 AM Rita Rep <rita@x.example> wrote:\n> Hello\n"
    done = receive(raw_mail(text, Authentication_Results="mx.example; dmarc=fail; spf=pass"))
    assert done.outcome == "ticket"
    message = Message.objects.get()
    assert (message.person, message.job, message.channel) == (cast.house.cora, cast.house.job, support)
    assert (message.text.strip(), message.subject, message.message_id) == ("It leaks.", "My roof", "<a1@home.example>")
    assert "> Hello" in message.folded_text
    assert (message.authentication, message.sender_check.is_doubtful) == ({"dmarc": "fail", "spf": "pass"}, True)
    job = cast.house.job
    job.refresh_from_db()
    assert (job.unread_count, job.unread_channel, job.waiting_since is not None) == (1, "email", True)
    event = Event.objects.get(kind="message.received")
    assert (event.subject_id, event.job_id, event.data["automatic"]) == (message.pk, job.pk, "")


def test_what_was_left_out_of_a_mail_is_kept_with_its_message(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(arrived_mail, "read_mail", partial(read_mail, limits=MailLimits(attachments=1_000)))
    receive(with_file(b"x" * 10_000, "big.txt"))
    message = Message.objects.get()
    assert message.problems == [{"code": "attachments_too_large", "count": 1, "names": ["big.txt"]}]
    assert not Attachment.objects.exists()
    receive(raw_mail())
    assert Message.objects.latest("pk").problems == []


def test_the_same_mail_again_is_a_duplicate_in_its_mailbox_alone(cast: Cast, opened: Opened) -> None:
    sales = opened("sales@suncoast.example", role="sales")
    raw = raw_mail(to=f"{SUPPORT}, sales@suncoast.example")
    assert receive(raw, recipients=(SUPPORT,)).outcome == "ticket"
    assert receive(raw + b"\r\n", recipients=(SUPPORT,)).outcome == "duplicate"
    assert receive(raw, recipients=(sales.address,)).outcome == "ticket"
    assert Message.objects.filter(automatic="").count() == 2
    cast.house.job.refresh_from_db()
    assert cast.house.job.unread_count == 1


NOW = datetime(2026, 11, 25, 11, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("date", "received", "at"),
    [
        # A slow clock, and a way that took an hour.
        ("Mon, 1 Jan 2018 01:04:44 +0100", "Wed, 25 Nov 2026 11:20:00 +0000", "2026-11-25T11:20"),
        ("Wed, 25 Nov 2026 10:20:00 +0000", "Wed, 25 Nov 2026 11:20:00 +0000", "2026-11-25T10:20"),
        # Nobody says when it was received; an old archive says it.
        ("Mon, 1 Jan 2018 01:04:44 +0100", None, "2026-11-25T11:30"),
        ("Mon, 1 Jan 2018 01:04:44 +0100", "Mon, 1 Jan 2018 00:10:00 +0000", "2018-01-01T00:04"),
        # A server's own clock may be ahead.
        ("Wed, 25 Nov 2026 11:20:00 +0000", "Fri, 27 Nov 2026 11:20:00 +0000", "2026-11-25T11:20"),
    ],
)
def test_a_date_that_lies_behind_counts_for_nothing(date: str, received: str | None, at: str) -> None:
    trace = f"from home.example by mx.example; {received}" if received else None
    with clock.at(NOW):
        message = receive(raw_mail(Date=date, Received=trace)).message
    assert message
    assert message.at.isoformat().startswith(at)
    assert bool(message.problems) == (message.at > NOW - timedelta(minutes=20) and "2018" in date)


def test_who_writes_under_an_id_of_another_suppresses_nothing(cast: Cast) -> None:
    """A Message-ID is no secret: whoever was in copy knows it."""
    sent = ours(cast, job=cast.house.job)
    thief = raw_mail("Ha", sender="X <na@na.com>", In_Reply_To=sent.message_id)
    assert [receive(thief).outcome, receive(thief).outcome] == ["reply", "duplicate"]
    assert receive(raw_mail("It leaks")).outcome == "ticket"
    assert receive(raw_mail("It leaks") + b"\r\n").outcome == "duplicate"
    assert sorted(Message.objects.filter(direction="in", automatic="").values_list("text", "job")) == [
        ("Ha", cast.house.job.pk),
        ("It leaks", cast.house.job.pk),
    ]
    cast.house.job.refresh_from_db()
    assert cast.house.job.unread_count == 2


def test_one_delivery_to_two_mailboxes_is_in_both(opened: Opened) -> None:
    opened("sales@suncoast.example", role="sales")
    receive(raw_mail(), recipients=(SUPPORT, "Sales+web@suncoast.example", SUPPORT))
    found = Message.objects.values_list("channel__address", flat=True)
    assert sorted(found) == ["sales@suncoast.example", SUPPORT]


def test_a_mail_without_an_id_is_known_by_its_bytes() -> None:
    raw = raw_mail(Message_ID=None)
    assert [receive(raw).outcome, receive(raw).outcome] == ["ticket", "duplicate"]
    assert receive(raw_mail("Another", Message_ID=None)).outcome == "ticket"


def test_an_id_that_is_cut_is_known_again() -> None:
    raw = raw_mail(Message_ID=f"<{'x' * 1200}@home.example>")
    assert [receive(raw).outcome, receive(raw).outcome] == ["ticket", "duplicate"]


@pytest.mark.parametrize("header", ["In_Reply_To", "References"])
def test_an_answer_to_ours_is_a_reply_of_the_same_job(cast: Cast, header: str) -> None:
    other = open_job(title="Other roof", person=cast.house.cora, by=None)
    ours(cast, job=cast.house.job)
    done = receive(raw_mail(**{header: "<x@y> <o1@suncoast.example>"}))
    assert (done.outcome, done.matched_by) == ("reply", header.lower())
    assert done.message
    assert done.message.job == cast.house.job != other


def test_its_own_reply_address_is_the_strongest_evidence(cast: Cast) -> None:
    from comms.mail import threads

    sent = ours(cast, job=cast.house.job)
    token = threads.reply_address(sent.uid, SUPPORT)
    assert receive(raw_mail(to=token)).matched_by == "reply_token"
    forged = token[:-30] + ("1" if token[-30] == "0" else "0") + token[-29:]
    assert receive(raw_mail(to=forged, Message_ID="<a2@home.example>")).matched_by == ""


def test_several_open_jobs_the_newest_and_it_says_so(cast: Cast) -> None:
    with clock.at(clock.now() + timedelta(hours=1)):
        newest = open_job(title="Other roof", person=cast.house.cora, by=None)
    done = receive(raw_mail())
    assert done.message
    assert done.message.job == newest
    assert "several open leads" in done.reason


def test_a_stranger_becomes_a_person_to_be_confirmed(cast: Cast) -> None:
    done = receive(raw_mail(sender="New One <new@home.example>"))
    person = Person.objects.get(unconfirmed_since__isnull=False)
    assert done.message
    assert (done.message.person, done.message.job) == (person, None)
    assert person.name == "New One"


def test_an_automatic_answer_is_kept_and_nobody_waits(cast: Cast) -> None:
    done = receive(AUTO_REPLY)
    assert done.outcome == "auto_reply"
    message = Message.objects.get()
    assert (message.automatic, message.job) == ("auto_reply", cast.house.job)
    cast.house.job.refresh_from_db()
    assert cast.house.job.waiting_since is None
    assert Event.objects.get(kind="message.received").data["returns_on"] == "2026-12-03"


def test_an_automatic_answer_of_a_stranger_makes_nobody() -> None:
    before = Person.objects.count()
    raw = AUTO_REPLY.replace(b"Cora Customer <cora@suncoast-test-mail.example>", b"robot@machine.example")
    assert receive(raw).outcome == "auto_reply"
    assert Person.objects.count() == before


@pytest.mark.parametrize("returned", [b"<o1@suncoast.example>", b"<rewritten@elsewhere.example>"])
def test_a_bounce_finds_its_original_by_id_or_by_its_recipient(cast: Cast, returned: bytes) -> None:
    sent = ours(cast)
    done = receive(BOUNCE % returned)
    assert done.outcome == "bounce"
    assert done.bounce
    assert (done.bounce.permanent, done.bounce.status) == (True, "5.1.1")
    sent.refresh_from_db()
    assert sent.delivery == "bounced"
    assert Message.objects.filter(direction="in").count() == 0
    assert receive(BOUNCE % returned).outcome == "bounce"


def test_of_a_bounce_about_two_recipients_each_has_its_own_reason(cast: Cast) -> None:
    sent = ours(cast, participants={"cc": [["Pal", "pal@pal.example"]]})
    copy = b"Final-Recipient: rfc822; pal@pal.example\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n"
    full = (BOUNCE % b"<o1@suncoast.example>").replace(b"550 5.1.1 no such user", b"552 5.2.2 mailbox full")
    head, end, tail = full.replace(b"5.1.1", b"5.2.2").partition(b"--x\r\nContent-Type: message/rfc822")
    raw = head + copy + end + tail
    receive(raw)
    sent.refresh_from_db()
    assert sent.error.startswith("Their mailbox is full")
    assert Suppression.objects.get().key == address_key("pal@pal.example")


@pytest.mark.parametrize(("proof", "lifts"), [("dmarc=pass", True), ("dmarc=fail", False)])
def test_mail_from_an_address_lifts_the_mark_that_it_is_dead(cast: Cast, proof: str, lifts: bool) -> None:
    suppressions.suppress("cora@suncoast-test-mail.example", "hard_bounce", source="provider", medium="email")
    suppressions.suppress("cora@suncoast-test-mail.example", "complaint", source="provider", medium="email")
    receive(raw_mail(Authentication_Results=f"mx.example; {proof}"))
    reasons = set(Suppression.objects.in_force().values_list("reason", flat=True))
    assert reasons == ({"complaint"} if lifts else {"complaint", "hard_bounce"})
    assert Event.objects.filter(kind="suppression.lifted").exists() is lifts


def test_our_own_mail_that_comes_back_ends_there() -> None:
    assert receive(raw_mail(sender=f"Support <{SUPPORT}>", X_Loop=SUPPORT)).outcome == "loop"


def test_a_mail_in_our_name_without_our_mark_is_a_message_of_nobody() -> None:
    done = receive(raw_mail("Scan attached", sender=f"Copier <{SUPPORT}>"))
    assert (done.outcome, done.message.person if done.message else "") == ("ticket", None)


@pytest.mark.parametrize(("confirmed", "writer"), [(True, "lou@suncoast.example"), (False, "lou@home.example")])
def test_a_confirmed_customer_at_our_domain_is_no_form(confirmed: bool, writer: str) -> None:
    unsure = None if confirmed else clock.now()
    lou = Person.objects.create(name="Lou Fox", unconfirmed_since=unsure)
    ContactPoint.objects.create(person=lou, kind="email", value="lou@suncoast.example")
    receive(raw_mail(sender="Lou Fox <lou@suncoast.example>", Reply_To="Lou Fox <lou@home.example>"))
    assert Message.objects.get().address == writer


def test_what_another_program_sent_in_our_name_to_a_customer_is_ours(cast: Cast) -> None:
    done = receive(raw_mail("Your invoice", sender=SUPPORT, to=CORA), recipients=(SUPPORT,))
    assert (done.outcome, done.message.person if done.message else None) == ("sent", cast.house.cora)


def test_a_colleagues_forward_is_its_customers(cast: Cast) -> None:
    told = f"See below\n\n---------- Forwarded message ---------\nFrom: {CORA}\nDate: Mon, 2 Nov 2026 at 10:00\n"
    told += "Subject: My roof\nTo: <rita@suncoast-test.example>\n\nIt leaks badly.\n"
    done = receive(raw_mail(told, sender="Rita Rep <rita@suncoast-test.example>", Subject="Fwd: My roof"))
    assert done.message
    assert (done.message.person, done.message.job) == (cast.house.cora, cast.house.job)
    assert "It leaks badly." in done.message.text


def test_a_colleagues_question_is_internal(cast: Cast) -> None:
    done = receive(raw_mail(sender="Rita Rep <rita@suncoast-test.example>"))
    assert done.message
    assert (done.message.person, done.message.author) == (None, cast.house.rita)
    cast.house.job.refresh_from_db()
    assert cast.house.job.waiting_since is None


def test_a_blind_copy_of_what_a_colleague_sent_answers_the_customer(cast: Cast) -> None:
    receive(raw_mail())
    raw = raw_mail(sender="Rita Rep <rita@suncoast-test.example>", to=CORA, Message_ID="<r1@home.example>")
    done = receive(raw, recipients=(SUPPORT,))
    assert done.outcome == "sent"
    assert done.message
    assert (done.message.direction, done.message.author) == ("out", cast.house.rita)
    cast.house.job.refresh_from_db()
    assert cast.house.job.waiting_since is None
    forged = raw_mail(
        sender="Rita Rep <rita@suncoast-test.example>",
        to=CORA,
        Message_ID="<r2@home.example>",
        Authentication_Results="mx; dmarc=fail",
    )
    assert receive(forged, recipients=(SUPPORT,)).outcome != "sent"


def test_files_stay_as_long_as_the_message() -> None:
    receive(with_file(b"inside\n"))
    attachment = Attachment.objects.get()
    assert (attachment.name, attachment.media_type, attachment.size) == ("roof.txt", "text/plain", 7)
    with clock.at(clock.now() + timedelta(days=400)), stored_files.open_file(attachment.file) as file:
        assert file.read() == b"inside\n"


@pytest.mark.parametrize(
    "raw",
    [
        raw_mail("a\x00b"),
        raw_mail().replace(b"My roof", b"=?utf-8?b?7aCA?= \x00"),
        raw_mail().replace(b"From: Cora Customer <cora@suncoast-test-mail.example>", b"From: \xff\xfe"),
        raw_mail().replace(b"a1@home.example", b"a" * 2000),
        b"From: \r\n\r\n",
        b"X: " + b"a" * 300_000,
    ],
    ids=range(6),
)
def test_nothing_in_a_mail_is_more_than_the_database_takes(raw: bytes) -> None:
    done = receive(raw)
    assert done.outcome
    if done.message:
        done.message.refresh_from_db()
        json.dumps(done.message.participants)
