"""Register the extensions of the API."""

from api.tokens import features as tokens
from crm.platform.features import Feature

FEATURES: list[Feature] = [*tokens.FEATURES]
