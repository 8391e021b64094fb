"""Delete spam after its retention time, with its files and raw bytes."""

import logging
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from django.db import IntegrityError, connection, transaction

from comms.models import Attachment, CalendarEntry, Inbound, Message
from crm.platform.files import stored_files
from crm.platform.models import StoredFile
from crm.platform.work import due

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
            _delete_messages(ids, now)
    except IntegrityError:  # something refers to one of them: it stays, and the others with it, until that is mended
        logger.exception("deleting old spam failed")
        return 0
    return len(oldest)


def _delete_messages(ids: Sequence[int], now: datetime) -> None:
    raw = set(Message.objects.filter(pk__in=ids, inbound__isnull=False).values_list("inbound_id", flat=True))
    raw -= set(Message.objects.filter(inbound__in=raw).exclude(pk__in=ids).values_list("inbound_id", flat=True))
    files = set(Attachment.objects.filter(message_id__in=ids).values_list("file_id", flat=True))
    files |= set(Inbound.objects.filter(pk__in=raw, file__isnull=False).values_list("file_id", flat=True))
    Attachment.objects.filter(message_id__in=ids).delete()
    CalendarEntry.objects.filter(message_id__in=ids).delete()
    with connection.cursor() as cursor:
        # Not by the ORM: it would delete the decisions about them as well, which the app may not; there are none.
        cursor.execute("delete from comms_message where tenant_id = app_tenant_id() and id = any(%s)", [list(ids)])
    Inbound.objects.filter(pk__in=raw).update(body=b"", envelope={"forgotten": True}, reason="", reason_words=None)
    StoredFile.objects.filter(pk__in=files).update(expires_at=now, name="–")
    due.schedule_all(stored_files.EXPIRE, [(pk, now) for pk in files])
