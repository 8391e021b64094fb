"""CallbackSource: an app's customers to call back: missed calls, failed messages, planned calls."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, Protocol
from uuid import UUID

from crm.platform import features
from crm.platform.access.permissions import allows, missing_permission
from crm.platform.features import Feature
from crm.platform.models import Member
from crm.web.reader import Reader

# How a call may end, in the order of the buttons.
OUTCOMES = ("reached", "no_answer", "message_left")
MOST = 50
MOST_COUNTED = 99


@dataclass(frozen=True)
class Callback:
    """One customer to call. `key`: of the record in its source; `since`: when it came up or was last tried."""

    key: str
    since: datetime
    name: str
    # As it is dialled; blank where none is known.
    phone: str
    # Why they are to be called, and when that was tried last, in words.
    why: str
    url: str
    tried: str = ""
    source: str = ""


class WaitingCallbacks(Protocol):
    """Return the queryset of open callbacks, of the member and unassigned ones or of everybody, for counting."""

    def __call__(self, member: Member, *, everybodys: bool) -> Any: ...


class ListedCallbacks(Protocol):
    """Return the oldest callbacks as shown in the list, in a fixed number of queries."""

    def __call__(self, member: Member, reader: Reader, slug: str, *, everybodys: bool, most: int) -> list[Callback]: ...


@dataclass(frozen=True, kw_only=True)
class CallbackSource(Feature):
    """A source of callbacks, the permission to see it, and the function that logs a call.

    What was not reached stays and goes to the end of the list. `log` returns the token by which `take_back` undoes it
    all. Both raise Http404 for what the member may not see, Refused in words.
    """

    unique: ClassVar[tuple[str, ...]] = ("name",)

    name: str
    permission: str
    waiting: WaitingCallbacks
    found: ListedCallbacks
    log: Callable[[Member, str, str, str], str]
    take_back: Callable[[Member, str], None]

    def check(self) -> Iterator[str]:
        yield from missing_permission(self.permission)


def is_uuid(text: str) -> bool:
    """True if a text is the public ID of a record, safe to use in a query."""
    try:
        return str(UUID(text)) == text
    except ValueError:
        return False


def sources(member: Member) -> list[CallbackSource]:
    """Return the sources a member may work with."""
    return [source for source in features.of(CallbackSource) if allows(member, source.permission)]


def callbacks(member: Member, reader: Reader, slug: str, *, everybodys: bool) -> list[Callback]:
    """Return the callbacks of all sources, oldest first."""
    lines = [
        Callback(**{**vars(one), "source": source.name})
        for source in sources(member)
        for one in source.found(member, reader, slug, everybodys=everybodys, most=MOST)
    ]
    return sorted(lines, key=lambda one: (one.since, one.source, one.key))[:MOST]


def count(member: Member) -> str:
    """Count the member's own and unassigned callbacks, for the navigation."""
    total = 0
    for source in sources(member):
        total += source.waiting(member, everybodys=False).order_by()[: MOST_COUNTED + 1].count()
    if total > MOST_COUNTED:
        return f"{MOST_COUNTED}+"
    return str(total or "")
