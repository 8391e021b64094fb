"""The configuration book: the organization's setup in readable chapters, which apps add as BookChapter entries."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import ClassVar

from django.utils.functional import Promise

from crm.platform import features
from crm.platform.configuration.sections import ConfigurationSection, configuration_sections
from crm.platform.features import Feature

Text = str | Promise


@dataclass(frozen=True)
class BookTable:
    """A table of short values; the first column names the row."""

    title: str
    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    @property
    def is_table(self) -> bool:
        return True


@dataclass(frozen=True)
class BookEntry:
    """Something with a name, a note such as its state, and sentences."""

    title: str
    note: str = ""
    lines: tuple[str, ...] = ()

    @property
    def is_table(self) -> bool:
        return False


BookPart = BookTable | BookEntry


@dataclass(frozen=True, kw_only=True)
class BookChapter(Feature):
    """A chapter of the book. `sections`: those of the file it tells about, which the last chapter then leaves out."""

    unique: ClassVar[tuple[str, ...]] = ("name",)
    order_list = "book"

    name: str
    label: Text
    read: Callable[[], Iterable[BookPart]]
    sections: tuple[str, ...] = ()


@dataclass(frozen=True)
class BookPage:
    """A chapter that was read: its anchor, heading and parts."""

    name: str
    label: str
    parts: tuple[BookPart, ...]


def read_book() -> list[BookPage]:
    """Return the chapters of the current tenant that have something in them."""
    chapters = features.of(BookChapter)
    pages = [BookPage(one.name, str(one.label), tuple(one.read())) for one in chapters]
    return [page for page in pages if page.parts]


def read_lists() -> list[BookPart]:
    """Return the names of what the other sections of the file contain."""
    chapter_sections = {name for chapter in features.of(BookChapter) for name in chapter.sections}
    entries = [_list_of(section) for section in configuration_sections() if section.name not in chapter_sections]
    return [entry for entry in entries if entry.lines]


def _list_of(section: ConfigurationSection) -> BookEntry:
    names: list[str] = []
    if not section.content.is_single:
        names = [name for name in section.content.read() if name]
    lines: tuple[str, ...] = ()
    if names:
        lines = (", ".join(names),)
    return BookEntry(str(section.label), "", lines)
