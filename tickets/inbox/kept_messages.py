"""Messages of a thread as they were drawn, kept in each process: what was said does not change.

One is kept by all that its drawing follows from (`Seen`), the version of its row above all; as the frame of a page is
(crm/web/shell/frame.py). What has forms, files or a time that passes is drawn each time.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from django.db import models
from django.db.models.expressions import RawSQL
from django.utils.safestring import SafeString

from comms.models import Message
from crm.platform.models import Member
from crm.platform.organization.configuration import per_tenant
from crm.web.reader import Reader
from tickets.inbox.bubbles import SUGGESTIONS, Bubble
from tickets.models import Entry

# So many are kept, and of each text not more than this.
MOST, LONGEST = 3000, 3000
SETTLED = (Message.State.SENT, Message.State.RECEIVED)
# Whether each is drawn anew, and has to be as it was kept: in tests.
checked = False
_kept: dict["Seen", "Drawn"] = {}


class Seen(NamedTuple):
    """All that a message of a thread follows from; whatever it shows besides is the code's."""

    # Another one once the tenant's configuration changes: a name, a role, what a mailbox shares.
    configuration: object
    member_id: int
    language: str
    zone: str
    country: str
    entry_id: int
    # Of the rows it is read from; of the person nothing but the name.
    entry: str
    message: str
    person: str | None


@dataclass(frozen=True)
class Drawn:
    """A message of the thread that nobody is asked anything about."""

    at: datetime
    version: str
    html: SafeString


@per_tenant
def _configuration() -> object:
    return object()


def row_version(model: type[models.Model]) -> Any:
    """Return an expression that is another one after each change of a row: who wrote it, and where it lies."""
    table = model._meta.db_table
    sql = f'"{table}".xmin::text || "{table}".ctid::text'
    return RawSQL(sql, [], models.TextField())  # noqa: S611


class Keeper:
    """Gives messages as a reader sees them, drawn before or now."""

    def __init__(self, member: Member, reader: Reader) -> None:
        self.reader = (_configuration(), member.pk, reader.language, reader.zone.key, reader.country)

    def get(self, entry: Any, message: Any, make: Callable[[], Bubble]) -> Bubble | Drawn:
        """Return one that is kept, or what `make` makes of it."""
        if not _is_settled(entry, message):
            return make()
        seen = Seen(*self.reader, entry.pk, entry.row_version, message.row_version, message.person_name)
        drawn = _kept.get(seen)
        if drawn is None or checked:
            made = make()
            new = Drawn(made.at, made.version, made.html)
            if drawn not in (None, new):
                raise AssertionError(f"message {message.pk} is drawn in another way for {seen}")
            if len(_kept) >= MOST:
                _kept.clear()
            drawn = _kept[seen] = new
        return drawn


def _is_settled(entry: Entry, message: Any) -> bool:
    return (
        message.state in SETTLED
        and not message.has_files
        and not message.problems
        and message.recording is None
        and not entry.evidence.keys() & SUGGESTIONS
        and len(message.text) + len(message.folded_text) <= LONGEST
    )
