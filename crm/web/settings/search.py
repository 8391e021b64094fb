"""Search of the settings: finds a page or a field by any word of its labels, help, effects and synonyms.

What was typed is compared with the reader's language and with the product's others: people know a word in either.
"""

from typing import NamedTuple

from django.conf import settings
from django.urls import reverse
from django.utils import translation

from crm.kernel.word_prefixes import is_named, matches
from crm.platform import features
from crm.platform.models import Member
from crm.web.settings.page_words import PageWord, page_words
from crm.web.settings.sections import Section, SectionGroup, allowed_sections

# Fields of one page that are listed below it.
MOST_FIELDS = 4
NAMED, LABELLED, CALLED, FIELD, MENTIONED = range(5)


class SettingMatch(NamedTuple):
    """A settings page or field that matches a search. `field`: "" for the page itself."""

    label: str
    field: str
    note: str
    icon: str
    url: str
    group: str
    is_named: bool


class SectionWords(NamedTuple):
    """The searchable texts of a section in one language."""

    label: str
    called: str
    fields: list[PageWord]
    rest: str


def find_settings(member: Member, slug: str, text: str) -> list[SettingMatch]:
    """Return the pages and fields that contain every typed word, best first; none without text."""
    if not text.strip():
        return []
    ranked = []
    for section in allowed_sections(member):
        words_by_language = [_words_by_section(language)[section.name] for language in _search_languages()]
        ranked += [
            (rank, _build_match(section, slug, field, rank)) for rank, field in _section_hits(words_by_language, text)
        ]
    ranked.sort(key=lambda pair: pair[0])
    return [match for _rank, match in ranked]


def _section_hits(words_by_language: list[SectionWords], text: str) -> list[tuple[int, PageWord | None]]:
    """Return a section's rank and matching fields. `known`: its texts by language, the reader's first."""
    # A field that is known by its label in another language is listed by its own.
    fields = _unique_fields(
        [
            own
            for own, *others in zip(*(words.fields for words in words_by_language), strict=True)
            if _has_match(text, own, *others)
        ]
    )
    hits: list[tuple[int, PageWord | None]] = [(FIELD, field) for field in fields[:MOST_FIELDS]]
    if any(is_named(text, words.label) for words in words_by_language):
        return [(NAMED, None), *hits]
    if any(matches(text, words.label) for words in words_by_language):
        return [(LABELLED, None), *hits]
    if any(matches(text, words.label, words.called) for words in words_by_language):
        return [(CALLED, None), *hits]
    texts = [
        [words.label, words.called, *(field.text for field in words.fields), words.rest] for words in words_by_language
    ]
    if not hits and any(matches(text, *words) for words in texts):
        return [(MENTIONED, None)]
    return hits


def _build_match(section: Section, slug: str, field: PageWord | None, rank: int) -> SettingMatch:
    url = reverse(section.name, args=[slug])
    return SettingMatch(
        label=str(section.label),
        field=field.text if field else "",
        note=str(section.note),
        icon=section.icon,
        url=f"{url}#{field.anchor}" if field and field.anchor else url,
        group=str(_group_labels()[section.group]),
        is_named=rank == NAMED,
    )


def _group_labels() -> dict[str, object]:
    return {group.name: group.label for group in features.of(SectionGroup)}


def _search_languages() -> list[str]:
    own = translation.get_language() or settings.LANGUAGE_CODE
    return [own, *(code for code, _name in settings.LANGUAGES if code != own)]


@features.cached_index
def _words_by_section(language: str) -> dict[str, SectionWords]:
    with translation.override(language):
        return {section.name: _section_words(section) for section in features.of(Section)}


def _section_words(section: Section) -> SectionWords:
    words = page_words(section)
    rest = " ".join(word.text for word in words if not word.is_label)
    group = _group_labels()[section.group]
    return SectionWords(
        label=str(section.label),
        called=f"{section.words} {section.note} {group}",
        fields=[word for word in words if word.is_label],
        rest=f"{section.affects} {rest}",
    )


def _has_match(text: str, *fields: PageWord) -> bool:
    return any(matches(text, field.text) for field in fields)


def _unique_fields(fields: list[PageWord]) -> list[PageWord]:
    return list({field.text: field for field in reversed(fields)}.values())[::-1]
