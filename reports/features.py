"""Register what reports adds."""

from crm.platform.features import Feature

FEATURES: list[Feature] = []
