"""Limits that stop a rule although its conditions hold: frequency, depth of chained rules, and switches."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from crm.automation.definition import Once
from crm.automation.models import Mode, RuleRun, Silence
from crm.automation.models.policy import automation_policy
from crm.automation.models.run import FIRED
from crm.automation.registry.records import RecordKind
from crm.automation.setup import ReadRule
from crm.kernel import clock
from crm.platform.organization.configuration import directory
from crm.platform.tenancy.context import required_tenant_id

# Rules may start rules so many times in a row.
MOST_DEEP = 5


@dataclass(frozen=True)
class RuleStart:
    """A rule to start for a record. `key`: the cause; `value`: the value its limit may count by."""

    read: ReadRule
    record_id: int
    key: str
    value: str
    at: datetime
    event_id: int | None = None
    # How many rules led to it.
    depth: int = 0


class StartLimits:
    """The limits of some starts about one kind of record, read with a few queries."""

    def __init__(self, kind: RecordKind, starts: Sequence[RuleStart], rows: Mapping[int, Any]) -> None:
        self.kind = kind
        self.rows = rows
        self.now = clock.now()
        self.is_on = automation_policy().is_on
        people = {kind.person_id(row) for row in rows.values()} - {None}
        if people:
            silent = Silence.objects.filter(person__in=people)
        else:
            silent = Silence.objects.none()
        self.silent = set(silent.values_list("person_id", flat=True))
        self.today = self.now.astimezone(directory().zone).date()
        self.taken = self._taken_guards(starts)
        self.recent = self._recent_runs(starts)

    def refusal(self, start: RuleStart) -> str:
        """Return the reason a rule may not fire; blank if it may."""
        if start.depth >= MOST_DEEP:
            return _("Triggers have started one another %(count)s times in a row.") % {"count": MOST_DEEP}
        if not self.is_on:
            return _("All triggers are off.")
        if self.kind.person_id(self.rows[start.record_id]) in self.silent:
            return _("Triggers are off for this customer.")
        place = (start.read.rule.pk, start.record_id)
        if (*place, self._guard_key(start)) in self.taken or place in self.recent:
            return _("It has run for this record as often as its limit allows.")
        return ""

    def take(self, start: RuleStart) -> str | None:
        """Record that a rule fires. Returns the guard key that makes its run unique, None without a limit."""
        guard = self._guard_key(start)
        place = (start.read.rule.pk, start.record_id)
        if guard:
            self.taken.add((*place, guard))
        if start.read.definition.limit.once == Once.DAYS:
            self.recent.add(place)
        return guard

    def _guard_key(self, start: RuleStart) -> str | None:
        once = start.read.definition.limit.once
        key = {
            Once.VALUE: f"value:{start.value}",
            Once.DAY: f"day:{self.today.isoformat()}",
            Once.RECORD: "record",
        }.get(once)
        # What the shadow would have done does not forbid what is really done.
        if key and start.read.rule.mode == Mode.SHADOW:
            return f"shadow {key}"
        return key

    def _taken_guards(self, starts: Sequence[RuleStart]) -> set[tuple[int, int, str | None]]:
        guards = {(start.read.rule.pk, start.record_id, guard) for start in starts if (guard := self._guard_key(start))}
        if not guards:
            return set()
        taken = RuleRun.objects.filter(
            rule__in={rule for rule, _record, _guard in guards},
            record_id__in={record for _rule, record, _guard in guards},
            guard__in={guard for _rule, _record, guard in guards},
        )
        return set(taken.values_list("rule_id", "record_id", "guard"))

    def _recent_runs(self, starts: Sequence[RuleStart]) -> set[tuple[int, int]]:
        """Return the pairs of rule and record that have fired within the limit of days.

        Two workers that look at once are in each other's way: one waits until the other has committed.
        """
        counted = sorted(
            {
                (start.read.rule.pk, start.record_id, start.read.definition.limit.days)
                for start in starts
                if start.read.definition.limit.once == Once.DAYS
            }
        )
        places = set[tuple[int, int]]()
        for rule, record, days in counted:
            with connection.cursor() as cursor:
                cursor.execute(
                    "select pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"{required_tenant_id()}:{rule}:{record}"]
                )
            states = [*FIRED, "shadow"]
            runs = RuleRun.objects.filter(rule=rule, record_id=record, at__gt=self.now - timedelta(days=days))
            if runs.filter(state__in=states).exists():
                places.add((rule, record))
        return places
