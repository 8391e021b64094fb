"""Record once when the answer to a hand-off is late. The notices are sent elsewhere."""

from collections.abc import Sequence

from crm.kernel import clock
from crm.platform.events import events
from crm.platform.events.events import EventDraft
from service.models import HandOff


def note_late(ids: Sequence[int]) -> None:
    """Record hand-offs unanswered for more than a day."""
    _record_lateness("handoff.overdue", [row for row in _lock_waiting(ids) if row.due_at <= clock.now()])


def note_far(ids: Sequence[int]) -> None:
    """Record hand-offs unanswered for more than two days."""
    _record_lateness("handoff.far_overdue", [row for row in _lock_waiting(ids) if row.far_at <= clock.now()])


def _lock_waiting(ids: Sequence[int]) -> list[HandOff]:
    return HandOff.lock_all(HandOff.objects.waiting_for_answer().filter(pk__in=ids))


def _record_lateness(kind: str, rows: list[HandOff]) -> None:
    events.record_all([EventDraft(kind, row, {"state": row.state}, job_id=row.job_id) for row in rows], by=None)
