"""Pausable: methods of a clocked model to change whose turn it is, pause and resume."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, ClassVar

from django.db import transaction

from crm.jobs.clock.clocked import Clocked, Level, Side, forever
from crm.jobs.clock.crossings import crossing_facts, last_crossed, schedule
from crm.kernel import clock
from crm.platform.events import events
from crm.platform.models import Change, ChangedRow, Member
from crm.platform.undo import Undoable, restore_columns


class Pausable(Clocked, Undoable):
    """A clocked row with user actions. `version`: the one the actor saw; a different one raises Stale."""

    undo_columns = Clocked.CLOCK_COLUMNS
    undo_derived: ClassVar[Mapping[str, tuple[str, ...]]] = {"level": Clocked.CLOCK_COLUMNS}

    class Meta(Clocked.Meta):
        abstract = True

    @classmethod
    def undo_all(cls, rows: list[Any], recorded: Mapping[int, ChangedRow], change: Change, *, by: Member) -> None:
        """Restore the columns and schedule the clocks' next crossings as of the action, so that a tick catches up."""
        restore_columns(rows, recorded)
        schedule(rows, change.at)
        for row in rows:
            row._record(cls.event_kind("undone"), by, {"of": change.kind})

    def create(self, *, by: Member | None, **data: Any) -> None:
        """Save a new row with its clock running from now, and record it: "ticket.created". Called by its own verb."""
        self._start_clock(Side.US, self._allowance())
        self.save(force_insert=True)
        self._schedule_crossing()
        self._record(self.event_kind("created"), by, data)

    @transaction.atomic
    def turn_to(self, side: str, *, by: Member | None, version: str | None = None) -> None:
        """Make it the customer's turn, or ours again; the clock of that side restarts (two clocks, one bar)."""
        self.lock()
        if self.side == side or not self.is_open:
            return
        self.expect_version(version)
        self._start_clock(side, self._allowance(theirs=side == Side.CUSTOMER))
        self.save(update_fields=self.CLOCK_COLUMNS)
        self._schedule_crossing()
        self._record(self.event_kind("turned"), by, {"side": side})

    @transaction.atomic
    def pause(self, *, reason: str, until: datetime | None, by: Member | None, version: str | None = None) -> None:
        """Stop the clock, with a reason and preferably an end; the used time is kept."""
        self.lock()
        if self.side == Side.PAUSED or not self.is_open:
            return
        self.expect_version(version)
        self.check_may_pause()
        self._stop_clock(Level.HOLD, until or forever())
        self.paused_from = self.side
        self.side = Side.PAUSED
        self.pause_reason = reason[:120]
        self.pause_ends_at = until
        self.save(update_fields=self.CLOCK_COLUMNS)
        self._schedule_crossing()
        self._record(self.event_kind("paused"), by, {"until": until.isoformat() if until else None})

    def check_may_pause(self) -> None:
        """Raise Refused if the row must keep ageing."""

    @transaction.atomic
    def resume(self, *, by: Member | None, version: str | None = None) -> None:
        """Resume the clock where the pause stopped it; if the allowance became shorter, it may cross at once."""
        self.lock()
        if self.side != Side.PAUSED or not self.is_open:
            return
        self.expect_version(version)
        seen = last_crossed([self])[self.pk]
        self.side = self.paused_from or Side.US
        self.paused_from = ""
        self.pause_reason = ""
        self.pause_ends_at = None
        self.clock_started_at = clock.now()
        self._count()
        self.save(update_fields=self.CLOCK_COLUMNS)
        self._schedule_crossing()
        self._record(self.event_kind("resumed"), by, {})
        events.record_all(crossing_facts(self, seen, clock.now()), by=None)

    def _schedule_crossing(self) -> None:
        schedule([self], clock.now())

    def _retarget(self, seen: int) -> list[events.EventDraft]:
        """Apply the current target; returns the instants crossed by that, beyond the recorded level `seen`."""
        self.follow_target()
        if self.is_running:
            self._count()
        return crossing_facts(self, seen, clock.now())
