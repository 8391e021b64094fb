"""Change one occurrence of a series: skip it and bring it back, move it and put it back."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from crm.kernel import clock
from crm.kernel.refusal import Refused
from crm.platform.models import Member
from followups.models import FollowUp, FollowUpSeries, SeriesException
from followups.models.edits import edit_all
from followups.recurrence.edits import SeriesValues
from followups.recurrence.fill import CAUSE, fill_series, plan_occurrence
from followups.recurrence.occurrences import Occurrence, iterate_occurrences, list_exceptions
from libs.recurrence import parse_rule


@transaction.atomic
def skip_occurrence(series: FollowUpSeries, original: datetime, *, reason: str, by: Member | None) -> None:
    """Leave out one occurrence, with a reason. Idempotent. Raises Refused for one that is done or is not there."""
    series.lock()
    _find_occurrence(series, original)
    row = _lock_stored(series, original)
    if row is not None and row.status == "completed":
        raise Refused(_("It is done already."))
    _write_exception(series, original, None, reason, by)
    if row is not None and row.is_open:
        row.cancel(by=by, cause=CAUSE)
    fill_series(series)


@transaction.atomic
def bring_back(series: FollowUpSeries, original: datetime, *, by: Member | None) -> None:
    """Have a skipped occurrence take place after all. Idempotent."""
    series.lock()
    if not SeriesException.objects.filter(series=series, original_start=original, moved_to__isnull=True).delete()[0]:
        return
    series.save_change("series.brought_back", by, {"at": original.isoformat()})
    occurrence = _find_occurrence(series, original)
    row = _lock_stored(series, original)
    if row is not None and not row.is_open and row.status == "cancelled":
        row.reopen(by=by)
    elif row is None and occurrence.at is not None and _lies_between(series, occurrence):
        plan_occurrence(series, original, occurrence.at, by=by)
    fill_series(series)


@transaction.atomic
def move_occurrence(series: FollowUpSeries, original: datetime, at: datetime, *, by: Member | None) -> None:
    """Move one occurrence to another time. Raises Refused for a time that has passed, or one that is closed."""
    series.lock()
    _find_occurrence(series, original)
    if at <= clock.now():
        raise Refused(_("Choose a day and time in the future."))
    row = _lock_stored(series, original)
    if row is not None and not row.is_open:
        raise Refused(_("It is closed already."))
    _write_exception(series, original, at, "", by)
    if row is not None:
        row.reschedule(at, by=by, cause=CAUSE)
    fill_series(series)


@transaction.atomic
def edit_occurrence(
    series: FollowUpSeries, original: datetime, values: SeriesValues, *, by: Member | None, version: str | None = None
) -> None:
    """Give one occurrence another time of day, day, assignee or other details.

    Raises Refused for what only a series can have.
    """
    series.lock()
    series.expect_version(version)
    same = {"kind": values.kind, "subject": values.subject, "rule": str(parse_rule(values.rule))}
    if any(getattr(series, name) != value for name, value in same.items()):
        raise Refused(_("For only this one, what it is called, its type and the rule stay. Change them for more."))
    day = original.astimezone(series.time_zone).date()
    if values.start_day != series.start_day:
        day = values.start_day
    at = datetime.combine(day, values.start_time, series.time_zone).astimezone(UTC)
    if at != original:
        move_occurrence(series, original, at, by=by)
    row = _lock_stored(series, original)
    if row is not None and row.is_open and values.assignee is not None:
        row.assign_to(values.assignee, by=by)
    if row is not None and row.is_open:
        _edit_details(series, row, values.details, by)


def _edit_details(series: FollowUpSeries, row: FollowUp, details: Mapping[str, Any], by: Member | None) -> None:
    """Give an occurrence the details in which the form differs from its series; what is its own already stays."""
    changed = {name: value for name, value in details.items() if value != getattr(series, name)}
    edit_all([(row, changed)], by=by)
    if "own_reminders" in changed or "customer_reminders" in changed:
        chosen = row.details | changed
        row.set_reminders(chosen["own_reminders"], customer_times=chosen["customer_reminders"], by=by)
    if "completes_on" in changed:
        row.set_completes_on(changed["completes_on"], by=by)


@transaction.atomic
def put_back(series: FollowUpSeries, original: datetime, *, by: Member | None) -> None:
    """Give a moved occurrence the time of the rule again. Raises Refused if that has passed. Idempotent."""
    series.lock()
    occurrence = _find_occurrence(series, original, exceptions=False)
    row = _lock_stored(series, original)
    if occurrence.at is None or occurrence.at <= clock.now():
        raise Refused(_("Its own time has passed."))
    removed = SeriesException.objects.filter(series=series, original_start=original, moved_to__isnull=False).delete()[0]
    if removed:
        series.save_change("series.put_back", by, {"at": original.isoformat()})
    if row is not None and row.is_open:
        row.reschedule(occurrence.at, by=by, cause=CAUSE)
    fill_series(series)


def _find_occurrence(series: FollowUpSeries, original: datetime, *, exceptions: bool = True) -> Occurrence:
    """Return the occurrence of the rule at this instant. Raises Refused if there is none."""
    exceptions_by_start = {}
    if exceptions:
        exceptions_by_start = list_exceptions(series)
    for occurrence in iterate_occurrences(series, exceptions_by_start):
        if occurrence.original == original:
            return occurrence
        if occurrence.original > original:
            break
    raise Refused(_("The series has no occurrence at that time any more."))


def _lock_stored(series: FollowUpSeries, original: datetime) -> FollowUp | None:
    """Lock and return the follow-up of an occurrence; None if it is not stored yet."""
    rows = FollowUp.lock_all(FollowUp.objects.filter(series=series, original_start=original))
    return next(iter(rows), None)


def _lies_between(series: FollowUpSeries, occurrence: Occurrence) -> bool:
    """True if an occurrence is to come, and one after it is stored already."""
    if not series.is_running or occurrence.at is None or occurrence.at <= clock.now():
        return False
    return bool(FollowUp.objects.filter(series=series, original_start__gt=occurrence.original).exists())


def _write_exception(
    series: FollowUpSeries, original: datetime, moved_to: datetime | None, reason: str, by: Member | None
) -> None:
    values = {"moved_to": moved_to, "reason": reason.strip()[:200], "by": by, "at": clock.now()}
    SeriesException.objects.update_or_create(series=series, original_start=original, defaults=values)
    if moved_to is None:
        kind = "series.skipped"
    else:
        kind = "series.moved"
    series.save_change(kind, by, {"at": original.isoformat()})
