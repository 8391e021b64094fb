"""Schedule the synchronization of the calendars that a changed entry belongs in."""

from collections.abc import Sequence

from crm.integrations.calendar_items import CalendarSource
from crm.integrations.models import CalendarConnection, ConnectedCalendar, WrittenEntry
from crm.integrations.models.calendar_connection import SOON
from crm.platform import features
from crm.platform.models import Event
from crm.platform.organization.configuration import cached_per_tenant


@cached_per_tenant
def writes_calendars() -> bool:
    """Return True if a calendar of the tenant is written. Choosing one changes the version of the configuration."""
    return bool(ConnectedCalendar.objects.filter(is_written=True).exists())


def written_kinds() -> frozenset[str]:
    """Return the kinds of events after which calendars are written; none if no calendar is."""
    if not writes_calendars():
        return frozenset()
    return frozenset(kind for source in features.of(CalendarSource) for kind in source.events)


def write_after(events: Sequence[Event]) -> None:
    """Schedule the calendars of the members whose entries changed."""
    for source in features.of(CalendarSource):
        ids = {event.subject_id for event in events if event.kind in source.events}
        if ids:
            schedule_writing(source, ids)


def schedule_writing(source: CalendarSource, item_ids: set[int]) -> None:
    """Schedule the connections whose members have these entries now, or had them when they were last written."""
    members = {pk for item in source.find(item_ids) for pk in item.member_ids}
    connections = set(
        CalendarConnection.objects.active()
        .filter(member_id__in=members, calendars__is_written=True)
        .values_list("pk", flat=True)
    )
    entries = WrittenEntry.objects.filter(source=source.name, item_id__in=item_ids)
    connections |= set(entries.values_list("calendar__connection_id", flat=True))
    for connection in CalendarConnection.objects.active().filter(pk__in=connections):
        connection.schedule(SOON)
