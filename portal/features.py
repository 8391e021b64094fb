"""Register what the portal adds."""

from crm.platform.features import Feature

FEATURES: list[Feature] = []
