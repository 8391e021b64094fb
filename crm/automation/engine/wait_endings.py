"""End of a wait: by an event later in the log than the one that started the run, in whatever order they are handled.

Instants would not do: a clock is set back, and a worker that was down hears of a lead and of the answer together.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.db.models import Q

from crm.automation.definition import Definition, WaitStep
from crm.automation.models import RuleRun
from crm.automation.registry.stops import StopSignal, stop_signal
from crm.platform.models import Event


def may_end(run: RuleRun, event: Event) -> bool:
    """True if an event is later than the start of a run and was not caused by the run itself."""
    begun = run.event_id or run.fired_id
    return begun is not None and event.pk > begun and (event.caused_by is None or event.caused_by != run.fired_id)


def ends_wait(run: RuleRun, event: Event, signal: str) -> bool:
    """True if an event that matches a signal ends the current wait of a run.

    One of before this wait does so only where it should have ended an earlier one, and was heard of late.
    """
    steps = Definition.from_json(run.version.definition).steps
    step = steps[run.step - 1]
    if not isinstance(step, WaitStep) or signal not in step.stop_if or not may_end(run, event):
        return False
    before = (one for one in steps[: run.step - 1] if isinstance(one, WaitStep))
    return event.pk > (run.waits_after or 0) or any(signal in one.stop_if for one in before)


def newest_event_id() -> int | None:
    """Return the id of the newest event; None if there is none."""
    pk: int | None = Event.objects.order_by("-pk").values_list("pk", flat=True).first()
    return pk


def find_early_endings(runs: Sequence[RuleRun], rows: Sequence[Any], step: WaitStep) -> dict[int, str]:
    """Return the runs of a rule, by id, whose wait has already been ended, with the label of the signal that ended it.

    It came between what started the run and the run itself, so that nobody waited when it was heard of. One query, and
    one for the siblings of a signal that has some.
    """
    signals = [known_signal for name in step.stop_if if (known_signal := stop_signal(name))]
    late = {run.pk: run for run in runs if run.event_id and run.fired_id and run.fired_id > run.event_id + 1}
    if not signals or not late:
        return {}
    ended: dict[int, str] = {}
    siblings = {signal.name: signal.siblings({run.record_id for run in late.values()}) for signal in signals}
    for event in _ending_events(list(late.values()), rows, signals, set().union(*_ids_in(siblings.values()))):
        for signal in signals:
            about = None
            if event.kind in signal.events and signal.heeds(event):
                about = signal.about(event)
            for run in late.values():
                ids = {run.record_id, *siblings[signal.name].get(run.record_id, ())}
                if about in ids and may_end(run, event) and event.pk < run.fired_id:
                    ended.setdefault(run.pk, str(signal.label))
    return ended


def _ids_in(siblings: Iterable[Mapping[int, set[int]]]) -> Iterator[set[int]]:
    return (ids for by_record in siblings for ids in by_record.values())


def _ending_events(
    runs: Sequence[RuleRun], rows: Sequence[Any], signals: Sequence[StopSignal], sibling_ids: Collection[int]
) -> Any:
    """Return the events that may have ended waits of these runs, oldest first."""
    jobs = [run.job_id for run in runs if run.job_id]
    record_ids = [*(run.record_id for run in runs), *sibling_ids]
    of_records = Q(subject_kind=rows[0]._meta.label_lower, subject_id__in=record_ids)
    return Event.objects.filter(
        of_records | Q(job_id__in=jobs) if jobs else of_records,
        kind__in={kind for signal in signals for kind in signal.events},
        pk__gt=min(run.event_id or 0 for run in runs),
        pk__lt=max(run.fired_id or 0 for run in runs),
    ).order_by("pk")
