"""Explain a due date: the counted hours of its clock, day by day, each with its reason."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from crm.jobs.bar.clock_words import RowWords
from crm.jobs.clock.clocked import Clocked
from crm.kernel import durations
from crm.kernel.business_hours import DayReason, LocalDay
from crm.web.reader import Reader

# Days listed; one sentence sums up the rest.
MOST = 40


@dataclass(frozen=True)
class CountedDay:
    """A day: its name, the counted hours and their duration, or why none were counted."""

    name: str
    hours: str
    counted: str
    why_not: str


@dataclass(frozen=True)
class Explanation:
    """The sentence on the rule, the days shown, and the number of further days."""

    rule: str
    before: str
    days: list[CountedDay]
    more: int
    due: str


def explain(row: Clocked, words: RowWords, reader: Reader) -> Explanation | None:
    """Explain how the due date was computed; None while no clock runs."""
    if row.due_at is None:
        return None
    hours = row.hours
    before = ""
    if row.clock_used:
        before = _("%(time)s were used before.") % {"time": words.duration(row.clock_used)}
    due = reader.moment(row.due_at)
    if hours is None:
        rule = _("%(allowed)s day and night, from %(start)s.")
        values = {"allowed": words.allowed, "start": reader.moment(row.clock_started_at)}
        return Explanation(rule % values, before, [], 0, due)
    rule = _("%(allowed)s of working time from %(start)s; a working day has %(day)s.")
    values = {
        "allowed": words.allowed,
        "start": reader.moment(row.clock_started_at),
        "day": durations.short_duration(hours.workday),
    }
    days = hours.days(row.clock_started_at, row.due_at)
    return Explanation(
        rule % values, before, [_counted_day(day, reader) for day in days[:MOST]], max(0, len(days) - MOST), due
    )


def _counted_day(day: LocalDay, reader: Reader) -> CountedDay:
    spans = ", ".join(f"{reader.time(span.start)} – {reader.time(span.end)}" for span in day.intervals)
    counted = ""
    if day.seconds:
        counted = durations.short_duration(day.seconds)
    return CountedDay(reader.date(day.day), spans, counted, _day_reason(day))


def _day_reason(day: LocalDay) -> str:
    if day.reason == DayReason.CLOSED:
        return _("closed: %(name)s") % {"name": day.closing}
    return {
        DayReason.COUNTED: "",
        DayReason.NO_HOURS: _("no working hours on this weekday"),
        DayReason.OUTSIDE: _("outside the working hours"),
        DayReason.SKIPPED: _("left out by the change of the clock"),
    }[day.reason]
