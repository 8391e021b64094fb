"""Store a submission unchanged and once, and have a worker read it (reading.py).

Of two deliveries with one key, or without one of the same bytes, the second is told that we have it. The row is the
queue: with the broker down it is read when a tick comes.
"""

import hashlib
from collections.abc import Mapping
from typing import NamedTuple

from comms.inbound.text_cleaning import clean_text
from crm.kernel import clock
from crm.platform.database.claims import enqueue
from crm.platform.work import due
from crm.platform.work.tasks import tick
from leads.models import IntakeDoor, Submission

# The kind of due work that reads one.
READ = "leads.intake"
LONGEST_KEY = 100
LONGEST_HEADER = 500
# A lead is a page of text; what is larger is none.
MOST_BYTES = 256 * 1024


class StoredSubmission(NamedTuple):
    """The row, whether it is new, and whether another was stored under its key before."""

    submission: Submission
    is_new: bool
    differs: bool = False


def store(
    door: IntakeDoor, body: bytes, *, content_type: str, key: str = "", headers: Mapping[str, str] | None = None
) -> StoredSubmission:
    """Store raw bytes and schedule their reading."""
    stored = keep(door, body, content_type=content_type, key=key, headers=headers)
    if stored.is_new:
        read_soon(stored.submission)
    return stored


def keep(
    door: IntakeDoor, body: bytes, *, content_type: str, key: str = "", headers: Mapping[str, str] | None = None
) -> StoredSubmission:
    """Store raw bytes without scheduling their reading, for callers that read at once or fetch more first."""
    digest = hashlib.sha256(body).hexdigest()
    named = clean_text(key, LONGEST_KEY)
    row = {
        "digest": digest,
        "content_type": clean_text(content_type, 120),
        "headers": {name: clean_text(value, LONGEST_HEADER) for name, value in (headers or {}).items()},
        "body": body,
    }
    submission: Submission
    # The sender's own keys and ours never meet.
    submission, is_new = Submission.objects.get_or_create(
        door=door, key=f"key:{named}" if named else f"sha:{digest}", defaults=row
    )
    if is_new:
        submission.refresh_from_db(fields=["uid"])
    return StoredSubmission(submission, is_new, differs=submission.digest != digest)


def read_soon(submission: Submission) -> None:
    """Schedule the reading for the next tick of a worker, which is notified on commit."""
    due.schedule(READ, submission.pk, clock.now())
    enqueue(tick)
