"""Current matches of a rule: how many records match, examples, and when the rule would fire for each."""

from collections.abc import Mapping
from copy import copy
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from crm.automation.engine.judgement import conditions_query
from crm.automation.engine.present_records import present_rows
from crm.automation.engine.rounds import next_round
from crm.automation.engine.timers import next_times
from crm.automation.models import Mode
from crm.automation.registry.lists import list_url
from crm.automation.registry.records import RecordKind, RecordLine
from crm.automation.registry.triggers import RoundTrigger, TimeTrigger
from crm.automation.setup import ReadRule
from crm.kernel import clock, durations
from crm.platform.models import Member
from crm.web.lists.counts import CAP, capped_counts
from crm.web.reader import Reader
from crm.web.shell.record_pages import record_url

SAMPLES = 5


@dataclass(frozen=True)
class RuleMatch:
    """A record that a rule matches. `fires`: when the rule would fire for it, as text."""

    pk: int
    title: str
    url: str
    line: RecordLine
    fires: str = ""


@dataclass(frozen=True)
class RuleMatches:
    """Current matches of a rule, and a sentence on what happens immediately if the rule is turned on.

    `present_count`: for how many it may fire at once if that is wished; blank for none.
    """

    count: str
    url: str
    rows: list[RuleMatch]
    told: str
    present_count: str = ""


class PresentMatches:
    """The records that a rule matches now, limited to those a member may see."""

    def __init__(self, read: ReadRule, member: Member, slug: str) -> None:
        # What it would do if it were on.
        rule = copy(read.rule)
        rule.mode = Mode.ON
        rule.skips_present = False
        self.read = replace(read, rule=rule)
        self.member = member
        self.slug = slug
        self.reader = Reader.of(member, clock.now())

    def rows(self) -> Any:
        """Return the matching records as a queryset; for a time trigger, those whose time is still running."""
        kind = self._kind
        trigger = self.read.trigger
        rows = kind.seen_by(self.member).filter(conditions_query(self.read.groups))
        if isinstance(trigger, TimeTrigger) and trigger.rows is not None and self._is_set:
            rows = rows.filter(pk__in=trigger.rows(self.read.chosen).order_by().values("pk"))
        if isinstance(trigger, RoundTrigger) and trigger.rows is not None:
            rows = rows.filter(pk__in=trigger.rows().order_by().values("pk"))
        return rows

    def matches(self) -> RuleMatches:
        """Return the number of matches, some examples, and what would happen immediately."""
        rows = self.rows()
        looked_at = list(rows.order_by("-pk")[: CAP if self._is_timed else SAMPLES])
        at = self._due_times(looked_at)
        now = self.reader.now
        looked_at.sort(key=lambda row: (at.get(row.pk, datetime.max.replace(tzinfo=now.tzinfo)), -row.pk))
        at_once = sum(when <= now for when in at.values())
        return RuleMatches(
            capped_counts({"found": rows})["found"],
            list_url(self._kind.key, self.read.definition.where, self.slug),
            [self.match(row, at) for row in looked_at[:SAMPLES]],
            self._at_once_text(at_once, is_cut=len(looked_at) == CAP),
            self._present_count(at_once, is_cut=len(looked_at) == CAP),
        )

    def _present_count(self, at_once: int, *, is_cut: bool) -> str:
        rows = present_rows(self.read)
        if rows is not None:
            count = capped_counts({"present": rows})["present"]
            if count == "0":
                return ""
            return count
        if at_once:
            return f"{at_once}{'+' if is_cut else ''}"
        return ""

    def match(self, row: Any, at: Mapping[int, datetime]) -> RuleMatch:
        """Return a matching record as the page shows it."""
        if self._kind.line:
            line = self._kind.line(row, self.reader)
        else:
            line = RecordLine()
        return RuleMatch(row.pk, self._kind.title(row), record_url(row, self.slug), line, self._fires_text(row.pk, at))

    def fires(self, row: Any) -> str:
        """Return when the rule would fire for a record, as text."""
        return self._fires_text(row.pk, self._due_times([row]))

    @property
    def _kind(self) -> RecordKind:
        assert self.read.kind is not None, "asked of a rule about something"
        return self.read.kind

    @property
    def _is_set(self) -> bool:
        trigger = self.read.trigger
        return trigger is not None and not trigger.options(self.read.definition.options).problem()

    @property
    def _is_timed(self) -> bool:
        return isinstance(self.read.trigger, TimeTrigger) and self._is_set

    def _due_times(self, rows: list[Any]) -> dict[int, datetime]:
        if not self._is_timed:
            return {}
        return {pk: at for pk, (at, _anchor) in next_times(self.read, {row.pk: row for row in rows}).items()}

    def _fires_text(self, pk: int, at: Mapping[int, datetime]) -> str:
        if isinstance(self.read.trigger, RoundTrigger):
            return self._next_round()
        if isinstance(self.read.trigger, TimeTrigger) and not self._is_set:
            return ""
        if not self._is_timed:
            return _("runs when it happens")
        if pk not in at:
            return _("has run, or its time has passed")
        left = (at[pk] - self.reader.now).total_seconds()
        if left <= 0:
            return _("runs now")
        return _("runs in %(span)s") % {"span": durations.short_duration(left, language=self.reader.language)}

    def _next_round(self) -> str:
        at = next_round(self.read, self.reader.now)
        if at:
            return _("next run %(when)s") % {"when": self.reader.near(at)}
        return ""

    def _at_once_text(self, at_once: int, *, is_cut: bool) -> str:
        if isinstance(self.read.trigger, RoundTrigger):
            return self._next_round()
        if isinstance(self.read.trigger, TimeTrigger) and not self._is_set:
            return ""
        if not self._is_timed:
            return _("Nothing happens now. It runs the next time this happens.")
        if not at_once:
            return _("Nothing happens now. None of these is due yet.")
        return _("It runs now for %(count)s of them.") % {"count": f"{at_once}{'+' if is_cut else ''}"}
