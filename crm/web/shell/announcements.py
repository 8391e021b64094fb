"""Announcement: news that comes up as a toast on whatever page a member has open, once in a browser."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar, NamedTuple

from crm.platform import features
from crm.platform.features import Feature
from crm.platform.models import Member

# More at once would hide the page; the newest come first.
MOST = 3


class News(NamedTuple):
    """A toast: what is new, and the record's page. `key`: what a browser remembers to have shown."""

    key: str
    text: str
    name: str
    url: str


@dataclass(frozen=True)
class Announcement(Feature):
    """A provider of news for a member, asked with the numbers of the navigation; one query where there is none."""

    unique: ClassVar[tuple[str, ...]] = ("read",)

    read: Callable[[Member], list[News]]


def news_for(member: Member) -> list[News]:
    """Return what is to be announced to a member."""
    return [one for source in features.of(Announcement) for one in source.read(member)[:MOST]]
