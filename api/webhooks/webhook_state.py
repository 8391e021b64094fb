"""Whether a webhook answers, in words and with a mark."""

from typing import NamedTuple

from django.utils.translation import gettext as _

from crm.automation.models import Webhook, WebhookHealth
from crm.web.reader import Reader


class WebhookState(NamedTuple):
    """How a webhook does. `css`: its mark (ok, late, crit, hold)."""

    css: str
    words: str
    detail: str = ""


def load_health() -> dict[int, WebhookHealth]:
    """Return the health of all webhooks that were called, by webhook. One query."""
    return {row.webhook_id: row for row in WebhookHealth.objects.all()}


def describe_state(webhook: Webhook, health: WebhookHealth | None, reader: Reader) -> WebhookState:
    """Describe whether a webhook answers."""
    if webhook.disabled_at:
        since = _("since %(when)s") % {"when": reader.moment(webhook.disabled_at)}
        if not webhook.disabled_why:
            return WebhookState("hold", _("switched off"), since)
        return WebhookState("crit", _("switched off"), f"{since} · {webhook.disabled_why}".strip(" ·"))
    if health is None:
        return WebhookState("ok", _("not called yet"))
    if health.failures and health.failing_since:
        since = _("since %(when)s") % {"when": reader.moment(health.failing_since)}
        next_try = ""
        if health.paused_until:
            next_try = _("next attempt %(when)s") % {"when": reader.moment(health.paused_until)}
        return WebhookState("late", _("does not answer"), f"{since} · {next_try}".strip(" ·"))
    if health.answered_at:
        return WebhookState("ok", _("answers"), _("last %(when)s") % {"when": reader.moment(health.answered_at)})
    return WebhookState("ok", _("not called yet"))
