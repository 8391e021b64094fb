"""Register what service adds."""

from crm.platform.features import Feature

FEATURES: list[Feature] = []
