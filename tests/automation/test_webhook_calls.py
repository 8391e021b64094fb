"""A webhook and its calls in each state: claimed once, settled by the answer, tried again, left to a person."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from crm.automation.models import CallState, Webhook, WebhookCall
from crm.automation.models.webhook_call import TRIED_FOR
from crm.automation.webhooks import calls, retry_times, sending
from crm.automation.webhooks.retry_times import LONGEST_PAUSE, PAUSE
from crm.automation.webhooks.sending import CallResult, signed_headers
from crm.kernel import clock
from crm.kernel.refusal import Refused
from crm.platform.http.outgoing import NoAnswer, OutgoingResponse
from crm.platform.http.public_address import ForbiddenAddress
from crm.platform.models import Due, Event
from crm.platform.tenancy.context import use_tenant
from tests.automation.test_webhooks import Other
from tests.cast import Cast, House
from tests.followups.conftest import Browser

MONDAY = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)
URL = "https://erp.example/hook"


@pytest.fixture
def house(cast: Cast) -> Iterator[House]:
    with use_tenant(cast.house.tenant), clock.at(MONDAY):
        yield cast.house


@pytest.fixture
def other(monkeypatch: pytest.MonkeyPatch) -> Other:
    found = Other()
    monkeypatch.setattr(sending, "post", found.post)
    monkeypatch.setattr(retry_times, "JITTER", 0)
    return found


@pytest.fixture
def webhook(house: House) -> Webhook:
    return Webhook.add("ERP", URL, by=house.ada)[0]


@pytest.fixture
def queued(webhook: Webhook) -> WebhookCall:
    return WebhookCall.queue(webhook, {"type": "rule.fired"}, origin="run:1:0")


def recorded(kind: str) -> int:
    return int(Event.objects.filter(kind=kind).count())


def make(row: WebhookCall) -> WebhookCall:
    """Have a worker make the call."""
    calls.make_calls(row.tenant_id, row.webhook_id)
    row.refresh_from_db()
    return row


@pytest.mark.parametrize("url", ["", "erp.example", "ftp://x.example", "https://a b.example", "https://ü.example"])
def test_a_webhook_has_an_address_on_the_web(house: House, webhook: Webhook, url: str) -> None:
    for verb in (lambda: Webhook.add("Other", url, by=house.ada), lambda: webhook.edit(url, by=house.ada)):
        with pytest.raises(Refused, match="https"):
            verb()
    assert Webhook.objects.get().url == URL


def test_an_address_has_five_hundred_characters_at_most(house: House) -> None:
    with pytest.raises(Refused):
        Webhook.add("Long", URL + "x" * 500, by=house.ada)


def test_the_same_address_again_is_nothing(house: House, webhook: Webhook) -> None:
    webhook.edit(f" {URL} ", by=house.ada)
    assert recorded("webhook.edited") == 0


def test_a_new_secret_signs_beside_the_old_for_a_day(house: House, webhook: Webhook) -> None:
    before = webhook.key
    secret = webhook.renew_secret(by=house.ada)
    assert secret not in webhook.sealed_secret
    assert webhook.keys_at(MONDAY + timedelta(hours=23)) == [webhook.key, before]
    assert webhook.keys_at(MONDAY + timedelta(hours=24)) == [webhook.key]
    assert recorded("webhook.secret_renewed") == 1


def test_a_name_is_taken_by_webhooks_in_use(house: House, webhook: Webhook) -> None:
    with pytest.raises(Refused, match="already exists"):
        Webhook.add("erp", URL, by=house.ada)
    webhook.archive(by=house.ada)
    Webhook.add("ERP", URL, by=house.ada)


def test_a_webhook_whose_name_is_taken_by_now_is_not_restored(house: House, webhook: Webhook) -> None:
    webhook.archive(by=house.ada)
    Webhook.add("ERP", URL, by=house.ada)
    with pytest.raises(Refused, match="already exists"):
        webhook.restore(by=house.ada)


def test_no_more_than_so_many_webhooks(house: House, webhook: Webhook, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("crm.automation.models.webhook.MOST", 1)
    with pytest.raises(Refused, match="at most 1 webhooks"):
        Webhook.add("One more", URL, by=house.ada)


def test_made_twice_by_workers_it_is_sent_once(queued: WebhookCall, other: Other) -> None:
    make(queued)
    make(queued)
    assert (len(other.sent), queued.state, queued.status, queued.attempts) == (1, CallState.SENT, 200, 1)


@pytest.mark.parametrize("status", [200, 204, 299])
def test_what_was_taken_is_sent(queued: WebhookCall, other: Other, status: int) -> None:
    other.answers = [status]
    assert make(queued).state == CallState.SENT


@pytest.mark.parametrize("answer", [408, 409, 425, 429, 500, 503, NoAnswer("timed out", was_sent=True)])
def test_what_may_pass_is_tried_again_later(queued: WebhookCall, other: Other, answer: Any) -> None:
    other.answers = [answer]
    make(queued)
    assert (queued.state, queued.next_at, queued.error != "") == (CallState.QUEUED, MONDAY + PAUSE, True)


@pytest.mark.parametrize("answer", [301, 400, 401, 404, 410, ForbiddenAddress("private")])
def test_what_does_not_pass_fails_at_once(queued: WebhookCall, other: Other, answer: Any) -> None:
    other.answers = [answer]
    make(queued)
    assert (queued.state, recorded("webhook.call_failed")) == (CallState.FAILED, 1)


def test_a_call_too_early_waits_for_its_time(queued: WebhookCall, other: Other) -> None:
    WebhookCall.objects.filter(pk=queued.pk).update(next_at=MONDAY + timedelta(minutes=5))
    make(queued)
    assert (other.sent, queued.state, queued.attempts) == ([], CallState.QUEUED, 0)


def test_each_try_waits_four_times_as_long_for_three_days(queued: WebhookCall, other: Other) -> None:
    other.answers = [500] * 50
    waits, at = [], MONDAY
    while at:
        with clock.at(at):
            make(queued)
        waits.append((queued.next_at or at) - at)
        at = queued.next_at
    assert waits[:3] == [PAUSE, 4 * PAUSE, 16 * PAUSE]
    assert max(waits) == LONGEST_PAUSE
    assert TRIED_FOR - LONGEST_PAUSE <= sum(waits, timedelta(0)) < TRIED_FOR
    assert (queued.state, queued.attempts) == (CallState.FAILED, len(waits))


def test_a_worker_that_died_in_the_midst_of_it_leaves_it_to_a_person(queued: WebhookCall, other: Other) -> None:
    WebhookCall.objects.filter(pk=queued.pk).update(state=CallState.SENDING)
    make(queued)
    assert (queued.state, other.sent, recorded("webhook.call_unknown")) == (CallState.UNKNOWN, [], 1)


def test_an_answer_to_an_earlier_try_settles_nothing(queued: WebhookCall) -> None:
    WebhookCall.objects.filter(pk=queued.pk).update(state=CallState.SENDING, attempts=2)
    calls._record_results(queued.webhook_id, [CallResult(queued.pk, 1, OutgoingResponse(200, {}, b""), 5)])
    queued.refresh_from_db()
    assert queued.state == CallState.SENDING


def test_an_answer_that_comes_after_all_settles_what_nobody_knew(queued: WebhookCall) -> None:
    WebhookCall.objects.filter(pk=queued.pk).update(state=CallState.UNKNOWN, attempts=1)
    calls._record_results(queued.webhook_id, [CallResult(queued.pk, 1, OutgoingResponse(200, {}, b""), 5)])
    queued.refresh_from_db()
    assert queued.state == CallState.SENT


def test_nothing_is_sent_to_an_archived_webhook(house: House, queued: WebhookCall, other: Other) -> None:
    queued.webhook.archive(by=house.ada)
    make(queued)
    assert (queued.state, other.sent) == (CallState.FAILED, [])


def test_a_call_that_is_gone_is_not_made(queued: WebhookCall, other: Other) -> None:
    tenant, webhook = queued.tenant_id, queued.webhook_id
    queued.delete()
    calls.make_calls(tenant, webhook)
    calls.give_up(webhook)
    assert other.sent == []


def test_a_call_that_could_not_be_tried_fails_once(queued: WebhookCall) -> None:
    for _time in range(2):
        calls.give_up(queued.webhook_id)
    queued.refresh_from_db()
    assert (queued.state, recorded("webhook.call_failed")) == (CallState.FAILED, 1)


@pytest.mark.parametrize("state", [CallState.FAILED, CallState.UNKNOWN])
def test_a_person_has_it_made_again_from_the_first_try(house: House, queued: WebhookCall, state: str) -> None:
    WebhookCall.objects.filter(pk=queued.pk).update(state=state, attempts=8, next_at=None)
    Due.objects.all().delete()
    for _time in range(2):
        queued.retry(by=house.ada)
    assert (queued.state, queued.attempts, recorded("webhook.call_retried")) == (CallState.QUEUED, 0, 1)
    assert Due.objects.filter(kind="webhook.call", subject_id=queued.webhook_id).exists()


def test_what_was_answered_is_not_made_again(house: House, queued: WebhookCall) -> None:
    WebhookCall.objects.filter(pk=queued.pk).update(state=CallState.SENT)
    with pytest.raises(Refused, match="already answered"):
        queued.retry(by=house.ada)


def test_a_call_is_one_of_its_step(webhook: Webhook, queued: WebhookCall) -> None:
    assert WebhookCall.objects.filter(origin=queued.origin).count() == 1


def test_what_is_signed_is_the_id_the_instant_and_the_body() -> None:
    signed = {signed_headers(uid, body, [key], at)["webhook-signature"] for uid, body, key, at in _variations()}
    assert len(signed) == 5


def _variations() -> Iterator[tuple[str, bytes, bytes, datetime]]:
    usual: tuple[str, bytes, bytes, datetime] = ("a", b"body", b"key", MONDAY)
    yield usual
    yield ("b", *usual[1:])
    yield (usual[0], b"other", *usual[2:])
    yield (*usual[:2], b"new key", MONDAY)
    yield (*usual[:3], MONDAY + timedelta(seconds=1))


@pytest.mark.parametrize("name", ["rita", "sam", "mona"])
def test_webhooks_are_the_administrators(house: House, webhook: Webhook, name: str) -> None:
    who = Browser(house, getattr(house, name))
    who.get("webhooks/", status=404)
    who.post(f"webhooks/{webhook.pk}/secret/", {}, status=404)
    assert recorded("webhook.secret_renewed") == 0
