"""Checklist before going live: lines checked automatically, and lines a person ticks."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from crm.kernel.refusal import Refused
from crm.platform import features
from crm.platform.models import Member
from crm.web.health import findings
from crm.web.health.findings import SECTIONS, ChecklistItem, Finding, HealthState
from crm.web.health.snapshot import HealthSnapshot
from crm.web.models import ChecklistTick
from crm.web.reader import Reader
from crm.web.timeline.event_words import name_of

_WORST = [HealthState.DOWN, HealthState.SLOW, HealthState.OFF, HealthState.OK]


@dataclass(frozen=True)
class CheckedLine:
    """An automatically checked line, with its worst finding."""

    label: str
    finding: Finding
    more: int

    @property
    def is_done(self) -> bool:
        return self.finding.state in (HealthState.OK, HealthState.OFF)


@dataclass(frozen=True)
class TickedLine:
    """A line ticked by a person; `by` and `at` are blank until then."""

    name: str
    label: str
    by: str
    at: str

    @property
    def is_done(self) -> bool:
        return bool(self.by)


@dataclass
class ChecklistSection:
    """A heading with its lines."""

    label: str
    seen: list[CheckedLine] = field(default_factory=list)
    asked: list[TickedLine] = field(default_factory=list)

    @property
    def done(self) -> int:
        return sum(line.is_done for line in self.seen) + sum(line.is_done for line in self.asked)

    @property
    def count(self) -> int:
        return len(self.seen) + len(self.asked)


@dataclass(frozen=True)
class GoLiveChecklist:
    """The sections, and the number of open lines."""

    sections: Sequence[ChecklistSection]

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


CheckFindings = Sequence[tuple[findings.HealthCheck, list[Finding]]]


def run_all_checks(look: HealthSnapshot) -> CheckFindings:
    """Run every check."""
    return [(check, findings.run_check(check, look)) for check in findings.health_checks()]


def build_checklist(check_findings: CheckFindings, reader: Reader) -> GoLiveChecklist:
    """Return the checklist from the findings and the ticks. One query."""
    sections = {name: ChecklistSection(str(label)) for name, label in SECTIONS.items()}
    for check, seen in check_findings:
        if seen:
            worst = min(seen, key=lambda finding: _WORST.index(finding.state))
            sections[check.section].seen.append(CheckedLine(str(check.label), worst, len(seen) - 1))
    ticks = {tick.item: tick for tick in ChecklistTick.objects.all()}
    for item in features.of(ChecklistItem):
        tick = ticks.get(item.name)
        if tick:
            who, when = (name_of(tick.by_id), reader.day(tick.at))
        else:
            who, when = ("", "")
        sections[item.section].asked.append(TickedLine(item.name, str(item.label), who, when))
    return GoLiveChecklist([section for section in sections.values() if section.count])


def set_tick(name: str, *, is_done: bool, by: Member) -> None:
    """Tick or untick a line. Raises Refused for an unknown line."""
    if name not in {item.name for item in features.of(ChecklistItem)}:
        raise Refused(_("This line does not exist."))
    (ChecklistTick.tick_item if is_done else ChecklistTick.untick_item)(name, by=by)
