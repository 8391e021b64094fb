"""Register the settings of webhooks, and the page of recipes."""

from django.utils.translation import gettext_lazy as _

from api.models.event_subscription import EventSubscription
from api.tokens.features import MANAGE as MANAGE_API
from crm.automation.webhooks.permission import MANAGE
from crm.platform.configuration.sections import UnexportedModel
from crm.platform.features import Feature
from crm.web.settings.sections import Section

FEATURES: list[Feature] = [
    UnexportedModel(EventSubscription, "Its calls go to another system, with a secret of the webhook."),
    Section(
        group="automation",
        name="webhooks:webhooks",
        permission=MANAGE,
        icon="webhook",
        label=_("Webhooks"),
        note=_("Your other systems that are called when something happens."),
        affects=_("Affects the calls to other systems, by events and by triggers."),
        words=_("api integration zapier make n8n http endpoint callback hook events"),
    ),
    Section(
        group="automation",
        name="api_tokens:events",
        permission=MANAGE_API,
        icon="list-checks",
        label=_("Events"),
        note=_("What programs are told when something happens."),
        affects=_("A list of all events and of what each holds."),
        words=_("webhook payload types api reference"),
        tab_of="api_tokens:tokens",
    ),
    Section(
        group="automation",
        name="api_tokens:recipes",
        permission=MANAGE_API,
        icon="workflow",
        label=_("Make, Zapier, n8n"),
        note=_("How such tools are connected, and what you don’t need them for."),
        affects=_("Affects nothing: instructions and samples."),
        words=_("integromat no-code low-code automation recipe rest hooks"),
        tab_of="api_tokens:tokens",
    ),
]
