"""Synchronize a connection: sign in, read what changed in its calendars, and write what changed here.

Work that calls others: leased, and repeated after a pause that grows while the server does not answer.
"""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from cryptography.fernet import InvalidToken
from django.db import transaction
from django.utils import translation

from crm.integrations.models import CalendarConnection, CalendarProblem, ConnectedCalendar, ConnectionState
from crm.integrations.notices import notify_broken, notify_conflicts
from crm.integrations.providers.clients import build_client
from crm.integrations.providers.interface import (
    CalendarChanges,
    CalendarClient,
    CalendarError,
    CalendarGone,
    CalendarInfo,
    EventVersion,
    SyncTokenExpired,
)
from crm.integrations.sync.busy_times import move_window, store_changes
from crm.integrations.sync.entry_changes import apply_changes
from crm.integrations.sync.entry_writing import plan_writing, write_entries
from crm.kernel import clock
from crm.platform.models import Member
from crm.platform.organization.configuration import directory
from crm.platform.tenancy.context import use_tenant


@dataclass(frozen=True)
class SyncJob:
    """A connection that is being synchronized, with its client, and the zone of its member."""

    tenant_id: int
    connection: CalendarConnection
    client: CalendarClient
    zone: ZoneInfo
    member: Member
    started_at: datetime


def sync_connection(tenant_id: int, connection_id: int) -> None:
    """Synchronize a connection that is due. Idempotent."""
    with use_tenant(tenant_id):
        job = _load_job(tenant_id, connection_id)
    if job is None:
        return
    try:
        if job.connection.state == ConnectionState.CONNECTING:
            _store_calendars(job, job.client.list_calendars())
        is_done = True
        for calendar in _calendars_in_use(job):
            is_done = _sync_calendar(job, calendar) and is_done
    except CalendarError as error:
        _record_failure(job, error)
        return
    _record_success(job, is_done=is_done)


def _load_job(tenant_id: int, connection_id: int) -> SyncJob | None:
    """Return the job of a connection. None if it is gone, broken, or its member has left."""
    connection = CalendarConnection.objects.select_related("member").filter(pk=connection_id).first()
    if connection is None or connection.state == ConnectionState.BROKEN:
        return None
    member = connection.member
    if not member.active:
        connection.disconnect(by=member)
        return None
    zone = ZoneInfo(member.time_zone or directory().tenant.time_zone)
    try:
        client = build_client(connection, zone)
    except (InvalidToken, CalendarError):
        connection.record_failure(CalendarProblem.SIGN_IN, is_passing=False)
        notify_broken(connection)
        return None
    return SyncJob(tenant_id, connection, client, zone, member, clock.now())


def _store_calendars(job: SyncJob, infos: list[CalendarInfo]) -> None:
    """Store the calendars of an account by their ids. In a new connection, the first one is read."""
    if not infos:
        raise CalendarError(CalendarProblem.NO_CALENDARS, is_passing=False)
    with use_tenant(job.tenant_id):
        is_new = not job.connection.calendars.exists()
        first = next((info for info in infos if info.is_primary), infos[0])
        for info in infos:
            values = {"name": info.name[:120], "may_write": info.may_write, "is_gone": False}
            calendar, _is_new = ConnectedCalendar.objects.update_or_create(
                connection=job.connection, remote_id=info.remote_id, defaults=values
            )
            if is_new and info is first:
                calendar.choose(is_read=True, keeps_titles=False, is_written=False)
        job.connection.calendars.exclude(remote_id__in=[info.remote_id for info in infos]).update(is_gone=True)


def _calendars_in_use(job: SyncJob) -> list[ConnectedCalendar]:
    with use_tenant(job.tenant_id):
        return list(job.connection.calendars.in_use().filter(is_gone=False).select_related("connection"))


def _sync_calendar(job: SyncJob, calendar: ConnectedCalendar) -> bool:
    """Read and write one calendar. Returns False if writing has to go on."""
    try:
        changes = _read_changes(job, calendar)
    except CalendarGone:
        _mark_gone(job, calendar)
        return True
    versions = list(changes.events)
    if changes.is_complete:
        versions += _confirmed_deletions(job, calendar, changes)
    with use_tenant(job.tenant_id), translation.override(job.member.language or directory().tenant.language):
        _store_versions(job, calendar, changes, versions)
        notify_conflicts(job.connection)
    with use_tenant(job.tenant_id):
        if not ConnectedCalendar.objects.filter(pk=calendar.pk, is_written=True).exists():
            return True
        plan = plan_writing(job.connection, calendar)
    return write_entries(job.tenant_id, job.client, plan)


def _read_changes(job: SyncJob, calendar: ConnectedCalendar) -> CalendarChanges:
    """Return what changed. If the token expired, everything is read: rows are updated by their ids, none are lost.

    In another time zone of the member, whole days are others, so everything is read as well.
    """
    token = calendar.sync_token
    if calendar.time_zone not in ("", str(job.zone)):
        token = ""
    try:
        return job.client.read_changes(calendar.remote_id, token)
    except SyncTokenExpired:
        return job.client.read_changes(calendar.remote_id, "")


def _confirmed_deletions(job: SyncJob, calendar: ConnectedCalendar, changes: CalendarChanges) -> list[EventVersion]:
    """Return entries of ours that a complete list lacks, and that the provider confirms to be gone."""
    listed = {version.remote_id for version in changes.events}
    with use_tenant(job.tenant_id):
        entries = calendar.written_entries.filter(ends_at__gt=clock.now()).exclude(remote_id="")
        if changes.window:
            entries = entries.filter(starts_at__lt=changes.window[1])
        missing = [entry.remote_id for entry in entries if entry.remote_id not in listed]
    return [
        EventVersion(remote_id=remote_id, is_deleted=True)
        for remote_id in missing
        if job.client.find(calendar.remote_id, remote_id) is None
    ]


@transaction.atomic
def _store_versions(
    job: SyncJob, calendar: ConnectedCalendar, changes: CalendarChanges, versions: list[EventVersion]
) -> None:
    current = ConnectedCalendar.objects.select_for_update().filter(pk=calendar.pk).first()
    if current is None or current.sync_token != calendar.sync_token:
        # It was disconnected or chosen anew meanwhile; the next run reads everything.
        return
    if calendar.is_read:
        store_changes(calendar, changes, job.zone)
        move_window(calendar, job.zone)
    if calendar.is_written:
        apply_changes(calendar, versions, job.member)
    ConnectedCalendar.objects.filter(pk=calendar.pk).update(
        sync_token=changes.token, time_zone=str(job.zone), synced_at=clock.now()
    )


def _mark_gone(job: SyncJob, calendar: ConnectedCalendar) -> None:
    """Note that the provider no longer has a calendar. Nothing is cancelled for it."""
    with use_tenant(job.tenant_id):
        calendar.remote_events.all().delete()
        calendar.is_gone = True
        calendar.sync_token = ""
        calendar.save(update_fields=["is_gone", "sync_token"])


def _record_success(job: SyncJob, *, is_done: bool) -> None:
    with use_tenant(job.tenant_id):
        connection = _lock_connection(job)
        if connection:
            connection.record_success(job.started_at, is_done=is_done)


def _record_failure(job: SyncJob, error: CalendarError) -> None:
    with use_tenant(job.tenant_id):
        connection = _lock_connection(job)
        if connection:
            connection.record_failure(error.problem, is_passing=error.is_passing, wait=error.wait)
            notify_broken(connection)


def _lock_connection(job: SyncJob) -> CalendarConnection | None:
    """Return the connection as it is now, with renewed tokens. None if it was disconnected meanwhile."""
    rows = CalendarConnection.objects.select_for_update(of=("self",)).filter(pk=job.connection.pk)
    connection: CalendarConnection | None = rows.first()
    if connection and connection.sealed == job.connection.sealed:
        connection.secrets = dict(job.client.secrets)
        connection.account = connection.account or job.client.account[:200]
    return connection


def give_up(connection_id: int) -> None:
    """Leave a connection to its member after repeated errors of ours."""
    connection = CalendarConnection.objects.select_for_update().filter(pk=connection_id).first()
    if connection:
        connection.record_failure(CalendarProblem.ANSWER, is_passing=False)
        notify_broken(connection)
