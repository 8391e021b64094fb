"""Store the next occurrences of series as follow-ups, after one was completed or missed, and at a due time."""

from collections.abc import Collection, Sequence
from datetime import datetime

from django.db import transaction

from crm.jobs.models import JobState
from crm.kernel import clock
from crm.platform.models import Event, Member
from crm.platform.organization.configuration import directory
from crm.platform.work import due
from followups.models import FollowUp, FollowUpSeries
from followups.models.queryset import CANCELLED
from followups.recurrence.occurrences import iterate_occurrences, list_exceptions

# The due work that stores the next occurrences, should the events of the stored ones be lost.
FILL = "followup.series"
CAUSE = "series"
# How many occurrences to come are stored.
STORED = 2


def fill_for_events(events: Sequence[Event]) -> None:
    """Store the next occurrences of the series whose occurrences changed."""
    ids = {event.subject_id for event in events}
    series = FollowUp.objects.filter(pk__in=ids, series__isnull=False).values_list("series_id", flat=True)
    fill_all(sorted(set(series)))


def fill_for_jobs(events: Sequence[Event]) -> None:
    """End or continue the series of jobs that were closed, or opened again."""
    ids = {event.subject_id for event in events}
    for series in FollowUpSeries.objects.filter(job_id__in=ids, ended_at__isnull=True).order_by("job_id", "pk"):
        with transaction.atomic():
            series.lock()
            if series.is_running:
                reopen_coming(series, by=None)
                fill_series(series)
            elif series.job is not None and series.job.state == JobState.DONE:
                # Those of a lost job are closed with it (followups/next_step/closing.py).
                cancel_coming(series, by=None)


def fill_all(ids: Sequence[int]) -> None:
    """Store the next occurrences of these series."""
    for series in FollowUpSeries.objects.filter(pk__in=ids).order_by("job_id", "pk"):
        fill_series(series)


@transaction.atomic
def fill_series(series: FollowUpSeries) -> list[FollowUp]:
    """Store occurrences until so many are to come. Idempotent: the series is locked, an occurrence is stored once.

    Occurrences that have passed are not stored: after an outage nobody finds a month of them.
    """
    series.lock()
    if not series.is_running:
        return []
    now = clock.now()
    stored = FollowUp.objects.filter(series=series, original_start__isnull=False)
    originals = set(stored.values_list("original_start", flat=True))
    missing = STORED - stored.open().filter(due_at__gt=now).count()
    planned: list[FollowUp] = []
    if missing > 0:
        for original, at in next_times(series, originals, now=now, count=missing):
            planned.append(plan_occurrence(series, original, at))
    _schedule_fill(series, now)
    return planned


def next_times(
    series: FollowUpSeries, stored: Collection[datetime], *, now: datetime, count: int
) -> list[tuple[datetime, datetime]]:
    """Return the next occurrences to store, after the last one stored: original instant and time."""
    last = max(stored, default=None)
    times: list[tuple[datetime, datetime]] = []
    for occurrence in iterate_occurrences(series, list_exceptions(series)):
        if len(times) == count:
            break
        if last is not None and occurrence.original <= last:
            continue
        if occurrence.at is not None and occurrence.at > now:
            times.append((occurrence.original, occurrence.at))
    return times


def plan_occurrence(series: FollowUpSeries, original: datetime, at: datetime, *, by: Member | None = None) -> FollowUp:
    """Store one occurrence as a follow-up."""
    return FollowUp.plan(
        kind=series.kind,
        subject=series.subject,
        due_at=at,
        by=by,
        job=series.job,
        person_id=series.person_id,
        about=series.record,
        assignee=choose_assignee(series),
        priority=series.priority,
        notes=series.notes,
        cause=CAUSE,
        series=series,
        original_start=original,
        **series.details,
    )


def choose_assignee(series: FollowUpSeries) -> Member | None:
    """Return who does the next occurrence: the series' member, else the job's owner, else its author; active ones."""
    ids = [series.assignee_id]
    if series.assignee_id is None and series.job is not None:
        ids.append(series.job.member_id)
    ids.append(series.created_by_id)
    members = (directory().members.get(pk or 0) for pk in ids)
    return next((member for member in members if member is not None and member.active), None)


def assign_occurrences(series: FollowUpSeries, rows: Sequence[FollowUp], *, by: Member | None) -> None:
    """Assign locked, open occurrences to the member who does them now."""
    member = choose_assignee(series)
    if member is not None:
        FollowUp.assign_all([(row, member.pk) for row in rows], by=by, cause=CAUSE)


def cancel_coming(series: FollowUpSeries, *, by: Member | None) -> None:
    """Cancel the stored occurrences to come; what is overdue stays until somebody closes it."""
    coming = FollowUp.objects.open().filter(series=series, due_at__gt=clock.now())
    for row in FollowUp.lock_all(coming):
        row.cancel(by=by, cause=CAUSE)
    due.cancel(FILL, [series.pk])


def reopen_coming(series: FollowUpSeries, *, by: Member | None) -> None:
    """Reopen the occurrences to come that were cancelled because the series ended, except skipped ones."""
    skipped = [start for start, row in list_exceptions(series).items() if row.is_skipped]
    coming = FollowUp.objects.filter(series=series, status=CANCELLED, due_at__gt=clock.now())
    rows = FollowUp.lock_all(coming.exclude(original_start__in=skipped))
    ours = Event.objects.filter(
        kind="followup.cancelled", subject_id__in=[row.pk for row in rows], data__cause=CAUSE
    ).values_list("subject_id", flat=True)
    for row in rows:
        if row.pk in set(ours):
            row.reopen(by=by)


def _schedule_fill(series: FollowUpSeries, now: datetime) -> None:
    coming = FollowUp.objects.open().filter(series=series, due_at__gt=now).order_by("due_at")
    first = coming.values_list("due_at", flat=True).first()
    if first is None:
        due.cancel(FILL, [series.pk])
    else:
        due.schedule(FILL, series.pk, first)
