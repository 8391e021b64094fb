"""Due work of the API, and the events that webhooks are called for."""

from collections.abc import Sequence

from api.models import ApiToken, AppCode, RefreshToken, StoredAnswer
from api.models.api_token import FORGET_ANSWERS
from api.webhooks.deliveries import queue_deliveries, wanted_events
from crm.platform.events.events import on_chosen
from crm.platform.work.due import handler

on_chosen(wanted_events)(queue_deliveries)


@handler(FORGET_ANSWERS)
def forget_answers(_subjects: Sequence[int]) -> None:
    """Delete the stored answers and codes of apps that are too old. Once no token is live and none left, that ends."""
    StoredAnswer.forget_old()
    AppCode.forget_old()
    RefreshToken.forget_old()
    tokens = ApiToken.objects
    if tokens.live().exists() or tokens.of_apps().exists() or StoredAnswer.objects.exists():
        ApiToken.schedule_forgetting()
