"""Move the waits of enrolments after a business calendar is edited, or a brand gets another one."""

from collections.abc import Sequence

from crm.jobs.models import Job
from crm.kernel import clock
from crm.platform.models import Event
from crm.platform.organization.configuration import directory
from crm.platform.work import due
from followups.sequences.definition import SequenceWait
from followups.sequences.engine.states import save_enrolments
from followups.sequences.models import Enrolment
from followups.sequences.setup import read_versions

RECOUNT = "sequence.recount"
SLICE = 1_000


def after_calendar(changes: Sequence[Event]) -> None:
    """Schedule the recalculation of waits that count by an edited calendar."""
    for pk in {event.subject_id for event in changes}:
        due.schedule(RECOUNT, pk, clock.now())


def after_brand(_changes: Sequence[Event]) -> None:
    """Schedule the recalculation of all waits: a brand or the organization may count by another calendar now."""
    for pk in directory().calendars:
        due.schedule(RECOUNT, pk, clock.now())


def recount_calendars(ids: Sequence[int]) -> None:
    """Recalculate the waits that count by these calendars. Unchanged ones are not written. Idempotent."""
    for calendar_id in ids:
        after = 0
        waiting = Enrolment.objects.inside().filter(calendar=calendar_id)
        while ids := list(waiting.filter(pk__gt=after).order_by("pk").values_list("pk", flat=True)[:SLICE]):
            _recount_rows(Enrolment.lock_all(waiting.filter(pk__in=ids)))
            after = ids[-1]


def _recount_rows(rows: Sequence[Enrolment]) -> None:
    reads = read_versions({row.version_id for row in rows})
    brands = dict(Job.objects.filter(pk__in={row.job_id for row in rows}).values_list("pk", "brand_id"))
    organization = directory()
    moved = []
    for row in rows:
        step = reads[row.version_id].steps[row.position].node.step
        if not isinstance(step, SequenceWait) or row.begun_at is None or row.next_at is None:
            continue
        calendar_id = organization.calendar_of(brands[row.job_id])
        at = max(step.span.after(row.begun_at, organization.calendars.get(calendar_id or 0)), clock.now())
        if row.next_at > clock.now() and (at, calendar_id) != (row.next_at, row.calendar_id):
            row.next_at = at
            row.calendar_id = calendar_id
            moved.append(row)
    save_enrolments(moved)
