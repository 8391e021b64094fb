"""Descriptions of events: "moved it from New to Quote sent". Each app adds those of its events."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, ClassVar, NamedTuple

from django.urls import reverse
from django.utils.functional import Promise

from crm.platform import features
from crm.platform.access.permissions import allows, missing_permission
from crm.platform.features import Feature
from crm.platform.models import Member
from crm.platform.organization.configuration import directory
from crm.web.design.icons import missing_icon
from crm.web.requests.tenant_urls import missing_address

# Of the event's data, and `by`: the id of who did it.
Words = Callable[[dict[str, Any]], str]


class WhyPage(NamedTuple):
    """A page that explains an event: its URL name, and which of the event's data is in the URL."""

    name: str
    key: str
    permission: str


@dataclass(frozen=True)
class EventWords(Feature):
    """Words and icon of a kind of event. `mark`: CSS class of its icon if no member did it (in, auto).

    `many`: the words where the act was one on many rows, each with data of its own.
    """

    unique: ClassVar[tuple[str, ...]] = ("kind",)

    kind: str
    icon: str
    words: Words | str | Promise
    mark: str = ""
    many: str | Promise = ""
    why: WhyPage | None = None

    def check(self) -> Iterator[str]:
        yield from missing_icon(self.icon)
        if self.why:
            yield from missing_address(self.why.name, "a-tenant", 1)
            yield from missing_permission(self.why.permission)


class EventSentence(NamedTuple):
    """An event, described for a timeline."""

    icon: str
    mark: str
    words: str


@features.cached_index
def _by_kind() -> dict[str, EventWords]:
    return {entry.kind: entry for entry in features.of(EventWords)}


def describe_event(kind: str, data: dict[str, Any], actor_id: int | None) -> EventSentence:
    """Describe an event; one without registered words by the name of its kind."""
    entry = _by_kind().get(kind)
    if entry is None:
        return EventSentence("info", "auto", kind.replace(".", ": "))
    if callable(entry.words):
        words = entry.words({**data, "by": actor_id})
    else:
        words = str(entry.words)
    return EventSentence(entry.icon, entry.mark, words)


def describe_many(kind: str) -> str:
    """Describe an action on many rows."""
    entry = _by_kind().get(kind)
    if entry and entry.many:
        return str(entry.many)
    return kind.replace(".", ": ")


def why_link(kind: str, data: dict[str, Any]) -> tuple[WhyPage, Any] | None:
    """Return the WhyPage of an event and the key in its URL; None if there is none."""
    entry = _by_kind().get(kind)
    why = None
    if entry:
        why = entry.why
    if why and why.key in data:
        return (why, data[why.key])
    return None


def why_url(link: tuple[WhyPage, Any] | None, *, by: Member, slug: str) -> str:
    """Return the URL of such a page; blank if the member may not open it."""
    if link and allows(by, link[0].permission):
        return reverse(link[0].name, args=[slug, link[1]])
    return ""


def name_of(member_id: int | None) -> str:
    """Return a member's name; "" for None."""
    member = None
    if member_id:
        member = directory().members.get(member_id)
    if member:
        return member.name
    return ""
