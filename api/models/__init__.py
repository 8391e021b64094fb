from api.models.api_app import ApiApp
from api.models.api_token import ApiToken
from api.models.app_code import AppCode
from api.models.event_subscription import EventSubscription
from api.models.refresh_token import RefreshToken
from api.models.stored_answer import StoredAnswer

__all__ = ["ApiApp", "ApiToken", "AppCode", "EventSubscription", "RefreshToken", "StoredAnswer"]
