"""The models of the portal."""

from portal.models.access import PortalAccess
from portal.models.ask import PortalAsk
from portal.models.code import PortalCode
from portal.models.customer_update import CustomerUpdate
from portal.models.device import PortalDevice
from portal.models.link import PortalLink
from portal.models.onboarding import Onboarding
from portal.models.place_answer import PlaceAnswer
from portal.models.sending import PortalSending
from portal.models.share import JobShare
from portal.models.update_plan import UpdatePlan
from portal.models.update_policy import UpdatePolicy
from portal.models.visibility import RoleVisibility
from portal.models.visit import PortalVisit

__all__ = [
    "CustomerUpdate",
    "JobShare",
    "Onboarding",
    "PlaceAnswer",
    "PortalAccess",
    "PortalAsk",
    "PortalCode",
    "PortalDevice",
    "PortalLink",
    "PortalSending",
    "PortalVisit",
    "RoleVisibility",
    "UpdatePlan",
    "UpdatePolicy",
]
