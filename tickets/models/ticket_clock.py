"""TicketClock: clock of one promise on a ticket, until it is kept, missed or dropped."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q

from comms.models import Message
from crm.jobs.clock.clocked import CountedClock
from crm.jobs.pipelines.setup import Allowance
from crm.platform.models import TenantForeignKey, TenantManager, TenantQuerySet
from tickets.models.metric import Metric


class TicketClockQuerySet(TenantQuerySet["TicketClock"]):
    def open(self) -> "TicketClockQuerySet":
        return self.filter(ended_at__isnull=True)

    def for_act(self, instants: Iterable[datetime]) -> "TicketClockQuerySet":
        """Filter the clocks an action may run: open or resolution clocks, and ended ones with a start in `instants`."""
        again = Q(metric=Metric.RESOLUTION) | Q(started_at__in=list(instants))
        return self.filter(Q(ended_at__isnull=True) | again)


class TicketClock(CountedClock):
    """A promise's clock, run, stopped and ended by its ticket's methods (tickets/models/ticket_promises.py).

    One begins once for each instant it counts from, so an unanswered message is missed once at most (chatwoot's key).
    """

    ticket = TenantForeignKey("tickets.Ticket", models.CASCADE, related_name="clocks")
    metric = models.CharField(max_length=12, choices=Metric)
    # What it counts from, and the message that asks for the answer.
    started_at = models.DateTimeField()
    message = TenantForeignKey(Message, models.SET_NULL, null=True, blank=True, related_name="+")
    # While it stands still, since when; and the seconds of calendar time it stood still before.
    paused_at = models.DateTimeField(null=True, blank=True)
    paused_seconds = models.PositiveBigIntegerField(default=0)
    # Kept late is missed and kept: a miss stays.
    missed_at = models.DateTimeField(null=True, blank=True)
    kept_at = models.DateTimeField(null=True, blank=True)
    # Kept, or fell away: solved without an answer, or promised no more.
    ended_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[Any] = TenantManager.from_queryset(TicketClockQuerySet)()

    # What the verbs of its ticket may change.
    COLUMNS = tuple(
        "started_at message_id clock_started_at clock_used allowed calendar_id warn_at due_at far_at paused_at "
        "paused_seconds missed_at kept_at ended_at".split()
    )
    # As it is in the database; None: it is new.
    loaded: tuple[object, ...] | None = None

    class Meta(CountedClock.Meta):
        constraints = [
            *CountedClock.Meta.constraints,
            models.UniqueConstraint(
                fields=["tenant", "ticket", "metric", "started_at"], name="promise_begins_once_for_its_instant"
            ),
            models.CheckConstraint(
                condition=Q(kept_at__isnull=True) | Q(ended_at__isnull=False), name="kept_promise_has_ended"
            ),
            models.CheckConstraint(
                condition=Q(due_at__isnull=True) | Q(ended_at__isnull=True, paused_at__isnull=True),
                name="ended_or_paused_promise_does_not_run",
            ),
        ]
        indexes = [
            models.Index(fields=["tenant", "ticket"], condition=Q(ended_at__isnull=True), name="promise_open"),
            models.Index(fields=["tenant", "calendar"], condition=Q(due_at__isnull=False), name="promise_calendar"),
        ]

    def __str__(self) -> str:
        return f"{self.metric} of {self.ticket_id}"

    def state(self) -> tuple[object, ...]:
        return tuple(getattr(self, name) for name in self.COLUMNS)

    @property
    def was_missed(self) -> bool:
        """True if its miss is saved, and so recorded as an event."""
        return self.loaded is not None and self.loaded[self.COLUMNS.index("missed_at")] is not None

    @property
    def may_be_missed(self) -> bool:
        return self.due_at is not None and self.missed_at is None

    # What its ticket does to it; nothing is written here

    def follow(self, allowance: Allowance) -> None:
        """Apply a new allowance, keeping the time used."""
        self.allowed, self.calendar_id = allowance
        if self.is_running:
            self._count()

    def run(self, now: datetime) -> None:
        """Start, or continue after a pause."""
        if self.is_running:
            return
        if self.paused_at is not None:
            self.paused_seconds += max(0, int((now - self.paused_at).total_seconds()))
            self.paused_at = None
            self.clock_started_at = now
        self._count()

    def stand_still(self, now: datetime) -> None:
        """Pause; a due date that has passed counts as missed."""
        self.miss_if_late(now)
        if self.paused_at is None:
            self._halt(now)
            self.paused_at = now

    def end(self, now: datetime, *, kept: bool) -> None:
        """End it, as kept or as dropped."""
        self.miss_if_late(now)
        self._halt(now)
        self.ended_at = now
        if kept:
            self.kept_at = now
        else:
            self.kept_at = None

    def reopen(self, now: datetime) -> None:
        """Reopen it with the time used when it ended."""
        self.paused_at = self.ended_at or now
        self.ended_at = None
        self.kept_at = None

    def run_as_before(self, started_at: datetime, used: int) -> None:
        """Run as if it had never been paused, because the pause was undone."""
        self.paused_at = self.ended_at = self.kept_at = None
        self.clock_started_at = started_at
        self.clock_used = used
        self._count()

    def count_from(self, at: datetime, message_id: int | None) -> None:
        """Change the start: an older message arrived, or the oldest was moved to another ticket."""
        self.started_at = self.clock_started_at = at
        self.clock_used = 0
        self.message_id = message_id
        if self.is_running:
            self._count()

    def miss_if_late(self, now: datetime) -> bool:
        """Record that its due date has passed; return whether that is new."""
        if self.missed_at is not None or self.due_at is None or self.due_at > now:
            return False
        self.missed_at = self.due_at
        return True
