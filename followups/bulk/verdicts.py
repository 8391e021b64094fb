"""Verdicts of a bulk action on follow-ups: the new value or time of each, or the reason why it stays as it is."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from typing import NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from crm.kernel.durations import DAY, short_duration
from followups.models import FollowUp


class FollowUpRefusal(StrEnum):
    """Why a follow-up stays as it is."""

    ALREADY = "already"
    CLOSED = "closed"
    OPEN = "open"
    PAST = "past"
    UNDATED = "undated"
    LIMIT = "limit"
    ROOM = "room"


class FollowUpVerdict(NamedTuple):
    """What becomes of one follow-up. `label`: its new value in words; `at`: its new time."""

    refusal: FollowUpRefusal | None = None
    label: str = ""
    at: datetime | None = None


class DayEffect(NamedTuple):
    """A day after the action: how many are added, and the minutes planned of those there are."""

    label: str
    added: int
    minutes: int
    capacity: int

    @property
    def load_words(self) -> str:
        """The planned time of the working time: "5h 30m of 6h"."""
        # Hours, however many members there are: a day of 24 hours means nothing here.
        planned = short_duration(self.minutes * 60, 100 * DAY)
        capacity = short_duration(self.capacity * 60, 100 * DAY)
        return _("%(planned)s of %(capacity)s") % {"planned": planned, "capacity": capacity}

    @property
    def percent_full(self) -> int:
        return round(100 * self.minutes / self.capacity) if self.capacity else 0


@dataclass
class FollowUpPreview:
    """The verdicts on a selection, with a digest: the action is only done if it is still the same."""

    rows: Mapping[int, FollowUp]
    verdicts: Mapping[int, FollowUpVerdict]
    days: list[DayEffect] = field(default_factory=list)

    @property
    def changing_ids(self) -> list[int]:
        """The ids of those that change."""
        return [pk for pk, verdict in self.verdicts.items() if verdict.refusal is None]

    @property
    def planned_steps(self) -> dict[int, tuple[int, datetime | None]]:
        """The version and the new time of each row that changes."""
        return {pk: (self.rows[pk].version, self.verdicts[pk].at) for pk in self.changing_ids}

    @property
    def preview_digest(self) -> str:
        steps = sorted((pk, version, str(at)) for pk, (version, at) in self.planned_steps.items())
        return sha256(repr(steps).encode()).hexdigest()[:16]

    def label_counts(self) -> list[tuple[str, int]]:
        """Count those that change by their new value, in the order of the rows."""
        return list(Counter(verdict.label for verdict in self.verdicts.values() if not verdict.refusal).items())

    def refusal_sentences(self) -> list[str]:
        """Say how many stay as they are, and why."""
        counts = Counter(verdict.refusal for verdict in self.verdicts.values() if verdict.refusal)
        return [refusal_sentence(refusal, count) for refusal, count in counts.most_common() if refusal]


def refusal_sentence(refusal: FollowUpRefusal, count: int) -> str:
    """Return the sentence for so many follow-ups that stay for this reason."""
    sentences = {
        FollowUpRefusal.ALREADY: ngettext("%(count)s needs no change.", "%(count)s need no change.", count),
        FollowUpRefusal.CLOSED: ngettext(
            "%(count)s is done or cancelled and stays.", "%(count)s are done or cancelled and stay.", count
        ),
        FollowUpRefusal.OPEN: ngettext(
            "%(count)s is open already and stays.", "%(count)s are open already and stay.", count
        ),
        FollowUpRefusal.PAST: ngettext(
            "%(count)s stays: its new time would have passed.",
            "%(count)s stay: their new time would have passed.",
            count,
        ),
        FollowUpRefusal.UNDATED: ngettext(
            "%(count)s stays: it has no date to count from.", "%(count)s stay: they have no date to count from.", count
        ),
        FollowUpRefusal.LIMIT: ngettext(
            "%(count)s stays: it is promised for an earlier time.",
            "%(count)s stay: they are promised for an earlier time.",
            count,
        ),
        FollowUpRefusal.ROOM: ngettext(
            "%(count)s stays: there is no room on these days.",
            "%(count)s stay: there is no room on these days.",
            count,
        ),
    }
    return sentences[refusal] % {"count": count}


def verdicts_by_id(rows: Iterable[FollowUp], verdicts: Iterable[FollowUpVerdict]) -> dict[int, FollowUpVerdict]:
    """Pair the ids of rows with their verdicts."""
    return {row.pk: verdict for row, verdict in zip(rows, verdicts, strict=True)}
