"""Register what onboarding adds: the words of its events."""

from django.utils.translation import gettext_lazy as _

from crm.platform.features import Feature
from crm.web.timeline.event_words import EventWords

FEATURES: list[Feature] = [
    EventWords("onboarding.confirmed", "check", _("The customer completed a checklist step"), mark="in"),
    EventWords("onboarding.finished", "list-checks", _("The customer completed their checklist"), mark="in"),
    EventWords("onboarding.put_aside", "list-checks", _("The customer closed their checklist"), mark="in"),
    EventWords("claim.noted", "shield-check", _("A claim number was saved")),
    EventWords("claim.shown", "eye", _("The customer viewed their claim number"), mark="in"),
]
