"""Webhooks of the demo: one that answers, one that does not, with a dead letter, and one that is switched off.

The systems do not exist: their names end in ".example", and a call that is made while the demo runs finds no host.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import override

from api.events.public_event import public_events
from api.models import EventSubscription
from crm.automation.models import CallState, Webhook, WebhookCall, WebhookHealth
from crm.automation.models.webhook_call import TRIED_FOR, schedule_forgetting, wake_webhook
from crm.kernel import clock
from crm.platform.database import bulk_write
from crm.platform.models import Event, Member, Role
from crm.platform.organization.configuration import directory

DAY = timedelta(days=1)
# So long ago each was subscribed; calls are kept for 30 days.
SUBSCRIBED = 9 * DAY
# For how long one has not answered, when it is tried next, and since when one is switched off.
FAILING = timedelta(minutes=52)
NEXT_TRY = timedelta(minutes=8)
OFF = 2 * DAY
BROKEN_PAGE = "<html><head><title>500 Internal Server Error</title></head></html>"


@dataclass(frozen=True)
class WebhookPlan:
    """A webhook by language: its name and address, and the events that it is called for."""

    names: dict[str, tuple[str, str]]
    types: tuple[str, ...]


@dataclass(frozen=True)
class SeededResult:
    """The result of a call. `age`: how long ago its last attempt was made."""

    state: CallState
    status: int | None = None
    attempts: int = 1
    answer: str = ""
    error: str = ""
    age: timedelta = timedelta()


BOOKS = WebhookPlan(
    {
        "en": ("Bookkeeper", "https://books.hargrove-cpa.example/in"),
        "nl": ("Boekhouder", "https://boeken.vermeer-accountants.example/in"),
    },
    ("invoice.issued", "invoice.paid", "payment.received"),
)
SALES = WebhookPlan(
    {
        "en": ("Zapier: quotes to the sheet", "https://hooks.zapier.example/hooks/catch/881204/quotes"),
        "nl": ("Zapier: offertes naar het overzicht", "https://hooks.zapier.example/hooks/catch/440917/offertes"),
    },
    ("quote.sent", "quote.accepted", "quote.declined"),
)
BOARD = WebhookPlan(
    {
        "en": ("Crew board", "https://ops.suncoast.example/n8n"),
        "nl": ("Planbord", "https://planning.chargeline.example/n8n"),
    },
    ("handoff.opened", "handoff.accepted"),
)
ANSWERED = SeededResult(CallState.SENT, 200, answer="ok")


def create_webhooks(now: datetime) -> None:
    """Create them inside the tenant, after its members, with the events that they are called for."""
    admin = _find_admin()
    language = directory().tenant.language
    for plan in (BOOKS, SALES, BOARD):
        name, url = plan.names.get(language, plan.names["en"])
        with clock.at(now - SUBSCRIBED):
            webhook, _secret = Webhook.add(name, url, by=admin)
            EventSubscription.subscribe(webhook, plan.types, member=admin, by=admin)
        if plan is BOARD:
            with clock.at(now - OFF):
                webhook.switch_off(by=admin)


def create_deliveries(now: datetime) -> None:
    """Create the calls for what happened since, after the events have their final ids."""
    language = directory().tenant.language
    with override(language):
        for plan in (BOOKS, SALES, BOARD):
            name, _url = plan.names.get(language, plan.names["en"])
            _create_calls(Webhook.objects.get(name=name), plan, now)
    schedule_forgetting()


def _create_calls(webhook: Webhook, plan: WebhookPlan, now: datetime) -> None:
    happened = Event.objects.filter(kind__in=plan.types, at__gte=now - SUBSCRIBED, at__lte=now).order_by("pk")
    payloads = public_events(list(happened), _find_admin())
    if not payloads:
        return
    if plan is BOOKS:
        results = list(_book_results(payloads, now))
        health = WebhookHealth(webhook=webhook, failures=6, failing_since=now - FAILING, paused_until=now + NEXT_TRY)
        health.answered_at = datetime.fromisoformat(payloads[0]["at"])
    elif plan is SALES:
        results = [ANSWERED] * len(payloads)
        health = WebhookHealth(webhook=webhook, answered_at=datetime.fromisoformat(payloads[-1]["at"]))
    else:
        results = list(_board_results(payloads, now))
        health = WebhookHealth(webhook=webhook, answered_at=now - OFF)
    health.save()
    rows = [
        _call_row(webhook, payload, result, place, now)
        for place, (payload, result) in enumerate(zip(payloads, results, strict=True))
    ]
    bulk_write.insert_all(WebhookCall, rows)
    if plan is BOOKS:
        wake_webhook(webhook.pk, now + NEXT_TRY)


def _book_results(payloads: Sequence[dict[str, Any]], now: datetime) -> Iterator[SeededResult]:
    """Yield the results: one was given up after three days, and the last two are still being tried."""
    dead = next((place for place, one in enumerate(payloads) if _age_of(one, now) > TRIED_FOR + DAY), None)
    refused = SeededResult(CallState.FAILED, 500, 18, BROKEN_PAGE, _("It answered %(status)s.") % {"status": 500})
    for place, payload in enumerate(payloads):
        if place >= len(payloads) - 2:
            yield replace(refused, state=CallState.QUEUED, attempts=len(payloads) - place + 3, age=NEXT_TRY)
        elif place == dead:
            yield replace(refused, age=_age_of(payload, now) - TRIED_FOR)
        else:
            yield ANSWERED


def _board_results(payloads: Sequence[dict[str, Any]], now: datetime) -> Iterator[SeededResult]:
    off = SeededResult(CallState.FAILED, attempts=0, error=_("The webhook is switched off."))
    for payload in payloads:
        if _age_of(payload, now) < OFF:
            yield off
        else:
            yield ANSWERED


def _call_row(
    webhook: Webhook, payload: dict[str, Any], result: SeededResult, place: int, now: datetime
) -> dict[str, Any]:
    at = datetime.fromisoformat(payload["at"])
    called_at: datetime | None = at + timedelta(seconds=1)
    if result.age:
        called_at = now - result.age
    next_at = None
    if result.state == CallState.QUEUED:
        next_at = now + NEXT_TRY
    duration = None
    if result.attempts:
        duration = 140 + 37 * (place % 5)
    else:
        called_at = None
    return {
        "webhook_id": webhook.pk,
        "origin": f"event:{webhook.pk}:{payload['id']}",
        "payload": payload,
        "may_repeat": True,
        "state": result.state,
        "attempts": result.attempts,
        "status": result.status,
        "error": result.error,
        "answer": result.answer,
        "duration_ms": duration,
        "at": at,
        "called_at": called_at,
        "next_at": next_at,
        "ends_at": max(at + TRIED_FOR, now + DAY),
    }


def _age_of(payload: dict[str, Any], now: datetime) -> timedelta:
    return now - datetime.fromisoformat(payload["at"])


def _find_admin() -> Member:
    return min(
        (member for member in directory().members.values() if member.role == Role.ADMIN), key=lambda member: member.pk
    )
