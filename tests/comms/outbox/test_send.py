"""A message of ours from the queue to the provider: once, later when that may help, to a person when nobody knows."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from comms.callbacks.message_calls import log_message_call
from comms.channels.interface import Permanent, Receipt, Transient, Unknown
from comms.gate import decide
from comms.gate.consent.suppressions import suppress
from comms.gate.verdict import GateCheck, GateVerdict
from comms.mail import threads
from comms.models import Channel, Message, SenderProfile, Suppression
from comms.models.outbound import SEND, UNDO_HOLD
from comms.outbox import send, send_results
from comms.stored_words import StoredWords
from crm.kernel import clock
from crm.kernel.refusal import Refused
from crm.platform.database.claims import LEASE
from crm.platform.models import Due, Event
from tests.comms.outbox.conftest import Desk


def kinds(message: Message) -> list[str]:
    return list(Event.objects.of(message).order_by("pk").values_list("kind", flat=True))


def test_a_message_leaves_once_and_answers_the_customer(desk: Desk) -> None:
    house = desk.cast.house
    house.job.hear("email")
    message = desk.write(by=house.rita)
    assert [desk.run(), desk.run()] == [1, 0]
    (sent,) = desk.carrier.sent
    assert (sent.key, sent.to, sent.subject) == (str(message.uid), message.address, "Your roof")
    # A mark of ours stands below, by which an answer that lost its headers finds its way (docs/rules.md#threading).
    assert sent.text.startswith("Hello\n\n[ref:")
    assert threads.own_message(sent.headers["Message-ID"]) == message.uid
    assert "Auto-Submitted" not in sent.headers
    assert (desk.state(message), message.provider_id, message.attempts) == ("sent", "id-0", 1)
    assert kinds(message) == ["message.queued", "message.sent"]
    house.job.refresh_from_db()
    assert (house.job.waiting_since, house.job.unread_count) == (None, 0)


def test_what_refers_to_it_is_not_kept_waiting(desk: Desk) -> None:
    """Its ticket's entry is written, and the job told, by another worker: locked whole, each waited for the other."""
    desk.write(by=desk.cast.house.rita)
    with CaptureQueriesContext(connection) as asked:
        desk.run()
    locks = [query["sql"] for query in asked if 'FROM "comms_message"' in query["sql"] and " FOR " in query["sql"]]
    assert len(locks) >= 2
    assert all("FOR NO KEY UPDATE" in sql for sql in locks)


def test_one_of_ours_by_itself_answers_nobody_and_asks_for_no_absence_notice(desk: Desk) -> None:
    desk.cast.house.job.hear("email")
    desk.write()
    desk.run()
    assert desk.carrier.sent[0].headers["Auto-Submitted"] == "auto-generated"
    assert desk.carrier.sent[0].headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    desk.cast.house.job.refresh_from_db()
    assert desk.cast.house.job.unread_count == 1


def test_a_reply_is_part_of_the_thread_it_answers(desk: Desk) -> None:
    theirs = Message.objects.create(
        brand=desk.mail.brand, channel=desk.mail, medium="email", direction="in", address="cora@x.example",
        state="received", message_id="<c@x.example>", in_reply_to="<b@x.example>", references="<a@x.example>",
        thread_headers={"Thread-Index": "AQ==", "Evil": "x"},
    )  # fmt: skip
    desk.mail.settings = {"reply_domain": "in.suncoast.example"}
    desk.mail.save()
    message = desk.write(answers=theirs)
    desk.run()
    (sent,) = desk.carrier.sent
    assert sent.headers["In-Reply-To"] == "<c@x.example>"
    assert sent.headers["References"] == "<a@x.example> <b@x.example> <c@x.example>"
    assert sent.headers["Thread-Index"] == "AQ=="
    assert "Evil" not in sent.headers
    assert threads.replied_message(sent.reply_to) == message.uid
    assert sent.reply_to.endswith("@in.suncoast.example")


@pytest.mark.parametrize(
    ("chosen", "has_line", "has_address"), [("", True, False), ("yes", False, True), ("headers", False, False)]
)
def test_how_answers_are_recognized_is_a_setting(desk: Desk, chosen: str, has_line: bool, has_address: bool) -> None:
    desk.mail.settings = {"plus_addressing": chosen}
    desk.mail.save()
    desk.write()
    desk.run()
    (sent,) = desk.carrier.sent
    assert ("[ref:" in sent.text, bool(sent.reply_to)) == (has_line, has_address)


def test_it_waits_fifteen_seconds_and_can_be_taken_back(desk: Desk) -> None:
    message = desk.write(undo=True, by=desk.cast.house.rita)
    assert desk.run() == 0
    message.cancel(by=desk.cast.house.rita)
    message.cancel(by=desk.cast.house.rita)
    with clock.at(clock.now() + UNDO_HOLD):
        assert desk.run() == 0
    assert (desk.state(message), kinds(message)) == ("cancelled", ["message.queued", "message.cancelled"])
    other = desk.write(undo=True)
    with clock.at(clock.now() + UNDO_HOLD):
        assert desk.run() == 1
    with pytest.raises(Refused):
        other.cancel(by=None)


def test_one_that_waits_can_be_sent_now(desk: Desk) -> None:
    message = desk.write(send_at=clock.now() + timedelta(days=1))
    message.send_now(by=desk.cast.house.rita)
    message.send_now(by=desk.cast.house.rita)
    assert desk.run() == 1
    assert desk.state(message) == "sent"
    with pytest.raises(Refused):
        message.send_now(by=None)


@pytest.mark.parametrize(
    "fields", [{"address": ""}, {"address": "a@x\nBcc: b@x"}, {"address": "a b@x"}, {"address": "a\0@x"}]
)
def test_an_address_no_message_can_have_is_refused_in_words(desk: Desk, fields: dict[str, str]) -> None:
    with pytest.raises(Refused):
        Message.queue(channel=desk.mail, **fields)  # type: ignore[arg-type]
    desk.mail.archive(by=None)
    with pytest.raises(Refused):
        desk.write()


def test_what_may_pass_is_tried_again_when_the_provider_says_or_later_and_not_for_ever(desk: Desk) -> None:
    desk.carrier.answers = [Transient("busy", after=timedelta(seconds=7))] + [Transient("busy")] * 20
    message = desk.write()
    desk.run()
    assert (desk.state(message), message.error) == ("queued", "busy")
    assert timedelta(seconds=5) < message.send_at - clock.now() <= timedelta(seconds=7)
    later = clock.now()
    for _ in range(20):
        later += send_results.LONGEST_PAUSE
        with clock.at(later):
            desk.run()
            assert desk.run() == 0, "not again at once"
    assert (desk.state(message), len(desk.carrier.sent)) == ("failed", send_results.ATTEMPTS)
    message.retry(by=desk.cast.house.rita)
    desk.carrier.answers = []
    desk.run()
    assert (desk.state(message), message.attempts, message.error) == ("sent", 1, "")


def test_a_refusal_for_good_is_not_repeated(desk: Desk) -> None:
    desk.carrier.answers = [Permanent("no such number")]
    message = desk.write()
    assert [desk.run(), desk.run()] == [1, 0]
    assert (desk.state(message), message.error) == ("failed", "no such number")
    assert kinds(message)[-2:] == ["message.failed", "message.call_wanted"]


@pytest.mark.parametrize("answer", [Unknown("silence"), RuntimeError("a bug of a library")])
def test_what_nobody_can_know_a_person_settles(desk: Desk, answer: Exception) -> None:
    desk.carrier.answers = [answer]
    message = desk.write()
    with clock.at(clock.now() + timedelta(days=1)):
        desk.run()
        desk.run()
    assert (desk.state(message), len(desk.carrier.sent)) == ("unknown", 1)
    message.confirm_sent(by=desk.cast.house.rita)
    message.confirm_sent(by=desk.cast.house.rita)
    assert (desk.state(message), kinds(message).count("message.sent")) == ("sent", 1)


def test_a_worker_that_died_in_mid_call_leaves_it_to_a_person_who_sends_it_again(desk: Desk) -> None:
    desk.carrier.answers = [GeneratorExit()]
    message = desk.write()
    with pytest.raises(GeneratorExit):
        desk.run()
    assert (desk.state(message), desk.run()) == ("sending", 0)
    with clock.at(clock.now() + LEASE):
        assert desk.run() == 1
        assert (desk.state(message), len(desk.carrier.sent)) == ("unknown", 1)
        message.retry(by=desk.cast.house.rita)
        desk.run()
    assert (desk.state(message), len(desk.carrier.sent)) == ("sent", 2)


def test_an_answer_that_comes_late_is_believed_unless_a_person_has_settled_it(desk: Desk) -> None:
    message, settled = desk.write(), desk.write()
    for each in (message, settled):
        assert send._claim_message(each.pk) is not None
        send_results.leave_to_a_person(Message.objects.get(pk=each.pk), "lost")
    send_results.settle(message.pk, 1, Receipt("late"))
    assert (desk.state(message), message.provider_id) == ("sent", "late")
    settled.confirm_sent(by=desk.cast.house.rita)
    send_results.settle(settled.pk, 1, Permanent("no"))
    assert desk.state(settled) == "sent"


def test_one_that_comes_too_late_is_dropped(desk: Desk) -> None:
    message = desk.write(useful_until=clock.now() + timedelta(hours=1), send_at=clock.now() + timedelta(minutes=1))
    with clock.at(clock.now() + timedelta(hours=2)):
        desk.run()
    assert (desk.state(message), desk.carrier.sent) == ("dropped", [])
    assert "too late" in message.error


def says(outcome: str, text: str, until: datetime | None = None) -> GateVerdict:
    return GateVerdict(outcome, until=until, checks=(("rule", GateCheck(StoredWords(text), outcome)),))


@pytest.mark.parametrize(
    ("verdict", "state"),
    [
        (says("drop", "They asked us to stop."), "dropped"),
        (says("needs_human", "Never written to before."), "held"),
        (says("defer", "It is night there.", clock.now() + timedelta(hours=9)), "held"),
    ],
)
def test_what_the_gate_says_is_done(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, verdict: GateVerdict, state: str
) -> None:
    monkeypatch.setattr(send, "decide", lambda message: verdict)
    message = desk.write()
    desk.run()
    assert (desk.state(message), message.error, desk.carrier.sent) == (state, verdict.words, [])
    assert Due.objects.filter(kind=SEND).exists() == (verdict.outcome == "defer")


def test_a_stop_between_queueing_and_sending_is_heard(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(send, "decide", decide)
    message = desk.write(undo=True, by=desk.cast.house.rita)
    suppress(message.address, "stop", source="message")
    with clock.at(clock.now() + UNDO_HOLD):
        desk.run()
    assert (desk.state(message), desk.carrier.sent) == ("dropped", [])
    assert message.error
    assert list(message.decisions.values_list("outcome", flat=True)) == ["drop"]


def test_a_number_that_said_no_to_the_provider_is_written_to_no_more(desk: Desk) -> None:
    desk.carrier.answers = [Permanent("Attempt to send to unsubscribed recipient", code="21610", suppress="stop")]
    desk.write(desk.sms)
    desk.run()
    assert [(row.reason, row.covers) for row in Suppression.objects.in_force()] == [("stop", "everything")]


def test_the_next_channel_is_tried_and_when_none_is_left_somebody_calls(desk: Desk) -> None:
    SenderProfile.objects.create(brand=desk.mail.brand, fallback={"service": ["whatsapp", "email", "sms"]})
    desk.carrier.answers = [Permanent("mailbox is gone"), Permanent("switched off")]
    message = desk.write(by=desk.cast.house.rita)
    desk.run()
    assert [sent.to for sent in desk.carrier.sent] == ["cora@suncoast-test-mail.example", "+18135550142"]
    by_text = Message.objects.get(instead_of=message)
    assert (by_text.medium, by_text.state, by_text.author) == ("sms", "failed", desk.cast.house.rita)
    message.refresh_from_db()
    assert (message.call_wanted_at is None, by_text.call_wanted_at) == (False, None)
    log_message_call(message, "no_answer", by=desk.cast.house.rita)
    assert message.call_wanted_at is not None
    log_message_call(message, "reached", by=desk.cast.house.rita, note="She knows.")
    assert message.call_wanted_at is None
    assert kinds(message).count("message.called") == 2


def test_a_channel_that_may_not_carry_it_is_no_reason_to_wait(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    SenderProfile.objects.create(brand=desk.mail.brand, fallback={"service": ["sms"]})
    shut = GateVerdict("needs_human", "window_shut", rule="channel")
    monkeypatch.setattr(send, "decide", lambda message: shut if message.instead_of_id else GateVerdict("send"))
    desk.carrier.answers = [Permanent("mailbox is gone")]
    message = desk.write(by=desk.cast.house.rita)
    desk.run()
    assert Message.objects.get(instead_of=message).state == "dropped"
    message.refresh_from_db()
    assert message.call_wanted_at is not None


def test_advertising_that_failed_is_no_reason_to_call(desk: Desk) -> None:
    desk.carrier.answers = [Permanent("no")]
    message = desk.write(purpose="marketing")
    desk.run()
    message.refresh_from_db()
    assert (message.state, message.call_wanted_at) == ("failed", None)


def test_an_id_given_twice_is_kept_once_and_loses_nothing(desk: Desk) -> None:
    desk.carrier.answers = [Receipt("same"), Receipt("same")]
    first, second = desk.write(), desk.write()
    desk.run()
    assert {desk.state(first), desk.state(second)} == {"sent"}
    assert sorted([first.provider_id, second.provider_id]) == ["", "same"]


def test_what_fails_before_it_could_be_tried_is_said(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(message: Message) -> Any:
        raise RuntimeError("a bug of ours")

    monkeypatch.setattr(send, "decide", broken)
    message = desk.write()
    for day in range(7):
        with clock.at(clock.now() + timedelta(days=day)):
            desk.run()
    assert (desk.state(message), desk.carrier.sent) == ("failed", [])


def test_the_embedded_provider_is_refused_where_messages_are_real(desk: Desk) -> None:
    Channel.objects.filter(pk=desk.mail.pk).update(provider="nobody")
    message = desk.write()
    desk.run()
    assert desk.state(message) == "failed"
    assert "no provider" in message.error
