"""Register webhooks: their permission, action and event descriptions. Their pages are in the app `api`."""

from django.utils.translation import gettext_lazy as _

from crm.automation.webhooks import health, notices
from crm.automation.webhooks.action import ACTION
from crm.automation.webhooks.permission import MANAGE
from crm.platform.access.permissions import Permission
from crm.platform.features import Feature
from crm.platform.models import Role
from crm.web.timeline.event_words import EventWords

FEATURES: list[Feature] = [
    Permission(
        name=MANAGE,
        roles=frozenset({Role.ADMIN}),
        group="settings",
        label=_("Set up webhooks"),
        note=_("Which outside systems triggers may call, what is sent to them, and the secret that signs the calls."),
    ),
    ACTION,
    *health.HEALTH,
    notices.KIND,
    notices.DISABLED_KIND,
    EventWords("webhook.added", "webhook", _("added the webhook")),
    EventWords("webhook.edited", "webhook", _("edited the webhook")),
    EventWords("webhook.secret_renewed", "key-round", _("changed the secret of the webhook")),
    EventWords("webhook.subscribed", "list-checks", _("chose the events of the webhook")),
    EventWords("webhook.unsubscribed", "list-checks", _("sends the webhook no events any more")),
    EventWords("webhook.disabled", "circle-x", _("The webhook was switched off: it did not answer"), mark="auto"),
    EventWords("webhook.switched_off", "pause", _("switched the webhook off")),
    EventWords("webhook.enabled", "play", _("switched the webhook on again")),
    EventWords("webhook.calls_replayed", "rotate-cw", _("delivered again what a webhook had not received")),
    EventWords("webhook.archived", "archive", _("archived the webhook")),
    EventWords("webhook.restored", "undo-2", _("restored the webhook")),
    EventWords("webhook.call_failed", "circle-x", _("A webhook could not be called"), mark="auto"),
    EventWords("webhook.call_unknown", "triangle-alert", _("It is unclear whether a webhook was called"), mark="auto"),
    EventWords("webhook.call_retried", "rotate-cw", _("called a webhook again")),
]
