"""Due work of the API."""

from collections.abc import Sequence

from api.models import ApiToken, StoredAnswer
from api.models.api_token import FORGET_ANSWERS
from crm.platform.work.due import handler


@handler(FORGET_ANSWERS)
def forget_answers(_subjects: Sequence[int]) -> None:
    """Delete the stored answers that are too old. Once no token is live and none is left, that ends."""
    StoredAnswer.forget_old()
    if ApiToken.objects.live().exists() or StoredAnswer.objects.exists():
        ApiToken.schedule_forgetting()
