"""Delete messages with their files, calendar entries and raw bytes."""

from collections.abc import Sequence
from datetime import datetime

from django.db import connection

from comms.models import Attachment, CalendarEntry, Inbound, Message
from crm.platform.files import stored_files
from crm.platform.models import StoredFile
from crm.platform.work import due


def delete_messages(ids: Sequence[int], now: datetime) -> None:
    """Delete received messages, and have a worker delete their files.

    Raises IntegrityError if something refers to one, such as a decision to send it.
    """
    raw = set(Message.objects.filter(pk__in=ids, inbound__isnull=False).values_list("inbound_id", flat=True))
    raw -= set(Message.objects.filter(inbound__in=raw).exclude(pk__in=ids).values_list("inbound_id", flat=True))
    files = set(Attachment.objects.filter(message_id__in=ids).values_list("file_id", flat=True))
    Attachment.objects.filter(message_id__in=ids).delete()
    CalendarEntry.objects.filter(message_id__in=ids).delete()
    with connection.cursor() as cursor:
        # Not by the ORM: it would delete the decisions about them as well, which the app may not; there are none.
        cursor.execute("delete from comms_message where tenant_id = app_tenant_id() and id = any(%s)", [list(ids)])
    forget_raw(raw, now)
    delete_files(files, now)


def blank_messages(ids: Sequence[int], now: datetime, *, name: str = "") -> None:
    """Blank the words, addresses and files of messages whose rows stay. `name`: what their correspondent is called."""
    raw = set(Message.objects.filter(pk__in=ids, inbound__isnull=False).values_list("inbound_id", flat=True))
    files = set(Attachment.objects.filter(message_id__in=ids).values_list("file_id", flat=True))
    Attachment.objects.filter(message_id__in=ids).update(name="–", content_id="")
    CalendarEntry.objects.filter(message_id__in=ids).delete()
    texts = dict.fromkeys(("subject", "text", "folded_text", "html", "address", "search_text", "error"), "")
    Message.objects.filter(pk__in=ids).update(
        **texts,
        error_words=None,
        address_name=name,
        participants={},
        thread_headers={},
        problems=[],
        cover_notes=[],
        revisions=[],
        reactions={},
        contact_point=None,
    )
    forget_raw(raw, now)
    delete_files(files, now)


def forget_raw(ids: set[int], now: datetime) -> None:
    """Blank the raw bytes of items, in their rows and in files; that they came stays."""
    files = set(Inbound.objects.filter(pk__in=ids, file__isnull=False).values_list("file_id", flat=True))
    Inbound.objects.filter(pk__in=ids).update(body=b"", envelope={"forgotten": True}, reason="", reason_words=None)
    delete_files(files, now)


def delete_files(ids: set[int], now: datetime) -> None:
    """Have a worker delete files; from now on they are not served."""
    StoredFile.objects.filter(pk__in=ids).update(expires_at=now, name="–")
    due.schedule_all(stored_files.EXPIRE, [(pk, now) for pk in ids])
