"""Register response times: words of their events, and the defaults of a new tenant."""

from django.utils.translation import gettext_lazy as _

from crm.platform.features import Feature
from crm.platform.organization.tenant_creation import TenantStart
from crm.web.settings.sections import Section
from tickets.models.sla_policy import create_default_policy
from tickets.sla.event_words import EVENT_WORDS
from tickets.sla.forms import PolicyForm

FEATURES: list[Feature] = [
    *EVENT_WORDS,
    TenantStart(create_default_policy),
    Section(
        group="service",
        name="tickets:sla",
        permission="tickets.set_up",
        icon="clock",
        label=_("Response time targets"),
        note=_("How soon conversations must be answered, updated and resolved."),
        affects=_("Affects the clocks and order of the inbox, alerts, and reports on response."),
        words=_("sla policy first reply deadline targets priority"),
        below=("tickets/sla/policy.html", PolicyForm),
    ),
]
