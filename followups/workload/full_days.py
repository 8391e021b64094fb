"""Full days: the rest of a week's days on which a member has no working time left. Read within another statement."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models.functions import JSONObject

from crm.integrations.models import BusyTime
from crm.jobs.appointments.slots import Stretch
from crm.jobs.models.appointments import Attendance
from followups.bulk.work_days import open_stretches
from followups.models import FollowUp
from followups.models.kind_setup import minutes_of
from followups.workload.day_load import measure_day

# Rows of each kind that are read; whoever has more in a week has no room before them.
MOST = 300
# What `read_together` reads of them.
ROWS = "select json_agg(json) from ({}) as load"


def load_rows(member_id: int, first: datetime, last: datetime) -> dict[str, Any]:
    """Return the rows, as JSON, of a member's follow-ups, bookings and busy times of a period, for `find_full_days`."""
    follow_ups = FollowUp.objects.filter(assignee_id=member_id, sort_at__gte=first, sort_at__lt=last).open()
    bookings = Attendance.objects.filter(member_id=member_id, is_live=True, busy_from__lt=last, busy_until__gt=first)
    private = BusyTime.objects.between(first, last).filter(member_id=member_id)
    return {
        "planned": _json_rows(follow_ups.by_time(), at="sort_at", kind="kind", minutes="own_minutes"),
        "booked": _json_rows(bookings.order_by("busy_from"), begins="busy_from", ends="busy_until"),
        "private": _json_rows(private.order_by("starts_at"), begins="starts_at", ends="ends_at"),
    }


def _json_rows(rows: Any, **columns: str) -> Any:
    return rows.values(json=JSONObject(**columns))[:MOST]


def find_full_days(
    member_id: int, values: Mapping[str, Any], first: datetime, last: datetime, zone: ZoneInfo
) -> list[date]:
    """Return the full days of the period in the reader's zone, given the values of `load_rows`."""
    stretches = [one for own in open_stretches(member_id, first, last).values() for one in own]
    bookings = [_stretch(one) for key in ("booked", "private") for one in values[key] or ()]
    day = first.astimezone(zone).date()
    loads = {}
    while day < last.astimezone(zone).date():
        loads[day] = measure_day(day, zone, stretches, bookings)
        day += timedelta(days=1)
    for one in values["planned"] or ():
        own_day = datetime.fromisoformat(one["at"]).astimezone(zone).date()
        loads[own_day].movable += minutes_of(one["kind"], one["minutes"])
    return [day for day, load in loads.items() if load.is_full]


def _stretch(row: Mapping[str, str]) -> Stretch:
    return datetime.fromisoformat(row["begins"]), datetime.fromisoformat(row["ends"])
