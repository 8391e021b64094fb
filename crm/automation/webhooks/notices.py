"""Notify the admins of an undelivered webhook call, so that a person decides how to proceed."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.automation.models import WebhookCall
from crm.automation.models.webhook import webhooks
from crm.platform.models import Event, Role
from crm.platform.organization.configuration import directory
from crm.web.models import NoticeWay
from crm.web.notices.kinds import NoticeKind
from crm.web.notices.notify import notify

LOST = "webhook.lost"
DISABLED = "webhook.disabled"


def tell_lost(lost: Sequence[Event]) -> None:
    """Notify the admins, once per call."""
    admins = [row.pk for row in directory().members.values() if row.active and row.role == Role.ADMIN]
    rows = WebhookCall.objects.in_bulk([event.subject_id for event in lost])
    for event in lost:
        if row := rows.get(event.subject_id):
            data = {"webhook": row.webhook_id, "reason": event.data.get("reason", "")}
            notify(LOST, admins, key=f"webhook:{row.pk}:{event.pk}", about=row, data=data)


def notify_disabled(disabled: Sequence[Event]) -> None:
    """Notify the admins and the owner of a webhook that was switched off, once each time."""
    admins = [row.pk for row in directory().members.values() if row.active and row.role == Role.ADMIN]
    for event in disabled:
        webhook = webhooks().get(event.subject_id)
        if webhook and event.actor_id is None:
            to = {*admins, webhook.owner_id}
            notify(DISABLED, to, key=f"webhook:{webhook.pk}:{event.pk}", about=webhook, data=event.data)


def _notice_words(data: dict[str, Any]) -> str:
    webhook = webhooks().get(data.get("webhook", 0))
    if webhook:
        name = webhook.name
    else:
        name = _("Webhook")
    return f"{name}: {data.get('reason', '')}"


DISABLED_KIND = NoticeKind(
    name=DISABLED,
    # Also to its owner, who may not be an admin.
    permission="jobs.view",
    icon="webhook",
    label=gettext_lazy("A webhook was switched off"),
    words=_notice_words,
    default=NoticeWay.APP,
)
KIND = NoticeKind(
    name=LOST,
    permission="webhooks.manage",
    icon="webhook",
    label=gettext_lazy("A webhook was not delivered"),
    words=_notice_words,
    default=NoticeWay.APP,
)
