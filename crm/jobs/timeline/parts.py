"""The parts of a timeline: emails, texts, calls, notes, plans, steps, files, automatic entries."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from crm.platform import features
from crm.platform.features import Feature


class TimelinePart(TextChoices):
    """Filter options of a timeline. BY_ITSELF, for automatic entries, is independent of the other options."""

    EMAIL = "email", _("Email")
    TEXTS = "texts", _("Texts and chat")
    CALLS = "calls", _("Calls")
    NOTES = "notes", _("Notes")
    PLANNED = "planned", _("Follow-ups and visits")
    STEPS = "steps", _("Steps and status")
    FILES = "files", _("Files")
    BY_ITSELF = "by-itself", _("Automatic")


# The ways to be in touch, by the names events have for them.
_WAYS = {
    "email": TimelinePart.EMAIL,
    "sms": TimelinePart.TEXTS,
    "text": TimelinePart.TEXTS,
    "whatsapp": TimelinePart.TEXTS,
    "portal": TimelinePart.TEXTS,
    "call": TimelinePart.CALLS,
    "phone": TimelinePart.CALLS,
}


@dataclass(frozen=True)
class TimelineKinds(Feature):
    """Event kinds by prefix, and their part; `by`: the key in the event data that holds the channel."""

    unique: ClassVar[tuple[str, ...]] = ("begins",)

    begins: str
    part: str = ""
    by: str = ""


def part_of(kind: str, data: Mapping[str, Any]) -> str:
    """Return the part of an event, by the longest known prefix of its kind; "" for none."""
    timeline_kind = next((prefix for prefix in _longest_first() if kind.startswith(prefix.begins)), None)
    if timeline_kind is None:
        return ""
    return part_of_way(data.get(timeline_kind.by, "")) or timeline_kind.part


def part_of_way(way: str) -> str:
    """Return the part of a contact channel; "" for an unknown one."""
    return _WAYS.get(way, "")


@features.cached_index
def _longest_first() -> list[TimelineKinds]:
    return sorted(features.of(TimelineKinds), key=lambda known: -len(known.begins))
