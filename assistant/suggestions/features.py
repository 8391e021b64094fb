"""Register suggestions."""

from django.utils.translation import gettext_lazy as _

from assistant.panel.helper_roles import RuleHelper
from assistant.panel.parts import AssistantPart
from assistant.permissions import SET_UP, USE
from assistant.suggestions.patterns import begin_patterns
from assistant.suggestions.views import HELPER, LABEL
from crm.jobs.models import Job
from crm.people.models import Person
from crm.platform.features import Feature
from crm.platform.organization.tenant_creation import TenantStart
from tickets.models import Ticket

FEATURES: list[Feature] = [
    RuleHelper(name=HELPER, label=_("Suggestions"), note=_("One next step beside a lead or customer.")),
    AssistantPart(
        name="suggestion",
        url_name="suggestions:lead",
        permission=USE,
        label=LABEL,
        model=Job,
        key="number",
        topics="followups quotes",
    ),
    AssistantPart(
        name="suggestion", url_name="suggestions:person", permission=USE, label=LABEL, model=Person, topics="followups"
    ),
    AssistantPart(
        name="suggestion",
        url_name="suggestions:conversation",
        permission=USE,
        label=LABEL,
        model=Ticket,
        key="number",
        topics="followups quotes",
    ),
    AssistantPart(
        name="suggestions",
        url_name="suggestions:figures",
        permission=SET_UP,
        label=_("How useful suggestions are"),
        topics="",
    ),
    TenantStart(begin_patterns, again=begin_patterns),
]
