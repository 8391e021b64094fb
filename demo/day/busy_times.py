"""Private calendars that two members have connected, and when these keep them busy in the next working days."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from crm.integrations.models import BusyTime, CalendarConnection, ConnectedCalendar, RemoteEvent
from crm.integrations.models.connection_state import CalendarProvider, ConnectionState
from crm.platform.models import Member, Role
from crm.platform.organization.configuration import directory
from followups.workload.day_load import working_days


class PrivateEvent(NamedTuple):
    """An event: in how many working days, from which hour, and for how many hours."""

    day: int
    hour: int
    hours: int
    title: Mapping[str, str]


DENTIST = {"en": "Dentist", "nl": "Tandarts"}
SCHOOL = {"en": "School play", "nl": "Schoolvoorstelling"}
COURSE = {"en": "Safety course", "nl": "Veiligheidscursus"}
LUNCH = {"en": "Lunch with the supplier", "nl": "Lunch met de groothandel"}
EVENTS: Mapping[str, Sequence[PrivateEvent]] = {
    Role.REP: (
        PrivateEvent(0, 12, 1, LUNCH),
        PrivateEvent(1, 8, 10, COURSE),
        PrivateEvent(2, 15, 1, DENTIST),
        PrivateEvent(5, 9, 2, DENTIST),
    ),
    Role.MANAGER: (PrivateEvent(1, 13, 2, SCHOOL), PrivateEvent(3, 9, 3, COURSE)),
}


def create_busy_times(now: datetime) -> None:
    """Create them inside the tenant, as if they had just been read. The calendars are not synchronized."""
    organization = directory()
    first: dict[str, Member] = {}
    for member in sorted(organization.members.values(), key=lambda row: row.pk):
        first.setdefault(member.role, member)
    language = organization.tenant.language
    days = working_days(now.astimezone(organization.zone).date())
    for role, events in EVENTS.items():
        home = _connect(first[role], now)
        for event in events:
            _add(home, event, event.title[language], days[event.day])


def _connect(member: Member, now: datetime) -> ConnectedCalendar:
    connection = CalendarConnection.connect(
        member, CalendarProvider.CALDAV, {}, account=member.user.email, url="https://caldav.example/"
    )
    connection.state = ConnectionState.ACTIVE
    connection.synced_at = now
    connection.save(update_fields=["state", "synced_at"])
    return ConnectedCalendar.objects.create(
        connection=connection, remote_id="home", name="Home", is_read=True, keeps_titles=True, synced_at=now
    )


def _add(home: ConnectedCalendar, event: PrivateEvent, title: str, day: date) -> None:
    begins = datetime.combine(day, time(event.hour), directory().zone)
    remote = RemoteEvent.objects.create(calendar=home, remote_id=f"{title} {day}", title=title)
    ends = begins + timedelta(hours=event.hours)
    member = home.connection.member
    BusyTime.objects.create(event=remote, member=member, starts_at=begins, ends_at=ends, title=title)
