"""Create, move and delete Zoom meetings of members' entries that take place by video.

Work that calls others (`meeting.sync`), one row per meeting: what is to be done follows from the entry as it is then.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta

from cryptography.fernet import InvalidToken

from crm.integrations.calendar_items import CalendarItem, CalendarSource, sources_by_name
from crm.integrations.meetings.zoom import ZoomClient
from crm.integrations.models import Meeting, MeetingPreference, MeetingProvider, ZoomAccount
from crm.integrations.models.meeting import has_zoom
from crm.integrations.providers.interface import CalendarError
from crm.integrations.sync.schedule import schedule_writing
from crm.kernel import clock
from crm.platform import features
from crm.platform.events import hints
from crm.platform.models import Event, Member
from crm.platform.tenancy.context import use_tenant
from crm.platform.work import due_io

SYNC = "meeting.sync"
# After an answer that may pass.
_PAUSE = timedelta(minutes=5)


def meeting_kinds() -> frozenset[str]:
    """Return the kinds of events after which meetings change; none without an app at Zoom."""
    if not has_zoom():
        return frozenset()
    return frozenset(kind for source in features.of(CalendarSource) for kind in source.events)


def follow_events(events: Sequence[Event]) -> None:
    """Schedule the meetings of the entries that changed."""
    for source in features.of(CalendarSource):
        ids = {event.subject_id for event in events if event.kind in source.events}
        if ids:
            _schedule_meetings(source, ids)


def _schedule_meetings(source: CalendarSource, item_ids: Collection[int]) -> None:
    """Add meetings of entries by video that take place by Zoom, and schedule these and existing ones."""
    items = [item for item in source.find(item_ids) if item.is_video and item.member_ids]
    hosts = {item.member_ids[0] for item in items}
    preferences = MeetingPreference.objects.filter(member_id__in=hosts)
    preferred = dict(preferences.values_list("member_id", "provider"))
    Meeting.objects.bulk_create(
        [
            Meeting(source=source.name, item_id=item.pk, member_id=item.member_ids[0], provider=MeetingProvider.ZOOM)
            for item in items
            if _takes_place_by_zoom(item, preferred.get(item.member_ids[0], ""))
        ],
        ignore_conflicts=True,
    )
    rows = Meeting.objects.filter(source=source.name, item_id__in=item_ids, provider=MeetingProvider.ZOOM)
    for pk in rows.values_list("pk", flat=True):
        due_io.schedule(SYNC, pk, clock.now(), peer="zoom")


def _takes_place_by_zoom(item: CalendarItem, preferred: str) -> bool:
    """True if Zoom was chosen for an entry, or its host prefers it and nothing was chosen."""
    return (item.meeting_provider or preferred) == MeetingProvider.ZOOM


@dataclass(frozen=True)
class MeetingJob:
    """A meeting that is synchronized, with its entry as it is now (None: it is over), its host and the client."""

    meeting: Meeting
    item: CalendarItem | None
    host: str
    client: ZoomClient
    is_attempted: bool


def sync_meeting(tenant_id: int, meeting_id: int) -> None:
    """Create, move or delete a meeting that is due. Idempotent."""
    with use_tenant(tenant_id):
        job = _load_job(meeting_id)
    if job is None:
        return
    try:
        _sync_job(tenant_id, job)
    except CalendarError as error:
        with use_tenant(tenant_id):
            ZoomAccount.objects.update(problem=error.problem)
            if error.is_passing:
                due_io.schedule(SYNC, meeting_id, clock.now() + max(error.wait, _PAUSE), peer="zoom")
        return
    with use_tenant(tenant_id):
        ZoomAccount.objects.exclude(problem="").update(problem="")


def _load_job(meeting_id: int) -> MeetingJob | None:
    """Return the job of a meeting, and note that its call is about to be made. None if there is nothing to do."""
    meeting = Meeting.objects.select_for_update().filter(pk=meeting_id).first()
    account = ZoomAccount.objects.first()
    if meeting is None or account is None:
        return None
    items = sources_by_name()[meeting.source].find([meeting.item_id])
    chosen = ("", MeetingProvider.ZOOM)
    mine = (item for item in items if item.is_video and meeting.member_id in item.member_ids)
    item = next((item for item in mine if item.meeting_provider in chosen), None)
    host = Member.objects.select_related("user").get(pk=meeting.member_id)
    try:
        client = ZoomClient(account.account_id, account.client_id, account.client_secret)
    except InvalidToken:
        return None
    is_attempted = meeting.attempted_at is not None
    meeting.attempted_at = clock.now()
    meeting.save(update_fields=["attempted_at"])
    return MeetingJob(meeting, item, host.user.email, client, is_attempted)


def _sync_job(tenant_id: int, job: MeetingJob) -> None:
    meeting = job.meeting
    item = job.item
    if item is None:
        if meeting.remote_id:
            job.client.delete(meeting.remote_id)
        with use_tenant(tenant_id):
            meeting.delete()
        return
    if (meeting.starts_at, meeting.ends_at) == (item.starts_at, item.ends_at):
        return
    result = (meeting.remote_id, meeting.url)
    if not meeting.remote_id or not job.client.update(meeting.remote_id, item):
        result = _create_meeting(job, item)
    with use_tenant(tenant_id):
        is_new = meeting.url != result[1]
        meeting.record(*result, item.starts_at, item.ends_at)
        if is_new:
            schedule_writing(sources_by_name()[meeting.source], {meeting.item_id})
            hints.touch("appointments")


def _create_meeting(job: MeetingJob, item: CalendarItem) -> tuple[str, str]:
    """Create a meeting, unless a worker that died has created it."""
    existing = None
    if job.is_attempted:
        existing = job.client.find(job.host, item)
    return existing or job.client.create(job.host, item)
