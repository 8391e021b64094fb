"""Register billing: permissions, pages, event words, and what its subjects add."""

from billing.permissions import PERMISSIONS
from crm.platform.features import Feature

FEATURES: list[Feature] = [
    *PERMISSIONS,
]
