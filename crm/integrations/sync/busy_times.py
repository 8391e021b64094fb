"""Store the events of a connected calendar as busy times: upsert by the id at the provider, never delete everything."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from crm.integrations.calendar_items import is_ours
from crm.integrations.models import BusyTime, ConnectedCalendar, RemoteEvent
from crm.integrations.providers.interface import CalendarChanges, EventVersion
from crm.integrations.providers.recurrence import busy_intervals
from crm.kernel import clock

# Busy times are kept from so long ago, and known so far ahead.
PAST = timedelta(days=1)
AHEAD = timedelta(days=60)
# When less than this of what is ahead is expanded, repeated events are expanded again.
LEAST_AHEAD = timedelta(days=45)
Interval = tuple[datetime, datetime]


def store_changes(calendar: ConnectedCalendar, changes: CalendarChanges, zone: ZoneInfo) -> None:
    """Store what changed in a calendar. A complete list also removes what it no longer has. Idempotent."""
    versions = {version.remote_id: version for version in changes.events}
    ours = set(calendar.written_entries.values_list("remote_id", flat=True))
    kept = [
        version
        for version in versions.values()
        if not version.is_deleted and not is_ours(version.uid) and version.remote_id not in ours
    ]
    relevant = [version for version in kept if version.is_busy or version.series_id]
    gone = set(versions) - {version.remote_id for version in relevant}
    rows = calendar.remote_events.all()
    series = set(rows.filter(remote_id__in=gone).exclude(series_id="").values_list("series_id", flat=True))
    if changes.is_complete:
        rows.exclude(remote_id__in=[version.remote_id for version in relevant]).delete()
    else:
        rows.filter(remote_id__in=gone).delete()
        # The exceptions of a repeated event go with it.
        rows.filter(series_id__in=gone).delete()
    events = [_store_event(calendar, version) for version in relevant]
    _store_single_times(calendar, [(event, versions[event.remote_id]) for event in events])
    series |= {event.series_id or event.remote_id for event in events if event.timing}
    expand_series(calendar, series, zone)


def _store_event(calendar: ConnectedCalendar, version: EventVersion) -> RemoteEvent:
    title = ""
    if calendar.keeps_titles:
        title = version.title[:200]
    event, _is_new = RemoteEvent.objects.update_or_create(
        calendar=calendar,
        remote_id=version.remote_id,
        defaults={
            "etag": version.etag[:200],
            "series_id": version.series_id,
            "timing": version.timing,
            "title": title,
        },
    )
    return event


def _store_single_times(calendar: ConnectedCalendar, events: Sequence[tuple[RemoteEvent, EventVersion]]) -> None:
    """Replace the busy times of events that are not repeated."""
    single = [(event, version) for event, version in events if not version.timing]
    BusyTime.objects.filter(event_id__in=[event.pk for event, _version in single]).delete()
    since = clock.now() - PAST
    BusyTime.objects.bulk_create(
        _busy_time(calendar, event, (version.starts_at, version.ends_at))
        for event, version in single
        if version.starts_at and version.ends_at and version.ends_at > max(version.starts_at, since)
    )


def expand_series(calendar: ConnectedCalendar, series_ids: Iterable[str], zone: ZoneInfo) -> None:
    """Replace the busy times of repeated events, given with their exceptions, within the time that is kept."""
    first = clock.now() - PAST
    last = clock.now() + AHEAD
    for series_id in series_ids:
        master = calendar.remote_events.filter(remote_id=series_id).exclude(timing="").first()
        if master is None:
            continue
        exceptions = list(calendar.remote_events.filter(series_id=series_id))
        BusyTime.objects.filter(event_id__in=[master.pk, *(row.pk for row in exceptions)]).delete()
        timings = [master.timing, *(row.timing for row in exceptions)]
        BusyTime.objects.bulk_create(
            _busy_time(calendar, master, interval) for interval in busy_intervals(timings, first, last, zone)
        )


def move_window(calendar: ConnectedCalendar, zone: ZoneInfo) -> None:
    """Expand repeated events further as time passes, and forget busy times that are over."""
    now = clock.now()
    BusyTime.objects.filter(event__calendar=calendar, ends_at__lt=now - PAST).delete()
    if calendar.expanded_until and calendar.expanded_until > now + LEAST_AHEAD:
        return
    masters = calendar.remote_events.filter(series_id="").exclude(timing="")
    expand_series(calendar, masters.values_list("remote_id", flat=True), zone)
    calendar.expanded_until = now + AHEAD
    calendar.save(update_fields=["expanded_until"])


def _busy_time(calendar: ConnectedCalendar, event: RemoteEvent, interval: Interval) -> BusyTime:
    starts_at, ends_at = interval
    return BusyTime(
        event=event,
        member_id=calendar.connection.member_id,
        starts_at=starts_at,
        ends_at=ends_at,
        title=event.title,
    )
