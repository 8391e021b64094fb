from api.models.api_token import ApiToken
from api.models.event_subscription import EventSubscription
from api.models.stored_answer import StoredAnswer

__all__ = ["ApiToken", "EventSubscription", "StoredAnswer"]
