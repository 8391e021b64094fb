"""Count what a rule would have done in the last 30 days, in slices, without acting or notifying.

Whether its conditions hold is judged by how the records stand now; when something happened is told by events and
spells of the time.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from crm.automation.definition import Definition, Once, RuleLimit
from crm.automation.engine.judgement import all_groups_hold, conditions_query, judge_conditions
from crm.automation.engine.rounds import next_round
from crm.automation.engine.timers import fire_at
from crm.automation.models import DryHit, DryRun, Rule
from crm.automation.models.dry_run import Hit
from crm.automation.registry.triggers import EventTrigger, RoundTrigger, Spell, TimeTrigger
from crm.automation.setup import ReadRule
from crm.kernel import clock
from crm.kernel.refusal import Refused
from crm.platform.database import bulk_write
from crm.platform.models import Event, Member
from crm.platform.organization.configuration import directory
from crm.platform.work import runs

DAYS = 30
SAMPLES = 20


def start_dry_run(rule: Rule, definition: Definition, *, by: Member) -> DryRun:
    """Start a dry run of a rule's definition. Raises Refused if the definition is not valid."""
    read = ReadRule.of(rule, definition)
    if read.problem:
        raise Refused(read.problem)
    now = clock.now()
    run = DryRun(rule=rule, definition=definition.to_json(), since=now - timedelta(days=DAYS), until=now, by=by)
    trigger = read.trigger
    if isinstance(trigger, EventTrigger):
        run.cursor = first_event_since(run.since) - 1
        run.total = Event.objects.filter(kind__in=trigger.events, pk__gt=run.cursor).count()
    else:
        assert read.kind is not None, "a rule without one has a problem"
        run.total = read.kind.ruled_rows().count()
        run.is_exact = isinstance(trigger, TimeTrigger) and trigger.spells is not None
    runs.start(runs.add(run), by=by)
    return run


def first_event_since(since: datetime) -> int:
    """Return the id of the first event at or after an instant, as ids and times increase together.

    By halving, as events have no index by time.
    """
    newest = Event.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    low = 0
    high = newest + 1
    while low < high:
        middle = (low + high) // 2
        at = Event.objects.filter(pk__gte=middle).order_by("pk").values_list("at", flat=True).first()
        if at is None or at >= since:
            high = middle
        else:
            low = middle + 1
    return low


@runs.register
class DryRunKind(runs.RunKind[DryRun]):
    """Run kind of dry runs: evaluates the next events or records, and saves when the rule would have fired."""

    model = DryRun
    work = "automation.dry_run"
    permission = "automation.view"
    size = 4_000
    small = 2_000
    kept = timedelta(days=7)

    def do_slice(self, run: DryRun) -> bool:
        read = ReadRule.of(run.rule, Definition.from_json(run.definition))
        if read.problem:
            raise runs.RunFailed(read.problem)
        if isinstance(read.trigger, EventTrigger):
            return _look_at_events(run, read, self.size)
        return _look_at_records(run, read, self.size)

    def finish(self, run: DryRun) -> None:
        limit = Definition.from_json(run.definition).limit
        hits = DryHit.objects.filter(run=run)
        fired = list(within_limit(hits.order_by("record_id", "at").values_list("record_id", "at", "value"), limit))
        run.fired_count = len(fired)
        run.record_count = len({record for record, _at, _value in fired})
        zone = directory().zone
        by_day: dict[str, int] = {}
        for _record, at, _value in fired:
            day = at.astimezone(zone).date().isoformat()
            by_day[day] = by_day.get(day, 0) + 1
        last = sorted(fired, key=lambda hit: hit[1], reverse=True)[:SAMPLES]
        run.by_day = by_day
        run.samples = [[record, at.isoformat()] for record, at, _value in last]
        run.save(update_fields=["fired_count", "record_count", "by_day", "samples"])
        hits.delete()

    def clean_up(self, run: DryRun) -> None:
        DryHit.objects.filter(run=run).delete()


def within_limit(hits: Iterable[Hit], limit: RuleLimit) -> Iterable[Hit]:
    """Return the hits that the rule's limit allows. Hits must be ordered by record and time."""
    zone = directory().zone
    seen = set[tuple[int, object]]()
    before = dict[int, datetime]()
    for record, at, value in hits:
        by = {Once.VALUE: value, Once.DAY: at.astimezone(zone).date(), Once.RECORD: "", Once.ALWAYS: at}.get(limit.once)
        recent = None
        if limit.once == Once.DAYS:
            recent = before.get(record)
        if (by is not None and (record, by) in seen) or (recent and at < recent + timedelta(days=limit.days)):
            continue
        seen.add((record, by))
        before[record] = at
        yield record, at, value


def _look_at_events(run: DryRun, read: ReadRule, size: int) -> bool:
    trigger = read.trigger
    assert isinstance(trigger, EventTrigger), "asked by the caller"
    rows = Event.objects.filter(kind__in=trigger.events, pk__gt=run.cursor).order_by("pk")
    events = list(rows[:size])
    if not events:
        return False
    hits = [
        (record, event.at, str(event.pk))
        for event in events
        if run.since <= event.at <= run.until and read.heeds(event) and (record := trigger.about(event))
    ]
    _keep_matching(run, read, hits)
    run.reach(events[-1].pk, len(events))
    return len(events) == size


def _look_at_records(run: DryRun, read: ReadRule, size: int) -> bool:
    assert read.kind is not None, "a rule without one has a problem"
    rows = read.kind.ruled_rows().filter(pk__gt=run.cursor).order_by("pk").values_list("pk", flat=True)
    ids = list(rows[:size])
    if not ids:
        return False
    if isinstance(read.trigger, TimeTrigger):
        _keep_matching(run, read, _timed_hits(run, read, read.trigger, ids))
    elif isinstance(read.trigger, RoundTrigger) and read.trigger.rows is not None:
        there = read.trigger.rows().filter(conditions_query(read.groups), pk__in=ids).values_list("pk", flat=True)
        rounds = list(_round_instants(read, run.since, run.until))
        _write_hits(run, [(pk, at, at.date().isoformat()) for pk in there for at in rounds])
    run.reach(ids[-1], len(ids))
    return len(ids) == size


def _round_instants(read: ReadRule, since: datetime, until: datetime) -> Iterable[datetime]:
    at = next_round(read, since)
    while at is not None and at <= until:
        yield at
        at = next_round(read, at)


def _timed_hits(run: DryRun, read: ReadRule, trigger: TimeTrigger, ids: Sequence[int]) -> list[Hit]:
    """Return when the times of these records were reached, within the period of the dry run and of their spell."""
    assert read.kind is not None, "a rule without one has a problem"
    spells = _record_spells(run, read, trigger, ids)
    rows = read.kind.ruled_rows().in_bulk({spell.record_id for spell in spells})
    hits = []
    for spell in spells:
        at = fire_at(read, rows[spell.record_id], spell.anchor)
        if run.since <= at <= run.until and (spell.ended_at is None or at < spell.ended_at):
            hits.append((spell.record_id, at, spell.anchor.value))
    return hits


def _record_spells(run: DryRun, read: ReadRule, trigger: TimeTrigger, ids: Sequence[int]) -> list[Spell]:
    if trigger.spells is not None:
        return list(trigger.spells(ids, read.chosen, run.since))
    assert trigger.rows is not None, "checked at start"
    rows = list(trigger.rows(read.chosen).filter(pk__in=ids))
    return [Spell(pk, anchor) for pk, anchor in trigger.instants(rows, read.chosen)]


def _keep_matching(run: DryRun, read: ReadRule, hits: Sequence[Hit]) -> None:
    """Keep the hits on records for which the conditions hold."""
    assert read.kind is not None, "a rule without one has a problem"
    judged = judge_conditions(read.kind, {record for record, _at, _value in hits}, read.groups) if hits else {}
    _write_hits(run, [hit for hit in hits if hit[0] in judged and all_groups_hold(read.groups, judged[hit[0]])])


def _write_hits(run: DryRun, hits: Sequence[Hit]) -> None:
    rows = [{"run_id": run.pk, "record_id": record, "at": at, "value": value[:80]} for record, at, value in hits]
    bulk_write.insert_all(DryHit, rows)
