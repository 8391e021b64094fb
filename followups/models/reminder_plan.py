"""Plan the reminders of follow-ups, for many with a few statements: by their own list, or the defaults.

A follow-up's own list comes first, then the assignee's default for its type and for all types, then everybody's for
its type and for all types. One is sent before quiet hours it would fall into, never after the follow-up is due.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from crm.kernel import clock
from crm.kernel.business_hours import BusinessHours, build_hours
from crm.platform.database import bulk_write
from crm.platform.organization.configuration import cached_per_tenant, directory
from crm.platform.work import due
from crm.web.notices.member_hours import hours_of
from followups.models.follow_up_row import FollowUpRow
from followups.models.reminder import (
    Reminder,
    ReminderChannel,
    ReminderDefault,
    ReminderPreference,
    ReminderTime,
    SkipReason,
)

# The due work of one reminder.
REMIND = "followup.remind"
# Where nobody has chosen anything.
STANDARD = (ReminderTime(15, ReminderChannel.APP),)
_SECOND = timedelta(seconds=1)
_MINUTE = timedelta(minutes=1)
_DAY_MINUTES = 24 * 60
# A long weekend and holidays later, an allowed minute is too far away to remind of anything.
_LOOKED_BACK = timedelta(days=8)
# Minutes after midnight within which members are reminded by email and push, and by messages to their telephone.
_AWAKE = (7 * 60, 21 * 60)
_MESSAGES = (8 * 60, 20 * 60)
_Defaults = Mapping[tuple[int | None, str], tuple[ReminderTime, ...]]


@dataclass(frozen=True)
class ReminderSetup:
    """The defaults by member and type, and the members' preferences."""

    defaults: _Defaults
    preferences: Mapping[int, ReminderPreference]

    def times(self, member_id: int | None, kind: str) -> tuple[ReminderTime, ...]:
        """Return the default reminders of a member's follow-up of a type; of everybody for member None."""
        places: list[tuple[int | None, str]] = [(None, kind), (None, "")]
        if member_id is not None:
            places = [(member_id, kind), (member_id, ""), *places]
        return next((self.defaults[place] for place in places if place in self.defaults), STANDARD)

    def preference(self, member_id: int) -> ReminderPreference:
        """Return a member's preference; an unsaved one with the defaults if there is none."""
        return self.preferences.get(member_id) or ReminderPreference(member_id=member_id)


@cached_per_tenant
def reminder_setup() -> ReminderSetup:
    """Return the defaults and preferences of the current tenant."""
    defaults = {(row.member_id, row.kind): read_times(row.times) for row in ReminderDefault.objects.all()}
    return ReminderSetup(defaults, {row.member_id: row for row in ReminderPreference.objects.all()})


def read_times(stored: Sequence[Sequence[Any]]) -> tuple[ReminderTime, ...]:
    """Return reminders as stored in a list of minutes and channels."""
    return tuple(ReminderTime(minutes, channel) for minutes, channel in stored)


def member_zone(member_id: int) -> ZoneInfo:
    """Return a member's time zone, else the organization's."""
    member = directory().members.get(member_id)
    if member and member.time_zone:
        return ZoneInfo(member.time_zone)
    return directory().zone


@lru_cache(maxsize=512)
def waking_hours(zone: ZoneInfo, *, is_message: bool) -> BusinessHours:
    """Return the hours of every day in which a member may be reminded; fewer for messages to a telephone."""
    span = _MESSAGES if is_message else _AWAKE
    return build_hours(zone, [[span]] * 7)


def wanted_time(due_at: datetime, minutes: int, zone: ZoneInfo) -> datetime:
    """Return the instant so many minutes before, in UTC. Whole days keep the clock on the wall, whatever it does."""
    days, rest = divmod(minutes, _DAY_MINUTES)
    day = due_at.astimezone(zone) - timedelta(days=days)
    return day.astimezone(UTC) - timedelta(minutes=rest)


def reminder_time(wanted: datetime, now: datetime, hours: BusinessHours | None) -> datetime | None:
    """Return when to send a reminder that is wanted at an instant; None if that has passed.

    In quiet hours it is the last allowed minute before. If that has passed, the wanted time holds: whoever plans
    something at that hour is awake then. `hours`: the allowed ones; None for any hour. Rule: docs/rules.md#k3.
    """
    if wanted <= now:
        return None
    earlier = None
    if hours:
        earlier = last_open(hours, wanted)
    if earlier and earlier > now:
        return earlier
    return wanted


def last_open(hours: BusinessHours, at: datetime) -> datetime | None:
    """Return the instant itself if open, else the last open minute before it; None if there is none for days."""
    if hours.between(at, at + _SECOND):
        return at
    intervals = list(hours.intervals(at - _LOOKED_BACK, at))
    if intervals:
        return intervals[-1].end - _MINUTE
    return None


def wanted_times(follow_up: FollowUpRow) -> tuple[ReminderTime, ...]:
    """Return the reminders a follow-up is to have."""
    if follow_up.own_reminders is not None:
        return read_times(follow_up.own_reminders)
    return reminder_setup().times(follow_up.assignee_id, follow_up.kind)


def plan_reminders(follow_ups: Sequence[FollowUpRow], *, are_new: bool = False) -> None:
    """Plan the reminders of these follow-ups again; those that were sent for the same due time stay. Idempotent.

    A closed, undated or unassigned follow-up has none. At most three statements, however many there are.
    """
    now = clock.now()
    rows = [reminder for follow_up in follow_ups for reminder in _build_reminders(follow_up, now)]
    if rows:
        changed = bulk_write.execute(_PLAN, _PLANNED, rows, ids=[row.pk for row in follow_ups])
        due.cancel(REMIND, [pk for pk, at in changed if at is None])
        due.schedule_all(REMIND, [(pk, at) for pk, at in changed if at is not None])
    elif not are_new:
        drop_reminders(follow_ups)


def drop_reminders(follow_ups: Sequence[FollowUpRow]) -> None:
    """Delete the reminders of these follow-ups that were not sent."""
    dropped = bulk_write.execute(_DROP, "id bigint", [{"id": row.pk} for row in follow_ups])
    due.cancel(REMIND, [pk for (pk,) in dropped])


def _build_reminders(follow_up: FollowUpRow, now: datetime) -> list[bulk_write.Row]:
    if not follow_up.is_open or follow_up.due_at is None or follow_up.assignee_id is None or follow_up.due_at <= now:
        return []
    rows: list[bulk_write.Row] = []
    zone = member_zone(follow_up.assignee_id)
    for minutes, channel in wanted_times(follow_up):
        wanted = wanted_time(follow_up.due_at, minutes, zone)
        at = reminder_time(wanted, now, allowed_hours(follow_up.assignee_id, channel))
        skipped_reason = ""
        if at is None:
            skipped_reason = SkipReason.TOO_LATE.value
        rows.append(
            {
                "follow_up_id": follow_up.pk,
                "member_id": follow_up.assignee_id,
                "minutes_before": minutes,
                "channel": str(channel),
                "due_at": follow_up.due_at,
                "planned_at": at or wanted,
                "skipped_reason": skipped_reason,
            }
        )
    return rows


def allowed_hours(member_id: int, channel: str) -> BusinessHours | None:
    """Return the hours in which a reminder may reach a member by a channel; None for any hour."""
    if channel == ReminderChannel.APP:
        return None
    is_message = channel in (ReminderChannel.TEXT, ReminderChannel.WHATSAPP)
    if reminder_setup().preference(member_id).working_hours_only and (hours := hours_of(member_id)):
        return hours
    return waking_hours(member_zone(member_id), is_message=is_message)


_TABLE = Reminder._meta.db_table
_PLANNED = (
    "follow_up_id bigint, member_id bigint, minutes_before int, channel text,"
    " due_at timestamptz, planned_at timestamptz, skipped_reason text"
)
# Returns what is to be scheduled, and with a null time what is to be cancelled. Without joins to the common tables:
# Postgres expects few rows of those, and would walk all of them for each reminder of the table.
_PLAN = f"""
    with given as (select * from {{rows}}),
    before as materialized (
        select id, follow_up_id, minutes_before, channel, planned_at, skipped_reason, sent_at from {_TABLE}
        where tenant_id = %(tenant)s and follow_up_id = any(%(ids)s)
    ), dropped as (
        delete from {_TABLE} as kept
        where kept.tenant_id = %(tenant)s and kept.sent_at is null and kept.id = any(array(
            select id from before where (follow_up_id, minutes_before, channel) not in
                (select follow_up_id, minutes_before, channel from given)))
        returning kept.id
    ), planned as (
        insert into {_TABLE} as kept
            (tenant_id, follow_up_id, member_id, minutes_before, channel, due_at, planned_at, skipped_reason)
        select %(tenant)s::bigint, follow_up_id, member_id, minutes_before, channel, due_at, planned_at, skipped_reason
        from given
        on conflict (tenant_id, follow_up_id, minutes_before, channel) do update
        set member_id = excluded.member_id, due_at = excluded.due_at, planned_at = excluded.planned_at,
            skipped_reason = excluded.skipped_reason, sent_at = null
        where kept.sent_at is null or excluded.skipped_reason = ''
          and (kept.due_at <> excluded.due_at or kept.member_id <> excluded.member_id)
        returning id, planned_at, skipped_reason
    )
    select id, planned_at from planned where skipped_reason = '' and (id, planned_at) not in (
        select id, planned_at from before where sent_at is null and skipped_reason = '')
    union all select id, null from dropped"""
_DROP = f"""
    delete from {_TABLE} as kept using {{rows}}
    where kept.tenant_id = %(tenant)s and kept.follow_up_id = row.id and kept.sent_at is null
    returning kept.id"""
