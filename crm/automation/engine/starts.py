"""Start rules: judge them for what happened, and make one run of each; never two for one cause or within a limit."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from crm.automation.engine.judgement import Judged, explained, holds, judge
from crm.automation.engine.limits import Limits, Start
from crm.automation.engine.runs import Live, begin_all
from crm.automation.models import Mode, RuleRun, RunState
from crm.kernel import clock
from crm.platform.database.bulk_write import allocate_ids


def start_all(starts: Sequence[Start]) -> list[RuleRun]:
    """Judge what was started, make its runs, and do the first steps of those that fire; return the new runs."""
    made: list[RuleRun] = []
    by_kind: dict[str, list[Start]] = defaultdict(list)
    for start in _unknown(starts):
        if start.read.problem:
            start.read.rule.pause(start.read.problem)
        else:
            by_kind[start.read.definition.record].append(start)
    for found in by_kind.values():
        made += _start(found)
    return made


def _start(starts: Sequence[Start]) -> list[RuleRun]:
    """Start rules about one kind of record."""
    kind = starts[0].read.kind
    assert kind is not None, "a rule without one has a problem"
    judged = judge(kind, {start.record_id for start in starts}, [group for one in starts for group in one.read.groups])
    matching = [start for start in starts if _matches(start, judged)]
    rows = kind.model.objects.in_bulk({start.record_id for start in matching})
    limits = Limits(kind, matching, rows)
    starts = [start for start in starts if start.record_id in judged]
    runs = {
        pk: (start, _run(pk, start, judged, rows, limits))
        for pk, start in zip(allocate_ids(RuleRun, len(starts)), starts, strict=True)
    }
    RuleRun.objects.bulk_create([run for _start, run in runs.values()], ignore_conflicts=True)
    # Those that another worker has made meanwhile are its own.
    made = [runs[pk] for pk in RuleRun.objects.filter(pk__in=runs).order_by("pk").values_list("pk", flat=True)]
    fired = [Live(run, start.read, rows[run.record_id]) for start, run in made if run.state == RunState.WAITING]
    if fired:
        begin_all(fired)
    return [run for _start, run in made]


def _matches(start: Start, judged: Judged) -> bool:
    held = judged.get(start.record_id)
    return held is not None and holds(start.read.groups, held)


def _run(pk: int, start: Start, judged: Judged, rows: Mapping[int, Any], limits: Limits) -> RuleRun:
    read, row = start.read, rows.get(start.record_id)
    run = RuleRun(
        pk=pk,
        rule=read.rule,
        version=read.rule.version,
        record=read.definition.record,
        record_id=start.record_id,
        job_id=read.kind.job_id(row) if read.kind and row is not None else None,
        event_id=start.event_id,
        key=start.key,
        judged=explained(read.groups, judged[start.record_id]),
        depth=start.depth,
        state=RunState.UNMATCHED,
    )
    if row is None or not _matches(start, judged):
        return run
    run.reason = limits.refusal(start)
    if run.reason:
        run.state = RunState.SKIPPED
        return run
    run.guard = limits.take(start)
    if read.rule.mode == Mode.ON:
        # Its first step is due at once, in this transaction.
        run.state, run.next_at = RunState.WAITING, clock.now()
    else:
        run.state = RunState.SHADOW
    return run


def _unknown(starts: Iterable[Start]) -> list[Start]:
    """Leave out what has been started before, as when an event is delivered again; of one cause all but one."""
    found = {(start.read.rule.pk, start.record_id, start.key): start for start in starts}
    if not found:
        return []
    known = RuleRun.objects.filter(
        rule__in={rule for rule, _record, _key in found},
        record_id__in={record for _rule, record, _key in found},
        key__in={key for _rule, _record, key in found},
    )
    for place in known.values_list("rule_id", "record_id", "key"):
        found.pop(place, None)
    return list(found.values())
