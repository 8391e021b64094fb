"""Clocked: a model whose rows age: whose turn it is, since when, and the instants at which the level changes.

Counted is the part that counts: what is allowed and used, and the instants that follow.

Colour and words are derived from the stored instants at render. `level` is an index key, updated by the crossing Due.
A clocked model also needs Pausable's verbs, and to be registered with clock/tick.py and clock/recalculation.py.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from crm.jobs.clock import arithmetic as ageing
from crm.jobs.clock.arithmetic import Level
from crm.jobs.pipelines.setup import Allowance
from crm.kernel import clock
from crm.kernel.business_hours import BusinessHours
from crm.platform.database import bulk_write
from crm.platform.events import events
from crm.platform.models import Member, TenantForeignKey, TenantModel, Versioned
from crm.platform.organization.configuration import directory


class Side(models.TextChoices):
    US = "us", _("our move")
    CUSTOMER = "customer", _("their move")
    PAUSED = "paused", _("on hold")


class CountedClock(TenantModel):
    """Columns of a counting clock, and the values derived from them."""

    # This run of the clock, and the seconds used before it (before a pause).
    clock_started_at = models.DateTimeField(default=clock.now)
    clock_used = models.PositiveIntegerField(default=0)
    allowed = models.PositiveIntegerField()
    # What the seconds are counted by; null counts calendar hours.
    calendar = TenantForeignKey("platform.BusinessCalendar", models.PROTECT, null=True, blank=True, related_name="+")
    # Null while the clock is stopped: paused, or the job has ended.
    warn_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)
    far_at = models.DateTimeField(null=True)

    class Meta:
        abstract = True
        base_manager_name = "objects"
        constraints = [
            models.CheckConstraint(condition=Q(allowed__gt=0), name="%(class)s_allows_some_time"),
            models.CheckConstraint(
                condition=Q(warn_at__isnull=True, due_at__isnull=True, far_at__isnull=True)
                | Q(warn_at__lte=models.F("due_at"), due_at__lte=models.F("far_at")),
                name="%(class)s_levels_are_crossed_in_order",
            ),
        ]

    @property
    def hours(self) -> BusinessHours | None:
        """The working hours the clock counts by; None counts calendar hours."""
        if self.calendar_id:
            return directory().calendars[self.calendar_id]
        return None

    @property
    def instants(self) -> ageing.Instants | None:
        """The stored instants of a running clock."""
        if self.warn_at is None or self.due_at is None or self.far_at is None:
            return None
        return ageing.Instants(self.warn_at, self.due_at, self.far_at)

    @property
    def is_running(self) -> bool:
        return self.due_at is not None

    def used_at(self, at: datetime) -> int:
        """Count the seconds of the allowance used up at an instant."""
        if not self.is_running:
            return self.clock_used
        return ageing.used_seconds(self.clock_started_at, at, self.hours, used=self.clock_used)

    def _count(self) -> None:
        """Compute the instants from used and allowed time."""
        self.warn_at, self.due_at, self.far_at = ageing.instants(
            self.clock_started_at, self.allowed, self.hours, used=self.clock_used, ratios=directory().tenant.ratios
        )

    def _halt(self, at: datetime) -> None:
        """Store the time used at an instant, and clear the instants."""
        self.clock_used = self.used_at(at)
        self.warn_at = self.due_at = self.far_at = None


class Clocked(CountedClock, Versioned):
    """The clock's columns, and the methods that change them together."""

    side = models.CharField(max_length=8, choices=Side, default=Side.US)
    paused_from = models.CharField(max_length=8, choices=Side, blank=True)
    pause_reason = models.CharField(max_length=120, blank=True)
    pause_ends_at = models.DateTimeField(null=True, blank=True)
    level = models.SmallIntegerField(choices=[(level.value, level.name) for level in Level], default=Level.NONE)
    # What rows of one level are sorted by: due_at while the clock runs; a pause's end; an end, mirrored.
    sort_at = models.DateTimeField()

    # What a verb keeps when the clock changed.
    CLOCK_COLUMNS = tuple(
        "side clock_started_at clock_used allowed calendar_id warn_at due_at far_at paused_from pause_reason "
        "pause_ends_at level sort_at".split()
    )

    class Meta(CountedClock.Meta):
        abstract = True

    # What a model says of its own

    @property
    def is_open(self) -> bool:
        """True if it has not ended. The clock of an ended row is stopped."""
        raise NotImplementedError

    @property
    def counted_since(self) -> datetime:
        """Start of the current count: crossings recorded before it are ignored."""
        raise NotImplementedError

    @property
    def event_job_id(self) -> int | None:
        """Id of the job whose timeline shows its events, if it belongs to a job."""
        return None

    def level_at(self, at: datetime) -> Level:
        """Return the level at an instant by the stored instants; Level.NONE if the clock never ran."""
        if not self.is_open:
            return Level.ENDED
        if self.side == Side.PAUSED:
            return Level.HOLD
        instants = self.instants
        if instants:
            return ageing.level(at, instants)
        return Level.NONE

    def _allowance(self, *, theirs: bool = False) -> Allowance:
        """Return the seconds allowed now to us or to the customer, and the calendar they are counted by."""
        raise NotImplementedError

    def crossing_data(self) -> dict[str, Any]:
        """Event data of a crossing, which also distinguishes it from crossings of earlier clocks."""
        return {"side": self.side}

    @classmethod
    def event_kind(cls, what: str) -> str:
        """Return the full kind of this model's events: "job.overdue"."""
        return f"{cls._meta.model_name}.{what}"

    # The arithmetic

    def _start_clock(self, side: str, allowance: Allowance) -> None:
        """Start a new clock from now, for us or for the customer."""
        self.side = side
        self.allowed = allowance.seconds
        self.calendar_id = allowance.calendar_id
        self.clock_started_at = clock.now()
        self.clock_used = 0
        self.paused_from = ""
        self.pause_reason = ""
        self.pause_ends_at = None
        self._count()

    def _count(self) -> None:
        """Compute the instants from used and allowed time; update `level` and `sort_at`."""
        super()._count()
        assert self.due_at is not None, "just counted"
        self.sort_at = self.due_at
        self.level = self.level_at(clock.now())

    def _stop_clock(self, level: Level, sort_at: datetime) -> None:
        self._halt(clock.now())
        self.level = level
        self.sort_at = sort_at

    def follow_target(self) -> None:
        """Apply the current target's allowance; a paused clock keeps whose turn it was."""
        self.allowed, self.calendar_id = self._allowance(theirs=Side.CUSTOMER in (self.side, self.paused_from))

    # What an edit of a calendar, target or level moves (crm/jobs/clock/recalculation.py)

    @classmethod
    def counting_by(cls, calendars: Iterable[int]) -> Any:
        """Filter the rows whose clock runs by one of these calendars."""
        return cls.objects.filter(calendar_id__in=list(calendars), due_at__isnull=False)

    def clock_state(self) -> tuple[object, ...]:
        """Return the fields a recalculation may change. The row is saved only if they differ afterwards."""
        return self.allowed, self.calendar_id, self.warn_at, self.due_at, self.far_at

    def due_dates(self) -> dict[str, datetime]:
        """Return the running due dates, by name; "" is the row's own."""
        if self.due_at:
            return {"": self.due_at}
        return {}

    @classmethod
    def save_clocks(cls, rows: Sequence[Any]) -> None:
        """Save recalculated rows."""
        bulk_write.save_all(rows, ("allowed", "calendar_id", "warn_at", "due_at", "far_at", "level", "sort_at"))

    @classmethod
    def save_parts(cls, rows: Sequence[Any]) -> None:
        """Save these rows' clock data in other tables; called when their next crossing is scheduled."""

    def next_crossing(self, after: datetime) -> datetime | None:
        """Return when the level changes next, or a pause ends; None if neither will happen."""
        instants = self.instants
        if instants is None:
            if self.side == Side.PAUSED:
                return self.pause_ends_at
            return None
        crossing = ageing.next_crossing(after, instants)
        if crossing:
            return crossing[0]
        return None

    def _record(self, kind: str, by: Member | None, data: Mapping[str, Any]) -> None:
        events.record(kind, subject=self, by=by, data=dict(data), job_id=self.event_job_id)


def forever() -> datetime:
    """Sort key of a pause without an end: sorted after pauses with an end."""
    return clock.now() + timedelta(days=3650)
