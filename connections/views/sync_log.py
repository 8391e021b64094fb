"""The log of a connection as its page shows it."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from connections.models import Connection, SyncLogEntry
from crm.web.reader import Reader


@dataclass(frozen=True)
class SyncLogLine:
    """An entry with its time and length in words."""

    entry: SyncLogEntry
    begun: str
    took: str


def read_sync_log(connection: Connection, reader: Reader) -> list[SyncLogLine]:
    """Return the last synchronizations of a connection, the newest first. One query."""
    entries = SyncLogEntry.objects.filter(connection=connection).order_by("-pk")
    return [SyncLogLine(entry, reader.near(entry.started_at), _length_words(entry)) for entry in entries]


def _length_words(entry: SyncLogEntry) -> str:
    seconds = (entry.ended_at - entry.started_at).total_seconds()
    if seconds < 1:
        return _("%(count)s ms") % {"count": round(seconds * 1000)}
    return _("%(count)s s") % {"count": round(seconds)}
