"""Delete spam after its retention time, with its files and raw bytes."""

import logging
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction

from comms.message_deletion import delete_messages
from comms.models import Message

logger = logging.getLogger(__name__)

SPAM_DAYS = 30
AT_ONCE = 2000


def delete_old_spam(now: datetime, held: Callable[[Sequence[int]], set[int]]) -> int:
    """Delete old spam; return how many of the oldest were examined, at most AT_ONCE.

    `held`: which of some messages must be kept by law.
    """
    spam = Message.objects.filter(spam_since__lt=now - timedelta(days=SPAM_DAYS)).order_by("spam_since", "pk")
    oldest = list(spam.values_list("pk", flat=True)[:AT_ONCE])
    ids = sorted(set(oldest) - held(oldest))
    if not ids:
        return 0
    try:
        with transaction.atomic():
            delete_messages(ids, now)
    except IntegrityError:  # something refers to one of them: it stays, and the others with it, until that is mended
        logger.exception("deleting old spam failed")
        return 0
    return len(oldest)
