"""The models of the portal."""

from portal.models.access import PortalAccess
from portal.models.device import PortalDevice
from portal.models.visibility import RoleVisibility

__all__ = ["PortalAccess", "PortalDevice", "RoleVisibility"]
