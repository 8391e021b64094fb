"""Register what documents add."""

from crm.platform.features import Feature

FEATURES: list[Feature] = []
