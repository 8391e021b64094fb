"""Event subscriber: starts rules, recalculates timers and ends waits."""

from collections.abc import Sequence

from crm.automation.engine.limits import RuleStart
from crm.automation.engine.runs import FIRED_EVENT, lock_runs, stop_waiting
from crm.automation.engine.starts import start_all
from crm.automation.engine.timers import arm_timers
from crm.automation.engine.wait_endings import ends_wait
from crm.automation.models import RuleRun
from crm.automation.registry.triggers import EventTrigger, TimeTrigger
from crm.automation.setup import ReadRule, working_rules
from crm.platform.models import Event


def handle_events(events: Sequence[Event]) -> None:
    """Pass events to the rules they concern, oldest first."""
    _stop_waits(events)
    _move_timers(events)
    start_all(find_starts(events))


def find_starts(events: Sequence[Event]) -> list[RuleStart]:
    """Return the starts that events cause."""
    rules = working_rules()
    depths = depth_of(events)
    starts = []
    for event in events:
        for read in rules.started_by.get(event.kind, ()):
            trigger = read.trigger
            record_id = None
            if isinstance(trigger, EventTrigger):
                record_id = trigger.about(event)
            if record_id and event.at >= read.rule.mode_at and read.heeds(event):
                key = f"{read.rule.mode}:event:{event.pk}"
                starts.append(
                    RuleStart(read, record_id, key, str(event.pk), event.at, event.pk, depths.get(event.pk, 0))
                )
    return starts


def depth_of(events: Sequence[Event]) -> dict[int, int]:
    """Return the depth of an event: the number of rules in the chain that led to it."""
    causes = {event.caused_by for event in events if event.caused_by}
    if not causes:
        return {}
    fired = dict(Event.objects.filter(pk__in=causes, kind=FIRED_EVENT).values_list("pk", "data__depth"))
    return {event.pk: fired[event.caused_by] for event in events if event.caused_by in fired}


def _move_timers(events: Sequence[Event]) -> None:
    """Recalculate the timers of rules that these events may affect."""
    for read, ids in _timers_to_move(events):
        arm_timers(read, ids)


def _timers_to_move(events: Sequence[Event]) -> list[tuple[ReadRule, set[int]]]:
    rules = working_rules()
    ids_by_rule: dict[int, set[int]] = {}
    for event in events:
        for read in rules.moved_by.get(event.kind, ()):
            if isinstance(read.trigger, TimeTrigger) and (pk := read.trigger.about(event)):
                ids_by_rule.setdefault(read.rule.pk, set()).add(pk)
    return [(rules.rules[pk], ids) for pk, ids in ids_by_rule.items()]


def _stop_waits(events: Sequence[Event]) -> None:
    """End the waits of runs that these events end."""
    rules = working_rules()
    for event in events:
        for signal in rules.stopped_by.get(event.kind, ()):
            record_id = signal.about(event)
            if not record_id or not signal.heeds(event):
                continue
            waiting = RuleRun.objects.waiting().of_records(signal.record, signal.related_ids(record_id))
            for run in lock_runs(waiting):
                if ends_wait(run, event, signal.name):
                    stop_waiting(run, str(signal.label))
