"""The models of the portal."""

from portal.models.access import PortalAccess
from portal.models.customer_update import CustomerUpdate
from portal.models.device import PortalDevice
from portal.models.update_plan import UpdatePlan
from portal.models.update_policy import UpdatePolicy
from portal.models.visibility import RoleVisibility

__all__ = ["CustomerUpdate", "PortalAccess", "PortalDevice", "RoleVisibility", "UpdatePlan", "UpdatePolicy"]
