"""Register the extensions of the API."""

from api.oauth import features as oauth
from api.tokens import features as tokens
from api.tokens import systems as token_systems
from api.webhooks import features as webhooks
from api.webhooks import systems as webhook_systems
from crm.platform.features import Feature

FEATURES: list[Feature] = [
    *tokens.FEATURES,
    *oauth.FEATURES,
    *webhooks.FEATURES,
    *token_systems.SYSTEMS,
    webhook_systems.SYSTEM,
]
