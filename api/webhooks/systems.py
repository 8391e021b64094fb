"""Webhooks as rows of *Settings, Connections*."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db.models import Case, Count, Q, Value, When
from django.db.models.functions import TruncHour
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from api.models import EventSubscription
from api.webhooks.webhook_state import load_health
from crm.automation.models import Webhook, WebhookCall, WebhookHealth
from crm.automation.models.webhook import webhooks
from crm.automation.models.webhook_call import LOST
from crm.automation.webhooks.permission import MANAGE
from crm.integrations.systems import HOURS, SystemRow, SystemSource, hour_states

# An attempt that failed, also of a call that is made again.
_FAILED = Q(state__in=LOST) | Q(state__in=("queued", "sending"), attempts__gt=0)


def webhook_systems(slug: str, now: datetime) -> Iterable[SystemRow]:
    """Return the webhooks in use, with their calls of the last 24 hours. Four queries."""
    current = [row for row in webhooks().values() if row.archived_at is None]
    if not current:
        return
    health = load_health()
    types = {row.webhook_id: row.types for row in EventSubscription.objects.all()}
    hours = _read_hours(now)
    lost = WebhookCall.objects.filter(state__in=LOST).order_by().values_list("webhook_id")
    counts = dict(lost.annotate(count=Count("pk")))
    for row in current:
        mark, state = _describe(row, health.get(row.pk))
        waits = ""
        if count := counts.get(row.pk, 0):
            waits = ngettext("%(count)s not delivered", "%(count)s not delivered", count) % {"count": count}
        yield SystemRow(
            name=row.name,
            note=_note(types.get(row.pk, [])),
            icon="webhook",
            way="out",
            mark=mark,
            state=state,
            url=reverse("webhooks:webhook", args=[slug, row.pk]),
            at=row.disabled_at or _last_instant(health.get(row.pk)),
            hours=hour_states(hours[row.pk], now),
            waits=waits,
        )


def _read_hours(now: datetime) -> dict[int, list[tuple[datetime, bool]]]:
    """Return the hours in which there were calls, and whether some failed, by webhook."""
    hours = defaultdict[int, list[tuple[datetime, bool]]](list)
    bad = Case(When(_FAILED, then=Value(True)), default=Value(False))
    rows = WebhookCall.objects.filter(at__gt=now - timedelta(hours=HOURS), at__lte=now, called_at__isnull=False)
    for pk, hour, has_failed in (
        rows.order_by().annotate(hour=TruncHour("at"), bad=bad).values_list("webhook_id", "hour", "bad").distinct()
    ):
        hours[pk].append((hour, has_failed))
    return hours


def _note(types: list[str]) -> str:
    if not types:
        return _("Webhook, for triggers only")
    count = len(types)
    return ngettext("Webhook, %(count)s event", "Webhook, %(count)s events", count) % {"count": count}


def _describe(row: Webhook, health: WebhookHealth | None) -> tuple[str, str]:
    if row.is_paused:
        return "hold", _("switched off")
    if row.disabled_at:
        return "crit", _("switched off")
    if health and health.failures:
        return "late", _("does not answer")
    if health and health.answered_at:
        return "ok", _("answers")
    return "ok", _("not called yet")


def _last_instant(health: WebhookHealth | None) -> datetime | None:
    if health is None:
        return None
    return health.failing_since or health.answered_at


SYSTEM = SystemSource(name="webhooks", group="automation", permission=MANAGE, icon="webhook", read=webhook_systems)
