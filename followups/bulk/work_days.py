"""Working days of members: their hours without absences and appointments, and the follow-ups already planned there."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from crm.jobs.appointments.availability import taken_by
from crm.jobs.appointments.slots import Stretch, without
from crm.jobs.models.assignment.setup import assignment_setup
from crm.kernel.business_hours import BusinessHours, build_hours
from crm.platform.organization.configuration import directory
from followups.models import FollowUp
from followups.models.kind_setup import minutes_of

# So far ahead working days are looked for: longer than any absence that is worth waiting for.
HORIZON = timedelta(days=120)
# The hours of a tenant without a calendar.
USUAL_WEEK = [[(9 * 60, 17 * 60)]] * 5 + [[], []]
_MINUTE = timedelta(minutes=1)
# Times are planned at full five minutes.
STEP = 5


@dataclass
class WorkDay:
    """A working day of one member: free stretches, and minutes of follow-ups that are there or were added."""

    day: date
    free: list[Stretch]
    planned: int = 0
    added: int = 0
    # At most so many minutes; None: as long as the member works.
    most: int | None = None

    @property
    def capacity_minutes(self) -> int:
        """Minutes of follow-ups that fit into this day."""
        minutes = sum((end - start) // _MINUTE for start, end in self.free)
        if self.most is None:
            return minutes
        return min(minutes, self.most)

    @property
    def room_minutes(self) -> int:
        return self.capacity_minutes - self.planned - self.added

    def next_start(self) -> datetime:
        """Return when the next follow-up added to this day begins: after those added before, in free time."""
        left = self.added
        for start, end in self.free:
            length = (end - start) // _MINUTE
            if left < length:
                return start + left * _MINUTE
            left -= length
        raise ValueError("the day has no room")

    def take(self, minutes: int) -> datetime:
        """Add a follow-up to this day and return when it begins."""
        at = self.next_start()
        self.added += minutes
        return at


def hours_of(member_id: int | None) -> BusinessHours:
    """Return a member's working hours; without a member the organization's, without a calendar the usual ones."""
    hours = assignment_setup().hours_of(member_id or 0)
    if hours is None:
        return build_hours(directory().zone, USUAL_WEEK)
    return hours


def open_stretches(member_id: int | None, first: datetime, last: datetime) -> dict[date, list[Stretch]]:
    """Return the working hours of a member by local day, without absences. Days off and holidays have none."""
    hours = hours_of(member_id)
    absences = assignment_setup().absences.get(member_id or 0, ())
    open_ = [(one.start, one.end) for one in hours.intervals(first, last)]
    days: dict[date, list[Stretch]] = defaultdict(list)
    for stretch in without(open_, [(one.starts_at, one.ends_at) for one in absences]):
        days[stretch[0].astimezone(hours.zone).date()].append(stretch)
    return days


def nth_work_day(after: date, count: int, member_id: int | None) -> date:
    """Return the day so many of the member's working days later.

    Days off, holidays and absences are not counted. Of a member who is away for months, every day counts.
    """
    zone = hours_of(member_id).zone
    start = _midnight(after + timedelta(days=1), zone)
    days = sorted(open_stretches(member_id, start, start + HORIZON))
    if len(days) < count:
        return after + timedelta(days=count)
    return days[count - 1]


def add_work_days(at: datetime, count: int, member_id: int | None) -> datetime:
    """Return the same time of day so many of the member's working days later (`nth_work_day`)."""
    zone = hours_of(member_id).zone
    local = at.astimezone(zone)
    return datetime.combine(nth_work_day(local.date(), count, member_id), local.time(), zone)


def list_work_days(
    member_ids: Iterable[int | None], first: datetime, count: int, *, besides: Collection[int], most: int | None = None
) -> dict[int | None, list[WorkDay]]:
    """Return each member's next working days from an instant, with what is planned there. Two queries.

    `besides`: follow-ups that are to move, and take no time; `most`: minutes a day at most.
    """
    start = _round_up(first)
    days: dict[int | None, dict[date, WorkDay]] = {}
    for member_id in member_ids:
        stretches = open_stretches(member_id, start, start + HORIZON)
        days[member_id] = {day: WorkDay(day, stretches[day], most=most) for day in sorted(stretches)[:count]}
    last = _last_instant(days) or start
    for member_id, bookings in taken_by([pk for pk in days if pk], start, last).items():
        for work_day in days[member_id].values():
            work_day.free = without(work_day.free, bookings)
    _add_planned(days, start, last, besides)
    return {member_id: list(own.values()) for member_id, own in days.items()}


def _add_planned(
    days: dict[int | None, dict[date, WorkDay]], first: datetime, last: datetime, besides: Collection[int]
) -> None:
    rows = FollowUp.objects.open().filter(due_at__gte=first, due_at__lt=last).order_by()
    for pk, member_id, due_at, kind, own_minutes in rows.values_list(
        "pk", "assignee_id", "due_at", "kind", "own_minutes"
    ):
        if member_id not in days or pk in besides:
            continue
        day = due_at.astimezone(hours_of(member_id).zone).date()
        if day in days[member_id]:
            days[member_id][day].planned += minutes_of(kind, own_minutes)


def _last_instant(days: dict[int | None, dict[date, WorkDay]]) -> datetime | None:
    ends = [work_day.free[-1][1] for own in days.values() for work_day in own.values()]
    return max(ends, default=None)


def _round_up(at: datetime) -> datetime:
    """Return the next full five minutes after an instant."""
    full = at.replace(second=0, microsecond=0)
    return full + timedelta(minutes=STEP - full.minute % STEP)


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone)
