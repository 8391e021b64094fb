"""Register the extensions of the API."""

from api.oauth import features as oauth
from api.tokens import features as tokens
from api.webhooks import features as webhooks
from crm.platform.features import Feature

FEATURES: list[Feature] = [*tokens.FEATURES, *oauth.FEATURES, *webhooks.FEATURES]
