"""Register webhooks: their permission, settings page, action and event descriptions."""

from django.utils.translation import gettext_lazy as _

from crm.automation.webhooks import health, notices
from crm.automation.webhooks.action import ACTION
from crm.platform.access.permissions import Permission
from crm.platform.features import Feature
from crm.platform.models import Role
from crm.web.settings.sections import Section
from crm.web.timeline.event_words import EventWords

MANAGE = "webhooks.manage"

FEATURES: list[Feature] = [
    Permission(
        name=MANAGE,
        roles=frozenset({Role.ADMIN}),
        group="settings",
        label=_("Set up webhooks"),
        note=_("Which outside systems triggers may call, and the secret that signs the calls."),
    ),
    Section(
        group="automation",
        name="webhooks:webhooks",
        permission=MANAGE,
        icon="webhook",
        label=_("Webhooks"),
        note=_("Your other systems that triggers call."),
        affects=_("Affects the calls that triggers make to other systems."),
        words=_("api integration zapier http endpoint callback"),
    ),
    ACTION,
    *health.HEALTH,
    notices.KIND,
    EventWords("webhook.added", "webhook", _("added the webhook")),
    EventWords("webhook.edited", "webhook", _("edited the webhook")),
    EventWords("webhook.secret_renewed", "key-round", _("changed the secret of the webhook")),
    EventWords("webhook.archived", "archive", _("archived the webhook")),
    EventWords("webhook.restored", "undo-2", _("restored the webhook")),
    EventWords("webhook.call_failed", "circle-x", _("A webhook could not be called"), mark="auto"),
    EventWords("webhook.call_unknown", "triangle-alert", _("It is unclear whether a webhook was called"), mark="auto"),
    EventWords("webhook.call_retried", "rotate-cw", _("called a webhook again")),
]
