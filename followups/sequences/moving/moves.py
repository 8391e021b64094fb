"""Move enrolments to another version: each ends, and one in the other version begins where it goes on."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from crm.jobs.models import Job
from crm.kernel import clock
from crm.platform.database import bulk_write
from crm.platform.events import events
from crm.platform.events.events import EventDraft
from crm.platform.models import Member
from crm.platform.organization.configuration import directory
from crm.platform.work import due
from followups.sequences.definition import SequenceWait
from followups.sequences.engine.states import STEP, end_enrolments, save_enrolments, wake_time
from followups.sequences.models import EndReason, Enrolment, SequenceVersion
from followups.sequences.models.enrolment import VERSION_MOVED
from followups.sequences.moving.step_mapping import NextPlace, StepMapping

# What the enrolment in the other version has of the one before.
_KEPT = (
    *("sequence_id", "job_id", "person_id", "held_for", "purpose", "is_test", "entry", "entered_by_id"),
    *("entry_event_id", "entered_at", "wrote_at", "state", "pause_reason", "paused_until"),
)
# What an undo gives back from the enrolment in the other version.
_RESTORED = ("state", "pause_reason", "paused_until", "next_at")


def movable_rows(source: SequenceVersion, member: Member) -> Any:
    """Return those inside on a version that may be moved now: those whose follow-up is not done stay until it is."""
    rows = Enrolment.objects.visible_to(member).inside().in_test(False).filter(version=source)
    return rows.filter(task__isnull=True)


def move_rows(rows: Sequence[Enrolment], target: SequenceVersion, *, by: Member | None) -> list[Enrolment]:
    """Move locked enrolments of one sequence to a version. Returns the new ones; who has no step left there stays."""
    places = {row.pk: place for row, place in _places_of(rows, target) if place.position is not None}
    rows = [row for row in rows if row.pk in places]
    if not rows:
        return []
    brands = _brands_by_job(rows)
    ids = bulk_write.allocate_ids(Enrolment, len(rows))
    made = [
        _next_values(pk, row, places[row.pk], target, brands[row.job_id]) for pk, row in zip(ids, rows, strict=True)
    ]
    end_enrolments(
        [(row, EndReason.MOVED, {"version": target.pk, "enrolment": pk}) for pk, row in zip(ids, rows, strict=True)],
        by=by,
    )
    bulk_write.insert_all(Enrolment, made)
    moved = list(Enrolment.objects.filter(pk__in=ids).order_by("pk"))
    due.schedule_all(STEP, [(row.pk, at) for row in moved if (at := wake_time(row)) is not None])
    events.record_all(
        [
            EventDraft(
                VERSION_MOVED,
                row,
                {"sequence": row.sequence_id, "version": target.number},
                job_id=row.timeline_job_id,
            )
            for row in moved
        ],
        by=by,
    )
    return moved


def _brands_by_job(rows: Sequence[Enrolment]) -> dict[int, int]:
    return dict(Job.objects.filter(pk__in={row.job_id for row in rows}).values_list("pk", "brand_id"))


def _places_of(rows: Sequence[Enrolment], target: SequenceVersion) -> list[tuple[Enrolment, NextPlace]]:
    by_version = defaultdict[int, list[Enrolment]](list)
    for row in rows:
        by_version[row.version_id].append(row)
    versions = SequenceVersion.objects.in_bulk(by_version)
    places = []
    for pk, those in by_version.items():
        mapping = StepMapping.of(versions[pk].nodes, target.nodes)
        places += [(row, mapping.place_of(row.position)) for row in those]
    return places


def _next_values(pk: int, row: Enrolment, place: NextPlace, target: SequenceVersion, brand_id: int) -> dict[str, Any]:
    """Return the values of the enrolment in the other version. A wait that has begun counts from when it began."""
    assert place.position is not None, "who has no step left is not moved"
    values = {name: getattr(row, name) for name in _KEPT}
    values |= {"id": pk, "version_id": target.pk, "position": place.position, "begun_at": None, "calendar_id": None}
    values["next_at"] = max(row.next_at or clock.now(), clock.now())
    if place.is_same and row.begun_at is not None:
        values["begun_at"] = row.begun_at
        step = target.nodes[place.position].step
        if isinstance(step, SequenceWait):
            values |= _wait_values(step, row.begun_at, brand_id)
    return values


def _wait_values(step: SequenceWait, begun_at: datetime, brand_id: int) -> dict[str, Any]:
    """Return the values of an enrolment in a wait that has begun: by which calendar it counts, and when it ends."""
    calendar_id = directory().calendar_of(brand_id)
    at = step.span.after(begun_at, directory().calendars.get(calendar_id or 0))
    return {"calendar_id": calendar_id, "next_at": max(at, clock.now())}


def take_back_moves(rows: Sequence[Enrolment], *, by: Member) -> None:
    """Undo the moves that made these locked enrolments: they end, and those before go on where they were."""
    before = _rows_before(rows)
    pairs = [(before[row.pk], row) for row in rows if row.pk in before]
    versions = SequenceVersion.objects.in_bulk({old.version_id for old, _row in pairs})
    brands = _brands_by_job(rows)
    # Read before they end, which clears it.
    values_by_id = {old.pk: {name: getattr(row, name) for name in _RESTORED} for old, row in pairs}
    end_enrolments([(row, EndReason.UNDONE, {}) for _old, row in pairs], by=by)
    for old, _row in pairs:
        values = values_by_id[old.pk] | {"ended_at": None, "end_reason": "", "ended_by": None, "end_cause": {}}
        step = versions[old.version_id].nodes[old.position].step
        if isinstance(step, SequenceWait) and old.begun_at is not None:
            values |= _wait_values(step, old.begun_at, brands[old.job_id])
        for name, value in values.items():
            setattr(old, name, value)
    save_enrolments([old for old, _row in pairs])


def _rows_before(rows: Sequence[Enrolment]) -> dict[int, Enrolment]:
    """Return the enrolments that were moved, locked, by the id of the one that goes on."""
    moved = Enrolment.objects.that_ended().filter(
        job_id__in=[row.job_id for row in rows],
        end_reason=EndReason.MOVED,
        end_cause__enrolment__in=[row.pk for row in rows],
    )
    return {row.end_cause["enrolment"]: row for row in Enrolment.lock_all(moved)}
