"""Announcement: news shown as a toast on any open page, once per browser."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar, NamedTuple

from crm.platform import features
from crm.platform.features import Feature
from crm.platform.models import Member

# More at once would hide the page; the newest come first.
MOST = 3


class News(NamedTuple):
    """A toast: its text and the record's page. `key`: remembered by the browser, so that it is shown once."""

    key: str
    text: str
    name: str
    url: str


@dataclass(frozen=True)
class Announcement(Feature):
    """A provider of news for a member, called with the numbers of the navigation. At most one query without news."""

    unique: ClassVar[tuple[str, ...]] = ("read",)

    read: Callable[[Member], list[News]]


def news_for(member: Member) -> list[News]:
    """Return the news for a member."""
    return [one for source in features.of(Announcement) for one in source.read(member)[:MOST]]
