"""Sentences that are kept: as they were written in the code, with their values, and told in the reader's language.

A decision is evidence. What was checked stays what it was; only the language and how a time is written follow whoever
reads it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from crm.kernel import clock, formats
from crm.platform.organization.configuration import directory

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
    """An instant in a sentence, told by the clock of a zone: "Tue, May 12, 8:00 AM"."""

    at: datetime
    zone: str


@dataclass(frozen=True)
class Term:
    """A word in a sentence that is itself translated: the name of a medium, a purpose, a country's law."""

    word: str


Value = str | int | Moment | Term


@dataclass(frozen=True)
class Words:
    """A sentence marked by gettext_noop, with its values."""

    text: str
    values: Mapping[str, Value] = field(default_factory=dict)

    def __str__(self) -> str:
        """Tell it in the language in use."""
        told = gettext(self.text) if self.text else ""
        return told % {name: _told(value) for name, value in self.values.items()} if self.values else told

    def stored(self) -> dict[str, Any]:
        """Return what is written in the decision's row."""
        return {"text": self.text, "values": {name: _stored(value) for name, value in self.values.items()}}

    @classmethod
    def read(cls, row: Mapping[str, Any]) -> "Words":
        """Make the sentence of what `stored` wrote."""
        return cls(row["text"], {name: _read(value) for name, value in row.get("values", {}).items()})


def words(text: str, **values: Value) -> Words:
    """Make a sentence; its text is marked where it stands, by gettext_noop."""
    return Words(text, values)


def _told(value: Value) -> str | int:
    if isinstance(value, Moment):
        zone, country = ZoneInfo(value.zone), directory().tenant.country
        local, today = value.at.astimezone(zone).date(), clock.now().astimezone(zone).date()
        return f"{formats.long_day(local, today, country)}, {formats.clock_time(value.at, zone, country)}"
    return gettext(value.word) if isinstance(value, Term) else value


def _stored(value: Value) -> Any:
    if isinstance(value, Moment):
        return {"at": value.at.isoformat(), "zone": value.zone}
    return {"word": value.word} if isinstance(value, Term) else value


def _read(value: Any) -> Value:
    if isinstance(value, dict):
        return Term(value["word"]) if "word" in value else Moment(datetime.fromisoformat(value["at"]), value["zone"])
    return value
