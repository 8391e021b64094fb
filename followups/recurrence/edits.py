"""Create, edit and end a series. What is done keeps its outcome; what is to come follows the new rule."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import gettext as _

from crm.jobs.models import Priority
from crm.kernel import clock
from crm.kernel.refusal import Refused
from crm.platform.models import Member
from crm.platform.work import due
from followups.customer_reminders.planning import plan_customer_reminders
from followups.models import FollowUp, FollowUpSeries, HolidayPolicy, SeriesException
from followups.models.details import DETAILS
from followups.models.due_time import set_due_times
from followups.models.follow_up import clean_subject
from followups.models.links import links_of
from followups.models.reminder_plan import plan_reminders
from followups.recurrence.fill import (
    CAUSE,
    FILL,
    assign_occurrences,
    cancel_coming,
    fill_series,
    next_times,
    reopen_coming,
)
from followups.recurrence.occurrences import Occurrence, iterate_occurrences, list_exceptions
from libs.recurrence import FREQUENCIES, InvalidRule, RecurrenceRule, parse_rule

# Occurrences that are looked at to keep exceptions and to count; more than a daily one has in 25 years.
_MOST = 10_000


@dataclass(frozen=True, kw_only=True)
class SeriesValues:
    """The values of a series, as a form sends them. `rule`: the text of an RRULE."""

    kind: str
    subject: str
    rule: str
    zone: str
    start_day: date
    start_time: time
    notes: str = ""
    priority: int = Priority.NORMAL
    assignee: Member | None = None
    ends_with_job: bool = False
    holidays: str = HolidayPolicy.NEXT
    # The columns of FollowUpDetails, which its occurrences get.
    details: Mapping[str, Any] = field(default_factory=dict)


def build_series(values: SeriesValues, **columns: Any) -> FollowUpSeries:
    """Return an unsaved series. Raises Refused for what is no rule, zone, type or subject."""
    return FollowUpSeries(**_columns(values), **columns)


def read_rule(text: str) -> RecurrenceRule:
    """Return the rule of a series. Raises Refused for none, or for one that repeats within a day."""
    try:
        rule = parse_rule(text)
    except InvalidRule as why:
        raise Refused(_(why.sentence.template) % why.sentence.values) from why
    if FREQUENCIES.index(rule.freq) < FREQUENCIES.index("DAILY") or rule.by_hour or rule.by_minute or rule.by_second:
        raise Refused(_("A follow-up repeats at most once a day; its time is the one you choose."))
    return rule


@transaction.atomic
def create_series(
    values: SeriesValues, *, by: Member | None, about: Any = None, first: FollowUp | None = None
) -> FollowUpSeries:
    """Create a series about a record, and store its first occurrences. Raises Refused.

    `first`: a planned follow-up that becomes the occurrence at its own time, if the rule has one there.
    """
    if about is None and first is not None:
        about = first.record
    links = links_of(about)
    if links.get("job"):
        links["job"].lock()
    series = build_series(values, created_by=by, **links)
    if values.ends_with_job and series.job is None:
        raise Refused(_("There is no lead that it could end with."))
    series.refuse_without_customer()
    _check_has_occurrence(series)
    series.save(force_insert=True)
    series._record("series.started", by, {"rule": series.rule})
    if first is not None and first.is_open:
        _adopt(series, first)
    fill_series(series)
    return series


@transaction.atomic
def edit_all(series: FollowUpSeries, values: SeriesValues, *, by: Member | None, version: str | None = None) -> None:
    """Give all occurrences that are open another rule or text. Raises Refused, and Stale for an outdated version."""
    series.lock()
    series.expect_version(version)
    _check_running(series)
    rows = _lock_open(series)
    before = _times_by_rule(series, rows)
    changed = _set_values(series, values)
    if not changed:
        return
    series.refuse_without_customer()
    _check_has_occurrence(series)
    exceptions = list(list_exceptions(series).values())
    series.save_change("series.edited", by, {"fields": sorted(changed)}, *changed)
    _keep_exceptions(series, exceptions)
    _replan(series, rows, before, by=by)


@transaction.atomic
def edit_following(
    series: FollowUpSeries, original: datetime, values: SeriesValues, *, by: Member | None, version: str | None = None
) -> FollowUpSeries:
    """Let a new series go on from an occurrence; the earlier occurrences stay with this one. Returns the new series."""
    series.lock()
    series.expect_version(version)
    _check_running(series)
    earlier = [one for one in islice(iterate_occurrences(series), _MOST) if one.original < original]
    if not earlier:
        edit_all(series, values, by=by)
        return series
    moment = original.astimezone(series.time_zone)
    if values.start_day == series.start_day:
        values = replace(values, start_day=moment.date())
    values = replace(values, rule=_remaining_rule(series, values.rule, len(earlier)))
    rows = [row for row in _lock_open(series) if row.original_start and row.original_start >= original]
    before = _times_by_rule(series, rows)
    links = {name: getattr(series, name) for name in ("job", "person", "ticket", "appointment", "document", "site")}
    following = build_series(values, **links, is_personal=series.is_personal, continues=series, created_by=by)
    following.refuse_without_customer()
    _check_has_occurrence(following)
    following.save(force_insert=True)
    following._record("series.started", by, {"rule": following.rule, "continues": series.pk})
    moved = [row for start, row in list_exceptions(series).items() if start >= original]
    series.cut_at = original
    series.save_change("series.cut", by, {"at": original.isoformat()}, "cut_at")
    due.cancel(FILL, [series.pk])
    FollowUp.objects.filter(pk__in=[row.pk for row in rows]).update(series=following)
    for row in rows:
        row.series = following
    _keep_exceptions(following, moved)
    _replan(following, rows, before, by=by)
    return following


@transaction.atomic
def end_series(series: FollowUpSeries, *, by: Member | None, version: str | None = None) -> None:
    """End it now: occurrences to come are cancelled, what is done or overdue stays. Idempotent."""
    series.lock()
    if series.ended_at:
        return
    series.expect_version(version)
    series.ended_at = clock.now()
    series.save_change("series.ended", by, {}, "ended_at")
    cancel_coming(series, by=by)


@transaction.atomic
def resume_series(series: FollowUpSeries, *, by: Member | None) -> None:
    """Continue a series that was ended; the cancelled occurrences to come are open again. Idempotent."""
    series.lock()
    if series.ended_at is None:
        return
    series.ended_at = None
    series.save_change("series.resumed", by, {}, "ended_at")
    reopen_coming(series, by=by)
    fill_series(series)


def _columns(values: SeriesValues) -> dict[str, Any]:
    """Return the columns of the values. Raises Refused for what is no rule, zone, type or subject."""
    rule = read_rule(values.rule)
    try:
        ZoneInfo(values.zone)
        subject = clean_subject(values.subject, values.kind)
    except (KeyError, ValueError, OSError) as error:
        raise Refused(_("Write what to do, and choose a type and a time zone.")) from error
    columns = vars(values) | {"rule": str(rule), "subject": subject, "notes": values.notes.strip()[:4000]}
    return columns | columns.pop("details")


def _set_values(series: FollowUpSeries, values: SeriesValues) -> list[str]:
    """Set the columns that differ; returns their names."""
    changed = []
    for name, value in _columns(values).items():
        if getattr(series, name) != value:
            setattr(series, name, value)
            changed.append(name)
    return changed


def _check_has_occurrence(series: FollowUpSeries) -> None:
    if not next_times(series, (), now=clock.now(), count=1):
        raise Refused(_("This rule has no day to come. Change the rule, the first day or the end."))


def _check_running(series: FollowUpSeries) -> None:
    if not series.is_running:
        raise Refused(_("The series has ended. Continue it first."))


def _adopt(series: FollowUpSeries, first: FollowUp) -> None:
    """Make a planned follow-up the occurrence at its time."""
    first.lock()
    times = (one for one in islice(iterate_occurrences(series), _MOST))
    original = next((one.original for one in times if one.original == first.due_at), None)
    if original is not None and first.is_open and first.series_id is None:
        first.series = series
        first.original_start = original
        _set_details(series, first)
        first._save("series", "original_start", *DETAILS)
        plan_reminders([first])
        plan_customer_reminders([first])


def _lock_open(series: FollowUpSeries) -> list[FollowUp]:
    """Lock the open occurrences that are to come; one that was completed while we waited is not among them."""
    rows = FollowUp.lock_all(FollowUp.objects.open().filter(series=series, original_start__isnull=False))
    now = clock.now()
    coming = [row for row in rows if row.is_open and row.due_at is not None and row.due_at > now]
    return sorted(coming, key=lambda row: row.original_start)


def _times_by_rule(series: FollowUpSeries, rows: Sequence[FollowUp]) -> dict[datetime, datetime | None]:
    """Return when the rule has these occurrences, by original instant, to tell those that were moved by hand."""
    if not rows:
        return {}
    last = max(row.original_start for row in rows if row.original_start)
    times = {}
    for occurrence in iterate_occurrences(series):
        if occurrence.original > last:
            break
        times[occurrence.original] = occurrence.at
    return times


def _replan(
    series: FollowUpSeries, rows: Sequence[FollowUp], before: Mapping[datetime, datetime | None], *, by: Member | None
) -> None:
    """Give the open occurrences the new text and the new times, in order. One that was moved by hand keeps its time."""
    others = FollowUp.objects.filter(series=series, original_start__isnull=False).exclude(pk__in=[r.pk for r in rows])
    originals = list(others.values_list("original_start", flat=True))
    # A day whose occurrence is done or overdue does not get another one at the new time.
    taken = {original.astimezone(series.time_zone).date() for original in originals}
    coming = next_times(series, (), now=clock.now(), count=len(rows) + len(taken))
    times = [pair for pair in coming if pair[0].astimezone(series.time_zone).date() not in taken][: len(rows)]
    moved = [row for row in rows if row.due_at != before.get(row.original_start or clock.now())]
    # An occurrence is stored once: all of them leave their places before they take the new ones.
    FollowUp.objects.filter(pk__in=[row.pk for row in rows]).update(original_start=None)
    new_times: list[tuple[FollowUp, datetime]] = []
    for row, (original, at) in zip(rows, times, strict=False):
        row.original_start = original
        _set_text(series, row)
        if row not in moved and row.due_at != at:
            new_times.append((row, at))
    kept = rows[: len(times)]
    assign_occurrences(series, kept, by=by)
    set_due_times(new_times, by=by, cause=CAUSE)
    plan_reminders(kept)
    plan_customer_reminders(kept)
    if kept:
        kept[0].update_jobs(kept, by=by)
    for row in rows[len(times) :]:
        row.cancel(by=by, cause=CAUSE)
    fill_series(series)


def _set_text(series: FollowUpSeries, row: FollowUp) -> None:
    """Copy what the series says to an occurrence, and save its place in the series."""
    row.kind = series.kind
    row.subject = series.subject
    row.priority = series.priority
    _set_details(series, row)
    row._save("kind", "subject", "priority", "original_start", *DETAILS)


def _set_details(series: FollowUpSeries, row: FollowUp) -> None:
    for name, value in series.details.items():
        setattr(row, name, value)


def _keep_exceptions(series: FollowUpSeries, exceptions: Sequence[SeriesException]) -> None:
    """Attach exceptions to the occurrences on the same days; those of other days are gone."""
    if not exceptions:
        return
    last = max(row.original_start for row in exceptions)
    by_day: dict[date, Occurrence] = {}
    for occurrence in islice(iterate_occurrences(series), _MOST):
        day = occurrence.original.astimezone(series.time_zone).date()
        by_day[day] = occurrence
        if day > last.astimezone(series.time_zone).date():
            break
    for row in exceptions:
        same_day = by_day.get(row.local_day(series.time_zone))
        row.delete()
        if same_day is not None:
            SeriesException.objects.create(
                series=series,
                original_start=same_day.original,
                moved_to=row.moved_to,
                reason=row.reason,
                by_id=row.by_id,
                at=row.at,
            )


def _remaining_rule(series: FollowUpSeries, text: str, before: int) -> str:
    """Return the rule of the following series: an unchanged COUNT counts the occurrences that are left."""
    rule = read_rule(text)
    if rule.count is None or rule.count != series.recurrence.count:
        return text
    return str(replace(rule, count=max(rule.count - before, 1)))
