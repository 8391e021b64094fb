"""Register what the portal adds."""

from django.utils.translation import gettext_lazy as _

from crm.platform.features import Feature
from portal.access.features import FEATURES as ACCESS
from portal.access.tabs import PortalTab
from portal.documents.features import FEATURES as DOCUMENTS
from portal.onboarding.features import FEATURES as ONBOARDING
from portal.portfolio.features import FEATURES as PORTFOLIO
from portal.preferences.withheld import WITHHELD
from portal.sharing.features import FEATURES as SHARING
from portal.updates.features import FEATURES as UPDATES

FEATURES: list[Feature] = [
    *ACCESS,
    *DOCUMENTS,
    PortalTab(20, "portal:newest_messages", "message-square-more", _("Messages")),
    PortalTab(90, "portal:preferences", "sliders-horizontal", _("Settings")),
    *ONBOARDING,
    *PORTFOLIO,
    *SHARING,
    *UPDATES,
    WITHHELD,
]
