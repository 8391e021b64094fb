"""Register what the job page, its conversation and the preferences add: their tabs."""

from django.utils.translation import gettext_lazy as _

from crm.platform.features import Feature
from portal.access.tabs import PortalTab

FEATURES: list[Feature] = [
    PortalTab(20, "portal:newest_messages", "message-square-more", _("Messages")),
    PortalTab(90, "portal:preferences", "sliders-horizontal", _("Settings")),
]
