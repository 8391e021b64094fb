"""Register response times: how their events are told, and what a new tenant starts with."""

from django.utils.translation import gettext_lazy as _

from crm.platform.features import Feature
from crm.platform.tenancy.tenant_creation import TenantStart
from crm.web.settings.sections import Section
from tickets.sla.event_words import EVENT_WORDS
from tickets.sla.setup import begin

FEATURES: list[Feature] = [
    *EVENT_WORDS,
    TenantStart(begin),
    Section(
        "comms",
        50,
        "tickets:sla",
        "tickets.set_up",
        "clock",
        _("Response times"),
        _("How soon a conversation is answered, updated and solved, and for whom it is sooner."),
    ),
]
