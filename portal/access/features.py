"""Register what getting in adds: the first tab, and the words of its events."""

from django.utils.translation import gettext_lazy as _

from crm.platform.features import Feature
from crm.web.timeline.event_words import EventWords
from portal.access.tabs import PortalTab

FEATURES: list[Feature] = [
    PortalTab(10, "portal:home", "house", _("Job")),
    EventWords("portal.invited", "key-round", _("invited them to the portal")),
    EventWords("portal.revoked", "lock", _("took their way into the portal away")),
    EventWords("portal.entered", "log-in", _("The customer came into the portal for the first time"), mark="in"),
]
