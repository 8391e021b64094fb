"""RemoteEvent: an event of a connected calendar. BusyTime: a time at which such an event keeps a member busy."""

from datetime import datetime
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import F, Q

from crm.integrations.models.connected_calendar import ConnectedCalendar
from crm.platform.models import Member, TenantForeignKey, TenantManager, TenantModel, TenantQuerySet


class RemoteEvent(TenantModel):
    """An event of a connected calendar that keeps its member busy, by its id at the provider."""

    calendar = TenantForeignKey(ConnectedCalendar, models.CASCADE, related_name="remote_events")
    remote_id = models.CharField(max_length=1000)
    etag = models.CharField(max_length=200, blank=True)
    # Of an exception of a repeated event: the id of that.
    series_id = models.CharField(max_length=1000, blank=True)
    # Of a repeated event and its exceptions: times and rules as iCalendar, without words or people.
    timing = models.TextField(blank=True)
    title = models.CharField(max_length=200, blank=True)

    class Meta:
        base_manager_name = "objects"
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "calendar", "remote_id"], name="remote_event_is_once_in_a_calendar"
            ),
        ]
        indexes = [
            models.Index(
                fields=["tenant", "calendar", "series_id"], condition=~Q(series_id=""), name="remote_event_of_series"
            ),
        ]

    def __str__(self) -> str:
        return self.remote_id


class BusyTimeQuerySet(TenantQuerySet["BusyTime"]):
    def between(self, first: datetime, last: datetime) -> Self:
        """Filter those that overlap an interval."""
        return self.filter(starts_at__lt=last, ends_at__gt=first)


class BusyTime(TenantModel):
    """A time at which a member is busy in a private calendar."""

    member_id: int

    event = TenantForeignKey(RemoteEvent, models.CASCADE, related_name="busy_times")
    member = TenantForeignKey(Member, models.CASCADE, related_name="+")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    # Blank unless the member chose to keep titles.
    title = models.CharField(max_length=200, blank=True)

    objects: ClassVar[Any] = TenantManager.from_queryset(BusyTimeQuerySet)()

    class Meta:
        base_manager_name = "objects"
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="busy_time_has_a_length"),
        ]
        indexes = [models.Index(fields=["tenant", "member", "ends_at"], name="busy_time_of_member")]

    def __str__(self) -> str:
        return f"member {self.member_id} from {self.starts_at:%Y-%m-%d %H:%M}"
