"""Delete raw bytes after their retention time (INBOUND_KEPT_DAYS); of unreadable items after a year.
Recordings go after the tenant's own days, spam after SPAM_DAYS.

Bytes in files expire by themselves (crm/platform/files); these are the small ones, in the rows. What somebody must keep
by law is asked about message by message, and for files the same.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Q
from django.dispatch import Signal

from comms.inbound.inbound_processing import PARKED_DAYS
from comms.inbound.screening.spam_deletion import AT_ONCE as SPAM_AT_ONCE
from comms.inbound.screening.spam_deletion import delete_old_spam
from comms.models import Attachment, Inbound, Message
from comms.recordings.retention import past_their_days, remove
from crm.kernel import clock
from crm.platform.tenancy.context import required_tenant_id
from crm.platform.work import due

FORGET = "comms.forget_raw"
# Rows a statement changes, and such statements of one run; until the next look, where there were more.
AT_ONCE = 2000
MOST_TIMES = 10
SOON = timedelta(minutes=1)
DAILY = timedelta(days=1)

# Sent with `messages`, ids: an app above answers with those of which nothing may be removed, by law.
retention_asked = Signal()


def keep_forgetting() -> None:
    """Schedule the tenant's daily deletion of raw bytes."""
    due.schedule(FORGET, required_tenant_id(), clock.now() + DAILY)


def forget(_ids: Sequence[int]) -> None:
    """Delete raw bytes past their time; the results stay."""
    now = clock.now()
    times = 0
    for old in _past_their_time(now):
        Inbound.objects.filter(pk__in=set(old) - held_inbound(old)).update(body=b"", envelope={"forgotten": True})
        times += 1
        if times == MOST_TIMES:
            break
    has_more_spam = delete_old_spam(now, held_messages) == SPAM_AT_ONCE
    old_recordings = past_their_days()
    kept = held_messages(list(old_recordings.values_list("message_id", flat=True)))
    remove(old_recordings.exclude(message__in=kept), by=None, cause="retention")
    due.schedule(FORGET, required_tenant_id(), now + (SOON if times == MOST_TIMES or has_more_spam else DAILY))


def _past_their_time(now: datetime) -> Iterator[list[int]]:
    """Yield expired rows in pieces by ID, skipping those on hold."""
    read = Q(state=Inbound.State.READ, received_at__lt=now - timedelta(days=settings.INBOUND_KEPT_DAYS))
    parked = Q(state=Inbound.State.PARKED, received_at__lt=now - timedelta(days=PARKED_DAYS))
    rows = Inbound.objects.filter(read | parked).exclude(body=b"").order_by("pk")
    last = 0
    while old := list(rows.filter(pk__gt=last).values_list("pk", flat=True)[:AT_ONCE]):
        last = old[-1]
        yield old


def held_messages(ids: Sequence[int]) -> set[int]:
    """Return the messages under a legal hold."""
    answers: list[tuple[Any, Any]] = []
    if ids:
        answers = retention_asked.send(Message, messages=list(ids))
    return {pk for _receiver, message_ids in answers for pk in message_ids or ()}


def held_inbound(ids: Sequence[int]) -> set[int]:
    """Return the items whose messages are under a legal hold."""
    came: dict[int, Any] = dict(Message.objects.filter(inbound__in=ids).values_list("pk", "inbound_id"))
    return {came[pk] for pk in held_messages(list(came))}


def held_files(sender: Any, *, ids: Sequence[int], **_more: Any) -> set[int]:
    """Return files that must not expire: raw mail and attachments of held messages."""
    raw = dict(Inbound.objects.filter(file__in=ids).values_list("pk", "file_id"))
    files = {raw[pk] for pk in held_inbound(list(raw))}
    of_messages = list(Attachment.objects.filter(file__in=ids).values_list("message_id", "file_id"))
    message_ids = held_messages([message for message, _file in of_messages])
    return files | {file for message, file in of_messages if message in message_ids}
