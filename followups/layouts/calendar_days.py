"""Read the follow-ups and appointments of the calendar's days, with a constant number of statements."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import BooleanField
from django.db.models.expressions import RawSQL

from crm.jobs.appointments.days.calendar_query import midnight
from crm.jobs.models.appointments import Appointment
from crm.platform.access.permissions import allows
from crm.platform.models import Member
from crm.web.lists.conditions.choices import NOBODY
from crm.web.lists.conditions.query import Filters
from crm.web.reader import Reader
from followups.follow_up_list import FOLLOW_UPS
from followups.layouts.busy_times import BusyStretch, busy_by_day, busy_rows
from followups.models import FollowUp, FollowUpStatus
from followups.models.queryset import CLOSED

# Of each day so many open and so many closed follow-ups are looked at; the list has the rest.
MOST_OF_DAY = 100
MOST_APPOINTMENTS = 300
EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)
Period = tuple[datetime, datetime]


@dataclass
class DayContent:
    """A day of the calendar: its follow-ups, open ones first, its appointments and busy times, each by time."""

    day: date
    follow_ups: list[FollowUp] = field(default_factory=list)
    appointments: list[Any] = field(default_factory=list)
    # When its members are busy by their own calendars.
    busy: list[BusyStretch] = field(default_factory=list)
    # Follow-ups of the day that were not read.
    more: int = 0


@dataclass
class CalendarContent:
    """The days of a calendar, and the first of the overdue follow-ups, which stand on today."""

    days: list[DayContent]
    overdue: list[FollowUp]


def read_days(filters: Filters, member: Member, reader: Reader, days: Sequence[date], most: int) -> CalendarContent:
    """Read up to `most` follow-ups of each day, and up to `most` overdue ones if today is among the days."""
    periods = [(midnight(day, reader.zone), midnight(day + timedelta(days=1), reader.zone)) for day in days]
    shows_calendars = _shows_calendars(filters, member)
    whose = FOLLOW_UPS.one_member_id(filters, member)
    busy = None
    if shows_calendars:
        busy = busy_rows(whose, periods[0][0], periods[-1][1])
    ids, busy_times = _read_statement(filters, member, [(EARLIEST, reader.now), *periods], busy)
    overdue_ids = []
    if reader.today in days:
        overdue_ids = ids[0][0][:most]
    by_day = [(*opened, *closed) for opened, closed in ids[1:]]
    wanted = {pk for those in by_day for pk in those[:most]} | set(overdue_ids)
    rows = FollowUp.objects.with_jobs().in_bulk(list(wanted))
    content = [
        DayContent(day, [rows[pk] for pk in those[:most] if pk in rows], more=max(0, len(those) - most))
        for day, those in zip(days, by_day, strict=True)
    ]
    busy_days = busy_by_day(busy_times, days, reader)
    for day_content in content:
        day_content.busy = busy_days.get(day_content.day, [])
    if shows_calendars:
        for appointment in _read_appointments(whose, member, (periods[0][0], periods[-1][1])):
            at = (appointment.starts_at.astimezone(reader.zone).date() - days[0]).days
            if 0 <= at < len(content):
                content[at].appointments.append(appointment)
    return CalendarContent(content, [rows[pk] for pk in overdue_ids if pk in rows])


def _read_statement(
    filters: Filters, member: Member, periods: Sequence[Period], busy: Any
) -> tuple[list[tuple[list[int], list[int]]], list[Any]]:
    """Read the ids of the first open and the first closed follow-ups of each period, and busy times, in one statement.

    Each period reads from its part of an ordered index, so that a full month costs no more than its cells. `busy`: a
    queryset of JSON objects; they come with the first period.
    """
    rows = FOLLOW_UPS.in_any_state(filters, member)
    closed = rows.filter(status=FollowUpStatus.COMPLETED)
    if filters.asks("status"):
        closed = rows.filter(status__in=CLOSED)
    parts = []
    values: list[Any] = []
    for part in (rows.open(), closed):
        try:
            sql, parameters = _first_of_period(part)
        except EmptyResultSet:
            sql, parameters = "select 1 as id where false", []
        parts.append(f"(select coalesce(array_agg(id), '{{}}') from ({sql}) as part)")
        values += parameters
    if busy is None:
        parts.append("null")
    else:
        sql, parameters = busy.query.sql_with_params()
        parts.append(f"case when nth = 1 then (select json_agg(row) from ({sql}) as busy) end")
        values += parameters
    statement = (
        f"select {', '.join(parts)} from unnest(%s::timestamptz[], %s::timestamptz[])"
        " with ordinality as period(first, last, nth) order by nth"
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, [*values, [first for first, _last in periods], [last for _first, last in periods]])
        rows = cursor.fetchall()
    return [(opened, closed) for opened, closed, _busy in rows], rows[0][2] or []


def _first_of_period(rows: Any) -> tuple[str, list[Any]]:
    column = '"followups_followup"."sort_at"'
    in_period = RawSQL(f"{column} >= period.first and {column} < period.last", [], output_field=BooleanField())  # noqa: S611
    sql, parameters = rows.filter(in_period).by_time().values("id")[:MOST_OF_DAY].query.sql_with_params()
    return sql, list(parameters)


def _shows_calendars(filters: Filters, member: Member) -> bool:
    """True if appointments and busy times are shown as well: no filter is about follow-ups alone."""
    is_plain = not set(filters.values) - {"who"} and not filters.where
    return is_plain and filters.get("who") != NOBODY and allows(member, "appointments.view")


def _read_appointments(member_id: int | None, viewer: Member, period: Period) -> list[Any]:
    """Read the appointments of a member, or of everybody."""
    rows = Appointment.objects.visible_to(viewer).between(*period).exclude(state="cancelled")
    if member_id is not None:
        rows = rows.of_member(member_id)
    return list(rows.select_related("type", "job", "site").by_time()[:MOST_APPOINTMENTS])
