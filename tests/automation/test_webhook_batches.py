"""Many calls of a webhook: in batches, around one that does not work, and with what the other side asks for."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from standardwebhooks import Webhook as Verifier
from standardwebhooks import WebhookVerificationError

from crm.automation.models import CallState, Webhook, WebhookCall, WebhookHealth
from crm.automation.models.webhook_call import CallDraft
from crm.automation.webhooks import calls, retry_times, sending
from crm.automation.webhooks.calls import BATCH, DISABLED_AFTER
from crm.kernel import clock
from crm.kernel.refusal import Refused
from crm.platform.http.outgoing import NoAnswer, OutgoingResponse
from crm.platform.models import Due, Event
from crm.platform.tenancy.context import use_tenant
from crm.platform.work import due_io
from crm.web.models import Notice
from tests.automation.rules import work
from tests.automation.test_webhooks import Other
from tests.cast import Cast, House

MONDAY = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)


@pytest.fixture
def house(cast: Cast) -> Iterator[House]:
    with use_tenant(cast.house.tenant), clock.at(MONDAY):
        Due.objects.all().delete()
        yield cast.house


@pytest.fixture
def other(monkeypatch: pytest.MonkeyPatch) -> Other:
    peer = Other()
    monkeypatch.setattr(sending, "post", peer.post)
    monkeypatch.setattr(retry_times, "JITTER", 0)
    return peer


@pytest.fixture
def webhook(house: House) -> Webhook:
    return Webhook.add("ERP", "https://erp.example/hook", by=house.ada)[0]


def queue(webhook: Webhook, count: int = 1, first: int = 1) -> None:
    numbers = range(first, first + count)
    WebhookCall.queue_all(
        [CallDraft(webhook.pk, {"type": "lead.won", "id": at}, f"event:{webhook.pk}:{at}") for at in numbers]
    )


def make(webhook: Webhook, *, after: timedelta = timedelta(0)) -> None:
    """Have a worker make the calls that are due."""
    with clock.at(MONDAY + after):
        calls.make_calls(webhook.tenant_id, webhook.pk)


def states(webhook: Webhook) -> dict[str, int]:
    counts: dict[str, int] = {}
    for state in WebhookCall.objects.filter(webhook=webhook).values_list("state", flat=True):
        counts[state] = counts.get(state, 0) + 1
    return counts


def test_an_event_is_queued_once_for_a_webhook(webhook: Webhook) -> None:
    queue(webhook, 3)
    queue(webhook, 4)
    assert WebhookCall.objects.count() == 4


def test_a_batch_costs_a_few_statements(webhook: Webhook, other: Other) -> None:
    """As many for one call as for a batch; among them two transactions and the tenant in each."""
    queue(webhook)
    make(webhook)
    queue(webhook, BATCH, first=2)
    with CaptureQueriesContext(connection) as queries:
        make(webhook)
    assert states(webhook) == {"sent": BATCH + 1}
    assert len(queries) <= 20


def test_several_webhooks_are_woken_by_one_statement(house: House, webhook: Webhook) -> None:
    more = Webhook.add("Make", "https://make.example/hook", by=house.ada)[0]
    drafts = [CallDraft(pk, {"type": "lead.won"}, f"event:{pk}:1") for pk in (webhook.pk, more.pk)]
    with CaptureQueriesContext(connection) as queries:
        WebhookCall.queue_all(drafts)
    assert len([query for query in queries if "platform_due" in query["sql"]]) == 1
    assert set(Due.objects.values_list("subject_id", flat=True)) == {webhook.pk, more.pk}


def test_a_batch_is_sent_and_the_rest_goes_on_at_once(webhook: Webhook, other: Other) -> None:
    queue(webhook, BATCH + 3)
    make(webhook)
    assert states(webhook) == {"sent": BATCH, "queued": 3}
    assert due_io.run_io() == 1
    assert states(webhook) == {"sent": BATCH + 3}
    assert not Due.objects.filter(kind="webhook.call").exists()


def test_what_is_sent_can_be_verified_by_the_library(house: House, other: Other) -> None:
    with clock.at(datetime.now(UTC)):
        webhook, secret = Webhook.add("ERP", "https://erp.example/hook", by=house.ada)
        queue(webhook)
        renewed = webhook.renew_secret(by=house.ada)
        calls.make_calls(webhook.tenant_id, webhook.pk)
    [(_url, body, headers)] = other.sent
    for one in (secret, renewed):
        assert Verifier(one).verify(body, headers) == {"type": "lead.won", "id": 1}
    with pytest.raises(WebhookVerificationError):
        Verifier(secret).verify(body.replace(b"won", b"lost"), headers)


@pytest.mark.parametrize("skew", [timedelta(minutes=-10), timedelta(minutes=10)])
def test_a_clock_that_is_minutes_off_is_noticed_by_the_other_side(house: House, other: Other, skew: timedelta) -> None:
    with clock.at(datetime.now(UTC) + skew):
        webhook, secret = Webhook.add("ERP", "https://erp.example/hook", by=house.ada)
        queue(webhook)
        calls.make_calls(webhook.tenant_id, webhook.pk)
    [(_url, body, headers)] = other.sent
    with pytest.raises(WebhookVerificationError, match="timestamp"):
        Verifier(secret).verify(body, headers)


def test_a_slow_one_gives_way_and_its_other_calls_wait(
    webhook: Webhook, other: Other, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sending, "TURN_SECONDS", 0)
    queue(webhook, 30)
    make(webhook)
    assert (states(webhook), other.sent) == ({"queued": 30}, [])
    assert set(WebhookCall.objects.values_list("attempts", flat=True)) == {0}
    assert Due.objects.filter(kind="webhook.call", run_at__lte=MONDAY).exists()


def test_one_that_hangs_is_left_alone_and_asked_with_one_call(webhook: Webhook, other: Other) -> None:
    queue(webhook, 200)
    other.answers = [NoAnswer("The server did not answer", was_sent=True)] * 300
    make(webhook)
    first = len(other.sent)
    assert first <= sending.AT_ONCE + 1
    make(webhook, after=timedelta(seconds=5))
    assert len(other.sent) == first, "it is left alone for ten seconds"
    make(webhook, after=timedelta(seconds=11))
    assert len(other.sent) == first + 1
    assert states(webhook) == {"queued": 200}


def test_once_it_works_again_what_waited_is_sent(webhook: Webhook, other: Other) -> None:
    queue(webhook, 30)
    other.answers = [503]
    make(webhook)
    other.answers = []
    make(webhook, after=timedelta(seconds=31))
    make(webhook, after=timedelta(seconds=32))
    assert states(webhook) == {"sent": 30}
    assert WebhookHealth.objects.get().failures == 0


@pytest.mark.parametrize(
    ("header", "seconds"),
    [("120", 120), ("Mon, 02 Mar 2026 15:05:00 GMT", 300), ("soon", 30), ("-5", 30), ("999999999", 86400)],
)
@pytest.mark.parametrize("status", [429, 503])
def test_the_other_side_says_when_to_come_back(
    webhook: Webhook, other: Other, status: int, header: str, seconds: int
) -> None:
    queue(webhook)
    other.answers = [OutgoingResponse(status, {"retry-after": header}, b"")]
    make(webhook)
    assert WebhookCall.objects.get().next_at == MONDAY + timedelta(seconds=seconds)


@pytest.mark.parametrize("answer", [301, 400, 404, 500, 429])
def test_an_event_is_tried_again_after_any_answer_but_success(webhook: Webhook, other: Other, answer: Any) -> None:
    queue(webhook)
    other.answers = [answer]
    make(webhook)
    call = WebhookCall.objects.get()
    assert (call.state, call.status, call.attempts) == (CallState.QUEUED, answer, 1)


def test_the_log_keeps_the_beginning_of_an_answer(webhook: Webhook, other: Other) -> None:
    queue(webhook)
    other.answers = [OutgoingResponse(200, {}, b"<html>\0" + b"x" * 5000)]
    make(webhook)
    call = WebhookCall.objects.get()
    assert (call.state, call.answer[:6], len(call.answer)) == (CallState.SENT, "<html>", 2048)
    assert call.duration_ms is not None


def test_after_three_days_it_is_kept_for_a_person(webhook: Webhook, other: Other) -> None:
    queue(webhook, 3)
    other.answers = [500] * 50
    make(webhook)
    make(webhook, after=timedelta(days=3, seconds=1))
    assert states(webhook) == {"failed": 3}
    assert Event.objects.filter(kind="webhook.call_failed").count() == 0, "its admins are not told of each event"


def test_five_days_without_an_answer_switch_it_off_and_its_owner_is_notified(
    house: House, webhook: Webhook, other: Other
) -> None:
    Webhook.objects.filter(pk=webhook.pk).update(owner=house.rita)
    queue(webhook)
    other.answers = [500] * 50
    make(webhook)
    with clock.at(MONDAY + DISABLED_AFTER):
        queue(webhook, first=2)
    make(webhook, after=DISABLED_AFTER)
    webhook.refresh_from_db()
    assert webhook.disabled_at == MONDAY + DISABLED_AFTER
    work(MONDAY + DISABLED_AFTER)
    told = set(Notice.objects.filter(kind="webhook.disabled").values_list("member__name", flat=True))
    assert told == {"Ada Admin", "Rita Rep"}


def test_one_that_is_gone_is_switched_off_at_once(webhook: Webhook, other: Other) -> None:
    queue(webhook, 5)
    other.answers = [410]
    make(webhook)
    webhook.refresh_from_db()
    assert "410" in webhook.disabled_why
    make(webhook, after=timedelta(hours=1))
    assert states(webhook).get("queued", 0) == 0


def test_switched_on_again_it_is_asked_at_once(house: House, webhook: Webhook, other: Other) -> None:
    queue(webhook)
    other.answers = [500]
    make(webhook)
    webhook.disable("It did not answer.", by=None)
    make(webhook, after=timedelta(minutes=1))
    call = WebhookCall.objects.get()
    with pytest.raises(Refused, match="switched off"):
        call.retry(by=house.ada)
    webhook.enable(by=house.ada)
    call.retry(by=house.ada)
    make(webhook)
    assert states(webhook) == {"sent": 1}


def test_what_waits_for_one_that_was_archived_is_dropped(house: House, webhook: Webhook, other: Other) -> None:
    queue(webhook, 3)
    webhook.archive(by=house.ada)
    make(webhook)
    assert (states(webhook), other.sent) == ({}, [])


def test_a_worker_that_died_in_the_midst_of_an_event_sends_it_again_with_its_id(webhook: Webhook, other: Other) -> None:
    queue(webhook)
    WebhookCall.objects.update(state=CallState.SENDING, attempts=1)
    make(webhook)
    call = WebhookCall.objects.get()
    assert (call.state, call.attempts, other.sent[0][2]["webhook-id"]) == (CallState.SENT, 2, str(call.uid))


def test_calls_are_forgotten_after_thirty_days(webhook: Webhook, other: Other) -> None:
    queue(webhook)
    make(webhook)
    with clock.at(MONDAY + timedelta(days=29)):
        calls.forget_calls([0])
    assert WebhookCall.objects.exists()
    with clock.at(MONDAY + timedelta(days=31)):
        calls.forget_calls([0])
    assert not WebhookCall.objects.exists()
    assert Due.objects.filter(kind="webhook.forget").exists()
