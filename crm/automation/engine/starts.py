"""Start rules: evaluate their conditions and create one run each, at most one per cause and limit."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from crm.automation.engine.judgement import Judgements, all_groups_hold, explain_groups, judge_conditions
from crm.automation.engine.limits import MOST_DEEP, RuleStart, StartLimits
from crm.automation.engine.runs import LiveRun, begin_all
from crm.automation.models import Mode, RuleRun, RunState
from crm.automation.registry.records import RecordKind
from crm.kernel import clock
from crm.platform.database.bulk_write import allocate_ids, insert_all


def start_all(starts: Sequence[RuleStart]) -> None:
    """Evaluate the started rules, record their runs, and execute the first steps of those that fire."""
    for decision in decide_starts(starts):
        _begin_runs(decision)


def decide_starts(starts: Sequence[RuleStart]) -> "list[StartDecision]":
    """Decide which starts match, without those already recorded. One query per kind of record."""
    by_kind: dict[str, list[RuleStart]] = defaultdict(list)
    for start in _drop_known(starts):
        if start.read.problem:
            start.read.rule.pause(start.read.problem)
        else:
            by_kind[start.read.definition.record].append(start)
    return [_decide_kind(group) for group in by_kind.values()]


@dataclass(frozen=True)
class StartDecision:
    """Starts of one record kind, the evaluated conditions, and which starts match."""

    kind: RecordKind
    judged: Judgements
    matching: Sequence[RuleStart]
    others: Sequence[RuleStart]


def _decide_kind(starts: Sequence[RuleStart]) -> StartDecision:
    kind = starts[0].read.kind
    assert kind is not None, "a rule without one has a problem"
    judged = judge_conditions(
        kind, {start.record_id for start in starts}, [group for one in starts for group in one.read.groups]
    )
    by_match: tuple[list[RuleStart], list[RuleStart]] = ([], [])
    for start in starts:
        # A record that is gone is not looked at.
        if (results := judged.get(start.record_id)) is not None:
            by_match[all_groups_hold(start.read.groups, results)].append(start)
    return StartDecision(kind, judged, matching=by_match[True], others=by_match[False])


def _begin_runs(decision: StartDecision) -> None:
    """Record the runs of one kind of record, and execute the first steps of those that fire."""
    rows = decision.kind.ruled_rows().in_bulk({start.record_id for start in decision.matching})
    limits = StartLimits(decision.kind, decision.matching, rows)
    noted = [_run_columns(start, decision, RunState.UNMATCHED, rows) for start in decision.others]
    firing: list[tuple[RuleStart, dict[str, Any]]] = []
    for start in decision.matching:
        if start.record_id not in rows:
            noted.append(_run_columns(start, decision, RunState.UNMATCHED, rows))
        elif refusal := limits.refusal(start):
            noted.append(_run_columns(start, decision, RunState.SKIPPED, rows) | {"reason": refusal})
            if start.depth >= MOST_DEEP:
                # It would go round again with the next event.
                start.read.rule.pause(refusal)
        elif start.read.rule.mode == Mode.ON:
            # Its first step is due at once, in this transaction.
            run = _run_columns(start, decision, RunState.WAITING, rows) | {"next_at": clock.now()}
            firing.append((start, run | {"guard": limits.take(start)}))
        else:
            if start.read.rule.mode == Mode.PROPOSE:
                state = RunState.PROPOSED
            else:
                state = RunState.SHADOW
            noted.append(_run_columns(start, decision, state, rows) | {"guard": limits.take(start)})
    insert_all(RuleRun, noted, ignore_conflicts=True)
    if firing:
        _fire_runs(firing, rows)


def _fire_runs(firing: Sequence[tuple[RuleStart, dict[str, Any]]], rows: Mapping[int, Any]) -> None:
    ids = allocate_ids(RuleRun, len(firing))
    insert_all(
        RuleRun, [{"id": pk} | run for pk, (_start, run) in zip(ids, firing, strict=True)], ignore_conflicts=True
    )
    reads = {pk: start.read for pk, (start, _run) in zip(ids, firing, strict=True)}
    # Those that another worker has made meanwhile are its own.
    made = RuleRun.objects.filter(pk__in=ids).order_by("pk")
    fired = [LiveRun(run, reads[run.pk], rows[run.record_id]) for run in made]
    if fired:
        begin_all(fired)


def _run_columns(start: RuleStart, decision: StartDecision, state: RunState, rows: Mapping[int, Any]) -> dict[str, Any]:
    """Return the column values of a run."""
    read = start.read
    row = rows.get(start.record_id)
    return {
        "rule_id": read.rule.pk,
        "version_id": read.rule.version_id,
        "record": read.definition.record,
        "record_id": start.record_id,
        "job_id": decision.kind.job_id(row) if row is not None else None,
        "event_id": start.event_id,
        "key": start.key,
        "judged": explain_groups(read.groups, decision.judged[start.record_id]),
        "depth": start.depth,
        "state": state,
        "reason": "",
        "guard": None,
        "next_at": None,
    }


def _drop_known(starts: Iterable[RuleStart]) -> list[RuleStart]:
    """Drop starts that are already recorded, e.g. on redelivery of an event, and duplicates of one cause."""
    by_cause = {(start.read.rule.pk, start.record_id, start.key): start for start in starts}
    if not by_cause:
        return []
    runs = RuleRun.objects.filter(
        rule__in={rule for rule, _record, _key in by_cause},
        record_id__in={record for _rule, record, _key in by_cause},
        key__in={key for _rule, _record, key in by_cause},
    )
    for place in runs.values_list("rule_id", "record_id", "key"):
        by_cause.pop(place, None)
    return list(by_cause.values())
