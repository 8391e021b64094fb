"""SeriesPreview: what a series gives, for its page: the rule in words, the next six occurrences, small months."""

import calendar
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.dates import MONTHS, WEEKDAYS_ABBR
from django.utils.translation import gettext as _

from crm.platform.organization.configuration import directory
from crm.web.reader import Reader
from followups.models import FollowUp, FollowUpOutcome, FollowUpSeries, SeriesException
from followups.recurrence.occurrences import Occurrence, iterate_occurrences, list_exceptions
from followups.recurrence.words import describe_series

SHOWN = 6
_MOST_MONTHS = 4


@dataclass(frozen=True)
class ShownOccurrence:
    """An occurrence with its exception and its follow-up. `at`: when it takes place now, None if it is left out."""

    occurrence: Occurrence
    at: datetime | None
    exception: SeriesException | None
    row: FollowUp | None

    @property
    def is_skipped(self) -> bool:
        return self.exception is not None and self.exception.is_skipped

    @property
    def is_moved(self) -> bool:
        """True if a person moved it to another time than the rule gives."""
        return self.at is not None and self.at != self.occurrence.at


@dataclass(frozen=True)
class OccurrenceLine:
    """One occurrence of the list."""

    original: str
    # The day of the rule, where it takes place on another one.
    instead_of: str
    day: str
    time: str
    note: str
    number: int | None
    is_skipped: bool = False
    is_moved: bool = False
    url_uid: str = ""


@dataclass(frozen=True)
class SmallMonthDay:
    """A day of a small month; `css`: on, moved, gone, hol, or nothing."""

    number: str
    css: str = ""


@dataclass(frozen=True)
class SmallMonth:
    """A month with its weeks, Monday first."""

    name: str
    weeks: list[list[SmallMonthDay]]


@dataclass(frozen=True)
class SeriesPreview:
    """Everything the side of the page shows."""

    words: str
    rule: str
    lines: list[OccurrenceLine]
    months: list[SmallMonth]
    elsewhere: str = ""

    @property
    def weekdays(self) -> list[str]:
        """The first letters of the days of the week, Monday first."""
        return [str(WEEKDAYS_ABBR[day])[:1].upper() for day in range(7)]


def build_preview(series: FollowUpSeries, reader: Reader) -> SeriesPreview:
    """Return the preview of a series, saved or not."""
    stored = _stored_by_original(series)
    coming = _coming(series, reader.now, stored)
    numbers = iter(range(1, SHOWN + 1))
    lines = []
    for entry in coming:
        number = None
        if entry.at is not None:
            number = next(numbers)
        lines.append(_line(series, entry, number, reader))
    return SeriesPreview(
        words=describe_series(series, reader),
        rule=series.rule,
        lines=lines,
        months=_build_months(series, coming),
        elsewhere=_describe_elsewhere(series, coming, reader),
    )


def list_done(series: FollowUpSeries, reader: Reader) -> list[dict[str, Any]]:
    """List the closed occurrences, newest first, with their outcome and note."""
    rows = FollowUp.objects.filter(series=series).exclude(status__in=("pending", "in_progress")).order_by("-sort_at")
    lines = []
    for row in rows[:20]:
        outcome = _("Cancelled")
        if row.outcome:
            outcome = str(FollowUpOutcome(row.outcome).label)
        day = ""
        if row.due_at:
            day = reader.long_day(row.due_at)
        lines.append({"uid": row.uid, "day": day, "outcome": outcome, "subject": row.subject})
    return lines


def _stored_by_original(series: FollowUpSeries) -> dict[datetime, FollowUp]:
    if series.pk is None:
        return {}
    return {row.original_start: row for row in FollowUp.objects.filter(series=series, original_start__isnull=False)}


def _coming(series: FollowUpSeries, now: datetime, stored: dict[datetime, FollowUp]) -> list[ShownOccurrence]:
    """Return the next six that take place, and those left out between them."""
    exceptions = list_exceptions(series)
    coming: list[ShownOccurrence] = []
    for occurrence in iterate_occurrences(series):
        row = stored.get(occurrence.original)
        entry = _shown_occurrence(occurrence, exceptions.get(occurrence.original), row)
        is_closed = row is not None and not row.is_open and not entry.is_skipped
        if is_closed or (entry.at or occurrence.original) <= now:
            continue
        coming.append(entry)
        if sum(one.at is not None for one in coming) == SHOWN or len(coming) > 3 * SHOWN:
            break
    return coming


def _shown_occurrence(
    occurrence: Occurrence, exception: SeriesException | None, row: FollowUp | None
) -> ShownOccurrence:
    at = occurrence.at
    if exception is not None:
        at = exception.moved_to
    elif row is not None and row.is_open:
        at = row.due_at
    return ShownOccurrence(occurrence, at, exception, row)


def _line(series: FollowUpSeries, entry: ShownOccurrence, number: int | None, reader: Reader) -> OccurrenceLine:
    zone = series.time_zone
    own_day = entry.occurrence.original.astimezone(zone).date()
    day = (entry.at or entry.occurrence.original).astimezone(zone).date()
    instead_of = ""
    if entry.at and day != own_day:
        instead_of = reader.date(own_day)
    time = _("left out")
    if entry.at:
        time = _clock(series, entry.at, reader)
    uid = ""
    if entry.row is not None and entry.row.is_open:
        uid = str(entry.row.uid)
    return OccurrenceLine(
        original=entry.occurrence.original.isoformat(),
        instead_of=instead_of,
        day=reader.date(day),
        time=time,
        note=_note(entry),
        number=number,
        is_skipped=entry.is_skipped,
        is_moved=entry.is_moved,
        url_uid=uid,
    )


def _note(entry: ShownOccurrence) -> str:
    parts = []
    if entry.is_skipped and entry.exception is not None:
        member = directory().members.get(entry.exception.by_id or 0)
        if member is not None:
            parts.append(member.name)
        parts.append(entry.exception.reason)
        return ": ".join(filter(None, parts))
    if entry.is_moved:
        parts.append(_("moved by hand"))
    elif entry.occurrence.holiday:
        parts.append(entry.occurrence.holiday)
    if entry.row is not None and entry.row.is_open:
        parts.append(_("follow-up exists"))
    return " · ".join(parts)


def _clock(series: FollowUpSeries, at: datetime, reader: Reader) -> str:
    return Reader(reader.now, series.time_zone, reader.country, reader.language).time(at)


def _build_months(series: FollowUpSeries, coming: Sequence[ShownOccurrence]) -> list[SmallMonth]:
    marks = _day_marks(series, coming)
    months = sorted({(day.year, day.month) for day in marks})
    return [_small_month(year, month, marks) for year, month in months[:_MOST_MONTHS]]


def _day_marks(series: FollowUpSeries, coming: Sequence[ShownOccurrence]) -> dict[date, str]:
    zone = series.time_zone
    marks: dict[date, str] = {}
    for entry in coming:
        own_day = entry.occurrence.original.astimezone(zone).date()
        unused = "gone"
        if entry.occurrence.holiday:
            unused = "hol"
        if entry.at is None:
            marks[own_day] = unused
            continue
        day = entry.at.astimezone(zone).date()
        if day == own_day:
            marks[day] = "on"
        else:
            marks.setdefault(own_day, unused)
            marks[day] = "moved"
    return marks


def _small_month(year: int, month: int, marks: dict[date, str]) -> SmallMonth:
    days = calendar.Calendar().monthdatescalendar(year, month)
    weeks = [[_small_month_day(day, month, marks) for day in week] for week in days]
    return SmallMonth(str(MONTHS[month]), weeks)


def _small_month_day(day: date, month: int, marks: dict[date, str]) -> SmallMonthDay:
    if day.month != month:
        return SmallMonthDay("")
    return SmallMonthDay(str(day.day), marks.get(day, ""))


def _describe_elsewhere(series: FollowUpSeries, coming: Sequence[ShownOccurrence], reader: Reader) -> str:
    """Return what time it is for a reader in another zone, and when a change of the clocks changes that."""
    times = [one.at for one in coming if one.at is not None]
    if not times or reader.zone.key == series.zone:
        return ""
    local_times = [reader.time(at) for at in times]
    if local_times[0] == _clock(series, times[0], reader):
        return ""
    words = _("%(time)s for you.") % {"time": local_times[0]}
    change = next((place for place, time in enumerate(local_times) if time != local_times[0]), None)
    if change is None or _clock(series, times[change], reader) != _clock(series, times[0], reader):
        return words
    later = _("From %(day)s on %(time)s for you, when clocks change.")
    return f"{words} {later % {'day': reader.long_day(times[change]), 'time': local_times[change]}}"
