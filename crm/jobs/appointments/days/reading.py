"""What the calendar shows: whose, of what, on which days; each page reads its appointments by a few queries."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from crm.jobs.appointments.availability import WORK
from crm.jobs.appointments.setup import appointment_types
from crm.jobs.models.appointments import Appointment, Attendance
from crm.kernel.days import EARLIEST_COUNTED, next_month, read_day
from crm.kernel.whole_numbers import read_number
from crm.platform.access.permissions import allows
from crm.platform.models import Member
from crm.platform.organization.configuration import directory
from crm.web.reader import Reader

VIEWS = ("day", "week", "month")
# Columns of a day that a screen holds; more are found by team or name.
MOST_COLUMNS = 8


@dataclass(frozen=True)
class Asked:
    """What an address asks for. `day` is the one shown, or in the week or month shown."""

    view: str
    day: date
    member: Member | None = None
    team_id: int | None = None
    type_id: int | None = None
    brand_id: int | None = None

    @classmethod
    def of(cls, given: Mapping[str, str], today: date) -> "Asked":
        """Read an address; what makes no sense is not asked for."""
        here = directory()
        view = given.get("view", "")
        return cls(
            view if view in VIEWS else "day",
            read_day(given.get("day", ""), earliest=EARLIEST_COUNTED) or today,
            next((one for one in here.members.values() if str(one.uid) == given.get("member")), None),
            _known(given.get("team", ""), here.teams),
            _known(given.get("type", ""), appointment_types()),
            _known(given.get("brand", ""), here.brands),
        )

    def query(self, **other: Any) -> str:
        """Return the query of the same calendar, but for what is given."""
        asked: dict[str, Any] = {"view": self.view, "day": self.day.isoformat()}
        asked |= {"member": str(self.member.uid) if self.member else "", "team": self.team_id, "type": self.type_id}
        asked |= {"brand": self.brand_id} | other
        return urlencode({name: value for name, value in asked.items() if value})

    @property
    def is_filtered(self) -> bool:
        return any((self.member, self.team_id, self.type_id, self.brand_id))

    def days(self) -> list[date]:
        """Return the days shown."""
        if self.view == "day":
            return [self.day]
        monday = self.day - timedelta(days=self.day.weekday())
        if self.view == "week":
            return [monday + timedelta(days=at) for at in range(7)]
        first = self.day.replace(day=1)
        start = first - timedelta(days=first.weekday())
        last = next_month(first) - timedelta(days=1)
        weeks = ((last - start).days // 7) + 1
        return [start + timedelta(days=at) for at in range(weeks * 7)]

    def step(self, by: int) -> date:
        """Return a day of the period before or after."""
        if self.view == "month":
            first = self.day.replace(day=1)
            return (first - timedelta(days=1)).replace(day=1) if by < 0 else next_month(first)
        return self.day + timedelta(days=by * (7 if self.view == "week" else 1))


def _known(text: str, rows: Mapping[int, Any]) -> int | None:
    number = read_number(text)
    return number if number in rows else None


def midnight(day: date, zone: ZoneInfo) -> datetime:
    """Return when a local day begins, in UTC: hours counted from it are hours that pass, whatever the clock does."""
    return datetime.combine(day, time(), zone).astimezone(UTC)


@dataclass(frozen=True)
class Taken:
    """A member's time at an appointment; without one the reader may see: they are busy."""

    member_id: int
    begins: datetime
    ends: datetime
    busy_until: datetime
    appointment: Any = None
    # Whether it is the other time that the customer is asked about.
    is_offered: bool = False


def read(asked: Asked, reader: Reader, viewer: Member) -> tuple[list[Any], list[Taken]]:
    """Return the appointments on the days shown that the viewer may see, and everybody's time. Four queries."""
    days = asked.days()
    first, last = midnight(days[0], reader.zone), midnight(days[-1] + timedelta(days=1), reader.zone)
    rows = Appointment.objects.visible_to(viewer).between(first, last).select_related("job", "type", "site", "person")
    if asked.type_id:
        rows = rows.filter(type_id=asked.type_id)
    if asked.brand_id:
        rows = rows.filter(job__brand_id=asked.brand_id)
    found = list(rows.prefetch_related("attendances").by_time())
    shown = {row.pk: row for row in found}
    everything = Attendance.objects.filter(busy_from__lt=last, busy_until__gt=first)
    seen = set(Appointment.objects.visible_to(viewer).touching(first, last).values_list("pk", flat=True))
    taken = []
    for one in everything.select_related("appointment__job", "appointment__type").order_by("busy_from", "pk"):
        if one.is_offered:
            taken += _held(asked, one, is_seen=one.appointment_id in seen)
        elif one.appointment_id in shown:
            row = shown[one.appointment_id]
            taken.append(Taken(one.member_id, row.starts_at, row.ends_at, one.busy_until, row))
        elif one.is_live and one.appointment_id not in seen:
            taken.append(Taken(one.member_id, one.busy_from, one.appointment.ends_at, one.busy_until))
    members = _chosen(asked)
    if members is not None:
        taken = [one for one in taken if one.member_id in members]
        found = [row for row in found if members & set(row.member_ids)]
    return found, taken


def _held(asked: Asked, one: Attendance, *, is_seen: bool) -> list[Taken]:
    """Return the other time of an appointment, as it stands among those asked for."""
    row = one.appointment
    ends = row.offered_ends_at or one.busy_until
    if not is_seen:
        return [Taken(one.member_id, one.busy_from, ends, one.busy_until)]
    is_asked_for = asked.type_id in (None, row.type_id) and asked.brand_id in (None, row.job.brand_id)
    return [Taken(one.member_id, one.busy_from, ends, one.busy_until, row, is_offered=True)] if is_asked_for else []


def _chosen(asked: Asked) -> set[int] | None:
    here = directory()
    if asked.member:
        return {asked.member.pk}
    if asked.team_id:
        return {member.pk for member in here.members_of(here.teams[asked.team_id])}
    return None


def columns(asked: Asked, taken: Sequence[Taken], viewer: Member) -> tuple[list[Member], int]:
    """Return whose columns are shown, and how many are not: those chosen, else who has something, and the viewer."""
    here = directory()
    can = [one for one in here.members.values() if one.active and allows(one, WORK)]
    chosen = _chosen(asked)
    count: dict[int, int] = defaultdict(int)
    for one in taken:
        count[one.member_id] += 1
    if chosen is None:
        ranked = sorted(can, key=lambda one: (one.pk != viewer.pk, -count[one.pk], one.name.casefold()))
        with_work = [one for one in ranked if count[one.pk] or one.pk == viewer.pk]
        shown = (with_work if len(with_work) > 1 else ranked)[:MOST_COLUMNS]
        return shown, len([one for one in with_work if one not in shown])
    found = [one for one in here.members.values() if one.pk in chosen and (one in can or count[one.pk])]
    return found[:MOST_COLUMNS], max(0, len(found) - MOST_COLUMNS)
