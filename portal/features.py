"""Register what the portal adds."""

from crm.platform.features import Feature
from portal.access.features import FEATURES as ACCESS

FEATURES: list[Feature] = [*ACCESS]
