"""Register quotes: permissions, pages, event words, and what its subjects add."""

from crm.platform.features import Feature
from quotes.permissions import PERMISSIONS
from quotes.prices import features as prices
from quotes.taxes import features as taxes

FEATURES: list[Feature] = [
    *PERMISSIONS,
    *prices.FEATURES,
    *taxes.FEATURES,
]
