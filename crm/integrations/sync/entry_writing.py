"""Write a member's entries to their calendar: new, changed and obsolete ones, each noted after its call.

A call may be repeated when its worker died: providers write an entry under an id made of its uid.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings

from crm.integrations.calendar_items import CalendarItem, read_items
from crm.integrations.models import (
    CalendarConnection,
    CalendarProvider,
    ConnectedCalendar,
    EntryConflict,
    Meeting,
    MeetingPreference,
    MeetingProvider,
    WrittenEntry,
)
from crm.integrations.providers.interface import CalendarClient, EntryChanged, EntryGone, EventVersion
from crm.kernel import clock
from crm.platform.tenancy.context import use_tenant

# What is written: from so long ago, and so far ahead.
PAST = timedelta(days=1)
AHEAD = timedelta(days=365)
# Calls of one synchronization; the rest follows at once.
MOST_CALLS = 40


@dataclass(frozen=True)
class WritingPlan:
    """What has to be written to a calendar, and deleted from it."""

    calendar: ConnectedCalendar
    writes: list[tuple[CalendarItem, WrittenEntry | None]]
    deletions: list[WrittenEntry]
    # Keys of the entries for which the provider creates a video meeting.
    with_meeting: frozenset[tuple[str, int]] = frozenset()

    @property
    def calls(self) -> int:
        return len(self.writes) + len(self.deletions)


def plan_writing(connection: CalendarConnection, calendar: ConnectedCalendar) -> WritingPlan:
    """Compare a member's entries with what is in the calendar."""
    now = clock.now()
    items = read_items([connection.member_id], now - PAST, now + AHEAD, connection.written_sources)
    entries = {(entry.source, entry.item_id): entry for entry in calendar.written_entries.all()}
    writes = []
    for item in items:
        entry = entries.pop(item.key, None)
        if entry is None or (not entry.conflict and entry.fingerprint != item.fingerprint):
            writes.append((item, entry))
    over = [entry.pk for entry in entries.values() if entry.ends_at < now - PAST]
    WrittenEntry.objects.filter(pk__in=over).delete()
    deletions = [entry for entry in entries.values() if entry.pk not in over]
    return WritingPlan(calendar, writes, deletions, _items_with_meeting(connection, items))


def _items_with_meeting(connection: CalendarConnection, items: Sequence[CalendarItem]) -> frozenset[tuple[str, int]]:
    """Return the entries by video for which Google Meet was chosen, or whose member prefers it."""
    if connection.provider != CalendarProvider.GOOGLE:
        return frozenset()
    # The first member of an entry is its host.
    hosted = [item for item in items if item.is_video and item.member_ids[0] == connection.member_id]
    if not hosted:
        return frozenset()
    preferences = MeetingPreference.objects.filter(member_id=connection.member_id)
    preferred = preferences.values_list("provider", flat=True).first()
    return frozenset(item.key for item in hosted if (item.meeting_provider or preferred) == MeetingProvider.GOOGLE)


def write_entries(tenant_id: int, client: CalendarClient, plan: WritingPlan) -> bool:
    """Write what is planned. Returns False if some of it is left for the next call."""
    calls: list[Callable[[], None]] = [
        *(lambda entry=entry: _delete_entry(tenant_id, client, plan.calendar, entry) for entry in plan.deletions),
        *(
            lambda item=item, entry=entry: _write_entry(tenant_id, client, plan, item, entry)
            for item, entry in plan.writes
        ),
    ]
    for call in calls[:MOST_CALLS]:
        call()
    return len(calls) <= MOST_CALLS


def _delete_entry(tenant_id: int, client: CalendarClient, calendar: ConnectedCalendar, entry: WrittenEntry) -> None:
    if entry.remote_id:
        client.delete(calendar.remote_id, entry.remote_id)
    with use_tenant(tenant_id):
        WrittenEntry.objects.filter(pk=entry.pk).delete()


def _write_entry(
    tenant_id: int,
    client: CalendarClient,
    plan: WritingPlan,
    item: CalendarItem,
    entry: WrittenEntry | None,
) -> None:
    calendar = plan.calendar
    remote_id = etag = ""
    if entry:
        remote_id = entry.remote_id
        etag = entry.etag
    url = f"{settings.SITE_URL}{item.url}"
    try:
        version = client.write(
            calendar.remote_id,
            item,
            url=url,
            remote_id=remote_id,
            etag=etag,
            with_meeting=item.key in plan.with_meeting,
        )
    except EntryChanged:
        # The next synchronization reads what it is now.
        return
    except EntryGone:
        if entry:
            with use_tenant(tenant_id):
                entry.disagree(EntryConflict.DELETED)
        return
    with use_tenant(tenant_id):
        record_written(calendar, item, version)


def record_written(calendar: ConnectedCalendar, item: CalendarItem, version: EventVersion) -> None:
    """Note what is in the calendar now."""
    WrittenEntry.objects.update_or_create(
        calendar=calendar,
        source=item.source,
        item_id=item.pk,
        defaults={
            "remote_id": version.remote_id,
            "etag": version.etag,
            "starts_at": item.starts_at,
            "ends_at": item.ends_at,
            "fingerprint": item.fingerprint,
        },
    )
    if version.meeting_url:
        values = {
            "provider": MeetingProvider.GOOGLE,
            "member_id": item.member_ids[0],
            "url": version.meeting_url[:1000],
        }
        Meeting.objects.update_or_create(source=item.source, item_id=item.pk, defaults=values)
