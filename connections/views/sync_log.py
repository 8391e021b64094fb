"""The log of a connection as its page shows it."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from connections.models import Connection, SyncLogEntry
from connections.permissions import MANAGE
from crm.kernel import clock
from crm.web.lists.paging import Order, read_page
from crm.web.reader import Reader
from crm.web.requests.http import TenantRequest
from crm.web.settings.page import Context, settings_page

# An id grows with the time at which a synchronization ended.
NEWEST_FIRST = Order(SyncLogEntry, "id", down=True)


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


@settings_page("connections:synchronizations", MANAGE, "connections/synchronizations.html")
def synchronizations(request: TenantRequest) -> Context:
    """Show the synchronizations of all connections, the newest first, or those with a problem alone, 50 a page."""
    reader = Reader.of(request.member, clock.now())
    is_only_trouble = request.GET.get("only") == "trouble"
    entries = SyncLogEntry.objects.prefetch_related("connection")
    first_url = "?"
    if is_only_trouble:
        entries = entries.exclude(problem="", refused=0)
        first_url = "?only=trouble"
    page = read_page(entries, request.GET, NEWEST_FIRST)
    log = [SyncLogLine(row, reader.near(row.started_at), _length_words(row)) for row in page.rows]
    return {"log": log, "page": page, "first_url": first_url, "is_only_trouble": is_only_trouble, "is_of_all": True}


def _length_words(entry: SyncLogEntry) -> str:
    seconds = (entry.ended_at - entry.started_at).total_seconds()
    if seconds < 1:
        return _("%(count)s ms") % {"count": round(seconds * 1000)}
    return _("%(count)s s") % {"count": round(seconds)}
