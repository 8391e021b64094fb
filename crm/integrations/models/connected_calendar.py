"""ConnectedCalendar: one calendar of a connection, and what is done with it."""

from typing import Any, ClassVar

from django.db import models, transaction
from django.db.models import Q

from crm.integrations.models.calendar_connection import CalendarConnection
from crm.platform.models import TenantForeignKey, TenantManager, TenantModel, TenantQuerySet
from crm.platform.models.base import public_id
from crm.platform.models.tenant import configuration_changed


class ConnectedCalendarQuerySet(TenantQuerySet["ConnectedCalendar"]):
    def in_use(self) -> Any:
        """Filter those that are read or written."""
        return self.filter(Q(is_read=True) | Q(is_written=True))


class ConnectedCalendar(TenantModel):
    """A calendar of a connection: whether its busy times are read, and whether our entries are written to it."""

    uid = public_id()
    connection = TenantForeignKey(CalendarConnection, models.CASCADE, related_name="calendars")
    # The address or id at the provider.
    remote_id = models.CharField(max_length=1000)
    name = models.CharField(max_length=120)
    may_write = models.BooleanField(default=True)
    is_read = models.BooleanField(default=False)
    # Whether the titles of read events are stored; by default only that the member is busy.
    keeps_titles = models.BooleanField(default=False)
    is_written = models.BooleanField(default=False)
    # What the provider gave for reading only what changes from here on; blank: read everything.
    sync_token = models.TextField(blank=True)
    # Until when busy times of repeated events are expanded.
    expanded_until = models.DateTimeField(null=True)
    # The member's zone when it was read: whole days, and times that name no zone, are of it.
    time_zone = models.CharField(max_length=64, blank=True, default="", db_default="")
    synced_at = models.DateTimeField(null=True)
    # The provider no longer has it.
    is_gone = models.BooleanField(default=False)

    objects: ClassVar[Any] = TenantManager.from_queryset(ConnectedCalendarQuerySet)()

    class Meta:
        base_manager_name = "objects"
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["tenant", "uid"], name="connected_calendar_uid_is_unique"),
            models.UniqueConstraint(
                fields=["tenant", "connection", "remote_id"], name="connected_calendar_is_once_in_a_connection"
            ),
            models.UniqueConstraint(
                fields=["tenant", "connection"],
                condition=Q(is_written=True),
                name="connection_writes_to_one_calendar",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @transaction.atomic
    def choose(self, *, is_read: bool, keeps_titles: bool, is_written: bool) -> None:
        """Set what is done with the calendar. What is no longer wanted is deleted: busy times, and their titles."""
        self.lock()
        is_read_anew = is_read and (not self.is_read or keeps_titles != self.keeps_titles)
        is_written = is_written and self.may_write
        if not is_read or is_read_anew:
            self.remote_events.all().delete()
        if not is_written:
            self.written_entries.all().delete()
        if is_read_anew or is_written != self.is_written:
            self.sync_token = ""
        self.is_read = is_read
        self.keeps_titles = keeps_titles
        self.is_written = is_written
        self.save(update_fields=["is_read", "keeps_titles", "is_written", "sync_token"])
        # Which events are queued depends on it.
        configuration_changed()

    # The reverse sides of RemoteEvent and WrittenEntry.
    remote_events: Any
    written_entries: Any
