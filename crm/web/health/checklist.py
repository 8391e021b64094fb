"""The checklist before going live: what the product sees by itself, and what a person ticks."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from crm.kernel.refusal import Refused
from crm.platform import features
from crm.platform.models import Member
from crm.web.health import findings
from crm.web.health.findings import SECTIONS, ChecklistItem, Finding, State
from crm.web.health.look import Look
from crm.web.models import ChecklistTick
from crm.web.reader import Reader
from crm.web.timeline.event_words import name_of

_WORST = [State.DOWN, State.SLOW, State.OFF, State.OK]


@dataclass(frozen=True)
class Seen:
    """A line that the product checks: its worst finding."""

    label: str
    finding: Finding
    more: int

    @property
    def is_done(self) -> bool:
        return self.finding.state in (State.OK, State.OFF)


@dataclass(frozen=True)
class Asked:
    """A line that a person ticks; who did and when, blank while nobody has."""

    name: str
    label: str
    by: str
    at: str

    @property
    def is_done(self) -> bool:
        return bool(self.by)


@dataclass
class Section:
    """A heading with its lines."""

    label: str
    seen: list[Seen] = field(default_factory=list)
    asked: list[Asked] = field(default_factory=list)

    @property
    def done(self) -> int:
        return sum(line.is_done for line in self.seen) + sum(line.is_done for line in self.asked)

    @property
    def count(self) -> int:
        return len(self.seen) + len(self.asked)


@dataclass(frozen=True)
class Checklist:
    """The sections, and what is left of them."""

    sections: Sequence[Section]

    @property
    def done(self) -> int:
        return sum(section.done for section in self.sections)

    @property
    def count(self) -> int:
        return sum(section.count for section in self.sections)

    @property
    def failing(self) -> int:
        return sum(not line.is_done for section in self.sections for line in section.seen)

    @property
    def unticked(self) -> int:
        return sum(not line.is_done for section in self.sections for line in section.asked)


Found = Sequence[tuple[findings.HealthCheck, list[Finding]]]


def look_at_all(look: Look) -> Found:
    """Ask every check."""
    return [(check, findings.found(check, look)) for check in findings.checks()]


def checklist(found: Found, reader: Reader) -> Checklist:
    """Return the checklist by what the checks found, and what is ticked: one query."""
    sections = {name: Section(str(label)) for name, label in SECTIONS.items()}
    for check, seen in found:
        if seen:
            worst = min(seen, key=lambda finding: _WORST.index(finding.state))
            sections[check.section].seen.append(Seen(str(check.label), worst, len(seen) - 1))
    ticks = {tick.item: tick for tick in ChecklistTick.objects.all()}
    for item in features.of(ChecklistItem):
        tick = ticks.get(item.name)
        if tick:
            who, when = (name_of(tick.by_id), reader.day(tick.at))
        else:
            who, when = ("", "")
        sections[item.section].asked.append(Asked(item.name, str(item.label), who, when))
    return Checklist([section for section in sections.values() if section.count])


def tick(name: str, *, is_done: bool, by: Member) -> None:
    """Tick or untick a line. Raises Refused for one that no app has."""
    if name not in {item.name for item in features.of(ChecklistItem)}:
        raise Refused(_("This line does not exist."))
    (ChecklistTick.put if is_done else ChecklistTick.take)(name, by=by)
