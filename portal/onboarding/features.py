"""Register what onboarding adds: the words of its events."""

from django.utils.translation import gettext_lazy as _

from crm.platform.features import Feature
from crm.web.timeline.event_words import EventWords

FEATURES: list[Feature] = [
    EventWords("onboarding.confirmed", "check", _("The customer did a step of their checklist"), mark="in"),
    EventWords("onboarding.finished", "list-checks", _("The customer has set their page up"), mark="in"),
    EventWords("onboarding.put_aside", "list-checks", _("The customer put their checklist aside"), mark="in"),
    EventWords("claim.noted", "shield-check", _("The number of a claim was kept")),
    EventWords("claim.shown", "eye", _("The customer looked at the number of their claim"), mark="in"),
]
