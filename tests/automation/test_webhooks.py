"""A rule calls a webhook: signed, once, tried again where that may help, and left to a person where nobody knows."""

import base64
import hashlib
import hmac
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from crm.automation.models import CallState, RuleRun, Webhook, WebhookCall
from crm.automation.webhooks import sending
from crm.jobs.models import Job
from crm.kernel import clock
from crm.kernel.refusal import Refused
from crm.platform.http.outgoing import NoAnswer, OutgoingResponse
from crm.platform.http.public_address import ForbiddenAddress
from crm.platform.models import Due
from crm.platform.tenancy.context import use_tenant
from crm.platform.work import due_io
from crm.web.models import Notice
from tests.automation.rules import do, rule, work
from tests.cast import Cast, House

MONDAY = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)


@dataclass
class Other:
    """The other side: answers in turn, then 200; and what it was sent."""

    answers: list[Any] = field(default_factory=list)
    sent: list[tuple[str, bytes, dict[str, str]]] = field(default_factory=list)

    def post(self, url: str, body: bytes, headers: dict[str, str], **_options: object) -> OutgoingResponse:
        self.sent.append((url, body, headers))
        answer = self.answers.pop(0) if self.answers else 200
        if isinstance(answer, BaseException):
            raise answer
        if isinstance(answer, OutgoingResponse):
            return answer
        return OutgoingResponse(answer, {}, b"")


@pytest.fixture
def house(cast: Cast) -> Iterator[House]:
    with use_tenant(cast.house.tenant), clock.at(MONDAY):
        Due.objects.all().delete()
        yield cast.house


@pytest.fixture
def other(monkeypatch: pytest.MonkeyPatch) -> Other:
    found = Other()
    monkeypatch.setattr(sending, "post", found.post)
    return found


def called(house: House) -> tuple[WebhookCall, str]:
    """Have a rule call a webhook; return the call and the webhook's secret."""
    webhook, secret = Webhook.add("ERP", "https://erp.example/hook", by=house.ada)
    rule("job.left", do("webhook.call", webhook=webhook.pk), options={"step": ""})
    Job.objects.get(pk=house.job.pk).move_to(house.stage("Reached"), by=house.rita)
    work(MONDAY)
    return WebhookCall.objects.get(), secret


def test_it_is_signed_and_tells_no_names(house: House, other: Other) -> None:
    row, secret = called(house)
    assert [due_io.run_io(), due_io.run_io()] == [1, 0]
    [(url, body, headers)] = other.sent
    signed = f"{row.uid}.{headers['webhook-timestamp']}.".encode() + body
    mac = hmac.new(base64.b64decode(secret.removeprefix("whsec_")), signed, hashlib.sha256).digest()
    assert headers["webhook-signature"] == f"v1,{base64.b64encode(mac).decode()}"
    told = json.loads(body)
    assert (url, told["id"], told["record"]["number"]) == ("https://erp.example/hook", str(row.uid), house.job.number)
    assert "Cora" not in body.decode()
    row.refresh_from_db()
    assert (row.state, row.status, row.origin) == ("sent", 200, f"rule:{RuleRun.objects.get().pk}:0")
    assert secret not in row.webhook.sealed_secret


@pytest.mark.parametrize(
    ("answer", "state", "tries"),
    [
        (503, CallState.QUEUED, 1),
        (NoAnswer("No connection", was_sent=False), CallState.QUEUED, 1),
        (404, CallState.FAILED, 1),
        (301, CallState.FAILED, 1),
        (ForbiddenAddress("This address is in a private network"), CallState.FAILED, 1),
    ],
    ids=str,
)
def test_what_may_pass_is_tried_again_and_the_rest_is_told(
    house: House, other: Other, answer: Any, state: str, tries: int
) -> None:
    other.answers = [answer]
    row, _secret = called(house)
    due_io.run_io()
    row.refresh_from_db()
    assert (row.state, row.attempts) == (state, tries)
    work(MONDAY)
    assert Notice.objects.filter(kind="webhook.lost", member=house.ada).exists() == (state == CallState.FAILED)
    if state == CallState.QUEUED:
        with clock.at(MONDAY + timedelta(minutes=1)):
            due_io.run_io()
        row.refresh_from_db()
        assert (row.state, len(other.sent), other.sent[0][2]["webhook-id"]) == (CallState.SENT, 2, str(row.uid))


def test_the_last_try_fails_it_and_a_person_may_call_again(house: House, other: Other) -> None:
    other.answers = [500] * 4
    row, _secret = called(house)
    for day in range(4):
        with clock.at(MONDAY + timedelta(days=day)):
            due_io.run_io()
    row.refresh_from_db()
    assert (row.state, row.error, len(other.sent)) == (CallState.FAILED, "It answered 500.", 4)
    row.retry(by=house.ada)
    due_io.run_io()
    row.refresh_from_db()
    assert row.state == CallState.SENT
    with pytest.raises(Refused):
        row.retry(by=house.ada)


def test_a_worker_that_died_in_the_midst_of_it_leaves_it_to_a_person(house: House, other: Other) -> None:
    row, _secret = called(house)
    WebhookCall.objects.update(state=CallState.SENDING, attempts=1)
    due_io.run_io()
    row.refresh_from_db()
    assert (row.state, other.sent) == (CallState.UNKNOWN, [])
