"""Stored sentences: the source text with its values, translated when read.

A decision is evidence. What was checked stays what it was; only the language and how a time is written follow whoever
reads it. So it is with why a mail was set aside or came back: a row has the text, and beside it the words.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Self, TypeAlias
from zoneinfo import ZoneInfo

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from crm.kernel import clock, formats
from crm.platform.organization.configuration import directory
from libs.sentence import Sentence

# The names of media and purposes inside kept sentences.
MEDIA = {
    "email": _("Email"),
    "sms": _("Text message"),
    "whatsapp": _("WhatsApp"),
    "call": _("Call"),
    "portal": _("Portal"),
}
PURPOSES = {
    "transactional": _("Transactional"),
    "service": _("Service"),
    "marketing": _("Marketing"),
    "security": _("Security"),
}
# Why nothing is sent, by Suppression.Reason, as a decision says it.
SUPPRESSIONS = {
    "stop": _("They asked us to stop"),
    "unsubscribed": _("They unsubscribed"),
    "complaint": _("They reported a message as spam"),
    "hard_bounce": _("The address does not exist"),
    "deceased": _("They have died"),
    "blocked": _("We do not write to them"),
    "unclear": _("They may have asked us to stop: read their message"),
}


@dataclass(frozen=True)
class Moment:
    """An instant in a sentence, shown in a time zone: "Tue, May 12, 8:00 AM"."""

    at: datetime
    zone: str


@dataclass(frozen=True)
class Term:
    """A translatable word in a sentence: a medium, a purpose, a country's law."""

    word: str


Value: TypeAlias = "str | int | Moment | Term | StoredWords"


@dataclass(frozen=True)
class StoredWords:
    """A sentence marked by gettext_noop, with its values."""

    text: str
    values: Mapping[str, Value] = field(default_factory=dict)

    def __str__(self) -> str:
        """Return it in the language in use."""
        text = ""
        if self.text:
            text = gettext(self.text)
        if self.values:
            return text % {name: _value_text(value) for name, value in self.values.items()}
        return text

    def to_json(self) -> dict[str, Any]:
        """Return the JSON that is stored."""
        return {"text": self.text, "values": {name: _stored_value(value) for name, value in self.values.items()}}

    @classmethod
    def read(cls, row: Mapping[str, Any]) -> "StoredWords":
        """Parse what `to_json` returned."""
        return cls(row["text"], {name: _read_value(value) for name, value in row.get("values", {}).items()})


def words(text: str, **values: Value) -> StoredWords:
    """Build a sentence whose text is marked by gettext_noop."""
    return StoredWords(text, values)


class StoredSentence(str):
    """A translated sentence that keeps its source words, so that a row can store both.

    A part of it, or anything else a method of strings makes of it, is plain text.
    """

    words: StoredWords

    def __new__(cls, words: StoredWords) -> Self:
        sentence = super().__new__(cls, str(words))
        sentence.words = words
        return sentence

    def __mod__(self, values: Any, /) -> "StoredSentence":
        return StoredSentence(
            StoredWords(self.words.text, {name: _parse_value(value) for name, value in values.items()})
        )


def stored_gettext(text: str) -> StoredSentence:
    """Translate like gettext, for a sentence that a row will store."""
    return StoredSentence(StoredWords(text))


def translate_sentence(text: str) -> str:
    """Translate a library's sentence for storing; any other text unchanged."""
    if not isinstance(text, Sentence):
        return text
    values = {name: _parse_value(translate_sentence(value)) for name, value in text.values.items()}
    return StoredSentence(StoredWords(text.template, values))


def join_sentences(first: str, second: str) -> str:
    """Join two possibly blank sentences into one that can be stored."""
    if not (first and second):
        return first or second
    return stored_gettext("%(first)s %(second)s") % {"first": first, "second": second}


def sentence_of(error: Exception) -> str:
    """Return the message of an exception with its source words, if it has them."""
    sentence = ""
    if error.args:
        sentence = translate_sentence(error.args[0])
    if isinstance(sentence, StoredSentence):
        return sentence
    return str(error)


def words_of(text: str) -> dict[str, Any] | None:
    """Return the words to store beside a text; None if untranslated, such as a provider's answer."""
    if isinstance(text, StoredSentence):
        return text.words.to_json()
    return None


def read_text(text: str, stored: Mapping[str, Any] | None) -> str:
    """Return a stored text in the language in use; unchanged without stored words."""
    if text and stored:
        return str(StoredWords.read(stored))
    return text


def _parse_value(value: Any) -> Value:
    if isinstance(value, StoredSentence):
        return value.words
    if isinstance(value, int | str | Moment | Term | StoredWords):
        return value
    return str(value)


def _value_text(value: Value) -> str | int:
    if isinstance(value, Moment):
        zone = ZoneInfo(value.zone)
        country = directory().tenant.country
        local = value.at.astimezone(zone).date()
        today = clock.now().astimezone(zone).date()
        return f"{formats.long_day(local, today, country)}, {formats.clock_time(value.at, zone, country)}"
    if isinstance(value, StoredWords):
        return str(value)
    if isinstance(value, Term):
        return gettext(value.word)
    return value


def _stored_value(value: Value) -> Any:
    if isinstance(value, Moment):
        return {"at": value.at.isoformat(), "zone": value.zone}
    if isinstance(value, StoredWords):
        return value.to_json()
    if isinstance(value, Term):
        return {"word": value.word}
    return value


def _read_value(value: Any) -> Value:
    if isinstance(value, dict):
        if "text" in value:
            return StoredWords.read(value)
        if "word" in value:
            return Term(value["word"])
        return Moment(datetime.fromisoformat(value["at"]), value["zone"])
    return value
